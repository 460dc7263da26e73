"""``{% lucide "name" size=20 %}``: lucide's icons, each drawn once per process; a page shows the same few."""

from functools import lru_cache

from django import template
from lucide.templatetags.lucide import lucide

register = template.Library()
register.simple_tag(lru_cache(maxsize=1000)(lucide), name="lucide")

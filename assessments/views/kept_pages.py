"""Pages of the vote that differ from voter to voter in a code or a receipt only, drawn once a minute by each process.

What is one voter's alone (``own``) is never in a kept page: a word of this process stands in its place, and each answer
has its own put in. Everything else that the page is given belongs to the key under which it is kept, so that no page
meant for one survey, language or type size can be shown for another.
"""

import secrets
import time
from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.translation import get_language

from assessments.models import Survey

KEEP_SECONDS, MOST_KEPT = 60, 200
_word = secrets.token_hex(16)
_kept: dict[tuple[Hashable, ...], tuple[float, str]] = {}


def kept_page(
    request,
    template: str,
    shown: dict[str, Hashable],
    *,
    own: dict[str, str],
    survey: Survey | None = None,
    derived: Callable[[], dict[str, Any]] = dict,
) -> HttpResponse:
    """The page of ``shown``, of ``derived()``, which must follow from the survey alone, and of what is ``own``.

    It is drawn without the request, so that nothing of one can get into it.
    """
    if len(get_messages(request)):  # for one person, once
        return render(request, template, {**shown, **own, **derived(), "survey": survey})
    frozen = survey and (survey.pk, survey.state, survey.rules_sha256, survey.closes_at)
    shown = {"large_type": request.COOKIES.get("large") == "1", "SITE_NAME": settings.SITE_NAME, **shown}
    own = {"here": request.get_full_path(), **own}
    key = (template, frozen, get_language(), *own, *sorted(shown.items()))
    kept_at, page = _kept.get(key, (0.0, ""))
    if not page or time.monotonic() - kept_at > KEEP_SECONDS:
        places = {name: _place(name) for name in own}
        page = render_to_string(template, {**shown, **places, **derived(), "survey": survey})
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        _kept[key] = time.monotonic(), page
    for name, value in own.items():
        page = page.replace(_place(name), escape(value))
    return HttpResponse(page)


def _place(name: str) -> str:
    return f"{name}-{_word}"

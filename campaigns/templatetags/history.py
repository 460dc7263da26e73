"""The way from an object's page to its history."""

from django import template
from django.urls import reverse

from campaigns.domain.history import page_at

register = template.Library()


@register.inclusion_tag("includes/_history_link.html", takes_context=True)
def history_link(context):
    """A link to the history of the object whose page this is; nothing on other pages."""
    request = context.get("request")
    match = getattr(request, "resolver_match", None)
    page = page_at(match.view_name) if match and request.user.is_authenticated else None
    key = page.key(match.kwargs) if page else None
    return {"url": reverse("campaigns:history", args=[page.slug, key]) if key else ""}

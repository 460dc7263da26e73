"""The menu 打印 on the page of a case."""

from django import template

from posts.domain.sheet_kinds import menu_of

register = template.Library()


@register.inclusion_tag("posts/includes/_print_menu.html", takes_context=True)
def print_menu(context, page):
    """A button that opens the list of what may be printed from here; nothing where there is nothing."""
    return {"entries": menu_of(page, context["user"])}

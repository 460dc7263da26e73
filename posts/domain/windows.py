"""When nominations are taken again after a campaign's last day for them: later apps say for which kinds of post."""

from collections.abc import Callable

from django.db.models import Q, QuerySet

from campaigns.models import PostKind

Reopening = Callable[[], QuerySet]
_reopenings: list[Reopening] = []


def declare_reopening(function: Reopening) -> Reopening:
    """Declare a function that gives the kinds of post (a query of primary keys) that take nominations again now."""
    _reopenings.append(function)
    return function


def reopened() -> Q:
    """The kinds of post that take nominations now, whatever the campaign's last day was: a condition on them.

    Their candidates take no place of a quota before the decision that also frees places; the release counts them.
    """
    condition = Q(pk__in=[])
    for function in _reopenings:
        condition |= Q(pk__in=function())
    return condition


def is_reopened(kind: PostKind) -> bool:
    """Whether nominations of this kind are taken again now."""
    return PostKind.objects.filter(reopened(), pk=kind.pk).exists()

"""Lists of nominations as Excel rows (汇总表)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.exports import Column


def nomination_columns() -> list[Column]:
    """The headings of the list."""
    return [
        Column(_("No."), 6),
        Column(_("number")),
        Column(_("campaign"), 30),
        Column(_("kind of post")),
        Column(_("name of the post"), 24),
        Column(_("nominating unit"), 28),
        Column(_("members of the post"), 30),
        Column(_("Party members in the post"), 10),
        Column(_("status"), 10),
        Column(_("current step")),
        Column(_("submitted at"), 12),
        Column(_("reason"), 40),
    ]


def nomination_rows(nominations: Iterable[Any]) -> Iterator[list]:
    """One row per nomination; expects what ``for_list()`` loads."""
    for n, nomination in enumerate(nominations, start=1):
        submitted = nomination.submitted_at and timezone.localtime(nomination.submitted_at).strftime("%Y-%m-%d")
        yield [
            n,
            nomination.number,
            str(nomination.campaign),
            str(nomination.post_kind),
            str(nomination),
            str(nomination.org_unit),
            str(_(", ")).join(person.name for person in nomination.people),
            sum(1 for person in nomination.people if person.member_id),
            nomination.get_status_display(),
            nomination.open_runs[0].label if nomination.open_runs else "",
            submitted or "",
            nomination.outcome_reason,
        ]

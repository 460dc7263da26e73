"""Naming rounds 命名批次 (S6: 七一, year end): to which round a nomination belongs, and whether it missed one.

A nomination belongs to the next round whose day has not passed; after the last one of a year to the same day of the
next year.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, DateField, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.dates import day_of
from campaigns.models import Campaign
from posts.models import StageRun


@dataclass(frozen=True)
class NamingRound:
    """A round of a year; ``by`` is its last day, None for a round without a fixed day."""

    code: str
    label: str
    by: date | None = None

    @property
    def days_left(self) -> int | None:
        """Days until its last day; None without one."""
        return None if self.by is None else (self.by - timezone.localdate()).days

    def __str__(self) -> str:
        if self.by is None:
            return self.label
        return _("%(round)s (by %(day)s)") % {"round": self.label, "day": self.by.isoformat()}


def round_codes(params: dict) -> list[str]:
    """The rounds that a step's parameters name; one alone may stand without brackets."""
    codes = params.get("rounds") or []
    return [codes] if isinstance(codes, str) else list(codes)


def next_round(campaign: Campaign, codes: Iterable[str], *, on: date | None = None) -> NamingRound | None:
    """The first of these rounds that is not over on the day (today); None when the step knows no rounds."""
    on = on or timezone.localdate()
    rows = _rows(campaign, codes)
    dated = [r for r in _in_years(campaign, rows, last=on.year + 1) if r.by and r.by >= on]
    if dated:
        return min(dated, key=lambda r: (r.by, r.code))
    return next((NamingRound(row["code"], row["label"]) for row in rows), None)


def missed_round(run: StageRun, *, on: date | None = None) -> NamingRound | None:
    """The last round that passed while the run lay open without being decided; None when it is in time."""
    on = on or timezone.localdate()
    if run.opened_at is None:
        return None
    opened = timezone.localdate(run.opened_at)
    rows = _rows(run.nomination.campaign, round_codes(run.params))
    passed = [r for r in _in_years(run.nomination.campaign, rows, last=on.year) if r.by and opened <= r.by < on]
    return max(passed, key=lambda r: (r.by, r.code), default=None)


def round_of(run: StageRun) -> NamingRound | None:
    """The round to which an open decide run belongs today."""
    return next_round(run.nomination.campaign, round_codes(run.params))


def late_text(missed: NamingRound, following: NamingRound | None) -> str:
    """What to say of a nomination that missed its round."""
    text = _("Not decided in the round %(missed)s; it now belongs to %(next)s.")
    return text % {"missed": missed, "next": following}


def with_round_day(runs: QuerySet[StageRun]) -> QuerySet[StageRun]:
    """The runs with ``round_on``, the last day of their round, for sorting; in two queries whatever their number."""
    cases = []
    rows = runs.order_by().values_list("nomination__post_kind", "position", "params", "nomination__campaign")
    ways = [way for way in rows.distinct() if round_codes(way[2])]
    campaigns = Campaign.objects.in_bulk({way[3] for way in ways}) if ways else {}
    for kind, position, params, campaign in ways:
        found = next_round(campaigns[campaign], round_codes(params))
        if found and found.by:
            cases.append(When(nomination__post_kind=kind, position=position, then=Value(found.by)))
    return runs.annotate(round_on=Case(*cases, default=None, output_field=DateField()))


def _rows(campaign: Campaign, codes: Iterable[str]) -> list[dict]:
    """The rounds as the campaign's rules have them, in the order of the step."""
    known = {row["code"]: row for row in campaign.rules.get("rounds", [])}
    return [known[code] for code in codes if code in known]


def _in_years(campaign: Campaign, rows: list[dict], *, last: int) -> list[NamingRound]:
    """Each round in every year from the campaign's on: what is not decided this year is decided next year."""
    years = range(campaign.year, max(campaign.year, last) + 1)
    return [
        NamingRound(row["code"], row["label"], day_of(row["by"], year) if row.get("by") else None)
        for row in rows
        for year in years
    ]

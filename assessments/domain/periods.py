"""Review periods: every day belongs to exactly one period of a cadence (domain notes 2.3, F13, F29)."""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from campaigns.models import ReviewRule

MONTHS = {"monthly": 1, "quarterly": 3, "annual": 12}
SEMESTER, EVERY_N_MONTHS, NONE = "semester", "every_n_months", "none"
CADENCES = (*MONTHS, SEMESTER, EVERY_N_MONTHS, NONE)
SEMESTER_STARTS = ("02-01", "09-01")  # F29: 1 September and 1 February unless the campaign says otherwise


@dataclass(frozen=True, order=True)
class Period:
    """From a day to a day, both included. ``code`` is its name in unique keys: 2026-11, 2026-Q4, 2026-S2, 2026."""

    starts_on: date
    ends_on: date
    code: str

    @property
    def opens_on(self) -> date:
        """The day on which its review opens: the period must be over."""
        return self.ends_on + timedelta(days=1)


def period_of(rule: ReviewRule, day: date) -> Period | None:
    """The period of the rule in which a day lies; None for a rule on call.

    Raises ValueError for a cadence that is not known: a campaign never opens with one.
    """
    if rule.cadence == NONE:
        return None
    if rule.cadence == SEMESTER:
        return _semester_of(semester_starts(rule), day)
    if rule.cadence == EVERY_N_MONTHS:
        return _months_of(day, length=int(rule.params["every_months"]), anchor=_anchor(rule), code=_from_month)
    if rule.cadence in MONTHS:
        code = {"monthly": _from_month, "quarterly": _quarter, "annual": _year}[rule.cadence]
        return _months_of(day, length=MONTHS[rule.cadence], anchor=0, code=code)
    raise ValueError(rule.cadence)


def next_period(rule: ReviewRule, period: Period) -> Period:
    """The period that begins where this one ends."""
    following = period_of(rule, period.opens_on)
    assert following is not None  # noqa: S101  a rule on call has no period to begin with
    return following


def periods_from(rule: ReviewRule, first: date, until: date) -> Iterator[Period]:
    """The periods, oldest first, from the one with ``first`` in it to the one with ``until``."""
    period = period_of(rule, first) if first <= until else None
    while period and period.starts_on <= until:
        yield period
        period = next_period(rule, period)


def semester_starts(rule: ReviewRule) -> list[str]:
    """Month and day (MM-DD) on which semesters begin: the rule's, else the campaign's, else the default."""
    starts = rule.params.get("semester_starts") or rule.campaign.rules.get("semester_starts") or SEMESTER_STARTS
    return sorted(starts)


def _months_of(day: date, *, length: int, anchor: int, code: Callable[[date], str]) -> Period:
    index = day.year * 12 + day.month - 1
    first = index - (index - anchor) % length
    start = date(first // 12, first % 12 + 1, 1)
    return Period(start, date((first + length) // 12, (first + length) % 12 + 1, 1) - timedelta(days=1), code(start))


def _semester_of(starts: list[str], day: date) -> Period:
    candidates = sorted(
        (_month_day(year, start), number)
        for year in range(day.year - 1, day.year + 3)
        for number, start in enumerate(starts, 1)
    )
    for (start, number), (following, _number) in pairwise(candidates):
        if start <= day < following:
            return Period(start, following - timedelta(days=1), f"{start.year}-S{number}")
    raise ValueError(starts)


def _month_day(year: int, month_day: str) -> date:
    """29 February becomes the 28th in a common year."""
    month, day = (int(part) for part in month_day.split("-"))
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def _anchor(rule: ReviewRule) -> int:
    """Periods of n months are counted from the month in which the campaign starts."""
    start = rule.campaign.starts_on or date(rule.campaign.year, 1, 1)
    return start.year * 12 + start.month - 1


def _from_month(start: date) -> str:
    return f"{start:%Y-%m}"


def _quarter(start: date) -> str:
    return f"{start.year}-Q{(start.month + 2) // 3}"


def _year(start: date) -> str:
    return str(start.year)

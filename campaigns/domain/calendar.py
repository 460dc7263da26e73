"""Working days and calendar days, with the editable holiday table (domain F4, F5)."""

from datetime import date, timedelta

from campaigns.models import Holiday

WORKING, CALENDAR = "working", "calendar"


def is_working_day(day: date, exceptions: dict[date, bool] | None = None) -> bool:
    """Whether a day is worked: by the holiday table, else by its weekday."""
    if exceptions is None:
        exceptions = exceptions_between(day, day)
    return exceptions.get(day, day.weekday() < 5)


def working_day_from(day: date) -> date:
    """The day itself if it is worked, else the next one that is."""
    return last_day(day, days=1, day_kind=WORKING)


def last_day(first: date, *, days: int, day_kind: str, exceptions: dict[date, bool] | None = None) -> date:
    """The last day of a period of ``days`` that begins on ``first``; the first day counts, both ends are inclusive.

    Working days count only if worked: a period published on a Saturday begins to count on the next working day.
    ``exceptions``: the holiday table, for callers that count many periods (``exceptions_between``).
    """
    if day_kind == CALENDAR:
        return first + timedelta(days=days - 1)
    if exceptions is None:
        exceptions = exceptions_between(first, first + timedelta(days=days * 3 + 30))
    day, left = first, days
    while True:
        left -= is_working_day(day, exceptions)
        if left <= 0:
            return day
        day += timedelta(days=1)


def add_working_days(start: date, days: int, exceptions: dict[date, bool] | None = None) -> date:
    """The day that lies ``days`` working days after ``start`` (the start does not count)."""
    return last_day(start + timedelta(days=1), days=days, day_kind=WORKING, exceptions=exceptions)


def working_days_between(first: date, last: date) -> int:
    """How many worked days lie in the period, both ends included."""
    exceptions = exceptions_between(first, last)
    span = (last - first).days + 1
    return sum(is_working_day(first + timedelta(days=i), exceptions) for i in range(span))


def has_holidays_for(year: int) -> bool:
    """Whether the arrangement of a year is in the table; it is published only the November before."""
    return Holiday.objects.filter(date__year=year).exists()


def exceptions_between(first: date, last: date) -> dict[date, bool]:
    """The days of the holiday table in a period: True where a weekend day is worked."""
    rows = Holiday.objects.filter(date__range=(first, last))
    return dict(rows.values_list("date", "is_workday"))

"""Days of a scheme, which knows no year, on the calendar of a campaign, which does."""

from calendar import monthrange
from datetime import date


def day_of(month_day: str, year: int) -> date:
    """``06-15`` in the campaign's year; ``06-15+1`` in the year after. 29 February becomes the 28th where it must."""
    day, _plus, years = month_day.partition("+")
    month, number = (int(part) for part in day.split("-"))
    return _clamped(year + int(years or 0), month, number)


def shifted(day: date | None, years: int) -> date | None:
    """The same day so many years later."""
    return None if day is None else _clamped(day.year + years, day.month, day.day)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))

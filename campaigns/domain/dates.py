"""Days of a scheme, which knows no year, on the calendar of a campaign, which does."""

from calendar import monthrange
from datetime import date


def day_of(month_day: str, year: int) -> date:
    """``06-15`` in the campaign's year; ``06-15+1`` in the year after. 29 February becomes the 28th where it must."""
    day, _plus, years = month_day.partition("+")
    month, number = (int(part) for part in day.split("-"))
    return _clamped(year + int(years or 0), month, number)


def month_day_of(day: date, year: int) -> str:
    """The other way round: ``06-15``, or ``06-15+1`` for the year after. Days before the year cannot be written."""
    if day.year < year:
        raise ValueError(day)
    return f"{day:%m-%d}" + (f"+{day.year - year}" if day.year > year else "")


def shifted(day: date | None, years: int) -> date | None:
    """The same day so many years later."""
    return None if day is None else _clamped(day.year + years, day.month, day.day)


def _clamped(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))

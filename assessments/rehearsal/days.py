"""Simulated days: everything asks the clock only through ``django.utils.timezone``."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

from campaigns.domain.calendar import is_working_day


@contextmanager
def at(day: date, hour: int = 9, minute: int = 0) -> Iterator[datetime]:
    """Make it that time for everything inside."""
    moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment


def next_working_day(day: date, *, after: int = 1) -> date:
    """The first worked day at least ``after`` days later."""
    day += timedelta(days=after)
    while not is_working_day(day):
        day += timedelta(days=1)
    return day

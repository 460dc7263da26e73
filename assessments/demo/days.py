"""Simulated days: the demonstration lives through its year with the same functions as the site."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone

from campaigns.domain.calendar import is_working_day
from campaigns.domain.clock import tick


@contextmanager
def at(day: date, hour: int = 9, minute: int = 0) -> Iterator[datetime]:
    """Make it that time for everything inside; one asks the clock only through ``django.utils.timezone``."""
    moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
    with patch("django.utils.timezone.now", lambda: moment):
        yield moment


def live_through(first: date, last: date) -> None:
    """Let the clock do what falls due on each morning from ``first`` to ``last``."""
    day = first
    while day <= last:
        with at(day, 7, 30):
            tick()
        day += timedelta(days=1)


def ago(days: int) -> date:
    """The last working day at least ``days`` days before today."""
    day = timezone.localdate() - timedelta(days=days)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day

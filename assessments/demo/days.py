"""The days of the demonstration, which lives through its year with the same functions as the site."""

from datetime import date, timedelta

from django.utils import timezone

from assessments.rehearsal.days import at
from campaigns.domain.calendar import is_working_day
from campaigns.domain.clock import tick


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

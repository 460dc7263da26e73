"""The tasks of a zone: copied from the scheme and the paper at the naming, and the periods they count in."""

import re
from datetime import date, timedelta

from campaigns.models import HolderKind
from posts.models import Conferral, ZoneTask

_TARGET = re.compile(r"^(?P<text>.*\D)(?P<target>\d{1,6})\s*(?P<unit>[^\d\s]{0,20})$")
_MONTHS = {"monthly": 1, "quarterly": 3, "semester": 6, "annual": 12}
_SEMESTER_STARTS = (2, 9)


def copy_tasks(conferral: Conferral) -> None:
    """Give a zone its tasks, once: those of the scheme, then those that the paper set. Part of the naming."""
    if conferral.post_kind.holder != HolderKind.ZONE or conferral.tasks.exists():
        return
    of_scheme = [
        ZoneTask(
            conferral=conferral,
            text=task["text"],
            target=task.get("target"),
            unit=task.get("unit") or "",
            cadence=task.get("cadence") or "none",
        )
        for task in conferral.post_kind.rules.get("tasks") or []
    ]
    own = [
        ZoneTask(conferral=conferral, text=text, target=target, unit=unit, is_own=True)
        for text, target, unit in read_tasks(conferral.nomination.own_tasks)
    ]
    ZoneTask.objects.bulk_create([*of_scheme, *own])


def read_tasks(text: str) -> list[tuple[str, int | None, str]]:
    """One task a line; a number at its end, with or without a unit, is the target."""
    found: list[tuple[str, int | None, str]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        match = _TARGET.match(line)
        if match:
            found.append((match["text"].strip()[:120], int(match["target"]), match["unit"]))
        else:
            found.append((line[:120], None, ""))
    return found


def period_start(cadence: str, day: date) -> date | None:
    """The first day of the period in which a day lies; None for a task that runs as long as the title.

    Semesters begin in September and February.
    """
    if cadence == "semester":
        month = max((m for m in _SEMESTER_STARTS if m <= day.month), default=_SEMESTER_STARTS[-1])
        return date(day.year - (day.month < _SEMESTER_STARTS[0]), month, 1)
    months = _MONTHS.get(cadence)
    return date(day.year, (day.month - 1) // months * months + 1, 1) if months else None


def last_period(cadence: str, day: date) -> tuple[date, date] | None:
    """First and last day of the period before that in which a day lies."""
    start = period_start(cadence, day)
    if start is None:
        return None
    last = start - timedelta(days=1)
    first = period_start(cadence, last)
    return (first, last) if first else None

"""Read by every Python process of a site under test: moves Django's calendar by the seconds in a file."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

_calendar = Path(os.environ["TURNED_CALENDAR"])
_now = timezone.now


def _turned_now():
    return _now() + timedelta(seconds=float(_calendar.read_text().strip("+s\n")))


timezone.now = _turned_now

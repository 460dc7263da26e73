"""An alarm, never a block, when public ballots arrive as no crowd sends them (votes-and-trust 2.9).

One collector of slips shows in two ways: many ballots from one network, or one right after the other. What is counted
lives in the memory of this process only: a number for each network under an HMAC with a random key of the survey,
and the moment of the last ballot. Nothing of it is written anywhere; key and counters are thrown away when the survey
is over, at the latest with the next public ballot or page of a survey, or with the process. Each process sees a
random share of the ballots, which is as good for a share. What stays is one row for the survey: that there was an
alarm, with no time and no network.
"""

import hashlib
import hmac
import logging
import secrets
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError
from django.utils import timezone

from assessments.models import AlarmKind, Survey, SurveyAlarm
from campaigns.network import network_of

logger = logging.getLogger(__name__)

SHARE = 20  # percent
FROM = 20  # ballots; among fewer, two of one family are a share
CLOSE_SECONDS = 5


@dataclass
class _Watch:
    """What this process has seen of one survey."""

    ends: datetime
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    n: int = 0
    n_close: int = 0
    last: float = float("-inf")
    networks: Counter[bytes] = field(default_factory=Counter)
    told: set[str] = field(default_factory=set)


_watches: dict[int, _Watch] = {}
_lock = threading.Lock()


def note_public_ballot(request, survey: Survey) -> None:
    """Count a ballot that was just cast with a code; leave an alarm when a share is too large. Never fails."""
    network = network_of(request).encode()
    with _lock:
        forget_ended()
        watch = _watches.setdefault(survey.pk, _Watch(survey.closes_at))
        now = time.monotonic()
        watch.n += 1
        watch.n_close += now - watch.last < CLOSE_SECONDS
        watch.last = now
        mark = hmac.digest(watch.key, network, hashlib.sha256)
        watch.networks[mark] += 1
        fresh = _alarms(watch, watch.networks[mark]) - watch.told
        watch.told |= fresh
    for kind in fresh:
        _leave(survey, kind)


def forget_ended() -> None:
    """Throw away keys and counters of surveys whose time is over."""
    now = timezone.now()
    for pk in [pk for pk, watch in _watches.items() if watch.ends <= now]:
        _watches.pop(pk, None)


def _alarms(watch: _Watch, of_network: int) -> set[str]:
    if watch.n < FROM:
        return set()
    found = set()
    if 100 * of_network > SHARE * watch.n:
        found.add(AlarmKind.ONE_NETWORK.value)
    if 100 * watch.n_close > SHARE * watch.n:
        found.add(AlarmKind.CLOSE_TOGETHER.value)
    return found


def _leave(survey: Survey, kind: str) -> None:
    """The voter's ballot is in the box already: whatever happens here must not look to him as if it were not."""
    try:
        SurveyAlarm.objects.bulk_create([SurveyAlarm(survey=survey, kind=kind)], ignore_conflicts=True)
    except DatabaseError:
        logger.warning("an alarm about a survey could not be written", exc_info=True)

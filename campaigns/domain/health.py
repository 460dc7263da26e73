"""How the parts of the running system are. Only states and seconds, no personal data: the page is public."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import Error, connection
from django.db.models import Count, Q
from django.utils import timezone
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from campaigns.domain.clock import last_tick
from campaigns.models import DueItem
from config.celery import impatient_connection

logger = logging.getLogger(__name__)

OK, AWAY, LATE = "ok", "away", "late"


def check_health() -> dict[str, object]:
    """State of database, broker, worker and clock, and the age of the last tick in seconds (None: no tick yet)."""
    database = _database()
    broker, waiting = _broker()
    tick_at = last_tick() if database == OK else None
    age = (timezone.now() - tick_at).total_seconds() if tick_at else None
    on_time = age is not None and age <= patience().total_seconds()
    return {
        "database": database,
        "broker": broker,
        # Nudges that pile up while nothing ticks: nobody takes them. An empty queue: beat does not send them.
        "worker": AWAY if broker != OK or (waiting and not on_time) else OK,
        "clock": OK if on_time else LATE,
        "last_tick_seconds": None if age is None else round(age),
        **_due_figures(database),
    }


def is_healthy(report: dict[str, object]) -> bool:
    return all(report[part] == OK for part in ("database", "broker", "worker", "clock"))


def patience() -> timedelta:
    """How old the last tick may be before the clock counts as late."""
    return timedelta(seconds=3 * settings.TICK_SECONDS + 30)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return AWAY
    return OK


def _due_figures(database: str) -> dict[str, int | None]:
    """How many items failed and are tried again, and how many nobody has tried in time."""
    if database != OK:
        return {"due_failed": None, "due_late": None}
    failed = Count("pk", Q(attempts__gt=0))
    late = Count("pk", Q(attempts=0, due_at__lt=timezone.now() - patience()))
    return DueItem.objects.waiting().aggregate(due_failed=failed, due_late=late)


def _broker() -> tuple[str, int]:
    try:
        with impatient_connection() as broker:
            return OK, broker.default_channel.client.llen(settings.CELERY_TASK_DEFAULT_QUEUE)
    except (OSError, KombuError, RedisError) as error:
        logger.warning("the broker does not answer: %s", type(error).__name__)
        return AWAY, 0

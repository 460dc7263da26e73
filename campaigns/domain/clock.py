"""Whatever must happen later is a row with a due time and a unique key. ``tick()`` does what is due.

The broker only carries nudges: when it is away, the next tick finds the rows again.
"""

import logging
import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.functional import Promise

from campaigns.models import DueItem, DueState, Heartbeat
from campaigns.tasks import nudge

logger = logging.getLogger(__name__)

Handler = Callable[[DueItem], None]
_handlers: dict[str, Handler] = {}
_labels: dict[str, str | Promise] = {}

_outside: set[str] = set()

MAX_BACK_OFF = timedelta(hours=6)
LEASE = timedelta(minutes=3)
BEAT_EVERY = timedelta(seconds=10)
TICK_SECONDS = 300  # far below the time limit of a task, however long the single items take


class NotYetError(Exception):
    """Raised by a handler: the item is to be tried at another time. That is no failure."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"not before {at:%Y-%m-%d %H:%M}")
        self.at = at


def on_due(kind: str, label: str | Promise = "", *, outside: bool = False) -> Callable[[Handler], Handler]:
    """Declare the function that does due items of a kind. It runs in the item's transaction and may run again.

    ``label`` is what the page of the clock calls such an item. ``outside``: it waits for other machines, so it runs
    without a transaction, after everything else, and must itself see to it that nothing is done twice.
    """

    def register(handler: Handler) -> Handler:
        if kind in _handlers:
            raise RuntimeError(f"two handlers for due items of kind {kind}")
        _handlers[kind] = handler
        _labels[kind] = label or kind
        if outside:
            _outside.add(kind)
        return handler

    return register


def label_of(kind: str) -> str:
    """What items of a kind are called on the page of the clock."""
    return str(_labels.get(kind, kind))


def schedule(kind: str, subject_id: int, *, due_at: datetime, period: str = "") -> DueItem:
    """Write down that something is due; an item that still waits is moved to the new time.

    What is due already is done right after the commit when a worker is there, else at the next tick.
    """
    item, created = DueItem.objects.get_or_create(
        kind=kind, subject_id=subject_id, period=period, defaults={"due_at": due_at}
    )
    if not created and item.state == DueState.PENDING and item.due_at != due_at:
        item.due_at = due_at
        item.save(update_fields=["due_at"])
    if item.state == DueState.PENDING and due_at <= timezone.now():
        nudge()
    return item


def schedule_many(kind: str, rows: Iterable[tuple[int, datetime]]) -> None:
    """Write down many new items at once: number of the object and when; what is there already stays as it is."""
    items = [DueItem(kind=kind, subject_id=subject, due_at=at) for subject, at in rows]
    DueItem.objects.bulk_create(items, ignore_conflicts=True, batch_size=1000)
    if any(item.due_at <= timezone.now() for item in items):
        nudge()


def cancel(kind: str, subject_id: int) -> int:
    """Call off what still waits for this object; return how many items that were."""
    return DueItem.objects.filter(kind=kind, subject_id=subject_id, state=DueState.PENDING).update(
        state=DueState.CANCELLED
    )


def tick(*, limit: int = 500) -> int:
    """Do up to ``limit`` due items, each in its own transaction; return how many were done.

    A failed item is left for a later tick with its error and a growing delay. Several ticks may run side by side.
    """
    done = 0
    tried: set[int] = set()
    beaten_at, until = _beat(), time.monotonic() + TICK_SECONDS
    for _unused in range(limit):
        if time.monotonic() > until:
            nudge()  # another tick goes on
            break
        item_id = _take_one(tried)
        if item_id is None:
            break
        done += item_id > 0
        if timezone.now() - beaten_at > BEAT_EVERY:
            beaten_at = _beat()
    return done


def last_tick() -> datetime | None:
    """When the clock was last seen at work; None when it never was."""
    return Heartbeat.objects.filter(part="tick").values_list("at", flat=True).first()


def _beat() -> datetime:
    now = timezone.now()
    Heartbeat.objects.update_or_create(part="tick", defaults={"at": now})
    return now


def _take_one(tried: set[int]) -> int | None:
    """Do one due item. Return its id, 0 when it failed or was taken by another tick, None when nothing is due."""
    item_id = None
    try:
        with transaction.atomic():
            item = _next(tried)
            if item is None:
                return None
            item_id = item.pk
            is_outside = item.kind in _outside
            if is_outside:
                item.leased_until = timezone.now() + LEASE
                item.save(update_fields=["leased_until"])
            else:
                _handlers[item.kind](item)
                _note_done(item)
        if is_outside:
            _handlers[item.kind](item)
            _note_done(item)
    except OperationalError:
        raise
    except NotYetError as later:
        tried.add(item_id or 0)
        DueItem.objects.filter(pk=item_id, state=DueState.PENDING).update(due_at=later.at, leased_until=None)
        return 0
    except Exception as error:  # noqa: BLE001  one item must never stop the others
        tried.add(item_id or 0)
        _note_failure(item_id, error)
        return 0
    return item_id


def _next(tried: set[int]) -> DueItem | None:
    """The item to do now: what waits for other machines comes after everything else."""
    can_skip = connection.features.has_select_for_update_skip_locked
    free = DueItem.objects.select_for_update(skip_locked=can_skip).due(timezone.now()).exclude(pk__in=tried)
    ordered = free.order_by("due_at", "pk")
    return ordered.exclude(kind__in=_outside).first() or ordered.filter(kind__in=_outside).first()


def _note_done(item: DueItem) -> None:
    item.state, item.done_at, item.error, item.leased_until = DueState.DONE, timezone.now(), "", None
    item.save(update_fields=["state", "done_at", "error", "leased_until"])


def _note_failure(item_id: int | None, error: Exception) -> None:
    item = DueItem.objects.filter(pk=item_id, state=DueState.PENDING).first()
    if item is None:
        return
    item.attempts += 1
    item.error = f"{type(error).__name__}: {error}"[:2000]
    item.retry_at = timezone.now() + min(timedelta(minutes=2**item.attempts), MAX_BACK_OFF)
    item.leased_until = None
    item.save(update_fields=["attempts", "error", "retry_at", "leased_until"])
    logger.error("due item %s %s failed (attempt %s)", item.kind, item.pk, item.attempts, exc_info=error)

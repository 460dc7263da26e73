"""What the administrator sees and does at the clock: what is late, failed or being done; try again, give up."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.clock import label_of
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.health import patience
from campaigns.domain.journal import record
from campaigns.models import DueItem, DueState, User
from campaigns.permissions import may_anywhere
from campaigns.tasks import nudge

#: The shelves of the page, in order; the second word is the field by which each is sorted.
SHELVES = {
    "failed": "retry_at",
    "late": "due_at",
    "running": "due_at",
    "coming": "due_at",
    "done": "-done_at",
    "given_up": "-done_at",
    "cancelled": "-due_at",
}
_ENDED = (DueState.DONE.value, DueState.GIVEN_UP.value, DueState.CANCELLED.value)
_AT_WORK = 20  # so many of the first due items are looked at for whether another process holds them


def may_tend_clock(user: User) -> bool:
    """Who sees the clock and may intervene: the office, and who manages accounts."""
    return may_anywhere(user, "manage_campaign") or may_anywhere(user, "manage_accounts")


def shelves(at: datetime | None = None) -> dict[str, QuerySet[DueItem]]:
    """The items by shelf; one that waits lies on exactly one of failed, late, running and coming."""
    at = at or timezone.now()
    running, waiting = Q(pk__in=running_ids(at)), DueItem.objects.waiting()
    found = {
        "running": waiting.filter(running),
        "failed": waiting.filter(attempts__gt=0).exclude(running),
        "late": waiting.filter(attempts=0, due_at__lt=at - patience()).exclude(running),
        "coming": waiting.filter(attempts=0, due_at__gte=at - patience()).exclude(running),
        **{state: DueItem.objects.filter(state=state) for state in _ENDED},
    }
    return {name: found[name].order_by(order, "pk") for name, order in SHELVES.items()}


def running_ids(at: datetime) -> list[int]:
    """What a tick is doing at this moment: leased, or (where the database tells) locked by another transaction."""
    leased = list(DueItem.objects.waiting().filter(leased_until__gt=at).values_list("pk", flat=True))
    if not connection.features.has_select_for_update_skip_locked:
        return leased
    due = DueItem.objects.due(at).order_by("due_at", "pk")
    with transaction.atomic():
        free = set(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:_AT_WORK])
    return leased + [pk for pk in due.values_list("pk", flat=True)[:_AT_WORK] if pk not in free]


def words_for(item: DueItem) -> str:
    """The last error in words; what a rule said is said as it is."""
    kind, _colon, text = item.error.partition(": ")
    if not kind:
        return ""
    if kind in ("DomainError", "NotAllowedError", "OutOfOrderError", "StaleError", "UndeliveredError"):
        return text
    if kind.endswith("DoesNotExist"):
        return _("What it concerns does not exist any more.")
    if kind == "KeyError" and text.strip("'") == item.kind:
        return _("This version does not know such items. Was an older version installed?")
    if kind in ("ConnectionRefusedError", "TimeoutError", "ConnectionError", "gaierror", "OSError"):
        return _("Another machine did not answer.")
    return _("A fault of the program; the log of the worker tells where. Send it to whoever maintains the site.")


@transaction.atomic
def retry_now(item: DueItem, *, actor: User) -> DueItem:
    """Let the next tick try a failed item at once, or take one up again that was given up.

    Raises OutOfOrderError when it is done or called off meanwhile.
    """
    item = _take(item, actor)
    if item.state not in (DueState.PENDING, DueState.GIVEN_UP):
        raise OutOfOrderError(_("This is %(state)s meanwhile.") % {"state": item.get_state_display()})
    item.state, item.retry_at, item.give_up_reason, item.done_at = DueState.PENDING, None, "", None
    item.save(update_fields=["state", "retry_at", "give_up_reason", "done_at"])
    record("due_item_retried", item, actor=actor, kind=item.kind, attempts=item.attempts)
    nudge()
    return item


@transaction.atomic
def give_up(item: DueItem, *, actor: User, reason: str) -> DueItem:
    """Stop trying what fails, with a reason that stays beside it. It can be taken up again.

    Raises DomainError without a reason, OutOfOrderError for what has not failed: what only waits is never thrown away.
    """
    item = _take(item, actor)
    if not reason.strip():
        raise DomainError(_("Give the reason: it stays beside the item."), field="reason")
    if item.state != DueState.PENDING or not item.attempts:
        raise OutOfOrderError(_("Only what has failed can be given up; this has not."))
    item.state, item.give_up_reason, item.done_at = DueState.GIVEN_UP, reason.strip()[:200], timezone.now()
    item.save(update_fields=["state", "give_up_reason", "done_at"])
    record("due_item_given_up", item, actor=actor, kind=item.kind, attempts=item.attempts)
    return item


def _take(item: DueItem, actor: User) -> DueItem:
    if not may_tend_clock(actor):
        raise NotAllowedError(_("The office looks after the clock; your role does not allow it."))
    return DueItem.objects.select_for_update().get(pk=item.pk)


def kinds_waiting() -> list[tuple[str, str]]:
    """The kinds of which there are items, with what they are called: for the filter."""
    found = DueItem.objects.order_by().values_list("kind", flat=True).distinct()
    return sorted(((kind, label_of(kind)) for kind in found), key=lambda entry: entry[1])

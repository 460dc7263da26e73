"""Messages on their way out: each is sent at least once, never to somebody for whom it is settled meanwhile.

A delivery is a row and a due item. The item that comes first takes all that waits for the same person and way along;
those of the others find nothing left to do.
"""

import uuid
from collections.abc import Callable, Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain import carriers
from campaigns.domain.clock import LEASE, NotYetError, on_due, schedule_many
from campaigns.domain.quiet import hours_of, quiet_until, send_at
from campaigns.models import Channel, Delivery, DeliveryState, DueItem, Message, MessageChoice, User

SEND = "message_send"
STALE = timedelta(days=3)

Check = Callable[[Message], bool]
_still_open: dict[str, Check] = {}


def still_open(prefix: str) -> Callable[[Check], Check]:
    """Declare how to see whether a reminder still concerns its reader; ``prefix``: its key up to the first colon.

    Asked in the moment of sending: whoever acted meanwhile is not reminded.
    """

    def register(check: Check) -> Check:
        if prefix in _still_open:
            raise RuntimeError(f"two checks for messages {prefix}")
        _still_open[prefix] = check
        return check

    return register


def choosers(people: Iterable[User]) -> list[MessageChoice]:
    """Who of these people is told outside the application too, by a way that this site has."""
    if not any(carriers.is_on(way) for way in Channel):
        return []
    wanted = Q(by_email=True) & ~Q(user__email="") | Q(by_channel=True) & ~Q(channel_address="")
    return list(MessageChoice.objects.filter(wanted, user__in=people, user__is_active=True).select_related("user"))


def put_out(choices: list[MessageChoice], key: str, *, urgent: bool) -> None:
    """Enter the deliveries of a message that was just written to these people."""
    by_user = {choice.user_id: choice for choice in choices}
    messages = list(Message.objects.filter(key=key, user__in=by_user))
    rows = [Delivery(message=each, channel=way) for each in messages for way in _ways(by_user[each.user_id])]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    now = timezone.now()
    at = {each.pk: send_at(now, by_user[each.user_id], urgent=urgent) for each in messages}
    fresh = Delivery.objects.filter(message__in=messages).values_list("pk", "message")
    schedule_many(SEND, [(pk, at[message]) for pk, message in fresh])


def _ways(choice: MessageChoice) -> list[Channel]:
    ways = {
        Channel.EMAIL: choice.by_email and choice.user.email,
        Channel.CHANNEL: choice.by_channel and choice.channel_address,
    }
    return [way for way, address in ways.items() if address and carriers.is_on(way)]


@on_due(SEND, gettext_lazy("sending of a message"), outside=True)
def send(item: DueItem) -> None:
    """Send a delivery with all others that wait for the same person. Killed in between, it is sent again as it was."""
    found = Delivery.objects.filter(pk=item.subject_id).values_list("channel", flat=True).first()
    if found and (pause := carriers.paused_for(found)):
        raise NotYetError(timezone.now() + timedelta(seconds=pause))
    batch = _claim(item.subject_id)
    if not batch:
        return
    channel, user = batch[0].channel, batch[0].message.user
    try:
        carriers.carry(channel, user, [each.message for each in batch], batch=batch[0].batch)
    except carriers.RefusedError as error:
        _mark(batch, DeliveryState.DROPPED, note=str(error))
        _tell_refused(user, channel, str(error))
    except carriers.UndeliveredError:
        _rows(batch).update(claimed_until=None)
        raise
    else:
        _mark(batch, DeliveryState.SENT)


@transaction.atomic
def _claim(pk: int) -> list[Delivery]:
    """What to send now, so that nobody else sends it; empty when nothing is left. Raises NotYetError."""
    owner = Delivery.objects.filter(pk=pk).values("message__user")
    choice = MessageChoice.objects.select_for_update(of=("self",)).select_related("user").filter(user__in=owner).first()
    mine = Delivery.objects.select_related("message__user__message_choice").filter(pk=pk).first()
    if mine is None or mine.state != DeliveryState.WAITING:
        return []
    now = timezone.now()
    if mine.claimed_until and mine.claimed_until > now:
        raise NotYetError(mine.claimed_until)
    if not mine.message.urgent and (later := quiet_until(now, hours_of(choice))):
        raise NotYetError(later)
    same = Delivery.objects.filter(channel=mine.channel, message__user=mine.message.user_id, batch=mine.batch)
    waiting = list(
        same.filter(state=DeliveryState.WAITING).select_related("message__user__message_choice").order_by("pk")
    )
    sendable = _sort_out(waiting, choice)
    number = mine.batch or uuid.uuid4()
    for each in sendable:
        each.batch = number
    _rows(sendable).update(batch=number, claimed_until=now + LEASE)
    return sendable


def _sort_out(waiting: list[Delivery], choice: MessageChoice | None) -> list[Delivery]:
    """Drop what need not go out any more; return the rest."""
    rest: list[Delivery] = []
    dropped: dict[str, list[Delivery]] = {}
    for each in waiting:
        if why := _why_not(each, choice):
            dropped.setdefault(why, []).append(each)
        else:
            rest.append(each)
    for why, rows in dropped.items():
        _mark(rows, DeliveryState.DROPPED, note=why)
    return rest


def _why_not(delivery: Delivery, choice: MessageChoice | None) -> str:
    message = delivery.message
    if choice is None or not choice.user.is_active or delivery.channel not in _ways(choice):
        return _("no longer wanted")
    if message.read_at:
        return _("read in the application")
    if timezone.now() - message.created_at > STALE:
        return _("too old")
    check = _still_open.get(message.key.partition(":")[0])
    return _("settled meanwhile") if check and not check(message) else ""


def _mark(batch: list[Delivery], state: DeliveryState, *, note: str = "") -> None:
    sent_at = timezone.now() if state == DeliveryState.SENT else None
    _rows(batch).update(state=state, sent_at=sent_at, claimed_until=None, note=note[:120])


def _rows(batch: list[Delivery]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=[each.pk for each in batch])


def _tell_refused(user: User, channel: str, why: str) -> None:
    """He is told inside the application; until he changes it the address is not tried again."""
    MessageChoice.objects.filter(user=user).update(**{f"by_{channel}": False})
    Message.objects.get_or_create(
        user=user,
        key=f"{SEND}:refused:{channel}:{timezone.localdate()}",
        defaults={"title": _("Messages outside the application are switched off"), "body": why},
    )

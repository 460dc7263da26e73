"""What people are told: inside the application at once, outside of it as each has chosen."""

from collections.abc import Iterable
from datetime import time

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain import carriers
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.domain.outbox import choosers, put_out
from campaigns.models import Channel, Message, MessageChoice, Pace, User


def tell(users: Iterable[User], *, key: str, title: str, body: str = "", url: str = "", urgent: bool = False) -> None:
    """Leave a message for each user, once per ``key``, in the transaction of the event.

    ``urgent``: it goes out at once, even in the quiet hours. That is for what takes effect at once.
    """
    people = list(users)
    choices = choosers(people) if people else []
    known = set(Message.objects.filter(key=key, user__in=[c.user_id for c in choices]).values_list("user", flat=True))
    facts = {"key": key, "title": title[:120], "body": body[:500], "url": url, "urgent": urgent}
    Message.objects.bulk_create([Message(user=user, **facts) for user in people], ignore_conflicts=True)
    if fresh := [choice for choice in choices if choice.user_id not in known]:
        put_out(fresh, key, urgent=urgent)


@transaction.atomic
def choose_channels(
    user: User,
    *,
    by_email: bool = False,
    email: str = "",
    by_channel: bool = False,
    channel_address: str = "",
    pace: str = Pace.SOON,
    quiet_from: time | None = None,
    quiet_until: time | None = None,
) -> MessageChoice:
    """How this user wants to be told outside the application. Raises DomainError for a way without an address."""
    email, channel_address = email.strip(), channel_address.strip()
    if by_email and not email:
        raise DomainError(_("Enter the e-mail address to which the messages go."), field="email")
    if by_channel and not channel_address:
        raise DomainError(_("Enter your address at the message service."), field="channel_address")
    if (quiet_from is None) != (quiet_until is None):
        raise DomainError(_("Enter both times, or neither: then the hours of the site hold."), field="quiet_until")
    User.objects.filter(pk=user.pk).update(email=email)
    facts = {"by_email": by_email, "by_channel": by_channel, "channel_address": channel_address, "pace": pace}
    facts |= {"quiet_from": quiet_from, "quiet_until": quiet_until}
    choice, _new = MessageChoice.objects.update_or_create(user=user, defaults=facts)
    record("message_channels_chosen", user, actor=user, by_email=by_email, by_channel=by_channel)
    return choice


def ways_out() -> list[Channel]:
    """The ways that this site has."""
    return [way for way in Channel if carriers.is_on(way)]

"""A post admitted to the creation 创建中 whose nomination then fails: its time as a creation is over."""

from campaigns.models import User
from posts.domain.conferrals import end_conferral
from posts.domain.pipeline import on_not_named
from posts.models import Conferral, ConferralStatus, Nomination


def end_creation(nomination: Nomination, *, actor: User | None, reason: str) -> None:
    """End the creation without stigma and call its plaque back; nothing happens to a post that was named.

    Part of the nomination's end, under its lock: the right to end it was asked there (S6 五.4: only what meets the
    standard is named).
    """
    conferral = Conferral.objects.filter(nomination=nomination, status=ConferralStatus.CREATING).first()
    if conferral is not None:
        end_conferral(conferral, actor=None, status=ConferralStatus.EXPIRED, reason=reason)


on_not_named.append(end_creation)

"""A title's standing between valid and 整改中."""

from campaigns.domain.journal import record
from campaigns.models import User
from posts.domain.conferrals import mark_active, mark_rectifying
from posts.models import Conferral, ConferralStatus


def begin_rectifying(conferral: Conferral, *, actor: User | None) -> None:
    """Show the post as under rectification, unless it is already. Needs a transaction and the post's lock."""
    if conferral.status == ConferralStatus.ACTIVE:
        mark_rectifying(conferral)
        record("conferral_rectifying", conferral, actor=actor)


def end_rectifying(conferral: Conferral, *, actor: User | None) -> None:
    """Make the post valid again when no rectification is running any more. Needs a transaction and the post's lock."""
    conferral.refresh_from_db(fields=["status"])
    if conferral.status == ConferralStatus.RECTIFYING and not conferral.rectifications.running().exists():
        mark_active(conferral)
        record("conferral_active", conferral, actor=actor)

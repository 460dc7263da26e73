"""The display of a named post rests while a matter is looked into; the title itself is untouched (domain F15)."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.conferrals import page_of, people_of
from posts.domain.locks import lock_conferral
from posts.models import Conferral


@transaction.atomic
def suspend_display(conferral: Conferral, *, actor: User, reason: str) -> Conferral:
    """Let the display rest while a report is looked into; the title itself is untouched (F15)."""
    conferral = lock_conferral(conferral.pk)
    _require_suspending(actor, conferral)
    if not conferral.is_live:
        raise OutOfOrderError(_("The title has ended already."))
    if conferral.suspended_at is None:
        conferral.suspended_at = timezone.now()
        conferral.save(update_fields=["suspended_at"])
        record("display_suspended", conferral, actor=actor)
        _tell_people(conferral, _("Display suspended: %(post)s") % {"post": conferral.name}, reason, "suspended")
    return conferral


@transaction.atomic
def resume_display(conferral: Conferral, *, actor: User) -> Conferral:
    """End the suspension."""
    conferral = lock_conferral(conferral.pk)
    _require_suspending(actor, conferral)
    if conferral.suspended_at is not None:
        conferral.suspended_at = None
        conferral.save(update_fields=["suspended_at"])
        record("display_resumed", conferral, actor=actor)
        _tell_people(conferral, _("Display resumed: %(post)s") % {"post": conferral.name}, "", "resumed")
    return conferral


def _tell_people(conferral: Conferral, title: str, body: str, key: str) -> None:
    tell(
        people_of(conferral),
        key=f"{key}-{conferral.pk}-{timezone.now():%Y%m%d%H%M%S}",
        title=title,
        body=body,
        url=page_of(conferral),
    )


def _require_suspending(actor: User, conferral: Conferral) -> None:
    allowed = ("verify_incident", "decide_veto", "release_decision")
    if not any(may_on_unit(actor, permission, conferral.org_unit) for permission in allowed):
        raise NotAllowedError(_("Your role does not allow this in %(unit)s.") % {"unit": conferral.org_unit})

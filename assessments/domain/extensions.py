"""More time for a rectification 延期: asked for with a reason by the post, granted or refused by who checks it."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.rectification_clock import (
    cancel_clock,
    facts,
    lapse,
    schedule_clock,
    tell_checkers,
    tell_post,
)
from assessments.domain.rectifications import lock_rectification, require_submit, why_not_check, why_not_submit
from assessments.models import Extension, Rectification, RectificationStatus, RequestState
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.rules import escalate_days, extension_days, extensions_allowed
from campaigns.models import User


def why_no_extension(rectification: Rectification) -> str:
    """Why nobody can ask for more time now; empty when one may."""
    if rectification.status != RectificationStatus.OPEN:
        return _("Only a rectification that is under way can be extended.")
    allowed = extensions_allowed(rectification.conferral.campaign)
    if allowed == 0:
        return _("The scheme allows no extension.")
    if rectification.extensions.filter(state=RequestState.ASKED).exists():
        return _("A request for more time waits already.")
    if rectification.extensions.filter(state=RequestState.CONFIRMED).count() >= allowed:
        return _("It was extended %(n)s time(s); the scheme allows no more.") % {"n": allowed}
    if rectification.is_overdue:
        return _("The deadline has passed; more time has to be asked for before it.")
    return ""


def may_ask(user: User, rectification: Rectification) -> bool:
    """Whether the user may ask for more time now."""
    return not why_no_extension(rectification) and not why_not_submit(user, rectification)


def why_not_answer(user: User, extension: Extension) -> str:
    """Why the user may not grant or refuse; empty when he may: who would check it, but not who asked."""
    if extension.asked_by_id == user.pk:
        return _("You have asked for the extension yourself; somebody else has to answer.")
    return why_not_check(user, extension.rectification)


def latest_day(rectification: Rectification) -> date:
    """The last day to which it may be extended now."""
    return rectification.due_on + timedelta(days=extension_days(rectification.conferral.campaign))


@transaction.atomic
def ask_extension(rectification: Rectification, *, actor: User, until: date, reason: str) -> Extension:
    """Ask for more time, before the deadline and as often as the scheme allows.

    Raises NotAllowedError, OutOfOrderError when none can be asked for, DomainError for an impossible day or no reason.
    """
    rectification = lock_rectification(rectification)
    require_submit(actor, rectification)
    if why := why_no_extension(rectification):
        raise OutOfOrderError(why)
    if not reason.strip():
        raise DomainError(_("Say why more time is needed."), field="reason")
    last = latest_day(rectification)
    if not rectification.due_on < until <= last:
        raise DomainError(
            _("The new deadline lies after %(day)s and not after %(last)s.")
            % {"day": rectification.due_on, "last": last},
            field="until",
        )
    extension = Extension.objects.create(
        rectification=rectification, until=until, asked_by=actor, reason=reason.strip()[:200]
    )
    record("extension_asked", rectification, actor=actor, conferral=rectification.conferral_id, until=str(until))
    title = _("More time is asked for the rectification of “%(post)s”") % facts(rectification)
    tell_checkers(rectification, f"extension-{extension.pk}", title)
    return extension


@transaction.atomic
def answer_extension(extension: Extension, *, actor: User, granted: bool, answer: str) -> Extension:
    """Grant more time or refuse it, by another person than who asked; the reminders follow the new day.

    Refused after the escalation had become due, the matter goes before the deciding body at once.
    Raises NotAllowedError, OutOfOrderError when it was answered already, DomainError without a word of explanation.
    """
    rectification = lock_rectification(extension.rectification)
    extension = Extension.objects.get(pk=extension.pk)
    extension.rectification = rectification
    if extension.state != RequestState.ASKED or rectification.status != RectificationStatus.OPEN:
        raise OutOfOrderError(_("This request no longer waits. Reload the page to see where it stands."))
    if why := why_not_answer(actor, extension):
        raise NotAllowedError(why)
    if not answer.strip():
        raise DomainError(_("Say why it is granted or refused."), field="answer")
    extension.state = RequestState.CONFIRMED if granted else RequestState.REFUSED
    extension.settled_by, extension.settled_at, extension.answer = actor, timezone.now(), answer.strip()[:200]
    extension.save()
    record("extension_answered", rectification, actor=actor, conferral=rectification.conferral_id, granted=granted)
    if granted:
        _move(rectification, extension.until)
    elif _is_past_escalation(rectification):
        lapse(rectification)
    said = _("Extended: rectification of “%(post)s” by %(day)s") if granted else _("Not extended: “%(post)s”, %(day)s")
    tell_post(rectification, f"extension-{extension.pk}", said % facts(rectification))
    return extension


def _move(rectification: Rectification, until: date) -> None:
    rectification.due_on = until
    rectification.save(update_fields=["due_on"])
    cancel_clock(rectification)
    schedule_clock(rectification)


def _is_past_escalation(rectification: Rectification) -> bool:
    days = timedelta(days=escalate_days(rectification.conferral.campaign))
    return timezone.localdate() >= rectification.due_on + days

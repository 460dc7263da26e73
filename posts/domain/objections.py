"""异议: what people raise during a notice. Registered → verified → settled; nothing moves while one is open.

The branch never learns who raised it (retaliation guard), and nobody concerned handles it.
"""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.calendar import add_working_days
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from campaigns.permissions import holders_of, may_on_unit, nearest_holders_of
from posts.domain import pipeline
from posts.domain.rights import is_concerned
from posts.models import (
    Nomination,
    NoticeItem,
    Objection,
    ObjectionChannel,
    ObjectionEffect,
    ObjectionStatus,
    RunStatus,
)
from posts.models.nomination import LIVE_STATUSES
from posts.models.notice import OPEN_OBJECTIONS
from posts.stages.base import logic_of

MAX_TEXT = 2000
FINDINGS = (
    ObjectionStatus.UPHELD,
    ObjectionStatus.PARTLY_UPHELD,
    ObjectionStatus.NOT_UPHELD,
    ObjectionStatus.CANNOT_VERIFY,
)
HOLDING = (ObjectionStatus.UPHELD, ObjectionStatus.PARTLY_UPHELD)


@transaction.atomic
def file_objection(
    item: NoticeItem,
    *,
    text: str,
    is_anonymous: bool = True,
    name: str = "",
    contact: str = "",
    channel: str = ObjectionChannel.WEB,
    received_on: date | None = None,
    actor: User | None = None,
) -> Objection:
    """Register what somebody raises about a nomination on notice; ``actor`` is the officer who enters a call, a
    letter or a visit, ``received_on`` its day (for a letter the postmark).

    What comes after the last day is kept as a report and blocks nothing. Raises DomainError for an empty or endless
    text or a real name without a way to answer, OutOfOrderError before the first day and after a withdrawal.
    """
    nomination = pipeline.lock_nomination(item.run.nomination_id)
    item = NoticeItem.objects.select_related("run", "notice").get(pk=item.pk)
    if actor is not None:
        _require_handler(actor, nomination)
    text, name, contact = text.strip(), name.strip(), contact.strip()
    _check_words(text, is_anonymous=is_anonymous, name=name, contact=contact)
    day = received_on or timezone.localdate()
    is_late = _is_late(item, day)
    objection = Objection.objects.create(
        item=item,
        text=text,
        is_anonymous=is_anonymous,
        name="" if is_anonymous else name[:60],
        contact="" if is_anonymous else contact[:100],
        channel=channel,
        received_at=timezone.now(),
        registered_by=actor,
        status=ObjectionStatus.LATE if is_late else ObjectionStatus.REGISTERED,
        closed_at=timezone.now() if is_late else None,
        due_on=None if is_late else add_working_days(timezone.localdate(), logic_of(item.run).params.verify_days),
    )
    record("objection_filed", nomination, actor=actor, objection=objection.pk, channel=channel, late=is_late)
    tell(
        _handlers(nomination),
        key=f"objection:{objection.pk}",
        title=_("An objection to “%(post)s” has come in") % {"post": nomination},
        body=_("It came after the last day and is kept as a report.")
        if is_late
        else _("To be verified by %(date)s.") % {"date": objection.due_on.isoformat()},
        url=reverse("posts:objection_detail", args=[objection.pk]),
    )
    return objection


@transaction.atomic
def accept_objection(objection: Objection, *, actor: User) -> Objection:
    """Take an objection up for verification."""
    objection = _take(objection, actor, ObjectionStatus.REGISTERED)
    objection.status, objection.handler = ObjectionStatus.VERIFYING, actor
    objection.save(update_fields=["status", "handler"])
    record("objection_accepted", objection.item.run.nomination, actor=actor, objection=objection.pk)
    return objection


@transaction.atomic
def decline_objection(objection: Objection, *, actor: User, reason: str) -> Objection:
    """Do not take an objection up (an anonymous one without any clue, say); the reason is the reply."""
    objection = _take(objection, actor, ObjectionStatus.REGISTERED)
    if not reason.strip():
        raise DomainError(_("Say why the objection is not accepted: who raised it reads this."), field="reason")
    objection.reply = reason.strip()[:1000]
    _close(objection, actor, ObjectionStatus.NOT_ACCEPTED, ObjectionEffect.CONTINUE)
    pipeline.advance(objection.item.run.nomination_id, actor=actor)
    return objection


@transaction.atomic
def settle_objection(
    objection: Objection, *, actor: User, outcome: str, finding: str, reply: str, effect: str
) -> Objection:
    """Close a verified objection: what was found, what the person who raised it is told, and what follows.

    ``effect``: go on, correct and publish again (the nomination goes back to its paper and returns to this step), or
    stop the nomination. Raises NotAllowedError, OutOfOrderError before the acceptance or after the end, DomainError
    for a missing text or a consequence that the finding does not carry.
    """
    objection = _take(objection, actor, ObjectionStatus.VERIFYING)
    _check_settlement(objection, outcome=outcome, finding=finding, reply=reply, effect=effect)
    objection.finding, objection.reply = finding.strip()[:2000], reply.strip()[:1000]
    _close(objection, actor, outcome, effect)
    _carry_out(objection, actor)
    return objection


@transaction.atomic
def postpone_objection(objection: Objection, *, actor: User, due_on: date) -> Objection:
    """Give the verification more time; later than now, and not without end."""
    objection = _take(objection, actor, *OPEN_OBJECTIONS)
    today = timezone.localdate()
    if not today < due_on <= add_working_days(today, 30):
        raise DomainError(_("The new date lies between tomorrow and 30 working days from today."), field="due_on")
    objection.due_on = due_on
    objection.save(update_fields=["due_on"])
    record("objection_postponed", objection.item.run.nomination, actor=actor, objection=objection.pk, until=due_on)
    return objection


def may_handle(user: User, objection: Objection) -> bool:
    """Whether this user handles this objection: the right on the unit, and no part in the post."""
    return not _why_not(user, objection.item.run.nomination)


def waiting_objections(user: User) -> QuerySet[Objection]:
    """Open objections this user handles, the most urgent first."""
    return Objection.objects.visible_to(user).open().for_list()


def _take(objection: Objection, actor: User, *wanted: str) -> Objection:
    """The objection afresh, with its nomination locked, for somebody who may handle it."""
    nomination = pipeline.lock_nomination(objection.item.run.nomination_id)
    _require_handler(actor, nomination)
    fresh = Objection.objects.select_related("item__run__actor_unit", "item__notice").get(pk=objection.pk)
    fresh.item.run.nomination = nomination
    if fresh.status not in wanted:
        raise OutOfOrderError(
            _("This objection is “%(status)s” now. Reload the page.") % {"status": fresh.get_status_display()}
        )
    return fresh


def _require_handler(user: User, nomination: Nomination) -> None:
    if reason := _why_not(user, nomination):
        raise NotAllowedError(reason)


def _why_not(user: User, nomination: Nomination) -> str:
    if not may_on_unit(user, "handle_objection", nomination.org_unit):
        return _("Your role does not allow this in %(unit)s.") % {"unit": nomination.org_unit}
    # People dropped on the way count as well: the matter may be about them.
    if nomination.members.filter(member__user=user).exists() or is_concerned(user, nomination):
        return _("You are concerned yourself: an objection is handled by somebody without a stake.")
    return ""


def _check_words(text: str, *, is_anonymous: bool, name: str, contact: str) -> None:
    if not text:
        raise DomainError(_("Write what you want to raise."), field="text")
    if len(text) > MAX_TEXT:
        raise DomainError(
            _("The text has %(n)s characters; at most %(max)s fit.") % {"n": len(text), "max": MAX_TEXT}, field="text"
        )
    if not is_anonymous and not name:
        raise DomainError(_("Write your name, or choose to stay anonymous."), field="name")
    if not is_anonymous and not contact:
        raise DomainError(_("Write how you can be reached, or choose to stay anonymous."), field="contact")


def _is_late(item: NoticeItem, day: date) -> bool:
    notice = item.notice
    if notice.withdrawn_at or item.dropped_at:
        raise OutOfOrderError(_("This notice was withdrawn, so nothing can be raised against it any more."))
    if day < notice.starts_on:
        raise OutOfOrderError(_("The notice begins on %(date)s.") % {"date": notice.starts_on.isoformat()})
    if day > timezone.localdate():
        raise DomainError(_("The day of receipt lies in the future."), field="received_on")
    return day > notice.ends_on or item.run.status != RunStatus.OPEN


def _check_settlement(objection: Objection, *, outcome: str, finding: str, reply: str, effect: str) -> None:
    if outcome not in FINDINGS:
        raise DomainError(_("Choose what the verification found."), field="outcome")
    if effect not in ObjectionEffect.values:
        raise DomainError(_("Choose what follows."), field="effect")
    if not finding.strip():
        raise DomainError(_("Write what was found, and how."), field="finding")
    if not reply.strip():
        raise DomainError(_("Write the reply to the person who raised it."), field="reply")
    if effect != ObjectionEffect.CONTINUE and outcome not in HOLDING:
        raise DomainError(_("What is not true changes nothing: choose “go on”."), field="effect")
    if effect == ObjectionEffect.CORRECT and objection.item.run.status != RunStatus.OPEN:
        raise DomainError(
            _("The nomination does not stand at its notice any more, so it cannot be corrected here."), field="effect"
        )


def _close(objection: Objection, actor: User, status: str, effect: str) -> None:
    objection.status, objection.effect = status, effect
    objection.handler, objection.closed_at = actor, timezone.now()
    objection.save(update_fields=["status", "effect", "handler", "finding", "reply", "closed_at"])
    nomination = objection.item.run.nomination
    record("objection_settled", nomination, actor=actor, objection=objection.pk, status=status, effect=effect)
    tell(
        nearest_holders_of("nominate", nomination.org_unit),
        key=f"objection-settled:{objection.pk}",
        title=_("An objection to “%(post)s” is settled") % {"post": nomination},
        body=_("Finding: %(status)s. Consequence: %(effect)s.")
        % {"status": objection.get_status_display(), "effect": objection.get_effect_display()},
        url=reverse("posts:nomination_detail", args=[nomination.pk]),
    )


def _carry_out(objection: Objection, actor: User) -> None:
    nomination = objection.item.run.nomination
    if nomination.status not in LIVE_STATUSES:
        return
    if objection.effect == ObjectionEffect.DROP:
        pipeline.stop(nomination, actor=actor, reason=_("An objection during the public notice was verified as true."))
    elif objection.effect == ObjectionEffect.CORRECT:
        reason = _("An objection was verified: correct the paper. It is published again afterwards.")
        pipeline.return_for_correction(objection.item.run, actor=actor, reason=reason)
    else:
        pipeline.advance(nomination.pk, actor=actor)


def _handlers(nomination: Nomination) -> QuerySet[User]:
    concerned = nomination.members.filter(member__user__isnull=False).values("member__user")
    return holders_of("handle_objection", nomination.org_unit).exclude(pk__in=concerned)

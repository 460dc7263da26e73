"""Rectification by a deadline 限期整改: finding → proof → second check by somebody else."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.proposals import ends_by_failure, propose_end
from assessments.domain.stake import is_holder, without_holders
from assessments.domain.standing import begin_rectifying, end_rectifying
from assessments.models import Incident, ProposedEnd, Rectification, RectificationStatus, Review
from campaigns.domain.clock import cancel, on_due, schedule
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import bans_same_year, rectify_days
from campaigns.models import Campaign, DueItem, OrgUnit, User
from campaigns.permissions import may_on_unit, nearest_holders_of
from posts.domain.bans import ban_people
from posts.domain.locks import lock_conferral
from posts.models import Conferral

REMIND = "rectify_remind"
REMIND_DAYS_BEFORE = (7, 3, 1, 0, -1)  # -1: the day after, when it is overdue
MAX_DAYS = 366


def default_due_on(campaign: Campaign) -> date:
    """The deadline of a rectification that is opened today."""
    return timezone.localdate() + timedelta(days=rectify_days(campaign))


@transaction.atomic
def open_rectification(
    conferral: Conferral,
    *,
    actor: User,
    finding: str,
    requirement: str,
    responsible: str,
    checking_unit: OrgUnit,
    due_on: date | None = None,
    review: Review | None = None,
    incident: Incident | None = None,
) -> Rectification:
    """Demand that something be mended by a day (the scheme's length by default); the post is then 整改中.

    Called by the review or the decision that leads to it, which has checked the actor's right. Raises DomainError for
    a missing text or an impossible date, OutOfOrderError when the title has ended.
    """
    conferral = lock_conferral(conferral.pk)
    if not conferral.is_live:
        raise OutOfOrderError(_("The title has ended; there is nothing left to rectify."))
    due_on = due_on or default_due_on(conferral.campaign)
    _check_texts(finding, requirement, responsible)
    _check_due(due_on)
    rectification = Rectification.objects.create(
        conferral=conferral,
        review=review,
        incident=incident,
        checking_unit=checking_unit,
        finding=finding.strip(),
        requirement=requirement.strip(),
        responsible=responsible.strip()[:60],
        due_on=due_on,
        opened_by=actor,
    )
    begin_rectifying(conferral, actor=actor)
    if bans_same_year(conferral.campaign, "rectify"):
        ban_people(conferral, actor=actor, reason=finding)
    _schedule_reminders(rectification)
    record("rectification_opened", rectification, actor=actor, conferral=conferral.pk, due_on=str(due_on))
    _tell_post(rectification, "opened", _("“%(post)s” must rectify by %(day)s") % _facts(rectification))
    return rectification


def why_not_submit(user: User, rectification: Rectification) -> str:
    """Why the user may not hand in what was done; empty when he may: the people of the post and its branch do."""
    conferral = rectification.conferral
    if is_holder(user, conferral) or may_on_unit(user, "review_post", conferral.org_unit):
        return ""
    return _("Only the people of the post, or who is responsible for it, hand in what was done.")


def why_not_check(user: User, rectification: Rectification) -> str:
    """Why the user may not check it again; empty when he may."""
    if not may_on_unit(user, "review_post", rectification.checking_unit):
        return _("The second check is for %(unit)s; your role does not allow it.") % {
            "unit": rectification.checking_unit
        }
    if is_holder(user, rectification.conferral, acting=rectification.checking_unit):
        return _("You are a member of this post yourself: nobody handles his own case. Ask your deputy.")
    if rectification.submitted_by_id == user.pk:
        return _("You have handed this in yourself; somebody else has to check it.")
    return ""


def proposable_ends(rectification: Rectification) -> list[str]:
    """What may be proposed when it is not settled: the scheme's effects of failing, and the outcomes of the review."""
    found = ends_by_failure(rectification.conferral.campaign)
    own = rectification.review.rule.params.get("outcomes") or [] if rectification.review else []
    return [end for end in ProposedEnd.values if end in found or end in own]


@transaction.atomic
def submit_rectification(rectification: Rectification, *, actor: User, proof: str) -> Rectification:
    """Hand in what was done. Raises NotAllowedError, OutOfOrderError when not open, DomainError without a text."""
    rectification = _lock(rectification)
    if reason := why_not_submit(actor, rectification):
        raise NotAllowedError(reason)
    _require_status(rectification, RectificationStatus.OPEN)
    if not proof.strip():
        raise DomainError(_("Write what was done and how one can see it."), field="proof")
    rectification.status, rectification.proof = RectificationStatus.SUBMITTED, proof.strip()
    rectification.submitted_by, rectification.submitted_at = actor, timezone.now()
    rectification.save()
    cancel(REMIND, rectification.pk)
    record("rectification_submitted", rectification, actor=actor, conferral=rectification.conferral_id)
    checkers = nearest_holders_of("review_post", rectification.checking_unit).exclude(pk=actor.pk)
    tell(
        without_holders(checkers, rectification.conferral),
        key=f"rectification_submitted:{rectification.pk}",
        title=_("“%(post)s” has handed in its rectification: please check it again") % _facts(rectification),
        url=_url(rectification),
    )
    return rectification


@transaction.atomic
def check_rectification(
    rectification: Rectification, *, actor: User, passed: bool, opinion: str, proposed_end: str = ""
) -> Rectification:
    """The second check, by somebody else than who handed it in. Passed: the post is valid again 销号.

    Not passed: ``proposed_end``, one of the ends that the scheme names for a post that fails, goes to the body that
    named the post, which decides.
    Raises NotAllowedError, OutOfOrderError, DomainError without an opinion or a proposal.
    """
    rectification = _lock(rectification)
    if reason := why_not_check(actor, rectification):
        raise NotAllowedError(reason)
    _require_checkable(rectification)
    if not opinion.strip():
        raise DomainError(_("Write what the second check found."), field="opinion")
    if not passed and proposed_end not in proposable_ends(rectification):
        raise DomainError(_("Choose what is proposed, as the scheme allows it."), field="proposed_end")
    rectification.status = RectificationStatus.PASSED if passed else RectificationStatus.FAILED
    rectification.check_opinion, rectification.checked_by = opinion.strip(), actor
    rectification.closed_at = timezone.now()
    rectification.save()
    cancel(REMIND, rectification.pk)
    if passed:
        end_rectifying(rectification.conferral, actor=actor)
    else:
        propose_end(
            rectification.conferral,
            end=proposed_end,
            reasons=opinion.strip(),
            actor=actor,
            rectification=rectification,
        )
    record("rectification_checked", rectification, actor=actor, conferral=rectification.conferral_id, passed=passed)
    title = _("Rectification of “%(post)s” settled") if passed else _("Rectification of “%(post)s” not settled")
    _tell_post(rectification, "checked", title % _facts(rectification))
    return rectification


@on_due(REMIND, gettext_lazy("reminder of a rectification"))
def remind_rectification(item: DueItem) -> None:
    """Tell the people of the post and its branch; an overdue one also whoever checks it."""
    rectification = Rectification.objects.select_related("conferral__org_unit", "checking_unit").get(pk=item.subject_id)
    left = (rectification.due_on - timezone.localdate()).days
    overtaken = any(left <= later < int(item.period.split(":")[1]) for later in REMIND_DAYS_BEFORE)
    if rectification.status != RectificationStatus.OPEN or overtaken:
        return
    title = (
        _("Rectification of “%(post)s” is due on %(day)s") if left >= 0 else _("Rectification of “%(post)s” overdue")
    )
    _tell_post(rectification, item.period, title % _facts(rectification))
    if left < 0:
        tell(
            nearest_holders_of("review_post", rectification.checking_unit),
            key=f"rectification_overdue:{rectification.pk}",
            title=title % _facts(rectification),
            url=_url(rectification),
        )


def _lock(rectification: Rectification) -> Rectification:
    conferral = lock_conferral(rectification.conferral_id)
    fresh = Rectification.objects.select_for_update(of=("self",)).select_related("checking_unit", "review__rule")
    rectification = fresh.get(pk=rectification.pk)
    rectification.conferral = conferral
    return rectification


def _require_status(rectification: Rectification, status: str) -> None:
    if rectification.status != status:
        raise OutOfOrderError(
            _("The rectification is “%(status)s” now. Reload the page to see where it stands.")
            % {"status": rectification.get_status_display()}
        )


def _require_checkable(rectification: Rectification) -> None:
    """Something was handed in, or the day has passed without it."""
    if not (rectification.status == RectificationStatus.OPEN and rectification.is_overdue):
        _require_status(rectification, RectificationStatus.SUBMITTED)


def _check_texts(finding: str, requirement: str, responsible: str) -> None:
    if not finding.strip():
        raise DomainError(_("Write what was found."), field="problems")
    if not requirement.strip():
        raise DomainError(_("Write what must change, so that it can be checked."), field="requirement")
    if not responsible.strip():
        raise DomainError(_("Name the person responsible for the rectification."), field="responsible")


def _check_due(due_on: date) -> None:
    today = timezone.localdate()
    if due_on <= today:
        raise DomainError(_("The deadline must lie after today (%(day)s).") % {"day": today}, field="rectify_by")
    if due_on > today + timedelta(days=MAX_DAYS):
        raise DomainError(_("A deadline more than a year away is no deadline."), field="rectify_by")


def _schedule_reminders(rectification: Rectification) -> None:
    for offset in REMIND_DAYS_BEFORE:
        day = rectification.due_on - timedelta(days=offset)
        if day > timezone.localdate():
            morning = timezone.make_aware(datetime.combine(day, time(8)))
            schedule(REMIND, rectification.pk, due_at=morning, period=f"{rectification.due_on}:{offset}")


def _tell_post(rectification: Rectification, event: str, title: str) -> None:
    holders = User.objects.filter(is_active=True, member__held__conferral=rectification.conferral).distinct()
    branch = nearest_holders_of("review_post", rectification.conferral.org_unit)
    tell({*holders, *branch}, key=f"rectification:{rectification.pk}:{event}", title=title, url=_url(rectification))


def _facts(rectification: Rectification) -> dict[str, object]:
    return {"post": rectification.conferral, "day": rectification.due_on}


def _url(rectification: Rectification) -> str:
    return reverse("assessments:rectification_detail", args=[rectification.pk])

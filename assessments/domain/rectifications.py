"""Rectification by a deadline 限期整改: finding → proof → second check by somebody else."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.case_files import keep_case_files
from assessments.domain.proposals import propose_end
from assessments.domain.rectification_clock import (
    cancel_clock,
    facts,
    proposable_ends,
    schedule_check,
    schedule_clock,
    tell_checkers,
    tell_post,
)
from assessments.domain.standing import begin_rectifying, end_rectifying
from assessments.models import (
    CaseFile,
    FilePurpose,
    Incident,
    Rectification,
    RectificationStatus,
    RequestState,
    Review,
)
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.rules import bans_same_year, rectify_days
from campaigns.models import Campaign, OrgUnit, User
from campaigns.permissions import may_on_unit
from posts.domain.bans import ban_people
from posts.domain.locks import lock_conferral
from posts.domain.rights import own_case
from posts.domain.stake import is_holder
from posts.models import Conferral

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
    schedule_clock(rectification)
    record("rectification_opened", rectification, actor=actor, conferral=conferral.pk, due_on=str(due_on))
    tell_post(rectification, "opened", _("“%(post)s” must rectify by %(day)s") % facts(rectification))
    return rectification


def why_not_submit(user: User, rectification: Rectification) -> str:
    """Why the user may not hand in what was done; empty when he may: the people of the post and its branch do."""
    conferral = rectification.conferral
    if is_holder(user, conferral) or may_on_unit(user, "review_post", conferral.org_unit):
        return ""
    return _("Only the people of the post, or who is responsible for it, hand in what was done.")


def require_submit(user: User, rectification: Rectification) -> None:
    """Raise NotAllowedError with the reason unless the user may act for the post."""
    if reason := why_not_submit(user, rectification):
        raise NotAllowedError(reason)


def why_not_add_evidence(user: User, rectification: Rectification) -> str:
    """Why the user may not add evidence of the finding; empty when he may."""
    return "" if rectification.opened_by_id == user.pk else why_not_check(user, rectification)


def why_not_check(user: User, rectification: Rectification) -> str:
    """Why the user may not check it again; empty when he may."""
    if not may_on_unit(user, "review_post", rectification.checking_unit):
        return _("The second check is for %(unit)s; your role does not allow it.") % {
            "unit": rectification.checking_unit
        }
    if is_holder(user, rectification.conferral, acting=rectification.checking_unit):
        return own_case()
    if rectification.submitted_by_id == user.pk:
        return _("You have handed this in yourself; somebody else has to check it.")
    return ""


@transaction.atomic
def submit_rectification(
    rectification: Rectification, *, actor: User, proof: str, uploads: Sequence[UploadedFile] = ()
) -> Rectification:
    """Hand in what was done, with files. Raises NotAllowedError, OutOfOrderError when not open, DomainError."""
    rectification = lock_rectification(rectification)
    require_submit(actor, rectification)
    _require_status(rectification, RectificationStatus.OPEN)
    if not proof.strip():
        raise DomainError(_("Write what was done and how one can see it."), field="proof")
    rectification.status, rectification.proof = RectificationStatus.SUBMITTED, proof.strip()
    rectification.submitted_by, rectification.submitted_at = actor, timezone.now()
    rectification.save()
    kept = keep_case_files(rectification, uploads, purpose=FilePurpose.PROOF, actor=actor)
    # Who asked for more time has handed in: nobody has to answer any more.
    rectification.extensions.filter(state=RequestState.ASKED).update(state=RequestState.DONE)
    cancel_clock(rectification)
    schedule_check(rectification)
    files = [file.pk for file in kept]
    record("rectification_submitted", rectification, actor=actor, conferral=rectification.conferral_id, files=files)
    title = _("“%(post)s” has handed in its rectification: please check it again") % facts(rectification)
    tell_checkers(rectification, "submitted", title)
    return rectification


@transaction.atomic
def add_evidence(rectification: Rectification, *, actor: User, uploads: Sequence[UploadedFile]) -> list[CaseFile]:
    """Add files that show what was found; by who opened it or would check it, while it runs."""
    rectification = lock_rectification(rectification)
    if why := why_not_add_evidence(actor, rectification):
        raise NotAllowedError(why)
    if not rectification.is_running:
        _require_status(rectification, RectificationStatus.OPEN)
    if not uploads:
        raise DomainError(_("Choose at least one file."), field="upload")
    kept = keep_case_files(rectification, uploads, purpose=FilePurpose.FINDING, actor=actor)
    files = [file.pk for file in kept]
    record("rectification_evidence", rectification, actor=actor, conferral=rectification.conferral_id, files=files)
    return kept


@transaction.atomic
def check_rectification(
    rectification: Rectification,
    *,
    actor: User,
    passed: bool,
    opinion: str,
    proposed_end: str = "",
    uploads: Sequence[UploadedFile] = (),
) -> Rectification:
    """The second check, by somebody else than who handed it in. Passed: the post is valid again 销号.

    Not passed: ``proposed_end``, one of the ends that the scheme names for a post that fails, goes to the body that
    named the post, which decides.
    Raises NotAllowedError, OutOfOrderError, DomainError without an opinion or a proposal.
    """
    rectification = lock_rectification(rectification)
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
    keep_case_files(rectification, uploads, purpose=FilePurpose.CHECK, actor=actor)
    rectification.extensions.filter(state=RequestState.ASKED).update(state=RequestState.DONE)
    cancel_clock(rectification)
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
    tell_post(rectification, "checked", title % facts(rectification))
    return rectification


def lock_rectification(rectification: Rectification) -> Rectification:
    """The rectification with its post's row locked, so that two people act one after the other."""
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

"""Reviews of named posts: the result with its reasons, and what follows from it."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.proposals import propose_end
from assessments.domain.rectifications import open_rectification
from assessments.domain.review_clock import schedule_reminders
from assessments.domain.review_days import due_date, voices_until
from assessments.domain.review_photos import keep_photos
from assessments.domain.review_rights import lock_review, require_open, why_not_review
from assessments.domain.review_state import ReviewState, frozen, review_state
from assessments.domain.review_voices_end import end_voices, require_heard
from assessments.models import MissedAction, ProposedEnd, Review, ReviewOutcome, ReviewStatus
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from campaigns.permissions import nearest_holders_of


@transaction.atomic
def record_review(
    review: Review,
    *,
    actor: User,
    outcome: str,
    performance: str,
    problems: str = "",
    opinions: str = "",
    reasons: str = "",
    requirement: str = "",
    responsible: str = "",
    rectify_by: date | None = None,
    photos: Sequence[UploadedFile] = (),
) -> Review:
    """Write down the result of a review once and for all, and start what follows from it.

    What was heard is frozen with it; an outcome other than the one the numbers propose needs its reasons. ``rectify``
    opens a rectification; adjust, revoke and rotate out are only proposed: the body that named the post decides.
    Raises NotAllowedError, OutOfOrderError when the review is not open any more or still waits for somebody,
    DomainError for a missing text or photograph, or an outcome that the scheme does not know.
    """
    review = lock_review(review)
    _require_may(actor, review)
    require_open(review)
    state = review_state(review)
    require_heard(state)
    _check_result(state, outcome, performance, reasons)
    keep_photos(review, photos, actor=actor)
    review.outcome, review.performance, review.problems = outcome, performance.strip(), problems.strip()
    review.opinions, review.reasons = opinions.strip(), reasons.strip()
    review.score = frozen(state)
    review.status, review.done_by, review.done_at = ReviewStatus.DONE, actor, timezone.now()
    review.save()
    end_voices(state, actor=actor)
    if outcome == ReviewOutcome.RECTIFY:
        open_rectification(
            review.conferral,
            actor=actor,
            finding=review.problems or review.reasons,
            requirement=requirement,
            responsible=responsible,
            due_on=rectify_by,
            review=review,
            checking_unit=review.reviewer_unit,
        )
    elif outcome in ProposedEnd.values:
        propose_end(review.conferral, end=outcome, reasons=review.reasons, actor=actor, review=review)
    facts = {"period": review.period, "outcome": outcome, "proposed": state.proposed}
    record("review_done", review, actor=actor, conferral=review.conferral_id, **facts)
    _tell_result(review, actor)
    return review


@transaction.atomic
def settle_missed(review: Review, *, action: str, reason: str, actor: User) -> Review:
    """Decide on a period that was missed: make it up now with a new due date, or leave it out. Needs a reason.

    Raises NotAllowedError, OutOfOrderError when it is not missed or decided on already, DomainError without a reason.
    """
    review = lock_review(review)
    _require_may(actor, review)
    if review.status != ReviewStatus.MISSED or review.missed_action:
        raise OutOfOrderError(_("This review is not waiting for a decision about a missed period (any more)."))
    if action not in MissedAction.values:
        raise DomainError(_("Choose whether the period is made up or left out."), field="action")
    if not reason.strip():
        raise DomainError(_("Say why: the reason stays in the record of the post."), field="reason")
    if action == MissedAction.MAKE_UP and not review.conferral.is_live:
        raise OutOfOrderError(_("The title has ended; there is nothing left to review."))
    review.missed_action, review.missed_reason, review.settled_by = action, reason.strip()[:300], actor
    if action == MissedAction.MAKE_UP:
        today = timezone.localdate()
        review.status, review.due_on = ReviewStatus.OPEN, due_date(review.rule, today)
        review.voices_until = voices_until(review.rule, today, review.due_on)
        schedule_reminders(review.rule, review.due_on, review.voices_until)
    review.save()
    record("missed_review_settled", review, actor=actor, conferral=review.conferral_id, action=action)
    return review


@transaction.atomic
def settle_all(reviews: Iterable[Review], *, action: str, reason: str, actor: User) -> list[Review]:
    """Decide the same about several missed periods, all or none; raises what ``settle_missed`` raises."""
    return [settle_missed(review, action=action, reason=reason, actor=actor) for review in reviews]


def _require_may(actor: User, review: Review) -> None:
    if reason := why_not_review(actor, review):
        raise NotAllowedError(reason)


def _check_result(state: ReviewState, outcome: str, performance: str, reasons: str) -> None:
    if outcome not in state.rules.outcomes:
        raise DomainError(_("The scheme does not know this outcome. Choose one of the list."), field="outcome")
    if not performance.strip():
        raise DomainError(_("Write how the duties were carried out in this period."), field="performance")
    if outcome != ReviewOutcome.PASS and not reasons.strip():
        raise DomainError(_("Give the reasons: the post and the deciding body read them."), field="reasons")
    if state.proposed and outcome != state.proposed and not reasons.strip():
        text = _("The numbers propose “%(proposed)s”. Give the reasons for another result.")
        raise DomainError(text % {"proposed": ReviewOutcome(state.proposed).label}, field="reasons")


def _tell_result(review: Review, actor: User) -> None:
    """The notice of the result, to the people of the post and to its unit."""
    people = Q(member__held__conferral=review.conferral) | Q(
        pk__in=nearest_holders_of("review_post", review.conferral.org_unit).exclude(pk=actor.pk).values("pk")
    )
    tell(
        User.objects.filter(people, is_active=True).distinct(),
        key=f"review_done:{review.pk}",
        title=_("Result of the review of “%(post)s” for %(period)s: %(outcome)s")
        % {"post": review.conferral, "period": review.period, "outcome": review.get_outcome_display()},
        url=reverse("assessments:review_detail", args=[review.pk]),
    )

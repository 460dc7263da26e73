"""Reviews of named posts: the result with its reasons, and what follows from it."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.proposals import propose_end
from assessments.domain.rectifications import open_rectification
from assessments.domain.review_clock import due_date, schedule_reminders
from assessments.domain.stake import is_holder
from assessments.models import MissedAction, ProposedEnd, Review, ReviewOutcome, ReviewStatus
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import fail_effects
from campaigns.models import ReviewRule, User
from campaigns.permissions import may_on_unit


def allowed_outcomes(rule: ReviewRule) -> list[str]:
    """The outcomes the scheme allows: the rule's own list, else pass and the campaign's effects of failing."""
    named = rule.params.get("outcomes") or [ReviewOutcome.PASS, *fail_effects(rule.campaign)]
    return [outcome for outcome in ReviewOutcome.values if outcome in named]


def why_not_review(user: User, review: Review) -> str:
    """Why the user may not record this review's result; empty when he may. The sentence is for the user."""
    if not may_on_unit(user, "review_post", review.reviewer_unit):
        return _("This post is reviewed by %(unit)s; your role does not allow it.") % {"unit": review.reviewer_unit}
    if is_holder(user, review.conferral, acting=review.reviewer_unit):
        return _("You are a member of this post yourself: nobody handles his own case. Ask your deputy.")
    return ""


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
) -> Review:
    """Write down the result of a review once and for all, and start what follows from it.

    ``rectify`` opens a rectification; adjust, revoke and rotate out are only proposed: the body that named the post
    decides. Raises NotAllowedError, OutOfOrderError when the review is not open any more, DomainError for a missing
    text or an outcome that the scheme does not know.
    """
    review = _lock(review)
    _require_may(actor, review)
    _require_open(review)
    _check_result(review, outcome, performance, reasons)
    review.outcome, review.performance, review.problems = outcome, performance.strip(), problems.strip()
    review.opinions, review.reasons = opinions.strip(), reasons.strip()
    review.status, review.done_by, review.done_at = ReviewStatus.DONE, actor, timezone.now()
    review.save()
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
    record("review_done", review, actor=actor, conferral=review.conferral_id, period=review.period, outcome=outcome)
    _tell_holders(review)
    return review


@transaction.atomic
def settle_missed(review: Review, *, action: str, reason: str, actor: User) -> Review:
    """Decide on a period that was missed: make it up now with a new due date, or leave it out. Needs a reason.

    Raises NotAllowedError, OutOfOrderError when it is not missed or decided on already, DomainError without a reason.
    """
    review = _lock(review)
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
        review.status, review.due_on = ReviewStatus.OPEN, due_date(review.rule, timezone.localdate())
        schedule_reminders(review.rule, review.due_on)
    review.save()
    record("missed_review_settled", review, actor=actor, conferral=review.conferral_id, action=action)
    return review


@transaction.atomic
def settle_all(reviews: Iterable[Review], *, action: str, reason: str, actor: User) -> list[Review]:
    """Decide the same about several missed periods, all or none; raises what ``settle_missed`` raises."""
    return [settle_missed(review, action=action, reason=reason, actor=actor) for review in reviews]


def _lock(review: Review) -> Review:
    related = ("conferral__campaign", "conferral__org_unit", "rule__campaign", "reviewer_unit")
    return Review.objects.select_for_update(of=("self",)).select_related(*related).get(pk=review.pk)


def _require_open(review: Review) -> None:
    if review.status == ReviewStatus.DONE:
        raise OutOfOrderError(
            _("%(name)s has recorded this review on %(day)s already. Reload the page to see the result.")
            % {"name": review.done_by, "day": timezone.localtime(review.done_at).strftime("%Y-%m-%d %H:%M")}
        )
    if review.status != ReviewStatus.OPEN:
        raise OutOfOrderError(
            _("This review is not open any more (%(status)s).") % {"status": review.get_status_display()}
        )


def _require_may(actor: User, review: Review) -> None:
    if reason := why_not_review(actor, review):
        raise NotAllowedError(reason)


def _check_result(review: Review, outcome: str, performance: str, reasons: str) -> None:
    if outcome not in allowed_outcomes(review.rule):
        raise DomainError(_("The scheme does not know this outcome. Choose one of the list."), field="outcome")
    if not performance.strip():
        raise DomainError(_("Write how the duties were carried out in this period."), field="performance")
    if outcome != ReviewOutcome.PASS and not reasons.strip():
        raise DomainError(_("Give the reasons: the post and the deciding body read them."), field="reasons")


def _tell_holders(review: Review) -> None:
    tell(
        User.objects.filter(is_active=True, member__held__conferral=review.conferral).distinct(),
        key=f"review_done:{review.pk}",
        title=_("Result of the review of “%(post)s” for %(period)s: %(outcome)s")
        % {"post": review.conferral, "period": review.period, "outcome": review.get_outcome_display()},
        url=reverse("assessments:review_detail", args=[review.pk]),
    )

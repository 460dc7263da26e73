"""What ends with a title: its open reviews, rectifications, proposals and reminders. Registered with ``posts``."""

from datetime import timedelta

from django.utils import timezone

from assessments.domain.rectification_clock import cancel_clock, schedule_clock
from assessments.domain.review_clock import schedule_reviews
from assessments.domain.standing import begin_rectifying
from assessments.models import Proposal, ProposalStatus, Rectification, RectificationStatus, Review, ReviewStatus
from campaigns.domain.journal import record
from posts.domain.conferrals import on_ended
from posts.domain.setting_aside import on_restored
from posts.models import Conferral, ConferralStatus, Revocation


def cancel_open_work(conferral: Conferral) -> None:
    """Call off what still waits for a post whose title has ended. Runs in the transaction that ends it.

    Reports stay open: an ended title does not settle what people have raised.
    """
    reviews = Review.objects.filter(conferral=conferral, status=ReviewStatus.OPEN).update(status=ReviewStatus.CANCELLED)
    # Missed periods of an ended title need no decision any more.
    missed = Review.objects.to_settle().filter(conferral=conferral).update(status=ReviewStatus.CANCELLED)
    running = list(Rectification.objects.running().filter(conferral=conferral))
    for rectification in running:
        cancel_clock(rectification)
    Rectification.objects.filter(pk__in=[r.pk for r in running]).update(
        status=RectificationStatus.CANCELLED, closed_at=timezone.now()
    )
    proposals = Proposal.objects.filter(conferral=conferral, status=ProposalStatus.OPEN).update(
        status=ProposalStatus.CANCELLED
    )
    record(
        "open_work_cancelled",
        conferral,
        reviews=reviews,
        missed=missed,
        rectifications=len(running),
        proposals=proposals,
    )


def resume_open_work(conferral: Conferral, revocation: Revocation) -> None:
    """Take up what a wrong revocation called off. Runs in the transaction that sets it aside.

    Reviews that were called off, and periods that passed meanwhile, are listed as missed: people decide on them.
    A rectification runs on with the days that were left of it.
    """
    if conferral.status != ConferralStatus.ACTIVE:
        return
    reviews = Review.objects.filter(conferral=conferral, status=ReviewStatus.CANCELLED)
    reviews.update(status=ReviewStatus.MISSED)
    if conferral.displayed_on is not None:
        schedule_reviews(conferral)
    cut_off = conferral.rectifications.filter(
        status=RectificationStatus.CANCELLED, closed_at__date__gte=revocation.revoked_on
    )
    for rectification in cut_off:
        left = max(1, (rectification.due_on - revocation.revoked_on).days)
        rectification.status = RectificationStatus.SUBMITTED if rectification.proof else RectificationStatus.OPEN
        rectification.due_on, rectification.closed_at = timezone.localdate() + timedelta(days=left), None
        rectification.save()
        schedule_clock(rectification)
        begin_rectifying(conferral, actor=None)


on_ended.append(cancel_open_work)
on_restored.append(resume_open_work)

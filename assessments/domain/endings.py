"""What ends with a title: its open reviews, rectifications, proposals and reminders. Registered with ``posts``."""

from django.utils import timezone

from assessments.domain import rectifications
from assessments.models import Proposal, ProposalStatus, Rectification, RectificationStatus, Review, ReviewStatus
from campaigns.domain.clock import cancel
from campaigns.domain.journal import record
from posts.domain.conferrals import on_ended
from posts.models import Conferral


def cancel_open_work(conferral: Conferral) -> None:
    """Call off what still waits for a post whose title has ended. Runs in the transaction that ends it.

    Reports stay open: an ended title does not settle what people have raised.
    """
    reviews = Review.objects.filter(conferral=conferral, status=ReviewStatus.OPEN).update(status=ReviewStatus.CANCELLED)
    # Missed periods of an ended title need no decision any more.
    missed = Review.objects.to_settle().filter(conferral=conferral).update(status=ReviewStatus.CANCELLED)
    running = list(Rectification.objects.running().filter(conferral=conferral))
    for rectification in running:
        cancel(rectifications.REMIND, rectification.pk)
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


on_ended.append(cancel_open_work)

"""What the page of a post shows of its life after the naming."""

from assessments.models import Review, ReviewStatus
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.post_sections import PostSection, post_section
from posts.models import Conferral

SHOWN = 12


@post_section
def reviews_of_post(conferral: Conferral, user: User) -> PostSection:
    """Its reviews, newest first."""
    reviews = (
        Review.objects.visible_to(user)
        .filter(conferral=conferral)
        .exclude(status=ReviewStatus.CANCELLED)
        .select_related("rule")
    )
    shown = list(reviews.order_by("-period_ends_on", "rule", "pk")[: SHOWN + 1])
    context = {"reviews": shown[:SHOWN], "more": len(shown) > SHOWN, "conferral": conferral}
    return PostSection("assessments/_post_reviews.html", context, order=40)


@post_section
def rectifications_of_post(conferral: Conferral, user: User) -> PostSection | None:
    """Its rectifications; nothing when there never was one. Reports are never shown here (retaliation guard)."""
    rectifications = list(conferral.rectifications.order_by("-pk"))
    if not rectifications:
        return None
    return PostSection("assessments/_post_rectifications.html", {"rectifications": rectifications}, order=45)


@post_section
def report_of_post(conferral: Conferral, user: User) -> PostSection | None:
    """Where somebody of the organisation enters a report that came in by another way."""
    if not conferral.is_live or not may_on_unit(user, "view_unit", conferral.org_unit):
        return None
    return PostSection("assessments/_post_report.html", {"conferral": conferral}, order=90)

"""Results of reviews on a post's public page, where the scheme publishes them (定期公开评价结果)."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Review, ReviewStatus
from posts.domain.public_notes import PublicNote, public_note
from posts.models import Conferral

SHOWN = 4  # the newest; all of them stay in the register


@public_note
def results_of_reviews(conferral: Conferral) -> PublicNote | None:
    """Period, result and how the duties were carried out; never who was asked or who said what."""
    done = Review.objects.filter(conferral=conferral, status=ReviewStatus.DONE, rule__params__publish=True)
    reviews = list(done.select_related("rule").order_by("-period_ends_on", "-pk")[:SHOWN])
    if not reviews:
        return None
    lines = [
        (
            f"{review.rule.label} {review.period}",
            _("%(result)s. %(performance)s")
            % {"result": review.get_outcome_display(), "performance": review.performance},
        )
        for review in reviews
    ]
    return PublicNote(gettext_lazy("Results of the reviews"), lines)

"""What campaigns want to know of nominations: who has nominated, and what must be settled before closing."""

from django.db.models import Count
from django.utils.translation import ngettext

from campaigns.domain.progress import declare_closing_check, declare_nomination_counts
from campaigns.models import Campaign
from posts.models import NominationStatus
from posts.models.nomination import LIVE_STATUSES


@declare_nomination_counts
def handed_in(campaign: Campaign) -> dict[int, int]:
    """Nominations that were handed in and not withdrawn, by unit."""
    rows = (
        campaign.nominations.filter(submitted_at__isnull=False)
        .exclude(status=NominationStatus.WITHDRAWN)
        .values_list("org_unit")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


@declare_closing_check
def nominations_under_way(campaign: Campaign) -> list[str]:
    """Nominations that have not come to an end; drafts count, because somebody works on them."""
    n = campaign.nominations.filter(status__in=LIVE_STATUSES).count()
    text = ngettext("%(n)s nomination is still under way.", "%(n)s nominations are still under way.", n)
    return [text % {"n": n}] if n else []

"""What the page of a campaign shows of its posts."""

from campaigns.domain.page_parts import CampaignPart, campaign_part
from campaigns.models import Campaign, User
from posts.domain.batches import closed_kinds


@campaign_part
def first_batches(campaign: Campaign, _user: User) -> CampaignPart | None:
    """Which kinds of post take nominations now, where the scheme has a first batch."""
    kinds = list(campaign.kinds.all())
    if not any(kind.rules.get("follows") for kind in kinds):
        return None
    for kind in kinds:
        kind.campaign = campaign
    closed = closed_kinds(kinds)
    rows = [(kind, closed.get(kind.pk)) for kind in kinds]
    return CampaignPart("posts/_campaign_batches.html", {"rows": rows}, order=10)

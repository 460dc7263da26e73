"""What the page of a campaign shows of its posts."""

from campaigns.domain.page_parts import CampaignPart, campaign_part
from campaigns.models import Campaign, CampaignStatus, User
from campaigns.permissions import may_on_unit, paths_for
from posts.domain.archive_prints import may_archive
from posts.domain.batches import closed_kinds
from posts.domain.quota_table import minimum_due_on, quota_table
from posts.domain.sheet_kinds import menu_of

MAX_ROWS = 40


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


@campaign_part
def quotas(campaign: Campaign, user: User) -> CampaignPart | None:
    """The places of each unit: all for who oversees the campaign, else those of one's own units."""
    everything = may_on_unit(user, "view_unit", campaign.owner)
    paths = paths_for(user, "view_unit")
    rows = [row for row in quota_table(campaign) if everything or any(row.unit.path.startswith(p) for p in paths)]
    if not rows:
        return None
    labels = {kind.code: kind.label for kind in campaign.kinds.all()}
    due = {row.code: minimum_due_on(campaign, row) for row in rows if row.missing}
    shown = [
        (row, "、".join(labels.get(code, code) for code in row.kinds), due.get(row.code)) for row in rows[:MAX_ROWS]
    ]
    context = {"rows": shown, "more": len(rows) - len(shown)}
    return CampaignPart("posts/_campaign_quotas.html", context, order=20)


@campaign_part
def sheets(campaign: Campaign, user: User) -> CampaignPart | None:
    """The lists of the campaign that are printed, if there are any for this reader."""
    entries = menu_of(campaign, user) if campaign.status != CampaignStatus.DRAFT else []
    return CampaignPart("posts/_campaign_sheets.html", {"entries": entries}, order=30) if entries else None


@campaign_part
def archive(campaign: Campaign, user: User) -> CampaignPart | None:
    """Taking everything along as one file, for who may."""
    if campaign.status == "draft" or not may_archive(user, campaign):
        return None
    return CampaignPart("posts/_campaign_archive.html", {}, order=90)

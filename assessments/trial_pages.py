"""Where trial runs are started: on the page of a scheme and of a campaign in preparation."""

from campaigns.domain.page_parts import CampaignPart, SchemeAction, campaign_part, scheme_action
from campaigns.models import Campaign, User
from campaigns.permissions import may_anywhere, may_on_unit


@campaign_part
def trial_of_campaign(campaign: Campaign, user: User) -> CampaignPart | None:
    """A card with the latest trial runs while the campaign is prepared."""
    if campaign.is_frozen or not campaign.scheme_text or not may_on_unit(user, "manage_campaign", campaign.owner):
        return None
    context = {"campaign": campaign, "trials": list(campaign.trials.all()[:3])}
    return CampaignPart("assessments/_campaign_trials.html", context, order=5)


@scheme_action
def trial_of_scheme(code: str, user: User) -> SchemeAction | None:
    """A button for who manages campaigns."""
    if not may_anywhere(user, "manage_campaign"):
        return None
    return SchemeAction("assessments/_scheme_trial.html", {"code": code})

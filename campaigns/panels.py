"""The home page's card with the running campaign: where it stands, and until when one may nominate."""

from campaigns.domain.home import Panel, home_panel
from campaigns.models import Campaign, User
from campaigns.presenters import campaign_steps


@home_panel
def running_campaign(user: User) -> Panel | None:
    """The newest running campaign that the user sees."""
    campaign = Campaign.objects.visible_to(user).running().for_list().first()
    if campaign is None:
        return None
    return Panel("campaigns/_home_campaign.html", {"campaign": campaign, "steps": campaign_steps(campaign)}, order=0)

"""The to-dos of milestones that a unit records, and their card on the page of the campaign."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.domain.milestones import owed_records
from campaigns.domain.page_parts import CampaignPart, campaign_part
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Campaign, User
from campaigns.permissions import paths_for


@todo_provider
def milestone_todos(user: User) -> Iterator[Todo]:
    """What the user's own units have to record soon or owe already, in running campaigns that he sees."""
    own = set(paths_for(user, "nominate"))
    if not own:
        return
    for campaign in Campaign.objects.visible_to(user).running().filter(rules__milestones__0__isnull=False):
        for owed in owed_records(campaign):
            if owed.is_soon and owed.unit.path in own:
                yield Todo(
                    title=_("Put on record: %(label)s") % {"label": owed.label},
                    url=reverse("campaigns:milestone_record", args=[campaign.pk, owed.number, owed.unit.pk]),
                    action=_("Record"),
                    icon="notebook-pen",
                    meta=f"{owed.unit} · {campaign}",
                    due_on=owed.on,
                    section="campaigns",
                )


@campaign_part
def milestone_part(campaign: Campaign, user: User) -> CampaignPart | None:
    """How many records are still missing; nothing where the scheme wants none."""
    owed = owed_records(campaign)
    if not owed:
        return None
    missing = sum(1 for one in owed if one.record is None)
    return CampaignPart("campaigns/includes/_milestones.html", {"missing": missing}, order=20)

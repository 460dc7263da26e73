"""The menu entries and to-dos of campaigns and schemes."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Campaign, CampaignStatus, User
from campaigns.navigation import nav_entry, needs
from campaigns.permissions import paths_for

NEAR = timedelta(days=7)

nav_entry("campaigns", gettext_lazy("Campaigns"), icon="flag", url_name="campaigns:campaign_list", order=10)
nav_entry(
    "schemes",
    gettext_lazy("Schemes"),
    icon="book-open-text",
    url_name="campaigns:scheme_list",
    order=96,
    visible=needs("manage_campaign", "decide"),
)


@todo_provider
def campaign_todos(user: User) -> Iterator[Todo]:
    """For who manages campaigns: those in preparation, and those whose nominations end soon."""
    paths = paths_for(user, "manage_campaign")
    if not paths:
        return
    today = timezone.localdate()
    mine = Q(pk__in=[])
    for path in paths:
        mine |= Q(owner__path__startswith=path)
    near = Q(status=CampaignStatus.OPEN, nominations_until__range=(today, today + NEAR))
    for campaign in Campaign.objects.filter(mine).filter(Q(status=CampaignStatus.DRAFT) | near):
        is_draft = campaign.status == CampaignStatus.DRAFT
        title = _("Prepare and open “%(campaign)s”") if is_draft else _("Nominations for “%(campaign)s” end soon")
        yield Todo(
            title=title % {"campaign": campaign},
            url=reverse("campaigns:campaign_detail", args=[campaign.pk]),
            action=_("Go on") if is_draft else _("See who is missing"),
            icon="flag",
            due_on=campaign.starts_on if is_draft else campaign.nominations_until,
            section="campaigns",
        )

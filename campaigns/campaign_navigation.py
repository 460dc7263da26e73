"""The menu entries and to-dos of campaigns and schemes."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.day_reminders import YEARLY_AHEAD, next_year_due_on, schedule_days
from campaigns.domain.planning import on_dates_moved
from campaigns.domain.quotes import inside_quotes
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Campaign, CampaignStatus, User
from campaigns.navigation import nav_entry, needs
from campaigns.permissions import paths_for

NEAR = timedelta(days=7)
YEAR = timedelta(days=366)

on_dates_moved(schedule_days)

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
    same = {"owner": OuterRef("owner"), "scheme_code": OuterRef("scheme_code")}
    later = Exists(Campaign.objects.filter(year__gt=OuterRef("year"), **same))
    found = Campaign.objects.filter(mine).annotate(has_next=later)
    for campaign in found.filter(Q(status=CampaignStatus.DRAFT) | near | _ending(today)):
        is_draft = campaign.status == CampaignStatus.DRAFT
        if not is_draft and not campaign.has_next and (due_on := next_year_due_on(campaign)) and due_on <= today:
            yield _next_year_todo(campaign)
        if not is_draft and not _ends_soon(campaign, today):
            continue
        title = _("Prepare and open “%(campaign)s”") if is_draft else _("Nominations for “%(campaign)s” end soon")
        yield Todo(
            title=title % {"campaign": inside_quotes(campaign)},
            url=reverse("campaigns:campaign_detail", args=[campaign.pk]),
            action=_("Go on") if is_draft else _("See who is missing"),
            icon="flag",
            due_on=campaign.starts_on if is_draft else campaign.nominations_until,
            section="campaigns",
        )


def _ending(today: date) -> Q:
    """Campaigns of yearly schemes whose end is near, or not longer ago than a year."""
    end = Q(ends_on__range=(today - YEAR, today + timedelta(days=YEARLY_AHEAD)))
    return Q(rules__scheme__yearly=True) & (end | Q(ends_on__isnull=True, year__in=(today.year - 1, today.year)))


def _ends_soon(campaign: Campaign, today: date) -> bool:
    until = campaign.nominations_until
    return campaign.status == CampaignStatus.OPEN and until is not None and today <= until <= today + NEAR


def _next_year_todo(campaign: Campaign) -> Todo:
    return Todo(
        title=_("Prepare “%(honour)s” of %(year)s") % {"honour": campaign.honour, "year": campaign.year + 1},
        url=reverse("campaigns:campaign_copy", args=[campaign.pk]),
        action=_("Open next year's campaign"),
        icon="copy",
        meta=str(campaign),
        due_on=campaign.ends_on,
        section="campaigns",
    )

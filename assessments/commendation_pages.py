"""What commendations and rewards add to other pages: the campaign's card, the post's card, the work list."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Commendation, CommendationStatus, RewardKind, RewardPerson
from campaigns.domain.dates import day_of
from campaigns.domain.page_parts import CampaignPart, campaign_part
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Campaign, CampaignStatus, User
from campaigns.permissions import may_on_unit, paths_for
from posts.domain.post_sections import PostSection, post_section
from posts.models import Conferral

AHEAD = timedelta(days=30)


@campaign_part
def rewards_of_campaign(campaign: Campaign, user: User) -> CampaignPart | None:
    """What the scheme promises, the commendation lists, and the way to the register."""
    if campaign.status == CampaignStatus.DRAFT or not may_on_unit(user, "view_unit", campaign.owner):
        return None
    lists = list(campaign.commendations.annotate(posts=Count("items")).order_by("pk"))
    context = {
        "campaign": campaign,
        "promised": [(RewardKind(row["kind"]).label, row) for row in campaign.rules.get("rewards", [])],
        "lists": lists,
        "may_manage": may_on_unit(user, "manage_campaign", campaign.owner),
    }
    return CampaignPart("assessments/_campaign_rewards.html", context, order=60)


@post_section
def rewards_of_post(conferral: Conferral, user: User) -> PostSection | None:
    """What its people got; nothing when there is nothing."""
    found = (
        RewardPerson.objects.filter(conferral=conferral).select_related("reward").order_by("-reward__given_on", "pk")
    )
    by_reward: dict[int, tuple] = {}
    for person in found:
        by_reward.setdefault(person.reward_id, (person.reward, []))[1].append(person.name)
    return (
        PostSection("assessments/_post_rewards.html", {"rewards": list(by_reward.values())}, order=60)
        if by_reward
        else None
    )


@todo_provider
def commendations_to_do(user: User) -> Iterator[Todo]:
    """Prepare the list of an occasion that is near; choose; release."""
    manage, decide, release = (paths_for(user, right) for right in ("manage_campaign", "decide", "release_decision"))
    if not (manage or decide or release):
        return
    running = Commendation.objects.filter(status=CommendationStatus.OPEN, campaign__owner__path__in={*decide, *release})
    for one in running.select_related("campaign__owner").annotate(posts=Count("items")):
        path = one.campaign.owner.path
        if not one.posts and path in decide:
            yield _todo(one, _("Choose who is commended: %(list)s") % {"list": one}, _("Choose"))
        elif one.posts and path in release:
            yield _todo(one, _("The list “%(list)s” is not released") % {"list": one}, _("Release"))
    yield from _lists_to_prepare(manage)


def _lists_to_prepare(paths: list[str]) -> Iterator[Todo]:
    """Where the scheme commends: a list for each round that is near, or one towards the end of the campaign."""
    mine = Q(pk__in=[])
    for path in paths:
        mine |= Q(owner__path=path)
    for campaign in Campaign.objects.running().filter(mine).prefetch_related("commendations") if paths else ():
        for code, label, day in _occasions(campaign):
            today = timezone.localdate()
            known = {(one.round_code, one.label) for one in campaign.commendations.all()}
            missing = not known if not code else code not in {round_code for round_code, _label in known}
            if missing and day - AHEAD <= today <= day:
                yield Todo(
                    title=_("Prepare the commendation list: %(occasion)s") % {"occasion": label},
                    url=reverse("assessments:commendation_create", args=[campaign.pk]),
                    action=_("Prepare"),
                    icon="award",
                    meta=str(campaign),
                    due_on=day,
                    section="campaigns",
                )


def _occasions(campaign: Campaign) -> Iterator[tuple]:
    if not any(row["kind"] == RewardKind.COMMENDATION for row in campaign.rules.get("rewards", [])):
        return
    dated = [row for row in campaign.rules.get("rounds", []) if row.get("by")]
    for row in dated:
        yield row["code"], row["label"], day_of(row["by"], campaign.year)
    if not dated and campaign.ends_on:
        yield "", _("end of the year"), campaign.ends_on


def _todo(one: Commendation, title: str, action: str) -> Todo:
    return Todo(
        title=title,
        url=reverse("assessments:commendation_detail", args=[one.pk]),
        action=action,
        icon="award",
        meta=str(one.campaign),
        section="campaigns",
    )

"""What a change of the holiday table moves, looked at before it is made."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from campaigns.domain.holidays import arrangement, require_calendar
from campaigns.domain.plan import load_plan
from campaigns.domain.plan_changes import Change, Moments, differences, moments_of
from campaigns.domain.planning import what_stays
from campaigns.models import Campaign, CampaignStatus, Holiday, User

#: Worked, off, or (None) counted by its weekday again.
Changes = dict[date, bool | None]


@dataclass(frozen=True)
class Effect:
    """What moves in a campaign, and what stays because it was published or told already."""

    campaign: Campaign
    changes: list[Change]
    stays: list[str]


def calendar_effects(changes: Changes, *, user: User) -> list[Effect]:
    """The campaigns that a change of the table would move, among those the user sees. Nothing is changed.

    The change is made and taken back inside a savepoint, so that everything that counts working days counts with it.
    """
    require_calendar(user)
    campaigns = list(Campaign.objects.visible_to(user).exclude(status=CampaignStatus.CLOSED).for_list())
    old = _all_moments(campaigns)
    with transaction.atomic():
        _write(changes)
        new = _all_moments(campaigns)
        transaction.set_rollback(True)
    effects = [Effect(each, _ahead(differences(old[each.pk], new[each.pk])), what_stays(each)) for each in campaigns]
    return [effect for effect in effects if effect.changes]


def changes_of_year(year: int) -> Changes:
    """What filling in the national arrangement of a year would enter."""
    there = set(Holiday.objects.filter(date__year=year).values_list("date", flat=True))
    return {day: worked for day, worked, _name in arrangement(year) if day not in there}


def _all_moments(campaigns: list[Campaign]) -> dict[int, Moments]:
    return {campaign.pk: moments_of(campaign, load_plan(campaign)) for campaign in campaigns}


def _write(changes: Changes) -> None:
    for day, worked in changes.items():
        if worked is None:
            Holiday.objects.filter(date=day).delete()
        else:
            Holiday.objects.update_or_create(date=day, defaults={"is_workday": worked})


def _ahead(changes: list[Change]) -> list[Change]:
    """What is over does not move any more."""
    today = timezone.localdate()
    return [change for change in changes if max(days[1] for days in (change.before, change.after) if days) >= today]

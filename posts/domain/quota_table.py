"""The quotas of a whole campaign at a glance: every unit that counts, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from campaigns.domain.trees import lineages
from campaigns.models import Campaign, CampaignStatus, Member, MemberStatus, OrgUnit, Quota, Stage, UnitKind, User
from campaigns.permissions import paths_for
from posts.domain.quotas import TAKES_A_PLACE, QuotaStatus, status_of
from posts.models import Nomination


@dataclass(frozen=True)
class Shortfall:
    """A unit with fewer nominations than its quota demands, and the day by which they are expected."""

    campaign: Campaign
    status: QuotaStatus
    due_on: date | None


def quota_table(campaign: Campaign) -> list[QuotaStatus]:
    """Each quota with each unit that counts by it; what is short or without a place first."""
    quotas = list(campaign.quotas.order_by("pk"))
    if not quotas:
        return []
    numbers = _Numbers(campaign)
    units = _joined(campaign)
    chains = lineages(units)
    rows = [
        status_of(quota, unit, base=numbers.base(quota, unit), used=numbers.used(quota, unit))
        for quota in quotas
        for unit in _counting_units(quota, campaign, units, chains)
    ]
    return sorted(rows, key=lambda row: (not row.missing, not row.is_without_places, row.code, row.unit.path))


def shortfalls_of(user: User) -> list[Shortfall]:
    """Units for which this user nominates, or whose campaign he runs, that are still below a minimum."""
    nominating, managing = set(paths_for(user, "nominate")), set(paths_for(user, "manage_campaign"))
    if not nominating and not managing:
        return []
    with_minimum = Quota.objects.filter(campaign__status=CampaignStatus.OPEN, params__min__gt=0).values("campaign")
    found = []
    for campaign in Campaign.objects.visible_to(user).filter(pk__in=with_minimum).select_related("owner"):
        for status in quota_table(campaign):
            mine = managing if status.unit == campaign.owner else nominating
            if status.missing and status.unit.path in mine:
                found.append(Shortfall(campaign, status, minimum_due_on(campaign, status)))
    return found


def minimum_due_on(campaign: Campaign, status: QuotaStatus) -> date | None:
    """By when the least number is expected: the day of the first step of these kinds, else the last one to nominate."""
    first = Stage.objects.filter(post_kind__campaign=campaign, position=1, due_on__isnull=False)
    if status.kinds:
        first = first.filter(post_kind__code__in=status.kinds)
    return first.order_by("due_on").values_list("due_on", flat=True).first() or campaign.nominations_until


class _Numbers:
    """Members, villages and nominations by path, counted once for all units."""

    def __init__(self, campaign: Campaign) -> None:
        members = Member.objects.active().filter(branch__path__startswith=campaign.owner.path).order_by()
        self.campaign = campaign
        self.members = list(members.values_list("branch__path", "status").annotate(Count("pk")))
        villages = OrgUnit.objects.within([campaign.owner.path]).filter(kind=UnitKind.VILLAGE, is_active=True)
        self.villages = list(villages.values_list("path", flat=True))
        taken = Nomination.objects.filter(TAKES_A_PLACE, campaign=campaign).order_by()
        self.taken = list(taken.values_list("org_unit__path", "post_kind__code").annotate(Count("pk", distinct=True)))
        self.units: int | None = None

    def base(self, quota: Quota, unit: OrgUnit) -> int:
        base = quota.params.get("base") or "formal_members"
        if base == "units":
            if self.units is None:
                self.units = self.campaign.units.count()
            return self.units
        if base in ("villages", "village_organisations"):
            return sum(path.startswith(unit.path) for path in self.villages)
        return sum(
            n
            for path, status, n in self.members
            if path.startswith(unit.path) and (base == "members" or status == MemberStatus.FULL)
        )

    def used(self, quota: Quota, unit: OrgUnit) -> int:
        return sum(
            n for path, code, n in self.taken if path.startswith(unit.path) and (not quota.kinds or code in quota.kinds)
        )


def _joined(campaign: Campaign) -> list[OrgUnit]:
    units = list(campaign.units.filter(is_active=True).order_by("path"))
    return units or list(OrgUnit.objects.within([campaign.owner.path]).filter(is_active=True).order_by("path"))


def _counting_units(
    quota: Quota, campaign: Campaign, units: list[OrgUnit], chains: dict[int, list[OrgUnit]]
) -> Iterable[OrgUnit]:
    if quota.scope == "campaign":
        return [campaign.owner]
    found: dict[int, OrgUnit] = {}
    for unit in units:
        counting = next((above for above in chains[unit.pk] if above.kind == quota.scope), None)
        if counting is not None:
            found.setdefault(counting.pk, counting)
    return found.values()

"""Who may open a paper for which unit, and write it while it can be changed."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import NotAllowedError
from campaigns.models import Campaign, HolderKind, OrgUnit, PostKind, User
from campaigns.permissions import may_on_unit, paths_for
from posts.domain.batches import Closed, closed_kinds
from posts.domain.eligibility import opening_params
from posts.domain.members import roster_of
from posts.domain.windows import reopened
from posts.models import Nomination

AT_OWNER = {"committee", "office", "cadres", "leading_group", "inspection_group", "superior"}


def may_propose(user: User, kind: PostKind, unit: OrgUnit) -> bool:
    """Whether the user may open a nomination of this kind for this unit (stage parameter ``initiators``)."""
    who = initiators(kind)
    if who & {"unit", "branch", "holder"} and may_on_unit(user, "nominate", unit):
        return True
    if "committee" in who and may_on_unit(user, "manage_campaign", unit):
        return True
    return "holder" in who and kind.holder == HolderKind.PERSON and roster_of(unit).filter(user=user).exists()


def initiators(kind: PostKind) -> set[str]:
    """Who may open it: as the scheme lists, else whoever acts in the first step."""
    listed = opening_params(kind).get("initiators")
    if listed:
        return set(listed)
    first = next(iter(kind.stages.all()), None)
    actors = set(first.actor) if first else set()
    if actors & AT_OWNER:
        return {"committee", "branch"} if first.kind != "nominate" else {"committee"}
    return {"holder", "branch"} if "holder" in actors else {"branch"}


def may_edit(user: User, nomination: Nomination) -> bool:
    """Whether the user may write this paper while it is a draft, and withdraw it."""
    if user.pk == nomination.proposer_id:
        return True
    permission = "manage_campaign" if initiators(nomination.post_kind) == {"committee"} else "nominate"
    return may_on_unit(user, permission, nomination.org_unit)


def require_may_edit(user: User, nomination: Nomination) -> None:
    """Raise NotAllowedError unless the user may write and withdraw this paper."""
    if not may_edit(user, nomination):
        raise NotAllowedError(_("Only those who nominate for this unit may change the paper or withdraw it."))


def startable_kinds(user: User) -> list[PostKind]:
    """The kinds of post of running campaigns for which the user may open a paper somewhere, ready for a choice."""
    return sort_kinds(user)[0]


def sort_kinds(user: User) -> tuple[list[PostKind], list[Closed]]:
    """The kinds for which the user may open a paper now, and those that wait for a first batch or are closed by it."""
    kinds = _kinds_within_reach(user)
    closed = closed_kinds(kinds)
    return [kind for kind in kinds if kind.pk not in closed], list(closed.values())


def _kinds_within_reach(user: User) -> list[PostKind]:
    until = "campaign__nominations_until"
    in_time = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": timezone.localdate()})
    campaigns = Campaign.objects.visible_to(user).running()
    kinds = PostKind.objects.filter(in_time | reopened(), campaign__in=campaigns, stages__isnull=False).distinct()
    kinds = kinds.select_related("campaign__owner").prefetch_related("stages", "campaign__units", "campaign__kinds")
    home = OrgUnit.objects.filter(members__user=user, members__left_on__isnull=True).values_list("path", flat=True)
    own = list(home)
    return [
        kind
        for kind in kinds.order_by("-campaign__year", "campaign", "position")
        if _meet(_paths(user, kind, own=own), _joined(kind.campaign))
    ]


def _paths(user: User, kind: PostKind, *, own: list[str]) -> list[str]:
    """The tops of the subtrees in which the user may open a paper of this kind."""
    who, paths = initiators(kind), []
    if who & {"unit", "branch", "holder"}:
        paths += paths_for(user, "nominate")
    if "committee" in who:
        paths += paths_for(user, "manage_campaign")
    if "holder" in who and kind.holder == HolderKind.PERSON:
        paths += own
    return paths


def _joined(campaign: Campaign) -> list[str]:
    """The subtrees that take part; a campaign that names none is for all units of its owner."""
    return [unit.path for unit in campaign.units.all()] or [campaign.owner.path]


def _meet(one: list[str], other: list[str]) -> bool:
    """Whether two sets of subtrees have a unit in common."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def proposing_units(user: User, kind: PostKind) -> QuerySet[OrgUnit]:
    """The units for which the user may open a paper of this kind."""
    units = OrgUnit.objects.within(_paths(user, kind, own=[]))
    if "holder" in initiators(kind) and kind.holder == HolderKind.PERSON:
        units = units | OrgUnit.objects.filter(members__user=user, members__left_on__isnull=True)
    units = units & OrgUnit.objects.within(_joined(kind.campaign))
    if allowed := kind.rules.get("allowed_units"):
        units = units.filter(kind__in=allowed)
    else:
        units = units.exclude(kind__in=("superior", "party_group"))
    return units.filter(is_active=True).distinct().order_by("path")

"""Who may open a paper for which unit, and write it while it can be changed."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.actors import ACTORS, actor_unit_among
from campaigns.domain.errors import NotAllowedError
from campaigns.domain.trees import lineages
from campaigns.models import Campaign, HolderKind, Member, OrgUnit, PostKind, User
from campaigns.permissions import may_on_unit, paths_for
from posts.domain.batches import Closed, closed_kinds
from posts.domain.member_rules import opening_params
from posts.domain.windows import reopened
from posts.models import Nomination

AT_OWNER = {"committee", "office", "cadres", "leading_group", "inspection_group", "superior"}


def may_propose(user: User, kind: PostKind, unit: OrgUnit) -> bool:
    """Whether the user may open a nomination of this kind for this unit (stage parameter ``initiators``)."""
    if may_propose_others(user, kind, unit):
        return True
    return _is_open_to_members(kind) and own_units(user).filter(pk=unit.pk).exists()


def may_propose_others(user: User, kind: PostKind, unit: OrgUnit) -> bool:
    """Whether he may do so by his office: for any member of the unit, not only for himself."""
    return _may_by_office(user, kind, unit, chain=unit.lineage())


def applies_himself(user: User, nomination: Nomination) -> bool:
    """Whether this is the user's own application, in which only he can be (S8 一人一报)."""
    if user.pk != nomination.proposer_id or nomination.post_kind.holder != HolderKind.PERSON:
        return False
    return not may_propose_others(user, nomination.post_kind, nomination.org_unit)


def own_units(user: User) -> QuerySet[OrgUnit]:
    """Where a member may apply for himself: his branch and the unit in which he works."""
    active = {"left_on__isnull": True, "user": user}
    members = Member.objects.filter(**active)
    return OrgUnit.objects.filter(Q(pk__in=members.values("branch")) | Q(pk__in=members.values("work_unit")))


def _is_open_to_members(kind: PostKind) -> bool:
    return "holder" in initiators(kind) and kind.holder == HolderKind.PERSON


def _may_by_office(user: User, kind: PostKind, unit: OrgUnit, *, chain: list[OrgUnit]) -> bool:
    """The office of the owner, or whoever nominates in the unit that acts; ``chain``: the unit and those above it."""
    who = initiators(kind)
    if "committee" in who and may_on_unit(user, "manage_campaign", unit):
        return True
    # A member without an account tells his branch, which fills in the paper for him.
    if "holder" in who and may_on_unit(user, "nominate", unit):
        return True
    words = [word for word in who if ACTORS[word].unit_kinds]
    acting = actor_unit_among(words, chain=chain, owner=kind.campaign.owner) if words else None
    return may_on_unit(user, "nominate", acting)


def initiators(kind: PostKind) -> set[str]:
    """Who may open it: as the scheme lists, else whoever acts in the first step."""
    listed = opening_params(kind).get("initiators")
    if listed:
        return set(listed)
    first = next(iter(kind.stages.all()), None)
    actors = set(first.actor) if first else {"branch"}
    if actors & AT_OWNER:
        # What the owner opens itself: its own nomination, or its decision (S2's first collective posts).
        return {"committee"} if first.kind in ("nominate", "decide") else {"committee", "branch"}
    return {"holder", "branch"} if "holder" in actors else actors


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
    own = list(own_units(user).values_list("path", flat=True))
    at_hand = set(OrgUnit.objects.within(paths_for(user, "nominate")).order_by().values_list("kind", flat=True))
    return [
        kind
        for kind in kinds.order_by("-campaign__year", "campaign", "position")
        if _meet(_paths(user, kind, own=own, at_hand=at_hand), _joined(kind.campaign))
    ]


def _paths(user: User, kind: PostKind, *, own: list[str], at_hand: set[str]) -> list[str]:
    """The tops of the subtrees in which the user may open a paper of this kind; ``at_hand``: the kinds of units for
    which he nominates at all."""
    who, paths = initiators(kind), []
    wanted = {code for word in who for code in ACTORS[word].unit_kinds}
    nominating, owner = paths_for(user, "nominate"), kind.campaign.owner.path
    if "holder" in who or wanted & at_hand or any(owner.startswith(path) for path in nominating):
        paths += nominating
    if "committee" in who:
        paths += paths_for(user, "manage_campaign")
    return paths + (own if _is_open_to_members(kind) else [])


def _joined(campaign: Campaign) -> list[str]:
    """The subtrees that take part; a campaign that names none is for all units of its owner."""
    return [unit.path for unit in campaign.units.all()] or [campaign.owner.path]


def _meet(one: list[str], other: list[str]) -> bool:
    """Whether two sets of subtrees have a unit in common."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def proposing_units(user: User, kind: PostKind) -> QuerySet[OrgUnit]:
    """The units for which the user may open a paper of this kind."""
    own = set(own_units(user).values_list("path", flat=True)) if _is_open_to_members(kind) else set()
    tops = [*paths_for(user, "nominate"), *paths_for(user, "manage_campaign"), *own]
    units = _eligible(OrgUnit.objects.within(tops) & OrgUnit.objects.within(_joined(kind.campaign)), kind)
    chains = lineages(list(units))
    found = [u.pk for u in units if u.path in own or _may_by_office(user, kind, u, chain=chains[u.pk])]
    return OrgUnit.objects.filter(pk__in=found).order_by("path")


def _eligible(units: QuerySet[OrgUnit], kind: PostKind) -> QuerySet[OrgUnit]:
    if allowed := kind.rules.get("allowed_units"):
        units = units.filter(kind__in=allowed)
    else:
        units = units.exclude(kind__in=("superior", "party_group"))
    return units.filter(is_active=True).distinct().order_by("path")

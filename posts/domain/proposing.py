"""Who may open a paper for which unit, and write it while it can be changed."""

from django.db.models import Q, QuerySet
from django.utils import timezone

from campaigns.models import Campaign, HolderKind, OrgUnit, PostKind, User
from campaigns.permissions import may_on_unit, paths_for
from posts.domain.eligibility import opening_params
from posts.domain.members import roster_of
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
    return may_on_unit(user, "nominate", nomination.org_unit) and "committee" not in initiators(nomination.post_kind)


def startable_kinds(user: User) -> list[PostKind]:
    """The kinds of post of running campaigns for which the user may open a paper somewhere, ready for a choice."""
    today = timezone.localdate()
    campaigns = (
        Campaign.objects.visible_to(user)
        .running()
        .filter(Q(nominations_until__isnull=True) | Q(nominations_until__gte=today))
    )
    kinds = PostKind.objects.filter(campaign__in=campaigns, stages__isnull=False).distinct()
    kinds = (
        kinds.select_related("campaign__owner")
        .prefetch_related("stages")
        .order_by("-campaign__year", "campaign", "position")
    )
    return [kind for kind in kinds if proposing_units(user, kind).exists()]


def proposing_units(user: User, kind: PostKind) -> QuerySet[OrgUnit]:
    """The units for which the user may open a paper of this kind."""
    who, paths = initiators(kind), []
    if who & {"unit", "branch", "holder"}:
        paths += paths_for(user, "nominate")
    if "committee" in who:
        paths += paths_for(user, "manage_campaign")
    units = OrgUnit.objects.within(paths)
    if "holder" in who and kind.holder == HolderKind.PERSON:
        units = units | OrgUnit.objects.filter(members__user=user, members__left_on__isnull=True)
    joined = list(kind.campaign.units.values_list("path", flat=True)) or [kind.campaign.owner.path]
    units = units & OrgUnit.objects.within(joined)
    if allowed := kind.rules.get("allowed_units"):
        units = units.filter(kind__in=allowed)
    else:
        units = units.exclude(kind__in=("superior", "party_group"))
    return units.filter(is_active=True).distinct().order_by("path")

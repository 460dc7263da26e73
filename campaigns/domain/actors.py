"""Who acts in a stage: a word of the scheme becomes an org unit (domain notes 2.3)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, OrgUnit, UnitKind


@dataclass(frozen=True)
class Actor:
    """An acting party. ``unit_kinds``: the nearest unit of these kinds; ``at_owner``: the campaign's owner."""

    label: str | Promise
    unit_kinds: tuple[str, ...] = ()
    at_owner: bool = False
    is_holder: bool = False


ACTORS: dict[str, Actor] = {
    "holder": Actor(_("the member himself"), is_holder=True),
    "unit": Actor(
        _("the unit"),
        (UnitKind.OFFICE, UnitKind.DEPARTMENT, UnitKind.SECTION, UnitKind.PROJECT_TEAM, UnitKind.SERVICE_POST),
    ),
    "branch": Actor(_("the Party branch"), (UnitKind.BRANCH,)),
    "members_meeting": Actor(_("the general meeting of members"), (UnitKind.BRANCH,)),
    "branch_committee": Actor(_("the branch committee"), (UnitKind.BRANCH,)),
    "general_branch": Actor(_("the general Party branch"), (UnitKind.GENERAL_BRANCH,)),
    "sub_committee": Actor(_("the subordinate Party committee"), (UnitKind.SUB_COMMITTEE,)),
    "committee": Actor(_("the Party committee"), at_owner=True),
    "office": Actor(_("the Party-affairs office"), at_owner=True),
    "cadres": Actor(_("the cadres' meeting"), at_owner=True),
    "leading_group": Actor(_("the leading group"), at_owner=True),
    "inspection_group": Actor(_("the inspection group"), at_owner=True),
    "superior": Actor(_("the superior body"), at_owner=True),
}


def resolve_actor_unit(actors: list[str], *, org_unit: OrgUnit, campaign: Campaign) -> OrgUnit | None:
    """The unit that acts: the nearest ancestor-or-self of one of the kinds, or the owner; None for the holders.

    A unit of the wanted kind that does not exist above the nominating unit falls back to the campaign's owner, so
    that no nomination is stuck without anybody to act.
    """
    chain = org_unit.lineage()
    return actor_unit_among(actors, chain=chain, owner=campaign.owner)


def actor_unit_among(actors: list[str], *, chain: list[OrgUnit], owner: OrgUnit) -> OrgUnit | None:
    """The same where the ancestors are known: ``chain`` is the unit and what lies above it, nearest first."""
    kinds: set[str] = set()
    for code in actors:
        actor = ACTORS[code]
        if actor.is_holder:
            return None
        if actor.at_owner:
            return owner
        kinds.update(actor.unit_kinds)
    return next((unit for unit in chain if unit.kind in kinds), owner)


def describe_actors(actors: list[str]) -> str:
    """The acting parties in words."""
    return str(_(" or ")).join(str(ACTORS[code].label) for code in actors)

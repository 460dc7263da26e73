"""Where in an organisation a kind of post can be created so that everybody whom the scheme names exists."""

from dataclasses import dataclass
from itertools import combinations

from campaigns.domain.actors import ACTORS
from campaigns.domain.stage_specs import stage_specs
from campaigns.domain.units import why_not_below
from campaigns.models import UnitKind
from campaigns.models.org_unit import PARTY_KINDS
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme

#: Party organisations that may lie between the owner and a branch, from the top.
BETWEEN = (UnitKind.SUB_COMMITTEE, UnitKind.GENERAL_BRANCH)


@dataclass(frozen=True)
class Route:
    """The kinds of unit from below the owner down to the one that nominates."""

    owner: str
    kinds: tuple[str, ...]

    @property
    def nominating(self) -> str:
        return self.kinds[-1] if self.kinds else self.owner

    def acting(self, actor: tuple[str, ...]) -> str | None:
        """The kind of unit that acts; None when there is none here and the owner would have to stand in."""
        kinds: set[str] = set()
        for code in actor:
            if ACTORS[code].is_holder or ACTORS[code].at_owner:
                return code
            kinds.update(ACTORS[code].unit_kinds)
        return next((kind for kind in (*reversed(self.kinds), self.owner) if kind in kinds), None)


def owner_kind(scheme: Scheme) -> str:
    """The kind of organisation that owns the rehearsed campaign: the allowed one in which most parties exist."""
    allowed = [kind for kind in scheme.scheme.owner_kinds if kind in PARTY_KINDS and kind != UnitKind.PARTY_GROUP]
    return min(
        allowed or [UnitKind.COMMITTEE], key=lambda owner: sum(_least_lost(scheme, k, owner) for k in scheme.kinds)
    )


def routes_of(scheme: Scheme, kind: Kind, owner: str) -> list[Route]:
    """The places that differ in who acts; only those in which most of the named parties exist."""
    lost = _with_losses(scheme, kind, owner)
    least = min(lost.values(), default=0)
    return [route for route, n in lost.items() if n == least]


def missing_actors(scheme: Scheme, kind: Kind, owner: str) -> list[tuple[str, ...]]:
    """Parties that exist in no organisation in which the kind can be created."""
    routes = _possible(scheme, kind, owner)
    return [actor for actor in actors_of(scheme, kind) if all(route.acting(actor) is None for route in routes)]


def _least_lost(scheme: Scheme, kind: Kind, owner: str) -> int:
    return min(_with_losses(scheme, kind, owner).values(), default=100)


def _with_losses(scheme: Scheme, kind: Kind, owner: str) -> dict[Route, int]:
    """The routes that differ in who acts, each with the number of parties that it lacks."""
    actors = actors_of(scheme, kind)
    scopes = {quota.scope for quota in scheme.quotas if not quota.kinds or kind.code in quota.kinds} - {"campaign"}
    found: dict[tuple, tuple[Route, int]] = {}
    for route in _possible(scheme, kind, owner):
        acting = tuple(route.acting(actor) for actor in actors)
        lost = sum(one is None for one in acting) + len(scopes - {*route.kinds, owner})
        found.setdefault((lost, route.nominating, acting), (route, lost))
    return dict(found.values())


def actors_of(scheme: Scheme, kind: Kind) -> list[tuple[str, ...]]:
    """Everybody who acts for posts of the kind: in its steps and in the reviews."""
    reviewers = [rule.reviewer for rule in scheme.reviews if not rule.kinds or kind.code in rule.kinds]
    return [stage.actor for stage in scheme.stages_of(kind)] + reviewers


def _possible(scheme: Scheme, kind: Kind, owner: str) -> list[Route]:
    """Every chain that the rules of the tree allow; short ones first."""
    by_unit = any("unit" in actor for actor in actors_of(scheme, kind))
    wanted = kind.allowed_units or ((UnitKind.BRANCH, UnitKind.OFFICE) if by_unit else (UnitKind.BRANCH,))
    found: dict[tuple[str, ...], None] = {}
    for number in range(len(BETWEEN) + 1):
        for between in combinations(BETWEEN, number):
            for unit in wanted:
                for chain in _chains(owner, between, unit):
                    if _fits(owner, chain):
                        found.setdefault(chain, None)
    return [Route(owner, chain) for chain in found]


def _chains(owner: str, between: tuple[str, ...], unit: str) -> list[tuple[str, ...]]:
    if unit == owner and not between:
        return [()]
    if unit == UnitKind.BRANCH:
        return [(*between, UnitKind.BRANCH)]
    if unit in between:
        return [(*between[: between.index(unit) + 1],)]
    if unit in PARTY_KINDS and unit != UnitKind.PARTY_GROUP:
        return []
    return [(unit,)] if owner == UnitKind.BRANCH else [(*between, UnitKind.BRANCH, unit)]


def _fits(owner: str, chain: tuple[str, ...]) -> bool:
    above = owner
    for kind in chain:
        if why_not_below(kind, above):
            return False
        above = kind
    return True


def permissions_needed(scheme: Scheme, owner: str) -> dict[str, set[str]]:
    """What somebody must be allowed to do at each kind of unit, by the steps and reviews of the scheme."""
    needed: dict[str, set[str]] = {}
    for kind in scheme.kinds:
        for route in routes_of(scheme, kind, owner):
            for stage in scheme.stages_of(kind):
                permission = stage_specs()[stage.kind].permission
                acting = route.acting(stage.actor)
                if permission and acting:
                    needed.setdefault(acting, set()).add(permission)
    return needed

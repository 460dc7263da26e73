"""The tree of units as pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet

from campaigns.models import OrgUnit


@dataclass
class Node:
    """A unit with what lies below it; the counts are those of the whole subtree, itself included."""

    unit: OrgUnit
    children: list["Node"] = field(default_factory=list)

    @property
    def n_units(self) -> int:
        return 1 + sum(child.n_units for child in self.children)

    @property
    def n_members(self) -> int:
        return self.unit.n_members + sum(child.n_members for child in self.children)


def with_member_counts(units: QuerySet[OrgUnit]) -> QuerySet[OrgUnit]:
    """Annotate ``n_members``: the members whose affiliation lies in the unit itself today."""
    return units.annotate(n_members=Count("members", filter=Q(members__left_on__isnull=True)))


def as_tree(units: Iterable[OrgUnit], *, text: str = "", closed: bool = False) -> list[Node]:
    """Hang units (in the order of their paths) below each other; what has no visible superior is a root.

    With ``text`` only units whose name or code contains it and the way to them; closed units only when asked for.
    """
    nodes: dict[str, Node] = {}
    roots: list[Node] = []
    for unit in units:
        if not (unit.is_active or closed):
            continue
        node = nodes[unit.path] = Node(unit)
        above = nodes.get(unit.path[: -unit.steplen])
        (above.children if above else roots).append(node)
    return _only(roots, text) if text else roots


def _only(nodes: list[Node], text: str) -> list[Node]:
    kept = []
    for node in nodes:
        children = _only(node.children, text)
        if children or text.lower() in node.unit.name.lower() or text.lower() in node.unit.code.lower():
            kept.append(Node(node.unit, children))
    return kept


def lineages(units: list[OrgUnit]) -> dict[int, list[OrgUnit]]:
    """Each unit, by its id, with what stands above it, nearest first, in one query."""
    ends = {unit.path[:end] for unit in units for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)}
    by_path = {unit.path: unit for unit in OrgUnit.objects.filter(path__in=ends)}
    return {
        unit.pk: [
            by_path[unit.path[:end]] for end in range(len(unit.path), 0, -unit.steplen) if unit.path[:end] in by_path
        ]
        for unit in units
    }

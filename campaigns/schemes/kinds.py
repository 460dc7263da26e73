# ruff: noqa: RUF009  key() is dataclasses.field() with the key's meaning
"""Tables of a scheme file about the posts themselves: kinds, their way, their places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaigns.domain.rules import HOLDER_RULES
from campaigns.schemes import vocabulary as words
from campaigns.schemes.values import (
    Anything,
    Choice,
    Clause,
    Code,
    Flag,
    Integer,
    ListOf,
    MapOf,
    MonthDay,
    NameOrTables,
    Table,
    Tables,
    Text,
    key,
)

ON_PLAQUE = ("post_name", "category", "names", "duties", "phone", "issuer", "month", "number", "qr")


@dataclass(frozen=True)
class StageRule:
    """``[[pipelines.NAME]]``: one step of the way."""

    kind: str = key(Choice(words.stage_labels), "", required=True)
    label: str = key(Text(40), "", required=True)
    actor: tuple[str, ...] = key(ListOf(Choice(words.actor_labels), 5), (), required=True)
    days: int = key(Integer(0, 730), 0)
    due: str | None = key(MonthDay(), None)
    params: dict[str, Any] = key(Anything(), default_factory=dict)
    note: str = key(Text(300), "")
    assumed: bool = key(Flag(), False)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class PlaqueRule:
    """``[kinds.plaque]``"""

    content: tuple[str, ...] = key(ListOf(Choice(words.PLAQUE_CONTENT)), ON_PLAQUE)
    place: str = key(Text(120), "")
    badge: bool = key(Flag(), False)
    size: str = key(Choice(words.SIZES), "A4")
    creating_title: str = key(Text(40), "")
    card: bool = key(Flag(), False)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Evidence:
    """``[[kinds.evidence]]``: a paper that belongs to the nomination."""

    label: str = key(Text(80), "", required=True)
    required: bool = key(Flag(), False)
    sealed: bool = key(Flag(), False)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Task:
    """``[[kinds.tasks]]``: a task with a target, for zones."""

    text: str = key(Text(120), "", required=True)
    target: int | None = key(Integer(0, 100000), None)
    unit: str = key(Text(20), "")
    cadence: str = key(Choice(words.TASK_CADENCES), "none")


@dataclass(frozen=True)
class Kind:
    """``[[kinds]]``: a kind of post."""

    code: str = key(Code(), "", required=True)
    label: str = key(Text(60), "", required=True)
    holder: str = key(Choice(words.HOLDERS), "", required=True)
    stages: Any = key(NameOrTables(StageRule), "", required=True)
    honour: str = key(Text(40), "")
    follows: str = key(Code(), "")
    min_party: int | None = key(Integer(0, 1000), None)
    max_members: int | None = key(Integer(1, 1000), None)
    all_party: bool | None = key(Flag(), None)
    full_members_only: bool | None = key(Flag(), None)
    one_post_per_person: bool = key(Flag(), False)
    not_under_sanction: bool = key(Flag(), True)
    categories: tuple[str, ...] = key(ListOf(Text(40)), ())
    allowed_units: tuple[str, ...] = key(ListOf(Choice(words.UNIT_KINDS)), ())
    required_fields: tuple[str, ...] = key(ListOf(Choice(words.FIELDS)), ("name", "duties", "reasons"))
    evidence: tuple[Evidence, ...] = key(Tables(Evidence), ())
    tasks: tuple[Task, ...] = key(Tables(Task), ())
    publish_results: bool = key(Flag(), False)
    conditions: tuple[str, ...] = key(ListOf(Text(300)), ())
    plaque: PlaqueRule = key(Table(PlaqueRule), default_factory=PlaqueRule)
    clauses: dict[str, str] = key(MapOf(words.CLAUSED_RULES, Clause), default_factory=dict)
    clause: str = key(Clause, "")

    def rule(self, name: str) -> Any:
        """A member rule, or what holds for this kind of holder where the scheme is silent."""
        value = getattr(self, name)
        return HOLDER_RULES.get(self.holder, {}).get(name) if value is None else value


@dataclass(frozen=True)
class Tier:
    """``[[quotas.tiers]]``: up to this many of the base, this many places; the last one may have no ``up_to``."""

    max: int = key(Integer(0, 10000), 0, required=True)
    up_to: int | None = key(Integer(1, 1000000), None)


@dataclass(frozen=True)
class QuotaRule:
    """``[[quotas]]``"""

    code: str = key(Code(), "", required=True)
    scope: str = key(Choice(words.SCOPES), "", required=True)
    kinds: tuple[str, ...] = key(ListOf(Code()), ())
    min: int | None = key(Integer(0, 10000), None)
    max: int | None = key(Integer(0, 10000), None)
    percent: int | None = key(Integer(1, 100), None)
    base: str = key(Choice(words.BASES), "formal_members")
    rounding: str = key(Choice(words.ROUNDINGS), "floor")
    tiers: tuple[Tier, ...] = key(Tables(Tier), ())
    enforce: bool = key(Flag(), True)
    spare: int = key(Integer(0, 1000), 0)
    clause: str = key(Clause, "")

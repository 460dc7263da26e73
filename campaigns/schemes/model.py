# ruff: noqa: RUF009  key() is dataclasses.field() with the key's meaning
"""The scheme: one dataclass for each table of the file, one field for each key. This is the format's only definition.

Reference for authors: docs/scheme-format.md (a test compares the two).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from campaigns.domain.rules import HOLDER_RULES
from campaigns.schemes import vocabulary as words
from campaigns.schemes.values import (
    Anything,
    Choice,
    Code,
    Flag,
    Integer,
    ListOf,
    MapOf,
    MonthDay,
    NamedTables,
    NameOrTables,
    Table,
    Tables,
    Text,
    key,
)

Clause = Text(200)
ON_PLAQUE = ("post_name", "names", "duties", "phone", "issuer", "month", "number", "qr")


@dataclass(frozen=True)
class Head:
    """``[scheme]``"""

    code: str = key(Code(40), "", required=True)
    title: str = key(Text(120), "", required=True)
    honour: str = key(Text(40), "", required=True)
    source: str = key(Text(200), "")
    source_number: str = key(Text(60), "")
    owner_kinds: tuple[str, ...] = key(ListOf(Choice(words.UNIT_KINDS)), ())
    organised_by: str = key(Text(120), "")
    basis: str = key(Text(300), "")
    approving_body: str = key(Text(120), "")
    internal_only: bool = key(Flag(), True)
    yearly: bool = key(Flag(), False)
    scope: str = key(Text(200), "")
    slogans: tuple[str, ...] = key(ListOf(Text(60)), ())
    summary: str = key(Text(600), "")
    clause: str = key(Clause, "")


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
    cadence: str = key(Choice(words.CADENCES), "none")


@dataclass(frozen=True)
class Kind:
    """``[[kinds]]``: a kind of post."""

    code: str = key(Code(), "", required=True)
    label: str = key(Text(60), "", required=True)
    holder: str = key(Choice(words.HOLDERS), "", required=True)
    stages: Any = key(NameOrTables(StageRule), "", required=True)
    honour: str = key(Text(40), "")
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


@dataclass(frozen=True)
class ReviewRuleSpec:
    """``[[reviews]]``"""

    code: str = key(Code(), "", required=True)
    label: str = key(Text(40), "", required=True)
    cadence: str = key(Choice(words.CADENCES), "", required=True)
    reviewer: tuple[str, ...] = key(ListOf(Choice(words.actor_labels), 5), (), required=True)
    kinds: tuple[str, ...] = key(ListOf(Code()), ())
    every_months: int | None = key(Integer(1, 60), None)
    semester_starts: tuple[str, ...] = key(ListOf(MonthDay()), ("09-01", "02-01"))
    due_days: int = key(Integer(1, 180), 10)
    due_day_kind: str = key(Choice(words.DAY_KINDS), "working")
    min_days: int = key(Integer(1, 365), 1)
    after_campaign: bool = key(Flag(), False)
    survey: bool = key(Flag(), True)
    satisfaction: str = key(Choice(words.WEIGHTS), "none")
    threshold: int | None = key(Integer(1, 100), None)
    assessments: tuple[str, ...] = key(ListOf(Choice(words.ASSESSMENTS)), ())
    weights: dict[str, int] = key(MapOf(words.ASSESSMENTS, Integer(0, 100)), default_factory=dict)
    rubric: str = key(Code(40), "")
    outcomes: tuple[str, ...] = key(ListOf(Choice(words.OUTCOMES)), ("pass", "rectify", "adjust"))
    publish: bool = key(Flag(), False)
    assumed: bool = key(Flag(), False)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class RectifyRule:
    """``[rectify]``"""

    days: int = key(Integer(1, 365), 30)
    repair_days: int = key(Integer(1, 365), 15)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class VetoRule:
    """``[[veto]]``"""

    code: str = key(Code(40), "", required=True)
    text: str = key(Text(300), "", required=True)
    requires_verification: bool = key(Flag(), False)
    evidence_needed: str = key(Text(120), "")
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class RubricItem:
    """``[[rubrics.sections.items]]``"""

    number: str = key(Text(10), "", required=True)
    text: str = key(Text(600), "", required=True)
    points: int | None = key(Integer(0, 1000), None)
    satisfaction: int | None = key(Integer(1, 100), None)


@dataclass(frozen=True)
class RubricSection:
    """``[[rubrics.sections]]``"""

    label: str = key(Text(40), "", required=True)
    stated: int | None = key(Integer(0, 1000), None)
    bonus: bool = key(Flag(), False)
    items: tuple[RubricItem, ...] = key(Tables(RubricItem, 100), (), required=True)

    @property
    def total(self) -> int:
        """The sum of the items, which is what counts; ``stated`` is only what the source prints."""
        return sum(item.points or 0 for item in self.items)


@dataclass(frozen=True)
class Rubric:
    """``[[rubrics]]``"""

    code: str = key(Code(40), "", required=True)
    title: str = key(Text(120), "", required=True)
    total: int | None = key(Integer(1, 10000), None)
    pass_mark: int | None = key(Integer(1, 10000), None)
    excellent_mark: int | None = key(Integer(1, 10000), None)
    bonus_cap: int | None = key(Integer(0, 1000), None)
    pro_rata: bool = key(Flag(), False)
    sections: tuple[RubricSection, ...] = key(Tables(RubricSection), (), required=True)
    clause: str = key(Clause, "")

    @property
    def base_total(self) -> int:
        """What can be reached without bonus."""
        return sum(section.total for section in self.sections if not section.bonus)


@dataclass(frozen=True)
class Consequences:
    """``[consequences]``: what follows when a post is not up to standard."""

    fail_effect: tuple[str, ...] = key(ListOf(Choice(words.OUTCOMES)), ("rectify", "adjust"))
    ban_same_year: bool = key(Flag(), True)
    ban_on: tuple[str, ...] = key(ListOf(Choice(words.OUTCOMES)), ("revoke",))
    recall_days: int = key(Integer(0, 90), 3)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Reward:
    """``[[rewards]]``"""

    text: str = key(Text(200), "", required=True)
    kind: str = key(Choice(words.REWARD_KINDS), "commendation")
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Rotation:
    """``[rotation]``"""

    enabled: bool = key(Flag(), False)
    interval_months: int | None = key(Integer(1, 60), None)
    re_election: bool = key(Flag(), True)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class PhaseRule:
    """``[[phases]]``"""

    label: str = key(Text(40), "", required=True)
    starts: str = key(MonthDay(), "", required=True)
    ends: str = key(MonthDay(), "", required=True)
    text: str = key(Text(300), "")
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Round:
    """``[[rounds]]``: a batch of namings."""

    code: str = key(Code(), "", required=True)
    label: str = key(Text(40), "", required=True)
    by: str | None = key(MonthDay(), None)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Milestone:
    """``[[milestones]]``: a day to be kept."""

    label: str = key(Text(80), "", required=True)
    on: str = key(MonthDay(), "", required=True)
    who: tuple[str, ...] = key(ListOf(Choice(words.actor_labels)), ())
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Objections:
    """``[objections]``"""

    verify_days: int = key(Integer(1, 90), 10)
    anonymous: bool = key(Flag(), True)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class SurveyTexts:
    """``[survey]``: what stands on the ballot."""

    title: str = key(Text(80), "")
    instruction: str = key(Text(300), "")
    options: dict[str, str] = key(MapOf(words.SURVEY_OPTIONS, Text(20)), default_factory=dict)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Publicity:
    """``[publicity]``"""

    channels: tuple[str, ...] = key(ListOf(Text(40)), ())
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Standard:
    """``[[standards]]``: what a post must be like."""

    text: str = key(Text(600), "", required=True)
    label: str = key(Text(60), "")
    kinds: tuple[str, ...] = key(ListOf(Code()), ())
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Remark:
    """``[[remarks]]``: a rule for people, which the program only shows."""

    text: str = key(Text(600), "", required=True)
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Reading:
    """``[[readings]]``: how an unclear place of the source is read here."""

    point: str = key(Text(200), "", required=True)
    reading: str = key(Text(400), "", required=True)
    flag: str = key(Text(10), "")
    clause: str = key(Clause, "")


@dataclass(frozen=True)
class Scheme:
    """A whole file."""

    scheme: Head = key(Table(Head), default_factory=Head, required=True)
    kinds: tuple[Kind, ...] = key(Tables(Kind, 20), (), required=True)
    pipelines: dict[str, tuple[StageRule, ...]] = key(NamedTables(StageRule), default_factory=dict)
    quotas: tuple[QuotaRule, ...] = key(Tables(QuotaRule), ())
    reviews: tuple[ReviewRuleSpec, ...] = key(Tables(ReviewRuleSpec), ())
    rectify: RectifyRule = key(Table(RectifyRule), default_factory=RectifyRule)
    veto: tuple[VetoRule, ...] = key(Tables(VetoRule), ())
    rubrics: tuple[Rubric, ...] = key(Tables(Rubric), ())
    consequences: Consequences = key(Table(Consequences), default_factory=Consequences)
    rewards: tuple[Reward, ...] = key(Tables(Reward), ())
    rotation: Rotation = key(Table(Rotation), default_factory=Rotation)
    phases: tuple[PhaseRule, ...] = key(Tables(PhaseRule), ())
    rounds: tuple[Round, ...] = key(Tables(Round), ())
    milestones: tuple[Milestone, ...] = key(Tables(Milestone), ())
    objections: Objections = key(Table(Objections), default_factory=Objections)
    survey: SurveyTexts = key(Table(SurveyTexts), default_factory=SurveyTexts)
    publicity: Publicity = key(Table(Publicity), default_factory=Publicity)
    standards: tuple[Standard, ...] = key(Tables(Standard), ())
    remarks: tuple[Remark, ...] = key(Tables(Remark), ())
    readings: tuple[Reading, ...] = key(Tables(Reading), ())

    def stages_of(self, kind: Kind) -> tuple[StageRule, ...]:
        """The steps of a kind, whether they stand in it or in a pipeline that it names."""
        return self.pipelines.get(kind.stages, ()) if isinstance(kind.stages, str) else kind.stages

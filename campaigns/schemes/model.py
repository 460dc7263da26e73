# ruff: noqa: RUF009  key() is dataclasses.field() with the key's meaning
"""The scheme: one dataclass for each table of the file, one field for each key. This is the format's only definition.

Reference for authors: docs/scheme-format.md (a test compares the two).
"""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.schemes import vocabulary as words
from campaigns.schemes.afterwards import Consequences, RectifyRule, ReviewRuleSpec, Reward, Rotation, Rubric, VetoRule
from campaigns.schemes.kinds import Kind, QuotaRule, StageRule
from campaigns.schemes.values import (
    Choice,
    Clause,
    Code,
    Flag,
    Integer,
    ListOf,
    MapOf,
    MonthDay,
    NamedTables,
    Table,
    Tables,
    Text,
    key,
)


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
    """``[[milestones]]``: a day to be kept; with ``record`` each unit writes down what it did."""

    label: str = key(Text(80), "", required=True)
    on: str = key(MonthDay(), "", required=True)
    who: tuple[str, ...] = key(ListOf(Choice(words.actor_labels)), ())
    record: bool = key(Flag(), False)
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
    keep_openings_days: int = key(Integer(15, 365), 90)
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

# ruff: noqa: RUF009  key() is dataclasses.field() with the key's meaning
"""Tables of a scheme file about what follows the naming: reviews, rectification, veto, rubrics, rewards, rotation."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.schemes import vocabulary as words
from campaigns.schemes.values import Choice, Clause, Code, Flag, Integer, ListOf, MapOf, MonthDay, Tables, Text, key


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
    electorate: tuple[str, ...] = key(ListOf(Choice(words.ELECTORATES)), ("masses", "service_users"))
    assessments: tuple[str, ...] = key(ListOf(Choice(words.ASSESSMENTS)), ())
    names: dict[str, str] = key(MapOf(words.ASSESSMENTS, Text(20)), default_factory=dict)
    aspects: tuple[str, ...] = key(ListOf(Text(20), 12), ())
    # How many must have spoken before a voice counts; 1, for fellow members 3.
    min_voices: dict[str, int] = key(MapOf(words.ASSESSMENTS, Integer(1, 500)), default_factory=dict)
    # Days after the opening, of the kind ``due_day_kind``; None: half of ``due_days``.
    voice_days: int | None = key(Integer(1, 180), None)
    weights: dict[str, int] = key(MapOf(words.ASSESSMENTS, Integer(0, 100)), default_factory=dict)
    grades: dict[str, int] = key(MapOf(words.GRADES, Integer(0, 100)), default_factory=dict)
    # The lowest total for each outcome; below all of them the gravest outcome is proposed.
    marks: dict[str, int] = key(MapOf(words.OUTCOMES, Integer(0, 100)), default_factory=dict)
    rubric: str = key(Code(40), "")
    aggregate: str = key(Choice(words.AGGREGATES), "mean")
    # Empty: passed, and the effects of ``[consequences] fail_effect``.
    outcomes: tuple[str, ...] = key(ListOf(Choice(words.OUTCOMES)), ())
    publish: bool = key(Flag(), False)
    plaque_photo: bool = key(Flag(), False)
    unannounced: bool = key(Flag(), False)
    assumed: bool = key(Flag(), False)
    clause: str = key(Clause, "")

    @property
    def voices(self) -> tuple[str, ...]:
        """Who is heard 五评, in the usual order: those named, the masses by the survey, the scorers of a rubric."""
        also = {"mass"} if self.survey else set()
        also |= {"organisation"} if self.rubric else set()
        return tuple(code for code in words.ASSESSMENTS if code in also | set(self.assessments))


@dataclass(frozen=True)
class RectifyRule:
    """``[rectify]``"""

    days: int = key(Integer(1, 365), 30)
    repair_days: int = key(Integer(1, 365), 15)
    extensions: int = key(Integer(0, 5), 1)
    extension_days: int = key(Integer(1, 180), 15)
    escalate_days: int = key(Integer(1, 90), 3)
    public: bool = key(Flag(), False)
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
    veto: bool = key(Flag(), False)
    items: tuple[RubricItem, ...] = key(Tables(RubricItem, 100), (), required=True)

    @property
    def counts(self) -> bool:
        """Whether its points make up the base."""
        return not (self.bonus or self.veto)

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
        return sum(section.total for section in self.sections if section.counts)

    @property
    def bonus_limit(self) -> int:
        """What the bonus can bring at most; 0 while no bonus item has points (domain F20)."""
        bonus = sum(section.total for section in self.sections if section.bonus)
        return bonus if self.bonus_cap is None else min(bonus, self.bonus_cap)

    @property
    def items(self) -> tuple[RubricItem, ...]:
        """All items in the order of the file."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def base_items(self) -> tuple[RubricItem, ...]:
        """The items without those of a bonus section."""
        return tuple(item for section in self.sections if section.counts for item in section.items)

    @property
    def bonus_items(self) -> tuple[RubricItem, ...]:
        """The items of the bonus sections."""
        return tuple(item for section in self.sections if section.bonus for item in section.items)

    @property
    def veto_items(self) -> tuple[RubricItem, ...]:
        """The items of the veto sections: found or not, never points."""
        return tuple(item for section in self.sections if section.veto for item in section.items)


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

# ruff: noqa: RUF009  key() is dataclasses.field() with the key's meaning
"""The file of a script (docs/rehearsal.md): read like a scheme, every fault with its line and key."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from assessments.rehearsal.all_movers import mover_of
from assessments.rehearsal.default import outcomes_of
from assessments.rehearsal.script import CasePlan, Doing, Event, Script
from campaigns.domain.schemes import read_toml
from campaigns.models import UnitKind
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Problem, Report
from campaigns.schemes.values import Choice, Code, Flag, Integer, Table, Tables, Text, Value, key, read_table

WHAT = {"review": "考核", "incident": "反映", "leave": "转出"}
FINDINGS = {"": "属实，一票否决", "not_verified": "不属实"}


class ScriptError(Exception):
    """The script cannot be used; ``problems`` tells every fault."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass
class Day(Value):
    """A date without quotation marks."""

    def allowed(self) -> str:
        return _("Allowed: a day without quotation marks, such as 2026-03-02.")

    def read(self, raw: Any, path: Path, report: Report) -> date | None:
        if isinstance(raw, date) and not isinstance(raw, datetime) and 2000 <= raw.year <= 2100:
            return raw
        return self.refuse(raw, path, report)


@dataclass(frozen=True)
class StepRow:
    """``[[cases.steps]]``"""

    step: int = key(Integer(1, 40), 0, required=True)
    does: str = key(Code(), "pass")
    on: date | None = key(Day(), None)
    satisfied: int | None = key(Integer(0, 2000), None)
    dissatisfied: int | None = key(Integer(0, 2000), None)
    text: str = key(Text(300), "")


@dataclass(frozen=True)
class EventRow:
    """``[[cases.after]]``"""

    what: str = key(Choice(WHAT), "", required=True)
    rule: str = key(Code(), "")
    outcome: str = key(Code(), "")
    ground: str = key(Code(40), "")
    done: bool = key(Flag(), True)
    on: date | None = key(Day(), None)
    text: str = key(Text(300), "")


@dataclass(frozen=True)
class CaseRow:
    """``[[cases]]``"""

    code: str = key(Code(40), "", required=True)
    kind: str = key(Code(), "", required=True)
    unit: str = key(Choice(dict(UnitKind.choices)), "")
    starts_on: date | None = key(Day(), None)
    steps: tuple[StepRow, ...] = key(Tables(StepRow), ())
    after: tuple[EventRow, ...] = key(Tables(EventRow), ())


@dataclass(frozen=True)
class HeadRow:
    """``[rehearsal]``"""

    starts_on: date | None = key(Day(), None, required=True)
    year: int | None = key(Integer(2000, 2100), None)


@dataclass(frozen=True)
class ScriptFile:
    """A whole file."""

    rehearsal: HeadRow = key(Table(HeadRow), HeadRow(), required=True)
    cases: tuple[CaseRow, ...] = key(Tables(CaseRow, 60), (), required=True)


def read_script(content: str, scheme: Scheme, *, filename: str = "") -> Script:
    """The script of a file for a scheme. Raises ScriptError with every fault at once."""
    report = Report(file=filename or _("script"))
    data = read_toml(content, report)
    if data is None:
        raise ScriptError(report.problems)
    rows: ScriptFile = read_table(ScriptFile, data, (), report)
    kinds = {kind.code: kind for kind in scheme.kinds}
    for number, row in enumerate(rows.cases):
        _check_case(("cases", number), row, scheme, kinds.get(row.kind), report)
    if report.problems:
        report.problems.sort(key=lambda problem: problem.line)
        raise ScriptError(report.problems)
    first = rows.rehearsal.starts_on
    assert first is not None  # noqa: S101  required
    return Script(first, rows.rehearsal.year or first.year, tuple(_plan(row) for row in rows.cases))


def _plan(row: CaseRow) -> CasePlan:
    steps = {step.step: Doing(step.does, step.on, step.satisfied, step.dissatisfied, step.text) for step in row.steps}
    after = tuple(Event(e.what, e.rule, e.outcome, e.ground, e.done, e.on, e.text) for e in row.after)
    return CasePlan(row.code, row.kind, steps, after, unit=row.unit, starts_on=row.starts_on)


def _check_case(path: Path, row: CaseRow, scheme: Scheme, kind: Kind | None, report: Report) -> None:
    if kind is None:
        if row.kind:
            codes = "、".join(kind.code for kind in scheme.kinds)
            text = _("There is no kind of post “%(code)s”. Kinds here: %(codes)s.")
            report.error((*path, "kind"), text % {"code": row.kind, "codes": codes})
        return
    for number, step in enumerate(row.steps):
        _check_step((*path, "steps", number), step, scheme, kind, report)
    for number, event in enumerate(row.after):
        _check_event((*path, "after", number), event, scheme, report)


def _check_step(path: Path, row: StepRow, scheme: Scheme, kind: Kind, report: Report) -> None:
    stages = scheme.stages_of(kind)
    if not 1 <= row.step <= len(stages):
        text = _("“%(kind)s” has the steps 1 to %(n)s.")
        report.error((*path, "step"), text % {"kind": kind.label, "n": len(stages)})
        return
    stage = stages[row.step - 1]
    mover = mover_of(stage.kind)
    ways = ["pass", *(mover.all_ways(stage, kind, is_first=row.step == 1) if mover else [])]
    if row.does not in ways:
        text = _("At the step “%(label)s” this cannot happen. Allowed: %(ways)s.")
        report.error((*path, "does"), text % {"label": stage.label, "ways": "、".join(ways)})
    if stage.kind != "survey" and (row.satisfied is not None or row.dissatisfied is not None):
        report.error((*path, "satisfied"), _("Only a survey has ballots."))


def _check_event(path: Path, row: EventRow, scheme: Scheme, report: Report) -> None:
    if row.what == "review":
        rules = {rule.code: rule for rule in scheme.reviews}
        if row.rule not in rules:
            text = _("There is no review “%(code)s”. Reviews here: %(codes)s.")
            report.error((*path, "rule"), text % {"code": row.rule, "codes": "、".join(rules) or "–"})
        elif row.outcome not in (outcomes := outcomes_of(scheme, rules[row.rule])):
            text = _("The scheme does not know this outcome. Allowed: %(outcomes)s.")
            report.error((*path, "outcome"), text % {"outcomes": "、".join(outcomes)})
    elif row.what == "incident":
        codes = [ground.code for ground in scheme.veto]
        if row.outcome not in FINDINGS:
            report.error((*path, "outcome"), _("Allowed: not_verified, or nothing for a veto."))
        elif not row.outcome and row.ground not in codes:
            text = _("There is no veto ground “%(code)s”. Grounds here: %(codes)s.")
            report.error((*path, "ground"), text % {"code": row.ground, "codes": "、".join(codes) or "–"})

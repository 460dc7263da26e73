"""What of a plan can be moved, under which key, and the plan after the move. No database.

Keys: ``start``, ``nominations``, ``end``; ``due:N``, ``length:N`` (step N, its fixed day or its planned working days);
``phase_start:N``, ``phase_end:N``; ``round:CODE``, ``milestone:CODE``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from campaigns.domain.plan import Plan, StepPlan

Value = date | int | None

FRAME = {"start": "starts_on", "nominations": "nominations_until", "end": "ends_on"}
#: What may still be moved when the rules are frozen: days that no rule of the scheme names.
MOVABLE_WHEN_OPEN = frozenset({"nominations", "end", "length"})
LONGEST = 730


@dataclass(frozen=True)
class Target:
    """Something with a date, or a length in working days, that a person may move."""

    key: str
    label: str
    value: Value
    icon: str = "calendar"

    @property
    def family(self) -> str:
        return self.key.partition(":")[0]

    @property
    def code(self) -> str:
        return self.key.partition(":")[2]

    @property
    def is_length(self) -> bool:
        return self.family == "length"


def targets_of(plan: Plan) -> list[Target]:
    """Everything that can be moved, in the order of the page."""
    return [*_frame(plan), *_steps(plan), *_phases(plan), *_dated_rules(plan)]


def find_target(plan: Plan, key: str) -> Target | None:
    """The target with this key, if the plan has it."""
    return next((target for target in targets_of(plan) if target.key == key), None)


def moved(plan: Plan, target: Target, to: Value) -> Plan:
    """The plan with the target at its new day or length; nothing else is touched, everything else follows."""
    family, code = target.family, target.code
    if family in FRAME:
        frame: dict[str, Any] = {FRAME[family]: to}
        return replace(plan, **frame)
    if family in ("due", "length"):
        return _with_step(plan, int(code), **{"due" if family == "due" else "days": to})
    if family in ("phase_start", "phase_end"):
        end: dict[str, Any] = {"first" if family == "phase_start" else "last": to}
        phases = tuple(replace(phase, **end) if phase.pk == int(code) else phase for phase in plan.phases)
        return replace(plan, phases=phases)
    table = {"round": "rounds", "milestone": "milestones"}[family]
    rows: dict[str, Any] = {
        table: tuple(replace(row, on=to) if row.code == code else row for row in getattr(plan, table))
    }
    return replace(plan, **rows)


def shared_steps(plan: Plan, pk: int) -> list[int]:
    """The step itself and the same step of the kinds that share its pipeline: they move as one."""
    for way in plan.ways:
        for index, step in enumerate(way.steps):
            if step.pk == pk:
                return [other.steps[index].pk for other in plan.ways if other.name == way.name]
    return []


def _with_step(plan: Plan, pk: int, **values: Any) -> Plan:
    pks = set(shared_steps(plan, pk))
    ways = tuple(
        replace(way, steps=tuple(replace(step, **values) if step.pk in pks else step for step in way.steps))
        for way in plan.ways
    )
    return replace(plan, ways=ways)


def _frame(plan: Plan) -> Iterator[Target]:
    yield Target("start", _("First day of the campaign"), plan.starts_on, "flag")
    yield Target("nominations", _("Last day for nominations"), plan.nominations_until, "clock")
    yield Target("end", _("Last day of the campaign"), plan.ends_on, "flag-off")


def _steps(plan: Plan) -> Iterator[Target]:
    seen: set[int] = set()
    for way in plan.ways:
        for index, step in enumerate(way.steps):
            if step.pk in seen or (index == 0 and plan.nominations_until):
                continue  # the first step lasts until the last day for nominations
            seen.update(pks := shared_steps(plan, step.pk))
            label = _step_label(plan, step, pks)
            if step.due:
                yield Target(f"due:{step.pk}", _("%(step)s: due day") % {"step": label}, step.due, "milestone")
            else:
                text = _("%(step)s: planned working days")
                yield Target(f"length:{step.pk}", text % {"step": label}, step.days, "milestone")


def _step_label(plan: Plan, step: StepPlan, pks: list[int]) -> str:
    """The step, with its kinds where others have another way."""
    kinds = [way.label for way in plan.ways if any(each.pk in pks for each in way.steps)]
    return step.label if len(kinds) == len(plan.ways) else f"{step.label}（{'、'.join(kinds)}）"


def _phases(plan: Plan) -> Iterator[Target]:
    for phase in plan.phases:
        words = {"phase": phase.label}
        yield Target(f"phase_start:{phase.pk}", _("%(phase)s: first day") % words, phase.first, "calendar-range")
        yield Target(f"phase_end:{phase.pk}", _("%(phase)s: last day") % words, phase.last, "calendar-range")


def _dated_rules(plan: Plan) -> Iterator[Target]:
    for row in plan.rounds:
        if row.on:
            yield Target(f"round:{row.code}", _("Naming: %(round)s") % {"round": row.label}, row.on, "award")
    for row in plan.milestones:
        yield Target(f"milestone:{row.code}", row.label, row.on, "clock")

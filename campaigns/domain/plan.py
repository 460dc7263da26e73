"""The plan of a campaign as plain data: loaded once, then reckoned with, moved and compared without the database.

Steps follow each other from the last day for nominations, in working days of the holiday table. A step that takes no
planned time still takes one working day; a step with a day of its own (``due``) lasts until that day.
"""

import hashlib
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from campaigns.domain.calendar import WORKING, last_day
from campaigns.domain.dates import day_of
from campaigns.domain.stage_specs import stage_specs
from campaigns.models import Campaign, Holiday, PostKind, Stage

Exceptions = dict[date, bool]


@dataclass(frozen=True)
class StepPlan:
    """A step: planned ``days`` (working), the ``least`` its own rule demands, and its fixed day, if it has one.

    ``position`` is that of the stage among those of its kind, which its runs have too.
    """

    pk: int
    kind: str
    label: str
    days: int = 0
    least: int = 0
    least_kind: str = WORKING
    due: date | None = None
    rounds: tuple[str, ...] = ()
    position: int = 0

    def length(self) -> tuple[int, str]:
        """Planned days and their kind: what the step takes by its own parameters is the least."""
        if self.least > self.days:
            return self.least, self.least_kind
        return max(self.days, 1), WORKING


@dataclass(frozen=True)
class Way:
    """A kind of post with its steps in order. Kinds with the same ``name`` share the pipeline of the scheme."""

    pk: int
    label: str
    steps: tuple[StepPlan, ...]
    name: str = ""


@dataclass(frozen=True)
class PhasePlan:
    """A dated part of the campaign; both ends are inclusive."""

    pk: int
    label: str
    first: date | None
    last: date | None


@dataclass(frozen=True)
class DatedRule:
    """A naming round (``code``) or a milestone (its number) with its day."""

    code: str
    label: str
    on: date | None


@dataclass(frozen=True)
class PlannedStage:
    """A step of a kind with the days in which it is meant to happen."""

    label: str
    first: date
    last: date
    pk: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Plan:
    """Every date of a campaign, and the holiday table it is reckoned with."""

    year: int
    starts_on: date | None
    nominations_until: date | None
    ends_on: date | None
    ways: tuple[Way, ...]
    phases: tuple[PhasePlan, ...] = ()
    rounds: tuple[DatedRule, ...] = ()
    milestones: tuple[DatedRule, ...] = ()
    exceptions: Exceptions = field(default_factory=dict)

    def stages(self) -> dict[int, list[PlannedStage]]:
        """For each kind of post (primary key) its steps with dates; empty while there is no first day."""
        return {way.pk: self._along(way) if self.starts_on else [] for way in self.ways}

    def ends(self) -> date | None:
        """The last planned day of the last step of any kind: when the naming is over."""
        return max((planned[-1].last for planned in self.stages().values() if planned), default=None)

    def version(self) -> str:
        """A short check sum of everything the plan rests on: it differs as soon as any date or holiday does."""
        parts = [f"{f.name}={_canonical(getattr(self, f.name))}" for f in fields(self)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def _along(self, way: Way) -> list[PlannedStage]:
        planned: list[PlannedStage] = []
        for step in way.steps:
            if not planned:
                assert self.starts_on is not None  # noqa: S101  stages() asks only then
                planned.append(self._first(step, self.starts_on))
                continue
            after = planned[-1].last + timedelta(days=1)
            first = last_day(after, days=1, day_kind=WORKING, exceptions=self.exceptions)
            last = step.due if step.due and step.due >= after else self._last(step, first)
            planned.append(PlannedStage(step.label, min(first, last), last, step.pk))
        return planned

    def _first(self, step: StepPlan, starts_on: date) -> PlannedStage:
        """The first step is over when the nominations are; without such a day it has its due day or its length."""
        if self.nominations_until:
            last = max(starts_on, self.nominations_until)
        else:
            last = step.due if step.due and step.due >= starts_on else self._last(step, starts_on)
        return PlannedStage(step.label, starts_on, last, step.pk)

    def _last(self, step: StepPlan, first: date) -> date:
        days, kind = step.length()
        return last_day(first, days=days, day_kind=kind, exceptions=self.exceptions)


def load_plan(campaign: Campaign) -> Plan:
    """The plan of a campaign as it stands in the database (the campaign's own dates: as they stand in the object)."""
    kinds = campaign.kinds.prefetch_related("stages")
    return Plan(
        year=campaign.year,
        starts_on=campaign.starts_on,
        nominations_until=campaign.nominations_until,
        ends_on=campaign.ends_on,
        ways=tuple(_way(kind) for kind in kinds),
        phases=tuple(PhasePlan(row.pk, row.label, row.starts_on, row.ends_on) for row in campaign.phases.all()),
        rounds=_dated(campaign, "rounds", "by"),
        milestones=_dated(campaign, "milestones", "on"),
        exceptions=dict(Holiday.objects.order_by("date").values_list("date", "is_workday")),
    )


def with_calendar(plan: Plan, changes: dict[date, bool | None]) -> Plan:
    """The plan under another holiday table: a day worked, a day off, or (None) a day that counts by its weekday."""
    exceptions = plan.exceptions | {day: worked for day, worked in changes.items() if worked is not None}
    return replace(plan, exceptions={d: w for d, w in exceptions.items() if changes.get(d, True) is not None})


def _way(kind: PostKind) -> Way:
    steps = tuple(_step(stage) for stage in kind.stages.all())
    return Way(kind.pk, kind.label, steps, kind.rules.get("way") or f"own:{kind.pk}")


def _step(stage: Stage) -> StepPlan:
    params = _params(stage)
    is_notice = stage.kind == "notice"
    return StepPlan(
        pk=stage.pk,
        kind=stage.kind,
        label=stage.label,
        days=stage.duration_days,
        least=int(params.get("days") or 0) if is_notice else 0,
        least_kind=(params.get("day_kind") if is_notice else None) or WORKING,
        due=stage.due_on,
        rounds=tuple(params.get("rounds") or ()),
        position=stage.position,
    )


def _params(stage: Stage) -> dict[str, Any]:
    """The parameters with what holds where the scheme is silent."""
    spec = stage_specs().get(stage.kind)
    try:
        return spec.clean_params(stage.params) if spec else stage.params
    except ValidationError:
        return stage.params


def _dated(campaign: Campaign, table: str, key: str) -> tuple[DatedRule, ...]:
    rows = enumerate(campaign.rules.get(table) or [])
    return tuple(
        DatedRule(row.get("code") or str(i), row["label"], day_of(row[key], campaign.year) if row.get(key) else None)
        for i, row in rows
    )


def _canonical(value: Any) -> str:
    return repr(sorted(value.items())) if isinstance(value, dict) else repr(value)

"""What will happen in a campaign and when, as far as it can be planned (``plan`` reckons the days).

What later apps know (reviews) comes through a register.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from campaigns.domain.plan import Plan, PlannedStage, StepPlan, load_plan
from campaigns.models import Campaign, PostKind

ICONS = {
    "open": "flag",
    "phase": "calendar-range",
    "stage": "milestone",
    "deadline": "clock",
    "round": "award",
    "review": "clipboard-check",
    "rotation": "refresh-cw",
    "close": "flag-off",
}


@dataclass(frozen=True)
class Event:
    """Something with a date; ``until`` for what takes longer than a day. ``kind`` is a key of ICONS.

    ``lane``: events of one lane stand in one row of the chart. ``target``: the key under which it can be moved.
    ``steps``: the stages (primary keys) that it stands for.
    """

    on: date
    title: str
    kind: str
    until: date | None = None
    detail: str = ""
    lane: str = ""
    target: str = ""
    steps: tuple[int, ...] = ()

    @property
    def first(self) -> date:
        return self.on

    @property
    def last(self) -> date:
        """The day after which it is over."""
        return self.until or self.on

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


Source = Callable[[Campaign, date, date], Iterable[Event]]
_sources: list[Source] = []


def timeline_source(source: Source) -> Source:
    """Declare a function that adds events between the planned naming and the end of the campaign."""
    _sources.append(source)
    return source


def campaign_timeline(campaign: Campaign, plan: Plan | None = None) -> list[Event]:
    """Everything that can be dated, in order. Without a first day only what the scheme dates itself.

    ``plan``: another plan than the one in the database, to see what a move would bring.
    """
    plan = plan or load_plan(campaign)
    events = [*_frame(plan), *_dated_rules(plan), *_stage_events(plan)]
    events += later_events(campaign, plan)
    return sorted(events, key=lambda event: (event.on, list(ICONS).index(event.kind), event.title))


def later_events(campaign: Campaign, plan: Plan) -> list[Event]:
    """What other apps date between the planned naming and the end of the campaign."""
    named = plan.ends()
    if named is None or plan.ends_on is None:
        return []
    return [event for source in _sources for event in source(campaign, named, plan.ends_on)]


def planned_stages(campaign: Campaign) -> dict[PostKind, list[PlannedStage]]:
    """For each kind its steps with dates; empty while the campaign has no first day."""
    stages = load_plan(campaign).stages()
    return {kind: stages[kind.pk] for kind in campaign.kinds.all()}


def _frame(plan: Plan) -> list[Event]:
    events = []
    if plan.starts_on:
        events.append(Event(plan.starts_on, _("The campaign starts"), "open", target="start"))
    if plan.nominations_until:
        events.append(Event(plan.nominations_until, _("Last day for nominations"), "deadline", target="nominations"))
    if plan.ends_on:
        events.append(Event(plan.ends_on, _("The campaign ends"), "close", target="end"))
    return events


def _dated_rules(plan: Plan) -> list[Event]:
    phases = [
        Event(phase.first, phase.label, "phase", phase.last, target=f"phase_end:{phase.pk}")
        for phase in plan.phases
        if phase.first
    ]
    rounds = [
        Event(row.on, _("Naming: %(round)s") % {"round": row.label}, "round", target=f"round:{row.code}")
        for row in plan.rounds
        if row.on
    ]
    milestones = [
        Event(row.on, row.label, "deadline", target=f"milestone:{row.code}") for row in plan.milestones if row.on
    ]
    return [*phases, *rounds, *milestones]


def _stage_events(plan: Plan) -> list[Event]:
    """One event for each step; kinds whose step falls on the same days share it."""
    shared: dict[PlannedStage, list[tuple[str, StepPlan]]] = {}
    stages = plan.stages()
    for way in plan.ways:
        for step, planned in zip(way.steps, stages[way.pk], strict=False):
            shared.setdefault(planned, []).append((way.label, step))
    return [_stage_event(planned, found, len(plan.ways)) for planned, found in shared.items()]


def _stage_event(planned: PlannedStage, found: list[tuple[str, StepPlan]], ways: int) -> Event:
    step = found[0][1]
    return Event(
        planned.first,
        planned.label,
        "stage",
        planned.last,
        "" if len(found) == ways else "、".join(label for label, _step in found),
        target=f"due:{step.pk}" if step.due else f"length:{step.pk}",
        steps=tuple(step.pk for _label, step in found),
    )

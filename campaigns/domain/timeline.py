"""What will happen in a campaign and when, as far as it can be planned.

Stages are planned one after the other from the last day for nominations, in working days of the holiday table. What
later apps know (reviews) comes through a register.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from campaigns.domain.calendar import WORKING, exceptions_between, last_day
from campaigns.domain.dates import day_of
from campaigns.models import Campaign, PostKind, Stage

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
    """Something with a date; ``until`` for what takes longer than a day. ``kind`` is a key of ICONS."""

    on: date
    title: str
    kind: str
    until: date | None = None
    detail: str = ""

    @property
    def last(self) -> date:
        """The day after which it is over."""
        return self.until or self.on

    @property
    def icon(self) -> str:
        return ICONS[self.kind]


@dataclass(frozen=True)
class PlannedStage:
    """A step of a kind with the days in which it is meant to happen."""

    label: str
    first: date
    last: date


Source = Callable[[Campaign, date, date], Iterable[Event]]
_sources: list[Source] = []


def timeline_source(source: Source) -> Source:
    """Declare a function that adds events between the planned naming and the end of the campaign."""
    _sources.append(source)
    return source


def campaign_timeline(campaign: Campaign) -> list[Event]:
    """Everything that can be dated, in order. Without a first day only what the scheme dates itself."""
    plans = planned_stages(campaign)
    named = max((plan[-1].last for plan in plans.values() if plan), default=None)
    events = [*_frame(campaign), *_dated_rules(campaign), *_stage_events(plans)]
    if named and campaign.ends_on:
        for source in _sources:
            events += source(campaign, named, campaign.ends_on)
    return sorted(events, key=lambda event: (event.on, list(ICONS).index(event.kind), event.title))


def planned_stages(campaign: Campaign) -> dict[PostKind, list[PlannedStage]]:
    """For each kind its steps with dates; empty while the campaign has no first day."""
    kinds = list(campaign.kinds.prefetch_related("stages"))
    if campaign.starts_on is None:
        return {kind: [] for kind in kinds}
    exceptions = exceptions_between(campaign.starts_on, campaign.starts_on + timedelta(days=3 * 366))
    return {kind: _plan(list(kind.stages.all()), campaign, exceptions) for kind in kinds}


def _plan(stages: list[Stage], campaign: Campaign, exceptions: dict[date, bool]) -> list[PlannedStage]:
    plan: list[PlannedStage] = []
    for stage in stages:
        first = plan[-1].last + timedelta(days=1) if plan else campaign.starts_on
        days, kind = _length(stage)
        last = last_day(first, days=days, day_kind=kind, exceptions=exceptions)
        if not plan and campaign.nominations_until:
            last = max(first, campaign.nominations_until)  # the first step is over when the nominations are
        elif stage.due_on and stage.due_on >= first:
            last = stage.due_on
        first = last_day(first, days=1, day_kind=WORKING, exceptions=exceptions) if plan else first
        plan.append(PlannedStage(stage.label, min(first, last), last))
    return plan


def _length(stage: Stage) -> tuple[int, str]:
    """Planned days of a step: what it takes by its own parameters is the least."""
    own = stage.params.get("days")
    least = own if stage.kind == "notice" and isinstance(own, int) else 0
    if least > stage.duration_days:
        return least, stage.params.get("day_kind") or WORKING
    return max(stage.duration_days, 1), WORKING


def _frame(campaign: Campaign) -> list[Event]:
    events = []
    if campaign.starts_on:
        events.append(Event(campaign.starts_on, _("The campaign starts"), "open"))
    if campaign.nominations_until:
        events.append(Event(campaign.nominations_until, _("Last day for nominations"), "deadline"))
    if campaign.ends_on:
        events.append(Event(campaign.ends_on, _("The campaign ends"), "close"))
    return events


def _dated_rules(campaign: Campaign) -> list[Event]:
    year = campaign.year
    phases = [phase for phase in campaign.phases.all() if phase.starts_on]
    rounds = [each for each in campaign.rules.get("rounds", []) if each.get("by")]
    milestones = campaign.rules.get("milestones", [])
    return [
        *(Event(phase.starts_on, phase.label, "phase", phase.ends_on) for phase in phases),
        *(Event(day_of(r["by"], year), _("Naming: %(round)s") % {"round": r["label"]}, "round") for r in rounds),
        *(Event(day_of(milestone["on"], year), milestone["label"], "deadline") for milestone in milestones),
    ]


def _stage_events(plans: dict[PostKind, list[PlannedStage]]) -> list[Event]:
    """One event for each step; kinds whose step falls on the same days share it."""
    shared: dict[PlannedStage, list[str]] = {}
    for kind, plan in plans.items():
        for stage in plan:
            shared.setdefault(stage, []).append(kind.label)
    return [
        Event(stage.first, stage.label, "stage", stage.last, "" if len(kinds) == len(plans) else "、".join(kinds))
        for stage, kinds in shared.items()
    ]

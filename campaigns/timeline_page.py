"""What the page of a timeline shows: the chart, the list by months, what may be moved, what was moved."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.plan import Plan, PlannedStage, load_plan
from campaigns.domain.plan_conflicts import find_conflicts
from campaigns.domain.planning import last_move, movable_targets
from campaigns.domain.progress import StepState, step_states
from campaigns.domain.timeline import Event, campaign_timeline
from campaigns.gantt import Real, draw
from campaigns.models import Campaign, User
from campaigns.permissions import may_on_unit

COMPACT = 12


@dataclass(frozen=True)
class Row:
    """An event of the list; ``real``: how the step really goes; ``target``: the key under which it can be moved."""

    event: Event
    real: list[Real] = field(default_factory=list)
    target: str = ""


@dataclass(frozen=True)
class Month:
    first: date
    rows: list[Row]


def timeline_page(campaign: Campaign, user: User) -> dict:
    """Everything that the page of a timeline shows to this user."""
    plan, today = load_plan(campaign), timezone.localdate()
    may_manage = may_on_unit(user, "manage_campaign", campaign.owner)
    events = campaign_timeline(campaign, plan)
    real = _real_steps(plan, step_states(campaign), today)
    targets = movable_targets(campaign, plan) if may_manage else []
    titles = {"phase": _("Phases"), "days": _("Days to be kept")}
    return {
        "campaign": campaign,
        "may_manage": may_manage,
        "today": today,
        "gantt": draw(plan, events, today=today, real=real, titles=titles),
        "months": _months(events, real, {target.key for target in targets}),
        "targets": targets,
        "undo": last_move(campaign) if targets else None,
        "moves": campaign.date_moves.select_related("moved_by")[:20],
        "conflicts": find_conflicts(plan) if targets and plan.starts_on else [],
    }


def upcoming(campaign: Campaign) -> dict:
    """The compact timeline for the campaign's own page: what comes next, and how much more there is."""
    today = timezone.localdate()
    events = campaign_timeline(campaign)
    ahead = [event for event in events if event.last >= today] or events[-COMPACT:]
    return {"timeline": ahead[:COMPACT], "timeline_more": len(events) - len(ahead[:COMPACT]), "today": today}


def _months(events: list[Event], real: dict[int, Real], movable: set[str]) -> list[Month]:
    rows = [Row(e, _real_of(e, real), e.target if e.target in movable else "") for e in events]
    return [Month(first, list(group)) for first, group in groupby(rows, key=lambda row: row.event.on.replace(day=1))]


def _real_of(event: Event, real: dict[int, Real]) -> list[Real]:
    return [real[pk] for pk in event.steps if pk in real]


def _real_steps(plan: Plan, states: dict[tuple[int, int], StepState], today: date) -> dict[int, Real]:
    """By stage: how it really goes, for every step that a nomination has reached."""
    stages = plan.stages()
    found = {}
    for way in plan.ways:
        planned = stages[way.pk] or [None] * len(way.steps)
        for step, days in zip(way.steps, planned, strict=True):
            if state := states.get((way.pk, step.position)):
                found[step.pk] = _real(state, days, today)
    return found


def _real(state: StepState, planned: PlannedStage | None, today: date) -> Real:
    parts = []
    if state.standing:
        text = ngettext("%(n)s nomination stands here", "%(n)s nominations stand here", state.standing)
        parts.append(text % {"n": state.standing})
    if state.through:
        text = ngettext("%(n)s is through", "%(n)s are through", state.through)
        parts.append(text % {"n": state.through})
    last = state.last or today
    late = (last - planned.last).days if planned else 0
    if late > 0:
        text = ngettext("%(n)s day behind the plan", "%(n)s days behind the plan", late)
        parts.append(text % {"n": late})
    joined = _("(%(facts)s)") % {"facts": _(", ").join(parts)} if parts else ""
    return Real(state.first, max(last, state.first), joined, late > 0, state.last is None)

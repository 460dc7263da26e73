"""Where a plan does not work out, in sentences that say what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from campaigns.domain.calendar import CALENDAR, WORKING, is_working_day, last_day
from campaigns.domain.plan import Plan, PlannedStage, StepPlan, Way


@dataclass(frozen=True)
class Conflict:
    """What is wrong and what to do. ``blocks``: no order of days at all, so the move cannot be made."""

    text: str
    advice: str
    blocks: bool = False


def find_conflicts(plan: Plan) -> list[Conflict]:
    """Everything that does not work out, each once, the blocking ones first."""
    found = [*_frame(plan), *_phases(plan), *_dated_rules(plan), *_days_off(plan), *_years(plan)]
    stages = plan.stages()
    for way in plan.ways:
        for step, planned in zip(way.steps, stages[way.pk], strict=False):
            found += [*_late(step, planned, plan), *_notice(step, planned, plan)]
        found += _rounds(way, stages[way.pk], plan)
    unique = dict.fromkeys(found)
    return sorted(unique, key=lambda conflict: not conflict.blocks)


def _frame(plan: Plan) -> Iterator[Conflict]:
    first, until, last = plan.starts_on, plan.nominations_until, plan.ends_on
    advice = _("Choose a day that keeps the order: first day, last day for nominations, last day.")
    if first and last and last < first:
        yield Conflict(_("The campaign ends before it starts."), advice, blocks=True)
    if first and until and until < first:
        yield Conflict(_("The nominations end before the campaign starts."), advice, blocks=True)
    if until and last and last < until:
        yield Conflict(_("The campaign ends before the nominations do."), advice, blocks=True)


def _phases(plan: Plan) -> Iterator[Conflict]:
    for phase in plan.phases:
        words = {"phase": phase.label, "first": phase.first, "last": phase.last}
        if phase.first and phase.last and phase.last < phase.first:
            text = _("The phase “%(phase)s” ends (%(last)s) before it starts (%(first)s).") % words
            yield Conflict(text, _("Move its first or its last day."), blocks=True)
        elif _outside(plan, phase.first, phase.last):
            text = _("The phase “%(phase)s” (%(first)s to %(last)s) does not lie within the campaign.") % words
            yield Conflict(text, _("Move the phase, or the first or last day of the campaign."))


def _dated_rules(plan: Plan) -> Iterator[Conflict]:
    for row in (*plan.rounds, *plan.milestones):
        if _outside(plan, row.on, row.on):
            text = _("“%(label)s” on %(day)s does not lie within the campaign.")
            yield Conflict(
                text % {"label": row.label, "day": row.on}, _("Move it, or the first or last day of the campaign.")
            )


def _outside(plan: Plan, first: date | None, last: date | None) -> bool:
    return bool(
        (first and plan.starts_on and first < plan.starts_on) or (last and plan.ends_on and last > plan.ends_on)
    )


def _days_off(plan: Plan) -> Iterator[Conflict]:
    days = {
        _("The first day of the campaign"): plan.starts_on,
        _("The last day for nominations"): plan.nominations_until,
    }
    for label, day in days.items():
        if day and not is_working_day(day, plan.exceptions):
            following = last_day(day, days=1, day_kind=WORKING, exceptions=plan.exceptions)
            yield Conflict(
                _("%(label)s, %(day)s, is a day off.") % {"label": label, "day": day},
                _("The next working day is %(day)s.") % {"day": following},
            )


def _years(plan: Plan) -> Iterator[Conflict]:
    """The arrangement of a year is published only the November before; until then weekdays count."""
    known = {day.year for day in plan.exceptions}
    last = plan.ends()
    if plan.starts_on and last:
        for year in range(plan.starts_on.year, last.year + 1):
            if year not in known:
                yield Conflict(
                    _("The holidays of %(year)s are not in the table: the plan counts weekdays there.")
                    % {"year": year},
                    _("Enter them under “Holidays”; the plan then follows by itself."),
                )


def _late(step: StepPlan, planned: PlannedStage, plan: Plan) -> Iterator[Conflict]:
    words = {"step": step.label, "first": planned.first, "last": planned.last, "due": step.due, "end": plan.ends_on}
    shorten = _("Shorten the steps before it, or let the nominations end earlier.")
    if step.due and planned.last > step.due:
        yield Conflict(_("“%(step)s” is planned until %(last)s, but it is due on %(due)s.") % words, shorten)
    elif planned.last == step.due and not _fits(step, planned, plan):
        words["n"] = step.length()[0]
        text = _("“%(step)s” takes %(n)s days, but it can begin only on %(first)s and is due on %(due)s.")
        yield Conflict(text % words, shorten)
    if plan.ends_on and planned.last > plan.ends_on:
        text = _("“%(step)s” is planned until %(last)s, after the last day of the campaign (%(end)s).")
        yield Conflict(text % words, _("Move the last day of the campaign, or shorten the steps before it."))


def _fits(step: StepPlan, planned: PlannedStage, plan: Plan) -> bool:
    days, kind = step.length()
    return last_day(planned.first, days=days, day_kind=kind, exceptions=plan.exceptions) <= planned.last


def _notice(step: StepPlan, planned: PlannedStage, plan: Plan) -> Iterator[Conflict]:
    """Nobody reads a notice that ends in a holiday (domain notes 3.12)."""
    if step.kind == "notice" and step.least_kind == CALENDAR and not is_working_day(planned.last, plan.exceptions):
        following = last_day(planned.last + timedelta(days=1), days=1, day_kind=WORKING, exceptions=plan.exceptions)
        yield Conflict(
            _("“%(step)s” is planned to end on %(day)s, a day off.") % {"step": step.label, "day": planned.last},
            _("Publish it so that it runs until %(day)s.") % {"day": following},
        )


def _rounds(way: Way, stages: list[PlannedStage], plan: Plan) -> Iterator[Conflict]:
    """A naming that comes after the last of its rounds."""
    known = {row.code: row for row in plan.rounds}
    for step, planned in zip(way.steps, stages, strict=False):
        rounds = [known[code] for code in step.rounds if code in known]
        last = max(rounds, key=lambda row: row.on or date.max, default=None)
        if last and last.on and planned.last > last.on:
            text = _("“%(step)s” is planned until %(day)s, after the last naming round (%(round)s, by %(by)s).")
            words = {"step": step.label, "day": planned.last, "round": last.label, "by": last.on}
            yield Conflict(text % words, _("Shorten the steps before it, or let the nominations end earlier."))

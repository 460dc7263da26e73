"""What differs between two plans of a campaign: old days, new days, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.calendar import CALENDAR
from campaigns.domain.plan import Plan, StepPlan
from campaigns.domain.timeline import Event, later_events
from campaigns.models import Campaign

Days = tuple[date, date]


@dataclass(frozen=True)
class Change:
    """A line of the preview. ``before`` None: it comes into being; ``after`` None: it falls away."""

    label: str
    icon: str
    before: Days | None
    after: Days | None
    why: str


@dataclass(frozen=True)
class Moment:
    """Something of a plan with its first and last day, and why it lies there."""

    label: str
    icon: str
    days: Days
    why: str


Moments = dict[tuple, Moment]


def compare(campaign: Campaign, before: Plan, moved: Campaign, after: Plan) -> list[Change]:
    """Everything that lies elsewhere in ``after``; ``moved`` is the campaign as ``after`` has it."""
    return differences(moments_of(campaign, before), moments_of(moved, after))


def differences(old: Moments, new: Moments) -> list[Change]:
    """What lies elsewhere; what is alike for several kinds of post stands in one line."""
    lines: dict[Change, None] = {}
    for key in [*new, *(key for key in old if key not in new)]:
        was, now = old.get(key), new.get(key)
        shown = now or was
        before_days, after_days = was.days if was else None, now.days if now else None
        if shown and before_days != after_days:
            lines[Change(shown.label, shown.icon, before_days, after_days, shown.why if now else _gone())] = None
    return sorted(lines, key=lambda change: change.after or change.before or (date.max, date.max))


def moments_of(campaign: Campaign, plan: Plan) -> Moments:
    """Everything of a plan that may move, by a key that stays."""
    found: Moments = {}
    stages = plan.stages()
    for way in plan.ways:
        previous = ""
        for step, planned in zip(way.steps, stages[way.pk], strict=False):
            why = _why(step, previous)
            found["step", way.pk, step.pk] = Moment(step.label, "milestone", (planned.first, planned.last), why)
            previous = step.label
    if last := plan.ends():
        text = _("the last step of every kind of post is over then")
        found[("naming",)] = Moment(_("All namings and plaques"), "award", (last, last), text)
    for number, event in _numbered(later_events(campaign, plan)):
        why = _("counted from the planned naming to the end of the campaign")
        found[event.kind, event.title, number] = Moment(event.title, event.icon, (event.on, event.last), why)
    return found


def _numbered(events: list[Event]) -> Iterator[tuple[int, Event]]:
    """Events with a number among those of the same title."""
    seen: dict[str, int] = {}
    for event in sorted(events, key=lambda each: each.on):
        seen[event.title] = seen.get(event.title, 0) + 1
        yield seen[event.title], event


def _why(step: StepPlan, previous: str) -> str:
    if not previous:
        return _("from the first day to the last day for nominations")
    if step.due:
        return _("follows “%(step)s”, lasts until its due day") % {"step": previous}
    days, kind = step.length()
    if kind == CALENDAR:
        text = ngettext("follows “%(step)s”, %(n)s calendar day", "follows “%(step)s”, %(n)s calendar days", days)
    else:
        text = ngettext("follows “%(step)s”, %(n)s working day", "follows “%(step)s”, %(n)s working days", days)
    return text % {"step": previous, "n": days}


def _gone() -> str:
    return _("falls out of the time between the naming and the end of the campaign")

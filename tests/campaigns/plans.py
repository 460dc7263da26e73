"""Plans for the tests, without a database: steps by their length, one way after the other."""

from datetime import date

from campaigns.domain.holidays import arrangement
from campaigns.domain.plan import Plan, StepPlan, Way

HOLIDAYS = {day: worked for year in (2025, 2026) for day, worked, _name in arrangement(year)}


def make_plan(*lengths, starts_on=date(2026, 4, 1), until=date(2026, 4, 20), ends_on=date(2026, 12, 31), **fields):
    """A plan of one kind whose steps after the first take ``lengths`` working days; a StepPlan stands for itself."""
    steps = [StepPlan(1, "nominate", "推荐")]
    for number, length in enumerate(lengths, start=2):
        step = length if isinstance(length, StepPlan) else StepPlan(number, "endorse", f"第{number}步", days=length)
        steps.append(step)
    values = {"year": starts_on.year if starts_on else 2026, "ways": (Way(1, "个人", tuple(steps)),)}
    values |= {"exceptions": HOLIDAYS} | fields
    return Plan(starts_on=starts_on, nominations_until=until, ends_on=ends_on, **values)


def days_of(plan, kind=1):
    """First and last day of each step after the first, as text."""
    return [f"{stage.first:%m-%d}–{stage.last:%m-%d}" for stage in plan.stages()[kind][1:]]

"""What later apps know about a campaign: who has nominated, where nominations stand, what prevents its closing.

Campaigns cannot import them, so they declare functions here at start-up.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from campaigns.models import Campaign


@dataclass(frozen=True)
class StepState:
    """A step as it really goes: nominations that stand in it, those that are through, its first and last day so far.

    ``last`` is None while a nomination stands in the step.
    """

    standing: int
    through: int
    first: date
    last: date | None = None


StepStates = Callable[[Campaign], dict[tuple[int, int], StepState]]
Counts = Callable[[Campaign], dict[int, int]]
ClosingCheck = Callable[[Campaign], list[str]]
CarryOver = Callable[[Campaign], list[str]]

_counts: list[Counts] = []
_closing_checks: list[ClosingCheck] = []
_carry_overs: list[CarryOver] = []
_step_states: list[StepStates] = []


def declare_nomination_counts(function: Counts) -> Counts:
    """Say how many nominations each unit (by primary key) has handed in."""
    _counts.append(function)
    return function


def declare_closing_check(function: ClosingCheck) -> ClosingCheck:
    """Say what must be settled before a campaign is closed, in sentences."""
    _closing_checks.append(function)
    return function


def declare_step_states(function: StepStates) -> StepStates:
    """Say how each step (kind of post, position) really goes."""
    _step_states.append(function)
    return function


def declare_carry_over(function: CarryOver) -> CarryOver:
    """Say what of a campaign goes on when the next year's begins, in sentences."""
    _carry_overs.append(function)
    return function


def carried_over(campaign: Campaign) -> list[str]:
    """What goes on under this campaign when the next year's begins."""
    return [sentence for function in _carry_overs for sentence in function(campaign)]


def step_states(campaign: Campaign) -> dict[tuple[int, int], StepState]:
    """How each step (kind of post, position) really goes; steps that no nomination has reached are left out."""
    return {key: state for function in _step_states for key, state in function(campaign).items()}


def nominations_by_unit(campaign: Campaign) -> Counter[int]:
    """How many nominations each unit has handed in, by its primary key."""
    total: Counter[int] = Counter()
    for function in _counts:
        total.update(function(campaign))
    return total


def closing_blockers(campaign: Campaign) -> list[str]:
    """What must be settled before the campaign is closed."""
    return [sentence for function in _closing_checks for sentence in function(campaign)]

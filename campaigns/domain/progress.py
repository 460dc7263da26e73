"""What later apps know about a campaign: how many nominations a unit has made, what still stands in the way of closing.

Campaigns cannot import them, so they declare functions here at start-up.
"""

from collections import Counter
from collections.abc import Callable

from campaigns.models import Campaign

Counts = Callable[[Campaign], dict[int, int]]
ClosingCheck = Callable[[Campaign], list[str]]

_counts: list[Counts] = []
_closing_checks: list[ClosingCheck] = []


def declare_nomination_counts(function: Counts) -> Counts:
    """Say how many nominations each unit (by primary key) has handed in."""
    _counts.append(function)
    return function


def declare_closing_check(function: ClosingCheck) -> ClosingCheck:
    """Say what must be settled before a campaign is closed, in sentences."""
    _closing_checks.append(function)
    return function


def nominations_by_unit(campaign: Campaign) -> Counter[int]:
    """How many nominations each unit has handed in, by its primary key."""
    total: Counter[int] = Counter()
    for function in _counts:
        total.update(function(campaign))
    return total


def closing_blockers(campaign: Campaign) -> list[str]:
    """What must be settled before the campaign is closed."""
    return [sentence for function in _closing_checks for sentence in function(campaign)]

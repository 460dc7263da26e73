"""What happens in a rehearsal: cases with what is done at their steps, and events after the naming."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Doing:
    """What is done at a step: ``pass``, ``refuse``, ``return`` or another way that its mover knows."""

    does: str = "pass"
    on: date | None = None
    satisfied: int | None = None
    dissatisfied: int | None = None
    text: str = ""


PASS = Doing()


@dataclass(frozen=True)
class Event:
    """Something after the naming: ``review``, ``incident`` or ``leave``."""

    what: str
    rule: str = ""  # review: the code of the rule
    outcome: str = ""  # review: the outcome; incident: veto (empty) or the finding not_verified
    ground: str = ""  # incident: the code of the veto ground
    done: bool = True  # review with rectify: whether the rectification is done
    on: date | None = None
    text: str = ""


@dataclass(frozen=True)
class CasePlan:
    """One nomination: ``steps`` by position (1 is the first step of the way)."""

    code: str
    kind: str
    steps: dict[int, Doing] = field(default_factory=dict)
    after: tuple[Event, ...] = ()
    route: int = 0  # which of the kind's possible places in the organisation
    unit: str = ""  # kind of the nominating unit, where the script asks for one
    starts_on: date | None = None
    note: str = ""

    def doing(self, position: int) -> Doing:
        return self.steps.get(position, PASS)


@dataclass(frozen=True)
class Script:
    """A whole rehearsal."""

    starts_on: date
    year: int
    cases: tuple[CasePlan, ...]

"""What a rehearsal tells: its steps, what was reached, what went wrong, and who holds what in the end."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

PASSED, FAILED, RETURNED, WAITS, DONE = "passed", "failed", "returned", "waits", "done"


@dataclass(frozen=True)
class Step:
    """Something that somebody did, or the clock (then ``actor`` is empty)."""

    date: date
    case: str  # the case of the script, empty for what concerns the whole campaign
    post: str
    actor: str  # invented name
    role: str
    unit: str
    what: str  # a word for programs: nominate, survey_open, review …
    outcome: str  # a word for programs: passed, failed, returned, waits, done
    text: str


@dataclass
class StageReport:
    """A step of a kind's way: whether some case came there, passed it, and ended there."""

    kind: str
    kind_label: str
    position: int
    stage: str
    label: str
    reached: int = 0
    passed: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Finding:
    """Something is wrong with the scheme, or with the program: exit status 1."""

    code: str
    text: str
    case: str = ""
    kind: str = ""
    position: int = 0


@dataclass(frozen=True)
class Ending:
    """How a case ended: the paper's state, and the title's if there was one."""

    case: str
    kind: str
    post: str
    unit: str
    nomination: str  # word
    title: str  # word, empty when it was never conferred
    reason: str
    holders: list[str] = field(default_factory=list)
    plaques: list[str] = field(default_factory=list)
    bans: list[str] = field(default_factory=list)
    text: str = ""


@dataclass
class Report:
    """A whole rehearsal. ``to_dict()`` is the documented form (docs/rehearsal.md)."""

    scheme: str = ""
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    assumptions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    stages: list[StageReport] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    on_step: Callable[[Step], object] | None = None

    @property
    def is_clean(self) -> bool:
        return not self.findings

    def add(self, step: Step) -> None:
        self.steps.append(step)
        if self.on_step is not None:
            self.on_step(step)

    def find(self, code: str, text: str, **where: Any) -> None:
        """Note a finding once."""
        finding = Finding(code, text, **where)
        if finding not in self.findings:
            self.findings.append(finding)

    def stage(self, kind: str, position: int) -> StageReport:
        return next(row for row in self.stages if (row.kind, row.position) == (kind, position))

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        found = {name: getattr(self, name) for name in ("scheme", "title", "assumptions", "notes")}
        found["starts_on"], found["ends_on"] = _day(self.starts_on), _day(self.ends_on)
        found["clean"] = self.is_clean
        for name in ("findings", "stages", "endings"):
            found[name] = [asdict(row) for row in getattr(self, name)]
        found["steps"] = [step_dict(step) for step in self.steps]
        return found


def step_dict(step: Step) -> dict[str, Any]:
    """A step as plain values."""
    return asdict(step) | {"date": step.date.isoformat()}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None

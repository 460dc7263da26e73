"""The chart of a timeline: where every bar, mark and label stands. Units are those of the picture's view box.

Drawn on the server with attributes only, because the policy forbids inline styles; colours are classes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from campaigns.domain.plan import Plan
from campaigns.domain.timeline import Event

WIDTH, LEFT, RIGHT = 1160, 160, 16
HEAD, ROW, LANE_GAP = 40, 24, 8
LETTER = 13  # width of a Chinese character
MARKS = ("open", "deadline", "round", "close")


@dataclass(frozen=True)
class Bar:
    """A span of days with its label. ``actual``: what really happened so far, drawn below."""

    x: float
    y: float
    width: float
    css: str
    label: str
    title: str
    label_x: float
    anchor: str = "start"
    is_mark: bool = False
    actual: tuple[float, float] | None = None
    is_late: bool = False

    @property
    def text_y(self) -> float:
        return self.y + 13

    @property
    def actual_y(self) -> float:
        return self.y + 15


@dataclass
class Lane:
    """A titled strip with its bars."""

    label: str
    y: float
    height: float = 0
    bars: list[Bar] = field(default_factory=list)

    @property
    def text_y(self) -> float:
        return self.y + 17


@dataclass(frozen=True)
class Strip:
    """A month of the head, or a run of days off: from x, so wide."""

    x: float
    width: float
    label: str = ""


@dataclass(frozen=True)
class Real:
    """How a step really goes, for its bar; ``last`` is today while it goes on."""

    first: date
    last: date
    text: str
    is_late: bool
    goes_on: bool = False


@dataclass
class Gantt:
    """Everything that the template draws."""

    first: date
    last: date
    width: int = WIDTH
    height: float = HEAD
    months: list[Strip] = field(default_factory=list)
    days_off: list[Strip] = field(default_factory=list)
    made_up: list[float] = field(default_factory=list)
    lanes: list[Lane] = field(default_factory=list)
    today_x: float | None = None

    @property
    def day(self) -> float:
        return (WIDTH - LEFT - RIGHT) / ((self.last - self.first).days + 1)

    @property
    def body(self) -> float:
        """Height below the head."""
        return self.height - HEAD

    def x(self, day: date) -> float:
        return round(LEFT + (day - self.first).days * self.day, 1)

    def span(self, first: date, last: date) -> tuple[float, float]:
        """Where a span of days begins and how wide it is: never too narrow to be seen."""
        return self.x(first), round(max(self.x(last) + self.day - self.x(first), 3), 1)


def draw(
    plan: Plan, events: list[Event], *, today: date, real: dict[int, Real], titles: dict[str, str]
) -> Gantt | None:
    """The chart of a plan; None when nothing is dated. ``real``: by stage; ``titles``: of the first two lanes."""
    if not events or plan.starts_on is None:
        return None
    days = [day for each in (*real.values(), *events) for day in (each.first, each.last)]
    gantt = Gantt(min(days).replace(day=1), _month_end(max(days)))
    _head(gantt, plan)
    _lane(gantt, titles["phase"], [_bar(gantt, e) for e in events if e.kind == "phase"])
    _lane(gantt, titles["days"], [_bar(gantt, e, is_mark=True) for e in events if e.kind in MARKS])
    for way in plan.ways:
        pks = {step.pk for step in way.steps}
        own = [event for event in events if pks & set(event.steps)]
        bars = [_bar(gantt, e, real=real.get((pks & set(e.steps)).pop())) for e in own]
        _lane(gantt, way.label, bars, one_each=True)
    for label in dict.fromkeys(e.lane or e.title for e in events if e.kind not in (*MARKS, "phase", "stage")):
        _lane(gantt, label, [_bar(gantt, e, bare=True) for e in events if (e.lane or e.title) == label])
    gantt.today_x = gantt.x(today) + gantt.day / 2 if gantt.first <= today <= gantt.last else None
    return gantt


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _head(gantt: Gantt, plan: Plan) -> None:
    day = gantt.first
    while day <= gantt.last:
        end = _month_end(day)
        label = f"{day.year}.{day.month}" if day.month == 1 or day == gantt.first else str(day.month)
        gantt.months.append(Strip(gantt.x(day), gantt.x(end) + gantt.day - gantt.x(day), label))
        day = end + timedelta(days=1)
    for day, worked in plan.exceptions.items():
        if gantt.first <= day <= gantt.last:
            if worked:
                gantt.made_up.append(round(gantt.x(day) + gantt.day / 2, 1))
            else:
                gantt.days_off.append(Strip(gantt.x(day), round(gantt.day, 1)))


def _bar(gantt: Gantt, event: Event, *, is_mark: bool = False, bare: bool = False, real: Real | None = None) -> Bar:
    x, width = gantt.span(event.on, event.last)
    days = f"{event.on:%Y-%m-%d}" + (f" – {event.last:%Y-%m-%d}" if event.last != event.on else "")
    state = f" {real.text}" if real else ""
    label = "" if bare else event.title + state
    label_x, anchor = _label_place(label, x, x + (12 if is_mark else width + 4))
    return Bar(
        x=x,
        y=0,
        width=width,
        css=event.kind,
        label=label,
        title=f"{event.title}：{days}{state}",
        label_x=label_x,
        anchor=anchor,
        is_mark=is_mark,
        actual=gantt.span(real.first, real.last) if real else None,
        is_late=bool(real and real.is_late),
    )


def _label_place(label: str, left: float, right: float) -> tuple[float, str]:
    """Right of the bar; left of it where the picture ends; over it where there is room on neither side."""
    room = len(label) * LETTER
    if right + room <= WIDTH:
        return round(right, 1), "start"
    if left - 6 - room >= LEFT:
        return round(left - 6, 1), "end"
    return round(max(WIDTH - room, LEFT), 1), "start"


def _lane(gantt: Gantt, label: str, bars: Iterable[Bar], *, one_each: bool = False) -> None:
    """Put the bars into as few rows as their labels allow (``one_each``: a row for each, as the steps of a way)."""
    lane = Lane(label, gantt.height)
    ends: list[float] = []
    for bar in sorted(bars, key=lambda bar: bar.x):
        left, right = _extent(bar)
        row = len(ends) if one_each else next((i for i, end in enumerate(ends) if end <= left), len(ends))
        ends[row : row + 1] = [right]
        lane.bars.append(replace(bar, y=lane.y + 3 + row * ROW))
    if not ends:
        return
    lane.height = len(ends) * ROW + LANE_GAP
    gantt.lanes.append(lane)
    gantt.height += lane.height


def _extent(bar: Bar) -> tuple[float, float]:
    room = len(bar.label) * LETTER + 8
    if not bar.label:
        return bar.x, bar.x + bar.width + 1
    return (bar.label_x - room, bar.x + bar.width) if bar.anchor == "end" else (bar.x, bar.label_x + room)

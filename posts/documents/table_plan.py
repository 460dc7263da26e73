"""How a long table falls on pages: widths of the columns, lines of the cells, rows of the pages. All in points."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import sqrt

from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError

WIDTH, HEIGHT = 841.89, 595.28  # A4 on its side
LEFT, RIGHT, TOP, BOTTOM = 42.0, 42.0, 40.0, 44.0
PAD_X, PAD_Y, LEADING = 3.2, 3.4, 1.38
SIZES = (9, 8.5, 8, 7.5, 7, 6.5, 6)
#: How much more than the least widths there should be for long texts, and down to which size of letters that is wanted.
SPARE = ((1.3, 8), (1.15, 7.5), (1, 6))
TITLE_SIZE, TITLE_BLOCK = 20, 56.0  # the title and what stands below it, on the first page
MAX_CELL = 20_000
SHORT = 10  # letters

Measure = Callable[[str], int]
Row = list[list[str]]  # of each cell its lines

_BEFORE, _AFTER = "（【《〈「『“‘〔", "，。、；：？！）】》〉」』”’〕…％℃,.;:!?)]%"
_PIECE = re.compile(rf"[{_BEFORE}]*(?:[\w@#+\-–/:.~=&]+|.)(?: ?[{re.escape(_AFTER)}])* *", re.ASCII | re.DOTALL)


def _pieces(paragraph: str) -> list[str]:
    """What stays together: a number, a word, a letter with its marks and the blank behind; of names each name."""
    names = paragraph.split("、")
    if len(names) > 1 and max(map(len, names)) <= 4:
        return [f"{name}、" for name in names[:-1]] + names[-1:]
    return _PIECE.findall(paragraph)


def _ems(piece: str) -> float:
    """About how wide: the letters are not cut yet."""
    return sum(0.56 if char < "\u0100" else 1 for char in piece)


@dataclass
class Weights:
    """What the cells of each column ask for, gathered while they pass by. In multiples of the letter size."""

    headings: Sequence[str]
    count: int = 0
    total: list[int] = field(default_factory=list)
    longest: list[int] = field(default_factory=list)
    widest: list[float] = field(default_factory=list)
    least: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.total = [0] * len(self.headings)
        self.longest = [len(heading) for heading in self.headings]
        self.widest = [0.0] * len(self.headings)
        self.least = [2.1 if len(heading) > 1 else 1.1 for heading in self.headings]

    def see(self, cells: Sequence[str]) -> None:
        """Take note of a row. Raises DomainError for a cell beyond all measure."""
        self.count += 1
        for at, text in enumerate(cells):
            if len(text) > MAX_CELL:
                raise _too_long(self.headings[at], self.count, len(text))
            self.total[at] += len(text)
            self.longest[at] = max(self.longest[at], min(len(text), 120))
            self.widest[at] = max(self.widest[at], _ems(text[:120]))
            whole = min(len(text), 4) if len(text) < 6 else 3
            kept = [_ems(piece) for line in text[:300].splitlines() for piece in _pieces(line) if len(piece) <= 14]
            self.least[at] = max(self.least[at], whole + 0.1, *kept)

    def asked(self) -> list[float]:
        """How wide each column would like to be, in proportion."""
        return [
            sqrt(max(1, (total / max(1, self.count) + longest) / 2))
            for total, longest in zip(self.total, self.longest, strict=True)
        ]


def _too_long(column: str, row: int, n: int) -> DomainError:
    text = _("“%(column)s” of entry %(row)s has %(n)s characters; at most %(most)s can be printed. Shorten it.")
    return DomainError(text % {"column": column, "row": row, "n": n, "most": MAX_CELL})


@dataclass(frozen=True)
class Grid:
    """The size of the letters and the widths of the columns with their padding."""

    size: float
    widths: tuple[float, ...]

    @property
    def leading(self) -> float:
        return round(self.size * LEADING, 2)

    def height(self, row: Row) -> float:
        return max(len(lines) for lines in row) * self.leading + 2 * PAD_Y


def plan_grid(weights: Weights) -> Grid:
    """The largest letters with which every column has its least width; the rest of the room goes where text is long.

    The sum of the heights is smallest when widths grow as the square roots of the lengths. Raises DomainError when
    there are too many columns.
    """
    n = len(weights.headings)
    asked = weights.asked()
    for spare, smallest in SPARE:
        for size in SIZES:
            room = (WIDTH - LEFT - RIGHT - 2 * PAD_X * n) / size
            if size < smallest or spare * sum(weights.least) > room:
                continue
            ems = share_room(room, weights.least, asked)
            return Grid(size, tuple(round(em * size + 2 * PAD_X, 2) for em in ems))
    raise DomainError(_("The table has %(n)s columns: too many for a page. Take the Excel file.") % {"n": n})


def centered_columns(weights: Weights, grid: Grid) -> list[int]:
    """Columns of few letters, each cell in one line: dates, figures, states. Broken lines stand on the left."""
    rooms = [(width - 2 * PAD_X) / grid.size for width in grid.widths]
    short = zip(weights.longest, weights.widest, rooms, strict=True)
    return [at for at, (longest, widest, room) in enumerate(short) if longest <= SHORT and widest < room + 0.1]


def share_room(room: float, least: Sequence[float], asked: Sequence[float]) -> list[float]:
    """The widths that fill ``room``: to each what it needs at least, the rest in proportion to what is asked."""
    low, high = 0.0, room
    for _step in range(50):
        middle = (low + high) / 2
        if sum(max(a, middle * b) for a, b in zip(least, asked, strict=True)) > room:
            high = middle
        else:
            low = middle
    return [max(a, low * b) for a, b in zip(least, asked, strict=True)]


def break_lines(text: str, *, room: float, measure: Measure) -> list[str]:
    """Lines no wider than ``room`` (thousandths of the size); numbers and words stay whole, 避头尾 is kept."""
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        line, used = "", 0.0
        for piece in _pieces(paragraph):
            for part in [piece] if measure(piece) <= room else piece:
                width = measure(part)
                if used + width > room and line:
                    lines.append(line)
                    line, used = "", 0.0
                line, used = line + part, used + width
        lines.append(line)
    return lines


def break_headings(headings: Sequence[str], grid: Grid, measure: Measure) -> Row:
    """The same for headings, whose lines are of about the same length: 核查/结论, not 核查结/论."""
    found = []
    for text, lines in zip(headings, break_row(headings, grid, measure), strict=True):
        step = -(-len(text) // len(lines))
        even = [text[at : at + step] for at in range(0, len(text), step)]
        found.append(even if text.isalpha() and not text.isascii() and len(even) == len(lines) else lines)
    return found


def break_row(cells: Sequence[str], grid: Grid, measure: Measure) -> Row:
    rooms = (1000 * (width - 2 * PAD_X) / grid.size for width in grid.widths)
    return [break_lines(text, room=room, measure=measure) for text, room in zip(cells, rooms, strict=True)]


def fill_pages(rows: Iterable[Row], grid: Grid, *, head: float) -> Iterator[list[Row]]:
    """The rows of each page. ``head``: height of the headings. A row is torn only when no page could hold it."""
    full = HEIGHT - TOP - BOTTOM - head
    left, page = full - TITLE_BLOCK, []
    for row in rows:
        rest: Row | None = row
        while rest is not None:
            height = grid.height(rest)
            if height <= left:
                page.append(rest)
                left, rest = left - height, None
            elif page and (height <= full or left < 2 * PAD_Y + 3 * grid.leading):
                yield page
                left, page = full, []
            else:
                taken, rest = _tear(rest, int((left - 2 * PAD_Y) / grid.leading))
                yield [*page, taken]
                left, page = full, []
    yield page


def _tear(row: Row, n_lines: int) -> tuple[Row, Row]:
    n_lines = max(1, n_lines)
    return [lines[:n_lines] for lines in row], [lines[n_lines:] or [""] for lines in row]

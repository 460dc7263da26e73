"""Lines of an official document: 28 characters wide, broken as Chinese is (避头尾), each with its letter-spacing.

WeasyPrint stretches only spaces, so Chinese is never justified by it: the lines are made here, and the space that makes
the right edge straight is put between all characters of a line.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

#: Marks with which no line may begin, and marks with which none may end (GB/T 15834-2011 5.1, CLREQ 避头尾). An opening
#: quotation mark may begin a line but not end one; a slash may do neither.
NOT_FIRST = frozenset("，。、；：？！,.;:?!）)〕】］]｝}〗》〉」』”’…—–－～·•％%‰℃°ー々／/")
NOT_LAST = frozenset("（(〔【［[｛{〖《〈「『“‘／/")
CLOSING = frozenset("，。、；：？！）〕】》〉」』”’")
#: Marks that fill the left or the right half of their square: of two in a row, the empty halves between them take the
#: room of one. In ems, and short of half: at half poppler takes what follows for another line when it is copied out.
_LEFT, _RIGHT = CLOSING - frozenset("？！"), frozenset("（〔【《〈「『“‘")
CLOSER = 0.4
_PIECES = re.compile(r"[0-9A-Za-zÀ-ɏ][0-9A-Za-zÀ-ɏ@&+#/._:\-'’]*[0-9A-Za-zÀ-ɏ%]|…+|—+|\s|.", re.DOTALL)
# An address longer than this (in characters of the text) may be broken when the line would else be torn apart.
LONG_WORD, TORN = 8.0, 3.0

Advance = Callable[[str, str], float]


@dataclass(frozen=True)
class Run:
    """Text in one face; ``role`` is a name the caller knows. ``pull``: ems by which what follows moves closer."""

    text: str
    role: str
    pull: float = 0


@dataclass(frozen=True)
class Line:
    """One line: its runs, the letter-spacing and the indent in points."""

    runs: tuple[Run, ...]
    spacing: float
    indent: float = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Measure:
    """The grid: points of a size, how many characters a line has, and the width of that line in points."""

    size: float
    cells: int
    width: float

    @property
    def normal(self) -> float:
        """The letter-spacing that makes a full line of Chinese fill the width."""
        return self.width / self.cells - self.size

    def indented(self, cells: float) -> float:
        return self.width - cells * (self.size + self.normal)


class Char(NamedTuple):
    """A character, its width in ems, and how much of that it gives up to the mark that follows."""

    char: str
    role: str
    width: float
    pull: float = 0

    @property
    def ems(self) -> float:
        return self.width - self.pull


@dataclass(frozen=True)
class Chunk:
    """Characters between which no line ends."""

    chars: tuple[Char, ...]

    @cached_property
    def text(self) -> str:
        return "".join(each.char for each in self.chars)

    @cached_property
    def ems(self) -> float:
        return sum(each.ems for each in self.chars)


def break_lines(
    runs: Iterable[Run], *, measure: Measure, advance: Advance, first: float = 0, rest: float = 0
) -> list[Line]:
    """The lines of a paragraph. ``advance(char, role)`` is a width in ems; ``first`` and ``rest`` are indents in
    characters. Nothing of the text is lost: the lines joined are the text, line breaks within it read as spaces.
    """
    lines: list[Line] = []
    waiting = list(chunks_of(runs, advance, closes_up=True))
    while waiting:
        indent = rest if lines else first
        taken, waiting = _fill(waiting, measure, measure.indented(indent))
        lines.append(_line(taken, measure, indent, is_last=not waiting))
    return lines


def chunks_of(runs: Iterable[Run], advance: Advance, *, closes_up: bool = False) -> Iterator[Chunk]:
    """Words, numbers and single characters, with the marks that stay with them."""
    chars = [
        Char(char, run.role, advance(char, run.role))
        for run in runs
        for char in (" " if each.isspace() else each for each in run.text)
    ]
    if closes_up:
        chars = _close_up(chars)
    pieces = [match.span() for match in _PIECES.finditer("".join(each.char for each in chars))]
    start = 0
    for n, (_begin, end) in enumerate(pieces):
        if n + 1 < len(pieces) and not may_break(chars[end - 1].char, chars[end].char):
            continue
        yield Chunk(tuple(chars[start:end]))
        start = end


def _close_up(chars: Sequence[Char]) -> list[Char]:
    """Two marks in a row lose one of the two empty halves between them (GB/T 15834-2011, 5.1.9)."""
    pairs = pairwise([*chars, Char("", "", 0)])
    return [each._replace(pull=CLOSER) if _is_gap(each, after) else each for each, after in pairs]


def _is_gap(before: Char, after: Char) -> bool:
    if before.width < 0.9 or after.width < 0.9:
        return False
    halves = before.char in _LEFT and after.char in _LEFT | _RIGHT
    return halves or (before.char in _RIGHT and after.char in _RIGHT)


def may_break(before: str, after: str) -> bool:
    if after == " ":
        return False
    return after not in NOT_FIRST and before not in NOT_LAST


def _fill(chunks: list[Chunk], measure: Measure, width: float) -> tuple[list[Chunk], list[Chunk]]:
    """As many chunks as the line takes, and the rest."""
    taken: list[Chunk] = []
    for n, chunk in enumerate(chunks):
        if _set_width([*taken, chunk], measure) <= width + 0.01:
            taken.append(chunk)
            continue
        room = width - _set_width(taken, measure)
        if taken and _may_squeeze(taken, chunk, measure, width):
            return [*taken, chunk], chunks[n + 1 :]
        if not taken or (_is_word(chunk) and room > TORN * measure.size):
            head, tail = _split(chunk, measure, room)
            return ([*taken, head] if head else taken), [tail, *chunks[n + 1 :]]
        return taken, chunks[n:]
    return taken, []


def _may_squeeze(taken: Sequence[Chunk], chunk: Chunk, measure: Measure, width: float) -> bool:
    """Whether only a closing mark hangs over: it is pulled in, and all characters move a little closer."""
    over = _set_width([*taken, chunk], measure) - width
    return chunk.text.rstrip()[-1:] in CLOSING and over <= measure.size + measure.normal + 0.01


def _is_word(chunk: Chunk) -> bool:
    word = chunk.text.strip("".join(NOT_FIRST | NOT_LAST))
    return chunk.ems > LONG_WORD and word.isascii() and any(char.isalpha() for char in word)


def _split(chunk: Chunk, measure: Measure, room: float) -> tuple[Chunk | None, Chunk]:
    """The longest head that fits and leaves no mark at the wrong edge; at least one character of a line's own."""
    best, used = 0, 0.0
    chars = chunk.chars
    for n, each in enumerate(chars[:-1], start=1):
        used += each.ems * measure.size + measure.normal
        if used > room + 0.01:
            break
        if chars[n].char not in NOT_FIRST and each.char not in NOT_LAST:
            best = n
    best = best or max(1, _longest(chars, measure, room))
    return Chunk(chars[:best]), Chunk(chars[best:])


def _longest(chars: Sequence[tuple[str, str, float]], measure: Measure, room: float) -> int:
    """How many characters fit where only marks stand: such a row has no right place to break."""
    used = 0.0
    for n, each in enumerate(chars):
        used += each.ems * measure.size + measure.normal
        if used > room + 0.01:
            return n
    return len(chars) - 1


def _set_width(chunks: Sequence[Chunk], measure: Measure) -> float:
    """How wide the chunks are at normal spacing, a space at the end left out."""
    chars = _until_edge(chunks)
    return sum(each.ems * measure.size + measure.normal for each in chars)


def _until_edge(chunks: Sequence[Chunk]) -> list[Char]:
    """The characters of a line without the spaces at its end; the last takes its whole room."""
    chars = [each for chunk in chunks for each in chunk.chars]
    while chars and chars[-1].char == " ":
        chars.pop()
    return [*chars[:-1], *(each._replace(pull=0) for each in chars[-1:])]


def _line(chunks: Sequence[Chunk], measure: Measure, indent: float, *, is_last: bool) -> Line:
    chars = _until_edge(chunks)
    every = [each for chunk in chunks for each in chunk.chars]
    natural = sum(each.ems for each in chars) * measure.size
    spacing = (measure.indented(indent) - natural) / max(1, len(chars) - 1)
    # The last line keeps the grid, unless even it had to take a mark in.
    spacing = min(spacing, measure.normal) if is_last else spacing
    runs = _runs([*chars, *every[len(chars) :]])
    return Line(runs, round(spacing, 4), round(indent * (measure.size + measure.normal), 3))


def _runs(chars: Iterable[Char]) -> tuple[Run, ...]:
    runs: list[Run] = []
    for each in chars:
        if runs and not runs[-1].pull and (runs[-1].role, each.pull) == (each.role, 0):
            runs[-1] = Run(runs[-1].text + each.char, each.role)
        else:
            runs.append(Run(each.char, each.role, each.pull))
    return tuple(runs)

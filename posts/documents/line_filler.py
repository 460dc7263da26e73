"""Lines of plaques and slips: neither squeezed nor justified, with the marks of each where they may stand."""

import re
from collections.abc import Callable, Iterable, Iterator

from posts.documents.line_breaker import Char, Chunk, Run, chunks_of, may_break

_BLANKS = re.compile(r"[ \t\n\f\r]+")


def fill_lines(text: str, *, room: float, advance: Callable[[str], float]) -> list[str]:
    """The lines of a text that is neither squeezed nor justified, broken as the layout engine does.

    Unlike the engine, it lets a line begin with an opening quotation mark, as Chinese does.
    ``advance(char)`` and ``room`` in the same measure. A word wider than a line is broken, between marks if need be.
    """
    return fill(unbroken(text, advance), room=room)


def single_blanks(text: str) -> str:
    """The text with every run of blanks as one, as the engine sets it; a wide blank of Chinese stays."""
    return _BLANKS.sub(" ", text).strip(" ")


def unbroken(text: str, advance: Callable[[str], float]) -> list[Chunk]:
    """The parts of a text within which no line ends, for ``fill``."""
    return list(chunks_of([Run(text, "")], lambda char, _role: advance(char)))


def fill(chunks: Iterable[Chunk], *, room: float) -> list[str]:
    """The parts in lines, each as full as it goes."""
    lines, line, used = [], "", 0.0
    for chunk in chunks:
        for part in [chunk] if chunk.ems <= room else _broken(chunk, room):
            last = part.chars[-1]
            bare = part.ems - (last.width if last.char == " " else 0)  # a space at the end takes no room
            if line and used + bare > room + 0.001:
                lines.append(line.rstrip(" "))
                line, used = "", 0.0
            line, used = line + part.text, used + part.ems
    return [*lines, line.rstrip(" ")]


def _broken(chunk: Chunk, room: float) -> Iterator[Chunk]:
    """A word that no line holds, in parts whose marks still stand right; a heap of marks in single ones."""
    held: list[Char] = []
    for n, each in enumerate(chunk.chars, 1):
        held.append(each)
        if n < len(chunk.chars) and not may_break(each.char, chunk.chars[n].char):
            continue
        whole = Chunk(tuple(held))
        yield from [whole] if whole.ems <= room else [Chunk((one,)) for one in held]
        held = []

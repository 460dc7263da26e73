"""Where signature and seal fall (GB/T 9704-2012, 7.3.5.5): never on a page without text, never after 此页无正文.

The lines move a little closer or apart when that lets the close share its page with text; 5.2.3 allows it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

#: 22 lines fill 225 mm; 10.2273 would be rounded to 21 lines.
PITCH = 10.227
TEXT_HEIGHT = 225.0
#: So many lines of the text, at least, stand on the page of the seal when it is not the first.
COMPANY = 2
WIDEST_CHANGE = 10  # per cent of the pitch
_CHANGES = [0, *(sign * n for n in range(1, WIDEST_CHANGE + 1) for sign in (-1, 1))]


@dataclass(frozen=True)
class Flow:
    """What runs over the pages before the annexes. Heights in mm.

    ``first``: room for text on the first page. ``lines``: of each line, whether it stays with the next as a heading
    does. ``close``: annex notes and signature, in one piece. ``imprint``: what else should stand on that page.
    """

    first: float
    lines: Sequence[bool]
    close: float
    imprint: float = 0


def choose_pitch(flow: Flow) -> float:
    """The pitch nearest to the standard's with which the close fits under text; the standard's when none does."""
    for tail in dict.fromkeys((flow.close + flow.imprint, flow.close)):
        for change in _CHANGES:
            pitch = round(PITCH * (1 + change / 100), 3)
            if _fits(flow, pitch, tail):
                return pitch
    return PITCH


def _fits(flow: Flow, pitch: float, tail: float) -> bool:
    page, on_page = _last_page(flow, pitch)
    room = TEXT_HEIGHT if page else flow.first
    return on_page * pitch + tail <= room and (page == 0 or on_page >= COMPANY)


def _last_page(flow: Flow, pitch: float) -> tuple[int, int]:
    """The number of the page on which the text ends, from 0, and how many of its lines stand there."""
    page, on_page = 0, 0
    for n, keeps in enumerate(flow.lines):
        # A heading needs the room of the line that follows it, too.
        needed = 1 + _headings(flow.lines, n) if keeps and not (n and flow.lines[n - 1]) else 1
        if (on_page + needed) * pitch > (TEXT_HEIGHT if page else flow.first) + 0.01 and on_page:
            page, on_page = page + 1, 0
        on_page += 1
    return page, on_page


def _headings(lines: Sequence[bool], start: int) -> int:
    """How many lines in a row stay with their next from here on."""
    count = 0
    while start + count < len(lines) - 1 and lines[start + count]:
        count += 1
    return count

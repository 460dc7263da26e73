"""The list of an annex: widths of its columns as its texts ask for them, cells broken so that no name is torn."""

from collections.abc import Sequence
from dataclasses import dataclass

from posts.documents.faces import FANGSONG, width
from posts.documents.official_paper import Annex, Column
from posts.documents.table_plan import Weights, break_lines, share_room

MM = 72 / 25.4
#: 1.2 mm beside the text, and half of a rule.
SIZE, PADDING = 12.0, 1.35 * MM
#: Headings, and what stands in the middle of its column, stay on one line up to so many characters.
WHOLE = 6
#: Other texts do up to the first of these lengths with which all columns have room.
WHOLE_TEXTS = (16, 14, 12, 11, 10, 9, 8)
#: A last line of fewer characters takes some from the line above.
SHORT = 3


@dataclass(frozen=True)
class AnnexTable:
    """Columns with their widths in points; of each row its cells, of each cell its lines."""

    columns: list[tuple[Column, float]]
    rows: list[list[tuple[Column, list[str]]]]


def lay_out(annex: Annex, *, room: float) -> AnnexTable:
    """The table in ``room`` points. Raises DomainError for a cell beyond all measure."""
    widths = _widths(annex, room)
    return AnnexTable(
        columns=[(column, round(wide, 2)) for column, wide in zip(annex.columns, widths, strict=True)],
        rows=[
            [(column, _lines(text, wide)) for column, text, wide in zip(annex.columns, row, widths, strict=True)]
            for row in annex.rows
        ],
    )


def _lines(text: str, wide: float) -> list[str]:
    room = 1000 * (wide - 2 * PADDING) / SIZE
    lines = break_lines(text.strip(), room=room, measure=_thousandths)
    for narrower in range(1, SHORT):
        if len(lines) == 1 or len(lines[-1]) >= SHORT:
            break
        closer = break_lines(text.strip(), room=room - 1000 * narrower, measure=_thousandths)
        if len(closer) == len(lines):
            lines = closer
    return lines


def _thousandths(text: str) -> int:
    return round(1000 * width(text, FANGSONG))


def _widths(annex: Annex, room: float) -> list[float]:
    """What each column needs at least; what is left goes where texts are long."""
    weights = Weights([column.heading for column in annex.columns])
    for row in annex.rows:
        weights.see(row)
    ems = (room - 2 * PADDING * len(weights.least)) / SIZE
    least = [max(asked, _whole(annex, at)) for at, asked in enumerate(weights.least)]
    natural = [max(width(row[at], FANGSONG) for row in [[*weights.headings], *annex.rows]) for at in range(len(least))]
    for cap in WHOLE_TEXTS:
        wished = [max(low, min(full + 0.1, cap)) for low, full in zip(least, natural, strict=True)]
        if sum(wished) <= ems:
            least = wished
            break
    too_wide = max(1.0, sum(least) / ems)
    shares = share_room(ems, [each / too_wide for each in least], _asked(weights, least, natural))
    return [share * SIZE + 2 * PADDING for share in shares]


def _asked(weights: Weights, least: Sequence[float], natural: Sequence[float]) -> list[float]:
    """How the rest of the room is shared: among the columns that still break their texts, if there are any."""
    breaks = [full > low for low, full in zip(least, natural, strict=True)]
    return [asked if need or not any(breaks) else 0 for asked, need in zip(weights.asked(), breaks, strict=True)]


def _whole(annex: Annex, at: int) -> float:
    texts: Sequence[str] = [annex.columns[at].heading]
    if annex.columns[at].centered:
        texts = [*texts, *(row[at] for row in annex.rows)]
    return max(min(width(text, FANGSONG), WHOLE) for text in texts) + 0.1

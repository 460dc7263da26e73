"""A form with a list too long to be laid out at once, piece by piece: the list goes on over the pieces."""

from collections.abc import Sequence
from dataclasses import replace

from posts.documents.form_grid import Grid, Head, Row, shown
from posts.documents.form_sheet import FormSheet

#: A row as plain data: its cells, or the words of a head.
PlainRow = list[str] | str


def longest_list(sheet: FormSheet) -> Grid | None:
    grids = [part for part in sheet.parts if isinstance(part, Grid)]
    return max(grids, key=lambda grid: len(grid.rows), default=None)


def count_rows(sheets: Sequence[FormSheet]) -> int:
    """The rows of all lists: what a form costs."""
    return sum(len(part.rows) for sheet in sheets for part in sheet.parts if isinstance(part, Grid))


def plain_rows(grid: Grid) -> list[PlainRow]:
    return [row.text if isinstance(row, Head) else [shown(value) for value in row] for row in grid.rows]


def piece_of(sheet: FormSheet, rows: Sequence[PlainRow], *, first: bool, last: bool) -> FormSheet:
    """The form with only these rows of its longest list; what stands before it is the first piece's, the rest the
    last one's."""
    grid = longest_list(sheet)
    if grid is None:
        return sheet
    at = sheet.parts.index(grid)
    given: tuple[Row, ...] = tuple(Head(row) if isinstance(row, str) else row for row in rows)
    held = replace(grid, rows=given, spare=grid.spare if last else 0, label=grid.label if first else "")
    before, after = sheet.parts[:at] if first else (), sheet.parts[at + 1 :] if last else ()
    around = {} if first else {"title": "", "left": "", "right": ""}
    return replace(sheet, parts=(*before, held, *after), **around)

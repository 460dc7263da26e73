"""Lists inside a form: columns with their share of the width, rows, and empty rows for a pen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from posts.documents.label_lines import label_lines
from posts.domain.notice_texts import formal_date

#: A row with more characters in a cell may be parted by the end of a page; a short one stays whole.
LONG_CELL = 300
#: The size of a heading in mm, and what its box takes beside it.
HEADING_SIZE, HEADING_SIDES = 3.71, 2.3
#: Empty rows of a list that has nothing to show, so that there is room for a pen.
SPARE_ROWS = 4
#: A blank form has so many at most: more would leave no room for the seals on the page.
MOST_BLANK_ROWS = 8


@dataclass(frozen=True)
class GridColumn:
    """A heading and its share of the width; ``centered`` for numbers, ``kept`` stays on the blank form."""

    heading: str
    share: int = 10
    centered: bool = False
    kept: bool = False


@dataclass(frozen=True)
class Head:
    """A row of a list that names a part of it, across all columns."""

    text: str


Row = Sequence[object] | Head


@dataclass(frozen=True)
class Grid:
    """A list inside the form. The head is repeated on each page; ``spare``: empty rows at the end."""

    columns: tuple[GridColumn, ...]
    rows: tuple[Row, ...] = ()
    label: str = ""
    spare: int = 0
    kind = "grid"

    def heads(self, width: float) -> list[tuple[GridColumn, float, list[str]]]:
        """Each column with its share of a width in mm, in per cent, and the lines of its heading."""
        whole = sum(column.share for column in self.columns)
        found = []
        for column in self.columns:
            most = int((width * column.share / whole - HEADING_SIDES) / HEADING_SIZE)
            found.append((column, round(100 * column.share / whole, 3), label_lines(column.heading, max(1, most))))
        return found

    @property
    def is_parted(self) -> bool:
        """Whether a row of it may go on on the next page."""
        return any(line.get("long") for line in self.lines)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows for the template: a head, or cells with their columns."""
        lines: list[dict[str, Any]] = []
        for row in self.rows:
            if isinstance(row, Head):
                lines.append({"head": row.text})
            else:
                cells = [(column, shown(value)) for column, value in zip(self.columns, row, strict=True)]
                lines.append({"cells": cells, "long": any(len(text) > LONG_CELL for _column, text in cells)})
        spare = self.spare if self.rows else max(self.spare, SPARE_ROWS)
        return lines + [{"cells": [(column, "") for column in self.columns]} for _n in range(spare)]

    def blank(self) -> "Grid":
        """The rows with what is kept of them; without such columns only empty rows."""
        if not any(column.kept for column in self.columns):
            return replace(self, rows=(), spare=min(max(self.spare, len(self.rows), SPARE_ROWS), MOST_BLANK_ROWS))
        rows = tuple(row if isinstance(row, Head) else self._blanked(row) for row in self.rows)
        return replace(self, rows=rows)

    def _blanked(self, row: Sequence[object]) -> tuple[object, ...]:
        return tuple(value if column.kept else "" for column, value in zip(self.columns, row, strict=True))


def shown(value: object) -> str:
    if isinstance(value, date):
        return formal_date(value)
    return "" if value is None else str(value).replace(" %", "\u00a0%")  # a number keeps its sign

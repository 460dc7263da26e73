"""Forms on A4 表: boxes with labels, long texts that go on to the next page, opinions with a place for the seal.

A form is plain data. Whoever makes one says what stands in it; the engine knows how it looks. The same data without
its values is the blank form, to be filled in with a pen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from posts.documents.fonts import FANGSONG
from posts.documents.render import ARCHIVED, render_pdf
from posts.domain.notice_texts import formal_date

#: Units of width of a row; a label takes LABEL of them, the values share the rest evenly.
UNITS, LABEL = 24, 3
#: So many characters fit on a line of a label.
LABEL_CHARACTERS = 5
#: No line begins with one of these (避头尾).
NOT_FIRST = "、，。；：）”》"
#: A text of at most so many characters stands whole on one page.
WHOLE_TEXT = 400
#: A row with more characters in a cell may be parted by the end of a page; a short one stays whole.
LONG_CELL = 300
#: Empty rows of a list that has nothing to show, so that there is room for a pen.
SPARE_ROWS = 4


class _Labelled:
    """Something with a label in the narrow column."""

    label: str

    @property
    def label_lines(self) -> list[str]:
        """The label in lines of even length: Chinese would else leave a single character on the last one."""
        n = -(-len(self.label) // LABEL_CHARACTERS)
        if n < 2 or self.label.isascii():
            return [self.label]
        size = -(-len(self.label) // n)
        lines = [self.label[start : start + size] for start in range(0, len(self.label), size)]
        for k in range(1, len(lines)):
            if lines[k][0] in NOT_FIRST:
                lines[k - 1], lines[k] = lines[k - 1][:-1], lines[k - 1][-1] + lines[k]
        return lines


@dataclass(frozen=True)
class Fact(_Labelled):
    """A label and what stands beside it; ``kept`` stays on the blank form."""

    label: str
    value: object = ""
    kept: bool = False

    @property
    def text(self) -> str:
        return _shown(self.value)


@dataclass(frozen=True)
class Facts:
    """A row of facts of equal width, at most three."""

    facts: tuple[Fact, ...]
    kind = "facts"

    @property
    def span(self) -> int:
        """The width of each value."""
        return UNITS // len(self.facts) - LABEL

    def blank(self) -> "Facts":
        return Facts(tuple(fact if fact.kept else replace(fact, value="") for fact in self.facts))


@dataclass(frozen=True)
class Long(_Labelled):
    """A text of any length beside its label. ``least``: its height in mm when it is short."""

    label: str
    text: str = ""
    least: int = 22
    kept: bool = False
    kind = "long"

    @property
    def is_whole(self) -> bool:
        """Whether it is so short that no page should end inside it."""
        return len(self.text) <= WHOLE_TEXT and self.text.count("\n") < 12

    @property
    def paragraphs(self) -> list[str]:
        return self.text.splitlines()

    def blank(self) -> "Long":
        return self if self.kept else replace(self, text="", least=max(self.least, 30))


@dataclass(frozen=True)
class Opinion(_Labelled):
    """What a body says, who signs, and the place of its seal and of the date. The unit stays on the blank form."""

    label: str
    text: str = ""
    unit: str = ""
    signer: str = ""  # the words before the place of the signature; empty: the seal alone
    day: date | None = None
    sealed: bool = True
    least: int = 36
    kind = "opinion"

    @property
    def paragraphs(self) -> list[str]:
        return self.text.splitlines()

    @property
    def date(self) -> str:
        return formal_date(self.day) if self.day else ""

    def blank(self) -> "Opinion":
        return replace(self, text="", day=None)


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

    @property
    def widths(self) -> list[tuple[GridColumn, float]]:
        whole = sum(column.share for column in self.columns)
        return [(column, round(100 * column.share / whole, 3)) for column in self.columns]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows for the template: a head, or cells with their columns."""
        lines: list[dict[str, Any]] = []
        for row in self.rows:
            if isinstance(row, Head):
                lines.append({"head": row.text})
            else:
                cells = [(column, _shown(value)) for column, value in zip(self.columns, row, strict=True)]
                lines.append({"cells": cells, "long": any(len(text) > LONG_CELL for _column, text in cells)})
        spare = self.spare if self.rows else max(self.spare, SPARE_ROWS)
        return lines + [{"cells": [(column, "") for column in self.columns]} for _n in range(spare)]

    def blank(self) -> "Grid":
        """The rows with what is kept of them; without such columns only empty rows."""
        if not any(column.kept for column in self.columns):
            return replace(self, rows=(), spare=max(self.spare, len(self.rows), SPARE_ROWS))
        rows = tuple(row if isinstance(row, Head) else self._blanked(row) for row in self.rows)
        return replace(self, rows=rows)

    def _blanked(self, row: Sequence[object]) -> tuple[object, ...]:
        return tuple(value if column.kept else "" for column, value in zip(self.columns, row, strict=True))


@dataclass(frozen=True)
class Signatures:
    """Places for signatures under the form, each with the name where it is known."""

    places: tuple[tuple[str, str], ...]
    kind = "signatures"

    def blank(self) -> "Signatures":
        return Signatures(tuple((label, "") for label, _name in self.places))


@dataclass(frozen=True)
class Note:
    """Small print under the form; stays on the blank one."""

    text: str
    kind = "note"

    def blank(self) -> "Note":
        return self


Part = Facts | Long | Opinion | Grid | Signatures | Note


@dataclass(frozen=True)
class FormSheet:
    """A form: title, the line under it, its parts, and what stands at the foot of every page."""

    title: str
    parts: tuple[Part, ...]
    left: str = ""
    right: str = ""
    foot: str = ""
    landscape: bool = False

    def blank(self) -> "FormSheet":
        """The same form to be filled in with a pen."""
        return replace(self, parts=tuple(part.blank() for part in self.parts), right="")

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The parts, those of one table together: facts, long texts and opinions share their columns."""
        blocks: list[dict[str, Any]] = []
        for part in self.parts:
            kind = "boxes" if part.kind in {"facts", "long", "opinion"} else part.kind
            if kind == "boxes" and blocks and blocks[-1]["kind"] == "boxes":
                blocks[-1]["parts"].append(part)
            else:
                joined = kind in {"boxes", "grid"} and bool(blocks) and blocks[-1]["kind"] in {"boxes", "grid"}
                blocks.append({"kind": kind, "parts": [part], "joined": joined})
        return blocks


def facts(*pairs: Fact | tuple[str, object]) -> Facts:
    """A row of facts: ``facts((label, value), …)``."""
    return Facts(tuple(pair if isinstance(pair, Fact) else Fact(*pair) for pair in pairs))


def form_pdf(sheets: FormSheet | Iterable[FormSheet]) -> bytes:
    """The forms as a PDF, each on a page of its own. Raises DomainError for a character that no font has."""
    found = [sheets] if isinstance(sheets, FormSheet) else list(sheets)
    with override(settings.LANGUAGE_CODE):
        context = {"sheets": found, "title": found[0].title, "units": range(UNITS), "label": LABEL}
        context |= {"rest": UNITS - LABEL, "landscape": any(sheet.landscape for sheet in found)}
        return render_pdf("documents/form_sheet.html", context, base_font=FANGSONG, variant=ARCHIVED)


def _shown(value: object) -> str:
    if isinstance(value, date):
        return formal_date(value)
    return "" if value is None else str(value)

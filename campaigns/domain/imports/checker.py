"""Reads a list row by row and says of every row what it would do, or what is wrong with it."""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.imports.base import NEW, SAME, Comparison, ImportList, ListColumn, Values
from campaigns.domain.imports.cells import CellError, is_blank
from campaigns.domain.imports.workbook import open_sheet

MAX_ERRORS = 500  # kept and shown; all are counted
PREVIEW_ROWS = 10  # of the new ones, and as many of the changed ones
_MEMORY = 20_000  # different values of a column that are remembered with their parsed form


@dataclass(frozen=True)
class WrongCell:
    """A wrong cell as the person finds it in Excel."""

    row: int
    column: str
    value: str
    error: str


@dataclass
class Report:
    """What a check found."""

    rows: int = 0
    counts: dict[str, int] = field(default_factory=lambda: {"new": 0, "changed": 0, "same": 0})
    errors: list[dict] = field(default_factory=list)
    n_errors: int = 0
    preview: list[dict] = field(default_factory=list)

    def add_error(self, wrong: WrongCell) -> None:
        self.n_errors += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append(asdict(wrong))


class Checker:
    """Goes through a workbook once, from the first row to the last, in as many steps as the caller likes.

    Raises DomainError (field ``file``) when the workbook or its headings are wrong.
    """

    def __init__(self, file: IO[bytes], kind: ImportList):
        self.kind = kind
        sheet = open_sheet(file, title=kind.sheet)
        self._rows = iter(sheet.iter_rows())
        first = next(self._rows, [])
        if sheet.start is None or sheet.start[0] > 0:
            raise DomainError(_("The headings must stand in row 1, without a title above them."), field="file")
        self.total = sheet.end[0]
        self._columns = match_headings(first, kind, first_column=sheet.start[1])
        headed = {index for _column, index in self._columns}
        self._unheaded = [(i, _letters(i + sheet.start[1])) for i in range(len(first)) if i not in headed]
        self._parsed: dict[str, dict] = {column.attribute: {} for column, _index in self._columns}
        self._first_row_of: dict[object, int] = {}
        self._outcomes = hashlib.sha256()
        self.row = 1  # the Excel row read last
        self.report = Report()

    @property
    def done(self) -> int:
        return self.row - 1

    @property
    def digest(self) -> str:
        """A checksum of what every row would do: the same file against the same database gives the same."""
        return self._outcomes.hexdigest()

    def check(self, until: int) -> None:
        """Judge the rows up to number ``until`` of the list."""
        for number, cells in self._take(until):
            self._check_row(number, cells)

    def values(self, until: int) -> list[Values]:
        """The values of the rows up to number ``until``, of a file that was found right."""
        found = []
        for _number, cells in self._take(until):
            values: Values = {}
            for column, index in self._columns:
                values[column.attribute] = self._parse(column, cells[index])
            list(self.kind.judge(values))  # turns codes into units; the row itself was found right
            found.append(values)
        return found

    def _take(self, until: int) -> Iterator[tuple[int, list]]:
        while self.done < until:
            cells = next(self._rows, None)
            if cells is None:
                self.row = until + 1
                return
            self.row += 1
            if not is_blank(cells[0]) or not all(map(is_blank, cells)):
                yield self.row, cells

    def _check_row(self, number: int, cells: list) -> None:
        before = self.report.n_errors
        values: Values = {}
        for column, index in self._columns:
            try:
                values[column.attribute] = self._parse(column, cells[index])
            except CellError as error:
                self._wrong(number, column.attribute, cells, str(error))
        self._check_double(number, values, cells)
        for problem in self.kind.judge(values):
            self._wrong(number, problem.attribute, cells, problem.sentence)
        for index, letters in self._unheaded:
            if not is_blank(cells[index]):
                sentence = _("Column %(column)s has no heading in row 1.") % {"column": letters}
                self.report.add_error(WrongCell(number, letters, _shown(cells[index]), sentence))
        self.report.rows += 1
        if self.report.n_errors == before:
            self._compare(number, values, cells)

    def _parse(self, column: ListColumn, value: object) -> object:
        memory = self._parsed[column.attribute]
        known = (type(value), value)  # 1, 1.0 and True are equal, but not the same to a reader
        if known in memory:
            return memory[known]
        if is_blank(value):
            if column.needed:
                raise CellError(_("The cell is blank."))
            return None
        parsed = column.parse(value)
        if len(memory) < _MEMORY:
            memory[known] = parsed
        return parsed

    def _check_double(self, number: int, values: Values, cells: list) -> None:
        key = self.kind.key(values)
        if key is None:
            return
        first = self._first_row_of.setdefault(key, number)
        if first != number:
            sentence = _("Row %(first)s and row %(second)s are about the same one. Take one of them out.")
            self._wrong(number, self.kind.key_attribute(), cells, sentence % {"first": first, "second": number})

    def _compare(self, number: int, values: Values, cells: list) -> None:
        found: Comparison = self.kind.compare(values)
        self.report.counts[found.outcome] += 1
        self._outcomes.update(f"{number}{found.outcome}{found.changes or ''}".encode())
        if found.outcome != SAME and self.report.counts[found.outcome] <= PREVIEW_ROWS:
            shown = [_shown(cells[index]) for _column, index in self._columns]
            old = [found.changes.get(column.attribute, ("",))[0] for column, _index in self._columns]
            changed = [column.attribute in found.changes for column, _index in self._columns]
            parts = zip(self.headings, shown, old, changed, strict=True)
            row = [{"heading": h, "text": t, "old": o, "changed": c} for h, t, o, c in parts]
            self.report.preview.append({"row": number, "new": found.outcome == NEW, "cells": row})

    @property
    def headings(self) -> list[str]:
        return [column.heading for column, _index in self._columns]

    def _wrong(self, number: int, attribute: str, cells: list, sentence: str) -> None:
        column, index = next(pair for pair in self._columns if pair[0].attribute == attribute)
        self.report.add_error(WrongCell(number, column.heading, _shown(cells[index]), sentence))


def match_headings(first: list, kind: ImportList, *, first_column: int = 0) -> list[tuple[ListColumn, int]]:
    """Which column of the sheet is which; blanks around a heading do no harm. Raises DomainError."""
    known = {name: column for column in kind.columns for name in (column.heading, *column.aliases)}
    found: dict[str, tuple[ListColumn, int]] = {}
    for index, cell in enumerate(first):
        heading = str(cell).strip().strip("*＊").strip()
        if not heading:
            continue
        column = known.get(heading)
        if column is None:
            place = {"heading": heading[:40], "column": _letters(index + first_column)}
            raise _heading_error(_("Unknown heading “%(heading)s” in column %(column)s.") % place, kind)
        if column.attribute in found:
            raise _heading_error(_("The heading “%(heading)s” stands there twice.") % {"heading": heading}, kind)
        found[column.attribute] = (column, index)
    missing = [column.heading for column in kind.columns if column.needed and column.attribute not in found]
    if missing:
        raise _heading_error(_("Row 1 lacks the heading “%(headings)s”.") % {"headings": "、".join(missing)}, kind)
    return list(found.values())


def _heading_error(sentence: str, kind: ImportList) -> DomainError:
    headings = "、".join(column.heading for column in kind.columns)
    known = _("The headings are: %(headings)s. Take the template, or put the headings right.") % {"headings": headings}
    return DomainError(f"{sentence}{known}", field="file")


def _letters(index: int) -> str:
    """The name Excel gives to a column."""
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _shown(value: object) -> str:
    if isinstance(value, float) and value == int(value):
        value = int(value)
    return str(value)[:60]

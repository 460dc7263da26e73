"""The one writer of Excel files. Whatever people typed comes out as text, never as a formula."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A4 = 9  # as files of this kind number the paper sizes
MAX_TEXT = 32_767  # what an Excel cell holds
LAST_ROW = 60_001  # lists and formats of a column reach this far

# What XML 1.0 cannot carry, and carriage returns, which every XML reader turns into line feeds.
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Excel reads _x0041_ inside a text as the character of that number.
_ESCAPE_LOOKALIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: its heading, its width in characters, and the words it allows, if it allows only some."""

    heading: str
    width: int = 16
    choices: Sequence[str] = field(default=())


def write_xlsx(columns: Sequence[Column | str], rows: Iterable[Sequence[object]], *, title: str = "Sheet1") -> bytes:
    """Write one sheet with a heading row and return the file.

    ``rows`` may be a generator: cells go to the disk as they come. Texts are written as texts, with Excel's own mark
    for "this is text, whatever it begins with"; dates as dates; numbers as numbers; None as an empty cell.
    """
    book = Workbook(write_only=True)
    add_sheet(book, columns, rows, title=title)
    return save(book)


def write_xlsx_file(
    columns: Sequence[Column | str], rows: Iterable[Sequence[object]], *, title: str, about: str = ""
) -> IO[bytes]:
    """As ``write_xlsx``, into a temporary file: however many rows there are, memory stays flat.

    For paper: landscape, as wide as the page, the headings on each page, ``about`` above and the page number below.
    """
    book = Workbook(write_only=True)
    sheet = add_sheet(book, columns, [], title=title)
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"
    sheet.oddHeader.center.text = clean_text(about).replace("&", "&&")[:200]
    sheet.oddFooter.center.text = "&P / &N"
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    file = TemporaryFile()  # noqa: SIM115  the response closes it
    book.save(file)
    file.seek(0)
    return file


def add_sheet(
    book: Workbook, columns: Sequence[Column | str], rows: Iterable[Sequence[object]], *, title: str
) -> WriteOnlyWorksheet:
    """Append a sheet to a write-only workbook."""
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31])
    whole = [column if isinstance(column, Column) else Column(column) for column in columns]
    sheet.freeze_panes = "A2"
    for number, column in enumerate(whole, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        sheet.column_dimensions[letter].number_format = "@"  # a number typed into it stays what was typed
        if column.choices:
            words = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            words.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.data_validations.append(words)
    sheet.append([_heading(sheet, column.heading) for column in whole])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    return sheet


def save(book: Workbook) -> bytes:
    """The workbook as a file."""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def clean_text(text: str) -> str:
    """A text as it can stand in a cell: without characters that a file of this kind cannot hold."""
    return _UNWRITABLE.sub("", text)[:MAX_TEXT]


def _heading(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = _text(sheet, text)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="C8102E")
    cell.border = Border(bottom=Side("thin", color="8A0B1F"))
    cell.alignment = Alignment(vertical="center")
    return cell


def _cell(sheet: WriteOnlyWorksheet, value: object) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return WriteOnlyCell(sheet, int(value))
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return _dated(sheet, local.replace(tzinfo=None, microsecond=0), "yyyy-mm-dd hh:mm")
    if isinstance(value, date):
        return _dated(sheet, value, "yyyy-mm-dd")
    if isinstance(value, (int, float)) and abs(value) < 10**15:
        return WriteOnlyCell(sheet, value)
    return _text(sheet, str(value))


def _dated(sheet: WriteOnlyWorksheet, value: date, number_format: str) -> Cell:
    cell = WriteOnlyCell(sheet, value)
    cell.number_format = number_format
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    cell = WriteOnlyCell(sheet)
    # Set behind openpyxl's back: its own setter takes a leading "=" for a formula and "#N/A" for an error.
    cell._value = _ESCAPE_LOOKALIKE.sub("_x005F_", clean_text(text))  # noqa: SLF001
    cell.data_type = "s"
    cell.number_format = "@"
    if text[:1] in "=+-@\t\n\r":
        cell.quotePrefix = True
    return cell

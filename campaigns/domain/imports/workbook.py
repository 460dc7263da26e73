"""Opens an uploaded workbook, after looking at what it really is.

The type is told by the content, never by the name; nothing is unpacked without a limit; what Excel would calculate
(formulas) or hide (merged cells) is refused, because such cells are read differently from what the person sees.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from campaigns.domain.errors import DomainError

MAX_ROWS = 60_000
MAX_PARTS = 500
MAX_UNPACKED = 256 * 1024 * 1024  # a sheet of 60,000 rows and 20 columns unpacks to about 60 MB
MAX_RATIO = 150  # real sheets shrink 10 to 40 times, deflate reaches 1,032
_BLOCK = 1 << 18
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[\s>/]')
_ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*\st="e"')


def open_sheet(file: IO[bytes], *, title: str) -> CalamineSheet:
    """The sheet named ``title`` of a workbook, or its only sheet.

    Raises DomainError (field ``file``) with what is wrong with the file and what to do about it.
    """
    _inspect(file)
    file.seek(0)
    try:
        sheet = _choose(CalamineWorkbook.from_filelike(file), title)
        merged = sheet.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError) as error:
        raise _damaged() from error
    if merged:
        first = min(merged)[0]
        raise _refuse(
            _("The sheet has merged cells, first in row %(row)s. Undo the merging and upload the file again.")
            % {"row": first[0] + 1}
        )
    rows = sheet.end[0] if sheet.end else 0
    if rows > MAX_ROWS:
        raise _refuse(
            _("The sheet has %(rows)s rows; at most %(most)s can be taken at once. Split the file.")
            % {"rows": rows, "most": MAX_ROWS}
        )
    return sheet


def _choose(book: CalamineWorkbook, title: str) -> CalamineSheet:
    names = book.sheet_names
    if title in names:
        return book.get_sheet_by_name(title)
    if len(names) == 1:
        return book.get_sheet_by_index(0)
    raise _refuse(
        _("No sheet is named “%(title)s”. The workbook has: %(names)s. Rename the sheet, or leave only one.")
        % {"title": title, "names": "、".join(names[:8])}
    )


def _inspect(file: IO[bytes]) -> None:
    file.seek(0, 2)
    size = file.tell()
    if size > settings.UPLOAD_MAX_BYTES:
        raise _refuse(
            _("The file has %(size)s MB; at most %(most)s MB can be taken.")
            % {"size": -(-size // 2**20), "most": settings.UPLOAD_MAX_BYTES // 2**20}
        )
    if size == 0:
        raise _refuse(_("The file is empty."))
    file.seek(0)
    head = file.read(4096)
    if not head.startswith(b"PK\x03\x04"):
        raise _refuse(_what_it_is(head, file))
    try:
        with ZipFile(file) as archive:
            _inspect_archive(archive, file)
    except (BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as error:
        raise _damaged() from error


def _inspect_archive(archive: ZipFile, file: IO[bytes]) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise _refuse(_("The file is protected by a password. Save it without one and upload it again."))
    if "xl/workbook.xml" not in names:
        raise _refuse(_("This is not an Excel workbook (.xlsx). Open the list in Excel and save it as .xlsx."))
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or unpacked > MAX_RATIO * packed + 2**20:
        raise _too_big()
    left = MAX_UNPACKED
    for part in parts:
        if part.filename.endswith((".xml", ".rels", ".bin")):
            left -= _inspect_part(file, part, left)


def _inspect_part(file: IO[bytes], part: ZipInfo, left: int) -> int:
    """Unpack a part block by block, never more than ``left`` bytes; return its true size (the declared may lie)."""
    is_sheet = part.filename.startswith("xl/worksheets/sheet")
    size, tail = 0, b""
    for block in _unpack(file, part):
        size += len(block)
        if size > left or size > MAX_RATIO * part.compress_size + 2**20:
            raise _too_big()
        if part.filename == "xl/workbook.xml" and re.search(rb'date1904="(1|true)"', tail + block):
            raise _refuse(
                _("The workbook counts its dates from 1904. Copy the list into a new workbook and upload that one.")
            )
        if is_sheet:
            _find_calculated(tail + block)
        tail = block[-200:]
    return size


def _unpack(file: IO[bytes], part: ZipInfo) -> Iterator[bytes]:
    file.seek(part.header_offset)
    header = file.read(30)
    name_length, extra_length = struct.unpack("<HH", header[26:30])
    file.seek(name_length + extra_length, 1)
    left = part.compress_size
    inflate = zlib.decompressobj(-15) if part.compress_type else None
    while left > 0:
        packed = file.read(min(_BLOCK, left))
        if not packed:
            return
        left -= len(packed)
        while packed:
            yield inflate.decompress(packed, _BLOCK * 4) if inflate else packed
            packed = inflate.unconsumed_tail if inflate else b""


def _find_calculated(text: bytes) -> None:
    if b"<f" in text and (found := _FORMULA.search(text)):
        raise _refuse(
            _("Cell %(cell)s holds a formula. Copy the list and paste it as values, then upload it again.")
            % {"cell": found[1].decode()}
        )
    if b't="e"' in text and (found := _ERROR_CELL.search(text)):
        raise _refuse(_("Cell %(cell)s shows an error of Excel. Put it right.") % {"cell": found[1].decode()})


def _what_it_is(head: bytes, file: IO[bytes]) -> str:
    if head.startswith(_OLE):
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in file.read(2**20):
            return _("The file is protected by a password. Save it without one and upload it again.")
        return _("This is a file of an old Office format (.xls). Open it in Excel and save it as .xlsx.")
    try:
        kind = puremagic.from_string(head).lstrip(".").upper()
    except puremagic.PureError:
        kind = ""
    if kind in {"PDF", "PNG", "JPG", "JPEG", "GIF", "RTF", "RAR", "7Z"}:
        return _("This is a %(kind)s file, whatever its name says. Upload the Excel workbook (.xlsx).") % {"kind": kind}
    return _("This is not an Excel workbook (.xlsx). Open the list in Excel and save it as .xlsx.")


def _damaged() -> DomainError:
    return _refuse(_("The workbook is damaged and cannot be read. Open it in Excel, save it again as .xlsx."))


def _too_big() -> DomainError:
    return _refuse(_("Unpacked, the workbook is far too big. Copy the list into a new workbook and upload that one."))


def _refuse(sentence: str) -> DomainError:
    return DomainError(sentence, field="file")

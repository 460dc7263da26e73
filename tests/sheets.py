"""Reading printed sheets back."""

import io
import re

import pdfplumber

from posts.documents.form_sheet import form_pdf
from posts.domain.sheet_kinds import find_sheet_kind

MM = 72 / 25.4


def printed(code, case, user, *, blank=False):
    """The text of a sheet as it is printed for this user, without blanks and line ends."""
    return pdf_text(form_pdf(find_sheet_kind(code).make_sheets(case, user, blank=blank)))


def pdf_text(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))


def assert_inside_margins(pdf):
    """Text and boxes of every page stay in the type area; the foot stands below it."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            marks = [mark for mark in (*page.chars, *page.rects, *page.lines) if mark.get("size", 9) > 1.5]
            assert min(mark["x0"] for mark in marks) >= 23.9 * MM
            assert max(mark["x1"] for mark in marks) <= page.width - 19.9 * MM
            assert min(mark["top"] for mark in marks) >= 19.9 * MM
            assert max(mark["bottom"] for mark in marks) <= page.height - 7.9 * MM

"""Forms on paper: a short one at once, one with a long list by the clock, part by part."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.errors import DomainError, NotAllowedError
from posts.documents.form_pieces import count_rows, longest_list, piece_of, plain_rows
from posts.documents.form_sheet import FormSheet, form_pdf
from posts.documents.joining import join_pdfs
from posts.documents.page_numbers import number_pages
from posts.domain.print_makers import Maker, printer
from posts.domain.sheet_kinds import find_sheet_kind

KIND = "sheet"
#: Rows: what is made while the person waits, of each part of a job, and of the preview of what is long.
SMALL, PART, PREVIEW = 60, 100, 24
MOST = 5000


def is_long(sheets: Sequence[FormSheet]) -> bool:
    return count_rows(sheets) > SMALL


def preview_pdf(sheets: Sequence[FormSheet]) -> bytes:
    """The forms as they will be printed; of a long list its beginning."""
    if not is_long(sheets):
        return form_pdf(sheets)
    grid = longest_list(sheets[0])
    rows = plain_rows(grid)[:PREVIEW] if grid else []
    return form_pdf(piece_of(sheets[0], rows, first=True, last=False))


@printer(KIND, gettext_lazy("Form"))
class SheetPrint(Maker):
    """``params``: kind, case, blank, query (how a list was narrowed)."""

    def is_small(self) -> bool:
        return not is_long(self._sheets)

    def plan(self) -> int:
        sheets = self._sheets
        grid = longest_list(sheets[0]) if len(sheets) == 1 else None
        rows = plain_rows(grid) if grid else []
        if len(rows) <= PART:
            self.keep("pieces", [])
            return 1
        if len(rows) > MOST:
            raise DomainError(_("At most %(n)s rows are printed on one form. Narrow the list down.") % {"n": MOST})
        pieces = [rows[start : start + PART] for start in range(0, len(rows), PART)]
        self.keep("pieces", pieces)
        return len(pieces)

    def make(self, number: int) -> bytes:
        pieces = self.kept("pieces")
        if not pieces:
            return form_pdf(self._sheets)
        last = number == len(pieces) - 1
        return form_pdf(piece_of(self._sheets[0], pieces[number], first=not number, last=last), counted=False)

    def join(self, parts: Sequence[Path], out: Path) -> None:
        join_pdfs(parts, out)
        if len(parts) > 1:
            number_pages(out)

    def file_name(self) -> str:
        return f"{self._sheets[0].title}-{timezone.localdate():%Y%m%d}.pdf"

    @cached_property
    def _sheets(self) -> list[FormSheet]:
        """As this reader may see the case when it is printed. Raises NotAllowedError, DomainError."""
        params = self.params
        kind = find_sheet_kind(params["kind"])
        case = kind.rows(self.actor).filter(pk=params["case"]).first() if kind else None
        if kind is None or case is None or not kind.fits(case, self.actor):
            raise NotAllowedError(_("You do not see what this form is about any more."))
        sheets = kind.make_sheets(case, self.actor, blank=params["blank"], query=params["query"])
        if not sheets:
            raise DomainError(_("There is nothing to print on it."))
        return sheets

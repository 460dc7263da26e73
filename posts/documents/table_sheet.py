"""A plain printed table on A4: ledgers, lists, registers. Long tables repeat their head; rows are never torn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from posts.documents.render import ARCHIVED, render_pdf
from posts.domain.notice_texts import formal_date


@dataclass(frozen=True)
class SheetColumn:
    """A heading and its share of the width; ``centered`` for numbers and dates."""

    heading: str
    share: int = 10
    centered: bool = False


def table_pdf(
    title: str,
    columns: Sequence[SheetColumn],
    rows: Iterable[Sequence[object]],
    *,
    subtitle: str = "",
    foot: str = "",
    landscape: bool = False,
) -> bytes:
    """The table with title, page numbers and ``foot`` (the head of the journal, say) on every page.

    The widths are fixed by the shares: with automatic widths a table of 600 rows takes twice as long (measured).
    """
    whole = sum(column.share for column in columns)
    with override(settings.LANGUAGE_CODE):
        context = {
            "title": title,
            "subtitle": subtitle,
            "foot": foot,
            "landscape": landscape,
            "day": formal_date(timezone.localdate()),
            "columns": [(column, round(100 * column.share / whole, 2)) for column in columns],
            "rows": [list(zip(columns, row, strict=True)) for row in rows],
        }
        return render_pdf("documents/table_sheet.html", context, variant=ARCHIVED)

"""A commendation list as rows, for Excel and for paper."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from openpyxl import Workbook

from assessments.domain.candidates import barred_of, candidates_of
from assessments.models import Commendation, CommendationStatus
from campaigns.domain.exports import Column, add_sheet, save
from posts.documents.table_sheet import SheetColumn


def columns() -> list[Column]:
    """The columns of the Excel file."""
    widths = (8, 24, 16, 28, 30, 40, 40)
    return [Column(heading, width) for heading, width in zip(_headings(), widths, strict=True)]


def workbook_of(commendation: Commendation) -> bytes:
    """The chosen ones; of a list that is still open also who may not be commended, and why."""
    book = Workbook(write_only=True)
    add_sheet(book, columns(), rows_of(commendation), title=commendation.label)
    if commendation.status == CommendationStatus.OPEN:
        barred = barred_of(commendation.campaign, candidates_of(commendation.campaign))
        rows = ((each.name, each.unit, each.reason) for each in barred)
        headings = [Column(_("Post or person"), 28), Column(_("Unit"), 28), Column(_("Reason"), 60)]
        add_sheet(book, headings, rows, title=_("May not be commended"))
    return save(book)


def sheet_columns() -> list[SheetColumn]:
    """The columns of the printed sheet."""
    shares = (5, 16, 11, 18, 16, 17, 17)
    return [
        SheetColumn(heading, share, centered=not n)
        for n, (heading, share) in enumerate(zip(_headings(), shares, strict=True))
    ]


def rows_of(commendation: Commendation) -> Iterator[tuple[object, ...]]:
    """A row for each chosen post: its people and the year's results as they are known today."""
    items = list(commendation.items.select_related("conferral__post_kind", "conferral__org_unit").order_by("pk"))
    judged = {
        each.conferral.pk: each
        for each in candidates_of(commendation.campaign, only=[item.conferral_id for item in items])
    }
    for number, item in enumerate(items, start=1):
        title, each = item.conferral, judged[item.conferral_id]
        people = "、".join(holder.name for holder in each.people)
        results = "；".join(f"{r.rule.label} {r.period} {r.get_outcome_display()}" for r in each.results)
        yield number, title.name, title.post_kind.label, title.org_unit.name, people, results, item.reason


def _headings() -> tuple[str, ...]:
    return _("No."), _("Post"), _("Kind"), _("Unit"), _("Holders"), _("Reviews of the year"), _("Reasons")

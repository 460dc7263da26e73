import re
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils import timezone

from campaigns.domain.exports import XLSX, write_xlsx_file
from campaigns.domain.ledgers import find_ledger, ledger_outputs, ledgers_for, rows_of, shown, stream
from campaigns.forms.ledgers import LedgerFilter

PAGE = 30
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
SHORT = 14  # characters of a piece that stays on one line
MIDDLE, LONG = 20, 30  # characters: columns of that width get more room on the page too


@login_required
def ledger_list(request):
    """The ledgers this user keeps; of one campaign or unit when the address names it."""
    kept = {name: request.GET[name] for name in ("campaign", "unit") if request.GET.get(name, "").isdecimal()}
    return render(request, "campaigns/ledger_list.html", {"ledgers": ledgers_for(request.user), "kept": kept})


@login_required
def ledger_page(request, code):
    """One ledger as a page."""
    entry, form, rows = _load(request, code)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "ledger": entry,
        "form": form,
        "page_obj": page,
        "rows": [_row(entry, row) for row in page],
        "told": form.told(),
        "query": query.urlencode(),
        "outputs": ledger_outputs(),
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/ledger.html", context)


@login_required
def ledger_export(request, code):
    """The same rows and columns as an Excel file, written as they come from the database."""
    entry, form, rows = _load(request, code)
    about = f"{entry.label}　{form.told()}　{timezone.localdate():%Y-%m-%d}"
    file = write_xlsx_file(entry.excel_columns(), stream(entry, rows), title=str(entry.label), about=about)
    name = f"{entry.label}-{timezone.localdate():%Y%m%d}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def _load(request, code):
    entry = find_ledger(code, request.user)
    if entry is None:
        raise Http404
    form = LedgerFilter(request.GET, ledger=entry, user=request.user)
    return entry, form, rows_of(entry, request.user, form.wanted())


def _row(entry, row):
    cells = [
        {"heading": column.heading, "text": shown(value), "pieces": _pieces(shown(value)), "css": _css(column, value)}
        for column, value in zip(entry.columns, entry.cells(row), strict=True)
    ]
    return {"cells": cells, "url": entry.page_of(row) if entry.page_of else ""}


def _css(column, value):
    if isinstance(value, date | int) or _DATE.fullmatch(str(value)):
        return "nowrap"
    return "long" if column.width >= LONG else "mid" if column.width >= MIDDLE else ""


def _pieces(text):
    """The names, dates and numbers of a list, none of which is broken over two lines; nothing for other text."""
    first, *more = text.split("、")
    if not more or max(map(len, (first, *more))) > SHORT:
        return []
    return [f"{piece}、" for piece in (first, *more[:-1])] + more[-1:]

"""Forms and sheets: looked at as pictures of their pages, then printed as a PDF."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from posts.documents.fonts import FANGSONG
from posts.documents.page_images import picture_pages
from posts.documents.rare import rare_warnings
from posts.domain.sheet_kinds import find_sheet_kind
from posts.domain.sheet_prints import KIND, is_long, preview_pdf
from posts.views.prints import answer_with_print

BLANK = "blank"


@login_required
@never_cache
def sheet(request, kind, pk):
    """The pages of a sheet of a case, or with ``?blank=1`` of the empty form; 404 for a case the reader does not see.

    Phones show no PDF inside a page, so there are pictures.
    """
    found, case, params = _asked(request, kind, pk)
    sheets = found.make_sheets(case, request.user, blank=params["blank"], query=params["query"])
    if not sheets:
        raise Http404
    pages = picture_pages(preview_pdf(sheets))
    here, narrowed = reverse("posts:sheet", args=[kind, pk]), params["query"]
    context = {
        "kind": found,
        "sheet": sheets[0],
        "case": case,
        "page_url": found.page_of(case),
        "is_blank": params["blank"],
        "pages": pages,
        "warnings": rare_warnings(sheets, family=FANGSONG),
        "is_long": is_long(sheets),
        "print_url": f"{reverse('posts:sheet_pdf', args=[kind, pk])}?{request.GET.urlencode()}",
        "filled_url": f"{here}?{narrowed}",
        "blank_url": f"{here}?{urlencode({BLANK: 1})}" if found.has_blank else "",
    }
    return render(request, "posts/sheet_page.html", context)


@login_required
@never_cache
def sheet_pdf(request, kind, pk):
    """The sheet to be printed: a short one at once, a long one by the clock."""
    found, _case, params = _asked(request, kind, pk)
    return answer_with_print(request, KIND, params, title=str(found.label), as_attachment=False)


def _asked(request, kind, pk):
    """The kind, the case, and what a print needs to know of both."""
    found = find_sheet_kind(kind)
    if found is None:
        raise Http404
    case = get_object_or_404(found.rows(request.user), pk=pk)
    if not found.fits(case, request.user):
        raise Http404
    query = request.GET.copy()
    blank = bool(query.pop(BLANK, None)) and found.has_blank
    return found, case, {"kind": kind, "case": pk, "blank": blank, "query": query.urlencode()}

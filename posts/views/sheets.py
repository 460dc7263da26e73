"""Forms and sheets: shown in the browser as a PDF, to be looked at and printed from there."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import get_valid_filename
from django.views.decorators.cache import never_cache

from posts.documents.form_sheet import form_pdf
from posts.domain.sheet_kinds import find_sheet_kind


@login_required
@never_cache
def sheet(request, kind, pk):
    """A sheet of a case, or with ``?blank=1`` the empty form; 404 for a case the reader does not see."""
    found = find_sheet_kind(kind)
    if found is None:
        raise Http404
    case = get_object_or_404(found.rows(request.user), pk=pk)
    if not found.fits(case, request.user):
        raise Http404
    sheets = found.make_sheets(case, request.user, blank="blank" in request.GET)
    if not sheets:
        raise Http404
    response = HttpResponse(form_pdf(sheets), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{get_valid_filename(f"{kind}-{pk}")}.pdf"'
    return response

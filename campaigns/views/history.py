"""The history 历史 of an object, whatever it is: one page for all of them."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render

from campaigns.domain.history import entries_of, find_page, told

PER_PAGE = 50


@login_required
def history(request, slug, pk):
    """Who may see the object may read its history; a stranger gets 404 for both."""
    page = find_page(slug)
    if page is None:
        raise Http404
    subject = get_object_or_404(page.visible(request.user), pk=pk)
    entries, names = entries_of(page, subject, request.user)
    shown = Paginator(entries, PER_PAGE).get_page(request.GET.get("page"))
    context = {"subject": subject, "back": page.back(subject), "page": shown, "lines": told(shown, names)}
    return render(request, "campaigns/history.html", context)

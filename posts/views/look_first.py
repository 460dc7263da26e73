"""Before a paper that opens as a PDF: what its reader should know of rare characters."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

SEEN = "seen"


def look_first(request: HttpRequest, title: str, warnings: Sequence[str]) -> HttpResponse | None:
    """A page that names the characters and leads on to the paper; None when there is nothing to say, or it was said."""
    if not warnings or SEEN in request.GET:
        return None
    onward = request.GET.copy()
    onward[SEEN] = "1"
    context = {"title": title, "warnings": warnings, "onward": f"?{onward.urlencode()}"}
    return render(request, "posts/rare_characters.html", context)

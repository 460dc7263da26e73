from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from campaigns.domain.todos import counts_for, todos_for
from campaigns.navigation import entries_for


def site(request):
    """What every page needs. The work list is read once, and only where it is shown."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "large_type": request.COOKIES.get("large") == "1",
        "todos": SimpleLazyObject(lambda: _todos(request)),
        "nav": SimpleLazyObject(lambda: _nav(request)),
    }


def _todos(request):
    if not hasattr(request, "todos"):
        request.todos = todos_for(request.user) if request.user.is_authenticated else []
    return request.todos


def _nav(request):
    if not request.user.is_authenticated:
        return []
    # The workbench lists what its menu counts: both from one reading.
    counts = counts_for(request.user, _todos(request) if request.path == "/" else None)
    found = []
    for entry in entries_for(request.user):
        url = reverse(entry.url_name)
        is_current = request.path == url if url == "/" else request.path.startswith(url)
        found.append({"entry": entry, "url": url, "count": counts[entry.section], "is_current": is_current})
    return found

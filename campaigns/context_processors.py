from collections import Counter

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from campaigns.domain.todos import todos_for
from campaigns.navigation import entries_for


def site(request):
    """What every page needs. The work list is read once, and only when a page shows the menu."""
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
    todos = _todos(request)
    counts = Counter(todo.section for todo in todos)
    counts["home"] = len(todos)
    found = []
    for entry in entries_for(request.user):
        url = reverse(entry.url_name)
        is_current = request.path == url if url == "/" else request.path.startswith(url)
        found.append({"entry": entry, "url": url, "count": counts[entry.section], "is_current": is_current})
    return found

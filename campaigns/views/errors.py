import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template import loader

# Fields of an expired form that are never written back into a page.
SECRET_FIELDS = {
    "csrfmiddlewaretoken",
    "password",
    "password1",
    "password2",
    "old_password",
    "new_password1",
    "new_password2",
    "code",
    "token",
}


def not_found(request, exception=None):
    return render(request, "errors/404.html", status=404)


def forbidden(request, exception=None):
    return render(request, "errors/403.html", {"reason": str(exception or "")}, status=403)


def bad_request(request, exception=None):
    return render(request, "errors/400.html", status=400)


def rule_broken(request, error, status):
    return render(request, "errors/rule.html", {"error": error, "back": _back(request)}, status=status)


def server_error(request):
    """Also where Django brings a database that was found away by a middleware: in the session of somebody signed in."""
    if isinstance(sys.exc_info()[1], (OperationalError, InterfaceError)):
        return database_away(request)
    return HttpResponse(loader.render_to_string("errors/500.html"), status=500)


def database_away(request):
    """Drawn without the request: nothing here may need the database. A reload sends the same form again."""
    return HttpResponse(loader.render_to_string("errors/503.html"), status=503, headers={"Retry-After": "20"})


def csrf_failure(request, reason=""):
    """An expired page. What was typed is shown again and can be sent once more with one click."""
    typed = [(name, value) for name, values in request.POST.lists() if name not in SECRET_FIELDS for value in values]
    context = {"typed": typed, "path": request.get_full_path(), "has_files": bool(request.FILES)}
    return render(request, "errors/csrf.html", context, status=403)


def must_change_password(request):
    return redirect("campaigns:password_change")


def _back(request):
    referer = request.headers.get("Referer", "")
    return referer if referer.startswith(f"{request.scheme}://{request.get_host()}/") else "/"

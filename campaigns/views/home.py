from django.contrib.auth.decorators import login_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from campaigns.domain.home import home_panels
from campaigns.models import Message

YEAR = 365 * 24 * 3600


@login_required
def home(request):
    """The work list with deadlines, the running campaigns and what is new."""
    context = {
        "messages_recent": Message.objects.visible_to(request.user)[:6],
        "panels": home_panels(request.user),
        "appointments": request.user.appointments.current().select_related("org_unit"),
        "today": timezone.localdate(),
    }
    return render(request, "campaigns/home.html", context)


@require_POST
def switch_large_type(request):
    """The large version, kept in a cookie; works without JavaScript and without an account."""
    target = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    is_large = request.COOKIES.get("large") == "1"
    response.set_cookie("large", "0" if is_large else "1", max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.domain.clock import label_of, last_tick, retry_now
from campaigns.domain.health import patience
from campaigns.models import DueItem, DueState
from campaigns.permissions import may_anywhere
from campaigns.tasks import nudge

SHOWN = 20


@login_required
def clock_page(request):
    """What the clock still has to do, what failed, and when it was last seen."""
    _require_manager(request.user)
    now, tick_at = timezone.now(), last_tick()
    waiting = DueItem.objects.filter(state=DueState.PENDING)
    context = {
        "tick_at": tick_at,
        "on_time": tick_at is not None and now - tick_at <= patience(),
        "failed": _rows(waiting.filter(attempts__gt=0)),
        "late": _rows(waiting.filter(attempts=0, due_at__lt=now - patience())),
        "coming": _rows(waiting.filter(attempts=0, due_at__gte=now - patience())),
        "done": _rows(DueItem.objects.filter(state=DueState.DONE).order_by("-done_at")),
        "n_waiting": waiting.count(),
        "n_failed": waiting.filter(attempts__gt=0).count(),
        "n_late": waiting.filter(attempts=0, due_at__lt=now - patience()).count(),
    }
    return render(request, "campaigns/clock.html", context)


@login_required
@require_POST
def clock_retry(request, pk):
    """Try a failed item again at once."""
    _require_manager(request.user)
    item = get_object_or_404(DueItem, pk=pk, state=DueState.PENDING)
    retry_now(item)
    nudge()
    messages.success(request, _("The clock tries “%(label)s” again now.") % {"label": label_of(item.kind)})
    return redirect("campaigns:clock")


def _rows(items):
    return [{"item": item, "label": label_of(item.kind), "day": _day_of(item)} for item in items[:SHOWN]]


def _day_of(item):
    """The day or month that a key names, without what only tells rows apart."""
    found = re.match(r"20\d\d-\d\d(-\d\d)?", item.period)
    return found.group() if found else ""


def _require_manager(user):
    if not (may_anywhere(user, "manage_campaign") or may_anywhere(user, "manage_accounts")):
        raise PermissionDenied

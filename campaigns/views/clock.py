import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from campaigns.domain import clock_desk
from campaigns.domain.clock import label_of, last_tick
from campaigns.domain.health import patience
from campaigns.domain.journal_check import check_journal, schedule_check
from campaigns.forms.base import run
from campaigns.forms.clock import ClockFilter, GiveUpForm
from campaigns.models import DueItem, JournalCheck

LABELS = {
    "failed": gettext_lazy("failed"),
    "late": gettext_lazy("late"),
    "running": gettext_lazy("being done"),
    "coming": gettext_lazy("coming"),
    "done": gettext_lazy("done"),
    "given_up": gettext_lazy("given up"),
    "cancelled": gettext_lazy("called off"),
}


class ClockPage(LoginRequiredMixin, ListView):
    """What the clock still has to do, what failed and why, and when it was last seen."""

    template_name = "campaigns/clock.html"
    paginate_by = 30

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated:
            _require_right(request.user)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        self.now = timezone.now()
        shelves = clock_desk.shelves(self.now)
        self.counts = {name: items.count() for name, items in shelves.items()}
        self.shelf = self.request.GET.get("shelf", "")
        if self.shelf not in LABELS:
            self.shelf = next((name for name in ("failed", "late") if self.counts[name]), "coming")
        self.filter = ClockFilter(self.request.GET, kinds=clock_desk.kinds_waiting())
        return self.filter.narrow(shelves[self.shelf])

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        tick_at = last_tick()
        return context | {
            "tick_at": tick_at,
            "on_time": tick_at is not None and self.now - tick_at <= patience(),
            "tabs": [(name, LABELS[name], self.counts[name]) for name in clock_desk.SHELVES],
            "counts": self.counts,
            "shelf": self.shelf,
            "filter": self.filter,
            "check": JournalCheck.objects.first(),
            "is_narrowed": bool(self.filter.is_valid() and any(self.filter.cleaned_data.values())),
            "rows": [row_of(item) for item in context["object_list"]],
        }


@login_required
def clock_item(request, pk):
    """One item with its last error in words; give it up with a reason."""
    _require_right(request.user)
    item = get_object_or_404(DueItem, pk=pk)
    form = GiveUpForm(request.POST or None)
    if request.method == "POST":
        if form.is_valid() and run(form, clock_desk.give_up, item, actor=request.user, **form.cleaned_data):
            messages.success(request, _("“%(label)s” is given up.") % {"label": label_of(item.kind)})
            return redirect("campaigns:clock")
        item.refresh_from_db()
    context = {"row": row_of(item), "item": item, "form": form}
    return render(request, "campaigns/clock_item.html", context, status=400 if request.method == "POST" else 200)


@login_required
@require_POST
def clock_retry(request, pk):
    """Try a failed item again at once, or take one up again."""
    _require_right(request.user)
    item = clock_desk.retry_now(get_object_or_404(DueItem, pk=pk), actor=request.user)
    messages.success(request, _("The clock tries “%(label)s” again now.") % {"label": label_of(item.kind)})
    return redirect("campaigns:clock")


@login_required
@require_POST
def journal_check(request):
    """Recompute the history now instead of at night."""
    _require_right(request.user)
    schedule_check()
    if check_journal().n_breaks:
        messages.error(request, _("The history does not hold"))
    else:
        messages.success(request, _("The history holds."))
    return redirect("campaigns:clock")


def row_of(item):
    """An item as the page shows it."""
    day = re.match(r"20\d\d-\d\d(-\d\d)?", item.period)  # the day or month of a key, without what tells rows apart
    words = clock_desk.words_for(item)
    return {"item": item, "label": label_of(item.kind), "day": day.group() if day else "", "words": words}


def _require_right(user):
    if not clock_desk.may_tend_clock(user):
        raise PermissionDenied

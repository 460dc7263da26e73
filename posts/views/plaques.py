"""The plaque register: print, hand over, call back, take in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.generic import ListView

from campaigns.forms.base import run as run_form
from campaigns.permissions import may_on_unit
from posts.domain import plaques as domain
from posts.domain.plaque_pages import wants_badge
from posts.forms.plaques import (
    DamagedForm,
    HandOverForm,
    LostForm,
    PlaqueFilter,
    RecallForm,
    ReplaceForm,
    ReturnPlaqueForm,
)
from posts.models import Holder, Plaque, PlaqueStatus

PAGE = 30


class PlaqueList(LoginRequiredMixin, ListView):
    """The whole register, or one state of it: to print, to collect."""

    template_name = "posts/plaque_list.html"
    context_object_name = "plaques"
    paginate_by = PAGE

    def get_queryset(self):
        visible = Plaque.objects.visible_to(self.request.user)
        self.counts = visible.count_by_status()
        status = self.request.GET.get("status", "")
        self.status = status if status in PlaqueStatus.values else ""
        rows = visible.filter(status=self.status) if self.status else visible
        self.filter = PlaqueFilter(self.request.GET, queryset=rows)
        rows = self.filter.qs.for_list()
        return rows.order_by("recall_due_on", "pk") if self.status == PlaqueStatus.RECALLED else rows

    def get_context_data(self, **kwargs):
        tabs = [(status.value, status.label, self.counts.get(status, 0)) for status in PlaqueStatus]
        context = super().get_context_data(
            tabs=tabs, status=self.status, filter=self.filter, all_count=sum(self.counts.values()), **kwargs
        )
        own = set(Holder.objects.filter(member__user=self.request.user).values_list("conferral", flat=True))
        for plaque in context["plaques"]:
            office = may_on_unit(self.request.user, "issue_plaque", plaque.issuer_unit)
            plaque.may_issue = office and plaque.conferral_id not in own
        return context


class PickUpList(LoginRequiredMixin, ListView):
    """Who fetches which plaque: a sheet with a place for each signature."""

    template_name = "posts/plaque_pickup.html"
    context_object_name = "plaques"

    def get_queryset(self):
        rows = Plaque.objects.visible_to(self.request.user).filter(status=PlaqueStatus.TO_PRINT)
        return rows.for_list().with_holders()


@login_required
def plaque_hand_over(request, pk):
    plaque = _plaque(request, pk)
    conferral = plaque.conferral
    holder = conferral.holders.filter(until_on__isnull=True).first()
    form = HandOverForm(
        request.POST or None,
        badge=wants_badge(plaque),
        creating=domain.creating_to_return(plaque).exists(),
        initial={
            "received_by": plaque.for_name or (holder.name if holder and holder.member_id else ""),
            "place": domain.default_place(plaque, conferral),
        },
    )
    text = gettext_lazy("Plaque %(number)s hangs from now on.")
    return _act(request, plaque, form, domain.hand_over, title=gettext_lazy("Hand over the plaque"), done=text)


@login_required
def plaque_recall(request, pk):
    form = RecallForm(request.POST or None)
    text = gettext_lazy("Plaque %(number)s has been called back.")
    return _act(
        request, _plaque(request, pk), form, domain.recall_plaque, title=gettext_lazy("Call the plaque back"), done=text
    )


@login_required
def plaque_return(request, pk):
    plaque = _plaque(request, pk)
    form = ReturnPlaqueForm(request.POST or None, initial={"returned_by": plaque.received_by})
    text = gettext_lazy("Plaque %(number)s is back.")
    return _act(request, plaque, form, domain.return_plaque, title=gettext_lazy("Take the plaque in"), done=text)


@login_required
def plaque_lost(request, pk):
    plaque = _plaque(request, pk)
    form = LostForm(request.POST or None, initial={"lost_by": plaque.received_by})
    text = gettext_lazy("Plaque %(number)s is recorded as lost.")
    return _act(request, plaque, form, domain.mark_lost, title=gettext_lazy("Record the loss"), done=text)


@login_required
def plaque_damaged(request, pk):
    plaque = _plaque(request, pk)
    form = DamagedForm(request.POST or None, initial={"damaged_by": plaque.received_by})
    text = gettext_lazy("Plaque %(number)s is recorded as damaged; have it replaced.")
    return _act(request, plaque, form, domain.mark_damaged, title=gettext_lazy("Record the damage"), done=text)


@login_required
def plaque_replace(request, pk):
    form = ReplaceForm(request.POST or None)
    text = gettext_lazy("Plaque %(number)s has been made in its place.")
    return _act(
        request, _plaque(request, pk), form, domain.replace_plaque, title=gettext_lazy("Replace the plaque"), done=text
    )


def _plaque(request, pk):
    rows = Plaque.objects.visible_to(request.user).select_related(
        "conferral__org_unit", "conferral__post_kind", "conferral__nomination", "issuer_unit"
    )
    plaque = get_object_or_404(rows, pk=pk)
    if reason := domain.why_not_issue(request.user, plaque, plaque.conferral):
        raise PermissionDenied(reason)
    return plaque


def _act(request, plaque, form, call, *, title, done):
    """Show the form, make the call, tell what happened."""
    if form.is_valid():
        result = run_form(form, call, plaque, actor=request.user, **form.cleaned_data)
        if result is not None:
            messages.success(request, done % {"number": result.number})
            return redirect("posts:conferral_detail", plaque.conferral_id)
    status = 400 if form.is_bound else 200
    context = {"form": form, "plaque": plaque, "title": title}
    return render(request, "posts/plaque_form.html", context, status=status)

"""Decisions: the batch that waits, the quiet proposal, the preview, the release."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.forms.base import run as run_form
from campaigns.permissions import may_on_unit
from posts.domain.deciding import bars_for, decidable_runs, decides_anywhere, for_list, open_decide_runs, with_blockers
from posts.domain.decisions import (
    cancel_decision,
    change_decision,
    drop_items,
    preview_release,
    propose_decisions,
    release_decision,
    return_runs,
)
from posts.domain.full_places import refuse_without_a_place, without_a_place
from posts.forms.decisions import RETURN, DecisionFilter, MeetingForm, ProposeForm, ReturnForm, WaitingFilter
from posts.models import Decision, DecisionOutcome, DecisionStatus

PAGE = 20


class WaitingList(LoginRequiredMixin, ListView):
    """Nominations that wait for a decision, to be decided on many at once."""

    template_name = "posts/decision_waiting.html"
    context_object_name = "runs"
    paginate_by = PAGE

    def get_queryset(self):
        runs = open_decide_runs(self.request.user, below="below" in self.request.GET)
        self.filter = WaitingFilter(self.request.GET, queryset=runs)
        return for_list(self.filter.qs)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        mine = set(decidable_runs(self.request.user).values_list("pk", flat=True))
        rows = with_blockers(context["runs"])
        for row in rows:
            row.is_mine = row.pk in mine
        matching = self.filter.qs.filter(pk__in=mine).count()
        here = sum(row.is_mine for row in rows)
        return context | {
            "runs": rows,
            "filter": self.filter,
            "bars": bars_for(self.filter.queryset),
            "here": here,
            "elsewhere": matching - here,
            "total": context["paginator"].count,
            "may_print": decides_anywhere(self.request.user),
        }


@login_required
@require_POST
def decision_propose(request):
    """First the page that lists what was chosen and asks for the meeting, then the proposal itself."""
    runs = _chosen(request)
    outcome = request.POST.get("outcome", DecisionOutcome.APPROVED)
    ready = [run for run in runs if outcome != DecisionOutcome.APPROVED or not run.blockers]
    form = _propose_form(request, outcome)
    if "confirm" in request.POST and form.is_valid():
        done = run_form(form, _return if outcome == RETURN else _propose, ready, form, request.user)
        if done is not None:
            messages.success(request, done[0])
            return redirect(*done[1:])
    context = {
        "form": form,
        "outcome": outcome,
        "ready": ready,
        "blocked": [run for run in runs if run not in ready],
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "posts/decision_propose.html", context, status=status)


class DecisionList(LoginRequiredMixin, ListView):
    template_name = "posts/decision_list.html"
    context_object_name = "decisions"
    paginate_by = PAGE

    def get_queryset(self):
        visible = Decision.objects.visible_to(self.request.user)
        self.status = self.request.GET.get("status", DecisionStatus.PENDING)
        if self.status not in DecisionStatus.values:
            self.status = DecisionStatus.PENDING
        self.counts = {status: visible.filter(status=status).count() for status in DecisionStatus.values}
        self.filter = DecisionFilter(self.request.GET, queryset=visible.filter(status=self.status))
        return self.filter.qs.for_list().with_numbers()

    def get_context_data(self, **kwargs):
        tabs = [(status.value, status.label, self.counts[status.value]) for status in DecisionStatus]
        waiting = open_decide_runs(self.request.user).count()
        return super().get_context_data(tabs=tabs, status=self.status, filter=self.filter, waiting=waiting, **kwargs)


class DecisionDetail(LoginRequiredMixin, DetailView):
    """A pending decision with exactly what its release will do; a released one with what it did."""

    template_name = "posts/decision_detail.html"
    context_object_name = "decision"

    def get_queryset(self):
        return Decision.objects.visible_to(self.request.user).select_related(
            "org_unit", "campaign__owner", "created_by", "released_by"
        )

    def get_context_data(self, **kwargs):
        user, decision = self.request.user, self.object
        may_release = may_on_unit(user, "release_decision", decision.org_unit)
        context = {
            "may_release": may_release,
            "may_change": decision.is_pending and (may_release or may_on_unit(user, "decide", decision.org_unit)),
            "items": decision.items_for_page(user),
        }
        if decision.is_pending:
            context["preview"] = preview_release(decision)
            context["without_place"] = without_a_place(decision) if context["may_change"] else []
        return super().get_context_data(**context, **kwargs)


@login_required
def decision_edit(request, pk):
    """Correct the data of the meeting."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    fields = ("held_on", "meeting", "document_number", "note")
    form = MeetingForm(request.POST or None, initial={field: getattr(decision, field) for field in fields})
    if form.is_valid() and run_form(form, change_decision, decision, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The data of the meeting has been saved."))
        return redirect("posts:decision_detail", pk)
    status = 400 if form.is_bound else 200
    return render(request, "posts/decision_form.html", {"form": form, "decision": decision}, status=status)


@login_required
@require_POST
def decision_release(request, pk):
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    release_decision(decision, actor=request.user)
    messages.success(request, _("The decision has been released. Everybody concerned has been told."))
    return redirect("posts:decision_detail", pk)


@login_required
@require_POST
def decision_cancel(request, pk):
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    cancel_decision(decision, actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("The decision has been cancelled. Its nominations wait for a decision again."))
    return redirect("posts:decision_list")


@login_required
@require_POST
def decision_refuse_rest(request, pk):
    """What finds no place beside what was approved is not approved, in the same decision."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    refuse_without_a_place(decision, actor=request.user)
    messages.success(request, _("What has no place is noted as not approved."))
    return redirect("posts:decision_detail", pk)


@login_required
@require_POST
def decision_drop(request, pk):
    """Take the ticked nominations out of a pending decision."""
    decision = get_object_or_404(Decision.objects.visible_to(request.user), pk=pk)
    items = decision.items.filter(pk__in=_ids(request, "item"), is_live=True)
    decision = drop_items(decision, items, actor=request.user)
    messages.success(request, _("The nominations have been taken out; they wait for a decision again."))
    return redirect("posts:decision_detail", pk) if decision.is_pending else redirect("posts:decision_list")


def _chosen(request):
    """The ticked rows, or all rows of the filter when the box for the other pages was ticked: asked of the server."""
    runs = decidable_runs(request.user)
    if "all_pages" in request.POST:
        runs = WaitingFilter(QueryDict(request.POST.get("filter", "")), queryset=runs).qs
    else:
        runs = runs.filter(pk__in=_ids(request, "run"))
    return with_blockers(for_list(runs))


def _ids(request, name):
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal()]


def _propose_form(request, outcome):
    data = request.POST if "confirm" in request.POST else None
    if outcome == RETURN:
        return ReturnForm(data)
    pending = Decision.objects.visible_to(request.user).pending().for_list()
    return ProposeForm(data, initial={"outcome": outcome}, pending=pending)


def _propose(runs, form, actor):
    data = dict(form.cleaned_data)
    decision = propose_decisions(runs, actor=actor, reasons=data.pop("reason"), **data)
    return _("Noted quietly. Nobody else sees it until it is released."), "posts:decision_detail", decision.pk


def _return(runs, form, actor):
    number = return_runs(runs, actor=actor, reason=form.cleaned_data["reason"], redo=form.cleaned_data["redo"])
    text = ngettext("%(n)s nomination has been returned.", "%(n)s nominations have been returned.", number)
    return text % {"n": number}, "posts:decision_waiting"

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from assessments.domain.rectifications import (
    check_rectification,
    submit_rectification,
    why_not_check,
    why_not_submit,
)
from assessments.forms.reviews import CheckForm, ProofForm
from assessments.models import Rectification, RectificationStatus
from assessments.queries import rectification_tabs
from campaigns.forms.base import run


class RectificationListView(LoginRequiredMixin, ListView):
    """Rectifications, the nearest deadline first."""

    template_name = "assessments/rectification_list.html"
    context_object_name = "rectifications"
    paginate_by = 20

    def get_queryset(self):
        mine = Rectification.objects.visible_to(self.request.user)
        self.tabs = rectification_tabs(mine, self.request.GET.get("tab", "running"))
        return self.tabs.current.queryset.for_list()

    def get_context_data(self, **kwargs):
        return super().get_context_data(tabs=self.tabs, **kwargs)


@login_required
def rectification_detail(request, pk):
    """What must be mended, what was done, and what the second check found."""
    return _show(request, _get(request, pk), {})


@login_required
@require_POST
def rectification_submit(request, pk):
    """Hand in what was done."""
    rectification, form = _get(request, pk), ProofForm(request.POST)
    if form.is_valid() and run(form, submit_rectification, rectification, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Handed in. Somebody else checks it now."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"proof_form": form}, status=400)


@login_required
@require_POST
def rectification_check(request, pk):
    """The second check."""
    rectification = _get(request, pk)
    form = CheckForm(request.POST, rectification=rectification)
    if form.is_valid() and run(form, check_rectification, rectification, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The second check has been recorded."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"check_form": form}, status=400)


def _get(request, pk):
    rectifications = Rectification.objects.visible_to(request.user).for_list()
    related = ("checking_unit", "opened_by", "submitted_by", "checked_by", "review__rule")
    return get_object_or_404(rectifications.select_related(*related), pk=pk)


def _show(request, rectification, context, *, status=200):
    """Each form for who may use it now; a form with errors comes back as it was."""
    is_open = rectification.status == RectificationStatus.OPEN
    checkable = rectification.status == RectificationStatus.SUBMITTED or rectification.is_overdue
    if is_open and not why_not_submit(request.user, rectification):
        context.setdefault("proof_form", ProofForm())
    if checkable and not why_not_check(request.user, rectification):
        context.setdefault("check_form", CheckForm(rectification=rectification))
    context["rectification"] = rectification
    context["proposal"] = rectification.proposals.first()
    return render(request, "assessments/rectification_detail.html", context, status=status)

from itertools import groupby

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.domain.trials import start_trial
from assessments.models import Trial
from campaigns.domain.library import find_entry
from campaigns.models import Campaign
from campaigns.permissions import may_anywhere


@login_required
@require_POST
def trial_scheme(request, code):
    """Start a trial run of a scheme of the library."""
    if not may_anywhere(request.user, "view_unit"):
        raise Http404
    if not may_anywhere(request.user, "manage_campaign"):
        raise PermissionDenied
    if (entry := find_entry(code)) is None:
        raise Http404
    return redirect("assessments:trial_detail", start_trial(actor=request.user, text=entry.text).pk)


@login_required
@require_POST
def trial_campaign(request, pk):
    """Start a trial run of a campaign with its own figures."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    return redirect("assessments:trial_detail", start_trial(actor=request.user, campaign=campaign).pk)


@login_required
def trial_detail(request, pk):
    """Progress, then the findings, the steps month by month, and how everything ended."""
    trial = get_object_or_404(Trial.objects.visible_to(request.user).select_related("campaign", "started_by"), pk=pk)
    report = trial.report
    by_month = groupby(report.get("steps", []), key=lambda step: step["date"][:7])
    context = {"trial": trial, "report": report, "months": [(month, list(steps)) for month, steps in by_month]}
    response = render(request, "assessments/trial_detail.html", context)
    if request.htmx and not trial.is_running:
        response["HX-Refresh"] = "true"  # its heading and its buttons change with its end
    return response

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from campaigns.domain.milestones import may_record, owed_records, record_milestone
from campaigns.forms.base import posted, run
from campaigns.forms.milestones import MilestoneRecordForm
from campaigns.models import Campaign


@login_required
def milestone_list(request, pk):
    """Who has recorded what, and who still owes it."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=pk)
    rows = [(owed, may_record(request.user, owed.unit)) for owed in owed_records(campaign)]
    missing = sum(1 for owed, _may in rows if owed.record is None)
    return render(request, "campaigns/milestone_list.html", {"campaign": campaign, "rows": rows, "missing": missing})


@login_required
def milestone_record(request, pk, number, unit_pk):
    """One unit writes down what it has done."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=pk)
    owed = next((o for o in owed_records(campaign) if (o.number, o.unit.pk) == (number, unit_pk)), None)
    if owed is None:
        raise Http404
    if not may_record(request.user, owed.unit):
        raise PermissionDenied
    before = owed.record and {"text": owed.record.text, "document_number": owed.record.document_number}
    form = MilestoneRecordForm(posted(request), initial=before)
    if form.is_valid():
        call = {"number": number, "unit": owed.unit, "actor": request.user, **form.cleaned_data}
        if run(form, record_milestone, campaign, **call):
            messages.success(request, _("Recorded: %(label)s.") % {"label": owed.label})
            return redirect("campaigns:milestone_list", pk)
    context = {"campaign": campaign, "owed": owed, "form": form}
    return render(request, "campaigns/milestone_form.html", context, status=400 if form.errors else 200)

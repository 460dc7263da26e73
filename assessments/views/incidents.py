from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import ListView

from assessments.domain.incident_rights import may_see_reporter, why_not_confirm, why_not_decide, why_not_verify
from assessments.domain.incidents import Reporter, report_incident
from assessments.domain.verification import (
    confirm_closing,
    dismiss_incident,
    record_finding,
    send_back,
    suspend_display,
    take_up,
)
from assessments.domain.vetoes import close_without_veto, decide_veto, preview_veto, why_no_veto
from assessments.forms.incidents import (
    CloseForm,
    DismissForm,
    FindingForm,
    IncidentForm,
    SendBackForm,
    VetoForm,
)
from assessments.models import Incident, ReportPhoto
from assessments.queries import incident_tabs
from campaigns.forms.base import posted, run
from campaigns.permissions import may_anywhere


class IncidentListView(LoginRequiredMixin, ListView):
    """The desk: reports by where they stand."""

    template_name = "assessments/incident_list.html"
    context_object_name = "incidents"
    paginate_by = 20

    def get_queryset(self):
        mine = Incident.objects.visible_to(self.request.user)
        self.tabs = incident_tabs(mine, self.request.GET.get("tab", "reported"))
        return self.tabs.current.queryset.for_list()

    def get_context_data(self, **kwargs):
        return super().get_context_data(tabs=self.tabs, **kwargs)


@login_required
def incident_create(request):
    """Enter a report that came in by another way, or one's own."""
    if not may_anywhere(request.user, "view_unit"):
        raise PermissionDenied
    form = IncidentForm(
        posted(request), request.FILES or None, user=request.user, initial={"conferral": request.GET.get("post")}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        by = Reporter(data["reporter_name"], data["reporter_contact"], request.user if data["own"] else None)
        facts = {"text": data["text"], "source": data["source"], "reporter": by, "photos": data["photos"]}
        incident = run(form, report_incident, data["conferral"], **facts)
        if incident:
            return render(request, "assessments/incident_created.html", {"incident": incident})
    return render(request, "assessments/incident_form.html", {"form": form}, status=400 if form.errors else 200)


@login_required
def incident_detail(request, pk):
    """Everything about one report, for the two roles that may know it."""
    incident = _get(request, pk)
    user = request.user
    context = {
        "incident": incident,
        "may_verify": not why_not_verify(user, incident),
        "may_confirm": not why_not_confirm(user, incident),
        "statements": incident.statements.select_related("holder__member"),
        "files": incident.files.all(),
        "photos": ReportPhoto.objects.visible_to(user).filter(incident=incident),
        "revocation": incident.revocation,
        "send_back_form": SendBackForm(),
        "may_decide": not why_not_decide(user, incident),
        "shows_reporter": may_see_reporter(user, incident),
        "no_veto": why_no_veto(incident),
        "has_grounds": incident.conferral.campaign.veto_grounds.exists(),
        "proposal": incident.proposals.first(),
        "dismiss_form": DismissForm(),
        "rectification": incident.rectifications.first(),
    }
    return render(request, "assessments/incident_detail.html", context)


@login_required
@never_cache
@require_safe
def report_photo(request, pk):
    """A photograph of a report, for the verifying role."""
    photo = get_object_or_404(ReportPhoto.objects.visible_to(request.user), pk=pk)
    response = FileResponse(photo.file.open("rb"), content_type="image/jpeg", filename=f"{photo.pk}.jpg")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@login_required
@require_POST
def incident_take_up(request, pk):
    """Accept a report for verification."""
    take_up(_get(request, pk), actor=request.user)
    messages.success(request, _("You verify this report now."))
    return redirect("assessments:incident_detail", pk)


@login_required
@require_POST
def incident_suspend(request, pk):
    """Take the post off display meanwhile."""
    suspend_display(_get(request, pk), actor=request.user)
    messages.success(request, _("The display is suspended until the report is settled."))
    return redirect("assessments:incident_detail", pk)


@login_required
@require_POST
def incident_dismiss(request, pk):
    """Register a report without verifying it."""
    incident = _get(request, pk)
    dismiss_incident(incident, actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Registered. A second person confirms that the report is closed."))
    return redirect("assessments:incident_detail", pk)


@login_required
@require_POST
def incident_confirm(request, pk):
    """The second look: the report is closed."""
    confirm_closing(_get(request, pk), actor=request.user)
    messages.success(request, _("The report has been closed."))
    return redirect("assessments:incident_detail", pk)


@login_required
@require_POST
def incident_send_back(request, pk):
    """The second look: it has to be verified further."""
    send_back(_get(request, pk), actor=request.user, reason=request.POST.get("reason", ""))
    messages.success(request, _("Sent back: the report is verified further."))
    return redirect("assessments:incident_detail", pk)


@login_required
def incident_finding(request, pk):
    """Write down what the verification found."""
    incident = _get(request, pk)
    _refuse(why_not_verify(request.user, incident))
    form = FindingForm(posted(request), request.FILES or None, incident=incident)
    if form.is_valid() and run(form, record_finding, incident, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The finding has been recorded."))
        return redirect("assessments:incident_detail", pk)
    context = {"incident": incident, "form": form, "shows_reporter": may_see_reporter(request.user, incident)}
    return render(request, "assessments/incident_finding.html", context, status=400 if form.errors else 200)


@login_required
def incident_veto(request, pk):
    """One page that lists exactly what will happen, and does it on confirmation."""
    incident = _get(request, pk)
    _refuse(why_not_decide(request.user, incident))
    form = VetoForm(posted(request))
    if form.is_valid() and run(form, decide_veto, incident, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The title has been revoked and the plaque called back."))
        return redirect("assessments:incident_detail", pk)
    context = {"incident": incident, "form": form, "no_veto": why_no_veto(incident), "preview": preview_veto(incident)}
    return render(request, "assessments/incident_veto.html", context, status=400 if form.errors else 200)


@login_required
def incident_close(request, pk):
    """Close a proven report without a veto."""
    incident = _get(request, pk)
    _refuse(why_not_decide(request.user, incident))
    form = CloseForm(posted(request), incident=incident)
    if form.is_valid() and run(form, close_without_veto, incident, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The decision about the report has been recorded."))
        return redirect("assessments:incident_detail", pk)
    context = {"incident": incident, "form": form}
    return render(request, "assessments/incident_close.html", context, status=400 if form.errors else 200)


def _get(request, pk):
    return get_object_or_404(Incident.objects.visible_to(request.user).for_list(), pk=pk)


def _refuse(reason):
    if reason:
        raise PermissionDenied(reason)

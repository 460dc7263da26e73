"""Pages without sign-in: report something about a named post, and ask how a report stands."""

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from assessments.domain.incidents import Reporter, report_incident
from assessments.forms.incidents import ReceiptForm, ReportForm
from assessments.models import Incident, IncidentSource
from assessments.throttle import allow
from campaigns.forms.base import posted, run
from posts.models import Conferral

REPORTS_AN_HOUR = 20
LOOKUPS_AN_HOUR = 60


@never_cache
def report(request, public_id):
    """Report something about a post, with a name or without."""
    conferral = get_object_or_404(Conferral.objects.select_related("campaign", "org_unit"), public_id=public_id)
    form = ReportForm(posted(request), request.FILES or None, conferral=conferral)
    if request.method == "POST" and form.is_valid():
        if not allow(request, "report", per_hour=REPORTS_AN_HOUR):
            form.add_error(None, _("Too many reports from this connection. Please try again in an hour."))
        elif incident := run(form, report_incident, conferral, **_report_of(request, form.cleaned_data)):
            # No redirect and no session: nothing on this machine ties the reader to the report.
            return render(request, "assessments/report_done.html", {"incident": incident})
    context = {"conferral": conferral, "form": form}
    return render(request, "assessments/report.html", context, status=400 if form.errors else 200)


@never_cache
def report_state(request):
    """How a report stands, for whoever holds its receipt number."""
    form, incident = ReceiptForm(posted(request)), None
    if request.method == "POST" and form.is_valid():
        if not allow(request, "receipt", per_hour=LOOKUPS_AN_HOUR):
            form.add_error(None, _("Too many tries from this connection. Please try again in an hour."))
        else:
            incident = Incident.objects.filter(receipt=form.cleaned_data["receipt"]).first()
            if incident is None:
                form.add_error("receipt", _("There is no report with this number. Please compare it with your note."))
    context = {"form": form, "incident": incident}
    return render(request, "assessments/report_state.html", context, status=400 if form.errors else 200)


def _report_of(request, data):
    user = request.user if request.user.is_authenticated and request.POST.get("own") else None
    reporter = Reporter(data["name"] or (user.name if user else ""), data["contact"], user)
    source = IncidentSource.MEMBER if user else IncidentSource.PUBLIC
    facts = {"source": source, "reporter": reporter, "public_id": data["token"]}
    return {"text": data["text"], "photos": data["photos"], **facts}

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessments.domain.incident_rights import may_see_reporter, why_not_verify
from assessments.domain.statements import ask_statement, give_statement, take_down_statement, why_not_state
from assessments.forms.incidents import StatementForm, StatementRequestForm
from assessments.models import Hearing, Incident
from campaigns.forms.base import posted, run


@login_required
def statement_ask(request, pk):
    """Ask a person of the post for a statement, in the verifier's own words."""
    incident = get_object_or_404(Incident.objects.visible_to(request.user).for_list(), pk=pk)
    if barred := why_not_verify(request.user, incident):
        raise PermissionDenied(barred)
    form = StatementRequestForm(posted(request), incident=incident)
    if form.is_valid() and run(form, ask_statement, incident, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The person has been asked for a statement."))
        return redirect("assessments:incident_detail", pk)
    context = {"incident": incident, "form": form, "shows_reporter": may_see_reporter(request.user, incident)}
    return render(request, "assessments/statement_ask.html", context, status=400 if form.errors else 200)


@login_required
def statement_detail(request, pk):
    """What somebody is heard about, and his answer. Nothing here comes from the report."""
    statement = _get(request, pk)
    may_answer = statement.is_waiting and not why_not_state(request.user, statement)
    form = StatementForm(posted(request)) if may_answer or request.method == "POST" else None
    if form and form.is_valid() and run(form, give_statement, statement, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Your statement has been handed in."))
        return redirect("assessments:statement_detail", pk)
    status = 400 if form and form.errors else 200
    return render(request, "assessments/statement_detail.html", {"statement": statement, "form": form}, status=status)


@login_required
def statement_record(request, pk):
    """The verifier takes down what the person said."""
    statement = _get(request, pk)
    if barred := why_not_verify(request.user, statement.incident):
        raise PermissionDenied(barred)
    form = StatementForm(posted(request))
    if form.is_valid() and run(form, take_down_statement, statement, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The statement has been written down."))
        return redirect("assessments:incident_detail", statement.incident_id)
    context = {"statement": statement, "form": form, "records": True}
    return render(request, "assessments/statement_detail.html", context, status=400 if form.errors else 200)


def _get(request, pk):
    related = ("incident__conferral__org_unit", "holder__member", "asked_by", "recorded_by")
    return get_object_or_404(Hearing.objects.visible_to(request.user).select_related(*related), pk=pk)

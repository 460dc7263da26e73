"""What is done to a frozen survey: more time, a change of its roll, a second count."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessments.domain.outside_numbers import may_state, state_number
from assessments.domain.recounts import ask_recount, confirm_recount, may_audit
from assessments.domain.roll_changes import ask_roll_change, extend_survey, settle_roll_change
from assessments.domain.survey_subjects import require_run
from assessments.forms.surveys import ExtendForm, OutsideNumberForm, RecountForm, RollChangeForm
from assessments.models import Survey
from campaigns.forms.base import run


@login_required
@require_http_methods(["GET", "POST"])
def survey_extend(request, pk):
    survey, form = load_run_survey(request, pk), ExtendForm(request.POST or None)
    done = _("Those who have not voted were told of the new end.")
    texts = {"title": _("Extend the survey"), "action": _("Extend"), "done": done}
    return ask_by_form(request, survey, form, extend_survey, texts)


@login_required
@require_http_methods(["GET", "POST"])
def roll_change_create(request, pk):
    survey = load_run_survey(request, pk)
    form = RollChangeForm(request.POST or None, survey=survey)
    done = _("The change waits for the confirmation of the level above.")
    texts = {"title": _("Change the roll"), "action": _("Ask for the change"), "done": done}
    return ask_by_form(request, survey, form, ask_roll_change, texts)


@login_required
@require_POST
def roll_change_settle(request, pk, change_pk):
    survey = load_survey(request, pk)
    change = get_object_or_404(survey.roll_changes, pk=change_pk)
    settle_roll_change(change, actor=request.user, confirm="confirm" in request.POST)
    messages.success(request, _("The change of the roll is settled."))
    return redirect("assessments:survey_detail", pk)


@login_required
@require_http_methods(["GET", "POST"])
def outside_number(request, pk):
    survey = load_survey(request, pk)
    if not may_state(request.user, survey):
        raise PermissionDenied
    form = OutsideNumberForm(request.POST or None, survey=survey)
    done = _("The number is noted beside the rights that were given out.")
    texts = {"title": _("State a number from outside"), "action": _("State the number"), "done": done}
    return ask_by_form(request, survey, form, state_number, texts)


@login_required
@require_http_methods(["GET", "POST"])
def recount_create(request, pk):
    survey = load_survey(request, pk)
    if not may_audit(request.user, survey):
        raise Http404
    form = RecountForm(request.POST or None)
    done = _("The recount waits for a second auditor.")
    texts = {"title": _("Count the ballots again"), "action": _("Ask for a recount"), "done": done}
    return ask_by_form(request, survey, form, ask_recount, texts)


@login_required
@require_POST
def recount_confirm(request, pk, recount_pk):
    survey = load_survey(request, pk)
    confirm_recount(get_object_or_404(survey.recounts, pk=recount_pk), actor=request.user)
    messages.success(request, _("The ballots are being counted again. The result is told by message and on this page."))
    return redirect("assessments:survey_detail", pk)


def ask_by_form(request, survey: Survey, form, function, texts: dict):
    """Show the form, or do what it asks for and go back to the survey."""
    valid = request.method == "POST" and form.is_valid()
    if valid and run(form, function, survey, actor=request.user, **form.cleaned_data):
        messages.success(request, texts["done"])
        return redirect("assessments:survey_detail", survey.pk)
    status = 400 if form.is_bound else 200
    return render(request, "assessments/survey_form.html", {"survey": survey, "form": form, **texts}, status=status)


def load_survey(request, pk) -> Survey:
    """A survey that the user sees, or 404."""
    return get_object_or_404(Survey.objects.visible_to(request.user).for_list(), pk=pk)


def load_run_survey(request, pk) -> Survey:
    """A survey that the user runs; 404 or 403 otherwise."""
    survey = load_survey(request, pk)
    require_run(request.user, survey, "close_survey")
    return survey

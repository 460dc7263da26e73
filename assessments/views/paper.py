"""Ballots on paper: handing out, the blank forms, the two tellers' sheets."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.documents import counting_sheet, paper_ballots, slip_warnings
from assessments.domain.ballots import oversees
from assessments.domain.paper import (
    differing,
    enter_count,
    hand_out_to_members,
    hand_out_to_public,
    may_count,
    void_survey,
)
from assessments.domain.paper_counts import n_issued
from assessments.forms.surveys import PaperCountForm, PaperMembersForm, PaperPublicForm, RecountForm
from assessments.models import PaperSheet
from assessments.views.oversight import ask_by_form, load_run_survey, load_survey
from campaigns.forms.base import run
from posts.views.look_first import look_first


@login_required
@require_http_methods(["GET", "POST"])
def paper_members(request, pk):
    survey = load_run_survey(request, pk)
    form = PaperMembersForm(request.POST or None, survey=survey)
    if request.method == "POST" and form.is_valid():
        issue = run(form, hand_out_to_members, survey, actor=request.user, **form.cleaned_data)
        if issue:
            _tell(request, issue)
            return redirect("assessments:survey_detail", pk)
    texts = {"title": _("Hand out paper ballots"), "action": _("These people have their paper ballot")}
    status = 400 if form.is_bound else 200
    return render(request, "assessments/survey_form.html", {"survey": survey, "form": form, **texts}, status=status)


def _tell(request, issue) -> None:
    if issue.given:
        names = "、".join(str(member) for member in issue.given)
        messages.success(request, _("Paper ballots handed out to: %(names)s") % {"names": names})
    if issue.refused:
        names = "、".join(str(member) for member in issue.refused)
        messages.warning(request, _("Not given, because the vote is used already: %(names)s") % {"names": names})


@login_required
@require_http_methods(["GET", "POST"])
def paper_public(request, pk):
    survey, form = load_run_survey(request, pk), PaperPublicForm(request.POST or None)
    texts = {"title": _("Paper ballots for the public"), "action": _("Note them"), "done": _("Noted.")}
    return ask_by_form(request, survey, form, hand_out_to_public, texts)


@login_required
@require_safe
def paper_ballot_sheet(request, pk):
    survey = load_run_survey(request, pk)
    if answer := look_first(request, survey.title, slip_warnings(survey)):
        return answer
    return _pdf(paper_ballots(survey), f"paper-ballots-{survey.pk}.pdf")


@login_required
@require_safe
def paper_counting_sheet(request, pk, sheet_pk):
    sheet = _sheet(request, pk, sheet_pk)
    return _pdf(counting_sheet(sheet), f"counting-sheet-{sheet.pk}.pdf")


@login_required
@require_http_methods(["GET", "POST"])
def paper_count(request, pk, sheet_pk):
    """One teller's entry; the other's figures are not shown before both are in."""
    sheet = _sheet(request, pk, sheet_pk)
    form = PaperCountForm(request.POST or None, survey=sheet.survey)
    if request.method == "POST" and form.is_valid():
        n_returned, lines = form.cleaned_data["n_returned"], form.counts()
        if run(form, enter_count, sheet, actor=request.user, n_returned=n_returned, lines=lines):
            messages.success(request, _("Your count is entered."))
            return redirect("assessments:paper_count", pk, sheet_pk)
    counts = list(sheet.counts.select_related("counter"))
    context = {
        "sheet": sheet,
        "survey": sheet.survey,
        "form": form,
        "n_issued": n_issued(sheet),
        "counts": counts,
        "mine": next((count for count in counts if count.counter_id == request.user.pk), None),
        "differences": _differences(sheet, counts),
    }
    return render(request, "assessments/paper_count.html", context, status=400 if form.is_bound else 200)


def _differences(sheet: PaperSheet, counts: list) -> list[str]:
    """What the two counts do not agree in, without saying how."""
    if len(counts) < 2:
        return []
    labels = [_("number of ballots"), *sheet.survey.lines.order_by("position").values_list("label", flat=True)]
    return [labels[number + 1] for number in differing(counts)]


@login_required
@require_http_methods(["GET", "POST"])
def survey_void(request, pk):
    survey = load_survey(request, pk)
    if not oversees(request.user, survey):
        raise Http404
    texts = {"title": _("Declare the survey void"), "action": _("Declare void"), "done": _("The survey is void.")}
    return ask_by_form(request, survey, RecountForm(request.POST or None), void_survey, texts)


def _sheet(request, pk, sheet_pk) -> PaperSheet:
    survey = load_survey(request, pk)
    sheet = get_object_or_404(survey.paper_sheets, pk=sheet_pk)
    if not may_count(request.user, survey):
        raise PermissionDenied
    sheet.survey = survey
    return sheet


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)

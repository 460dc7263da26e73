"""Pages of those who run a survey. What is shown while it is open: counts of rights used, nothing else."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import ListView

from assessments.documents import ballot_slips, qr_svg, slip_warnings
from assessments.domain.ballots import make_code_batch, may_make_codes, require_code_maker, void_batch
from assessments.domain.rules import takes_codes, takes_members
from assessments.domain.survey_subjects import require_run
from assessments.domain.surveys import close_survey, open_survey, repeat_survey
from assessments.forms.surveys import CodeBatchForm, OpenForm
from assessments.models import RollEntry, Survey, SurveyState
from assessments.views.oversight import load_survey
from assessments.views.presenters import detail_context
from campaigns.forms.base import run


class SurveyList(LoginRequiredMixin, ListView):
    """My own ballots first, then the surveys of the units I oversee."""

    template_name = "assessments/survey_list.html"
    context_object_name = "surveys"
    paginate_by = 30

    def get_queryset(self):
        surveys = Survey.objects.visible_to(self.request.user).for_list()
        state = self.request.GET.get("state", "")
        return surveys.filter(state=state) if state in SurveyState.values else surveys

    def get_context_data(self, **kwargs):
        mine = RollEntry.objects.filter(survey__state=SurveyState.OPEN, member__user=self.request.user)
        return super().get_context_data(
            **kwargs,
            my_rights=mine.select_related("survey__org_unit").order_by("survey__closes_at"),
            states=SurveyState.choices,
            state=self.request.GET.get("state", ""),
        )


@login_required
def survey_detail(request, pk):
    survey = load_survey(request, pk)
    return _detail(request, survey)


@login_required
@require_POST
def survey_open(request, pk):
    survey = load_survey(request, pk)
    require_run(request.user, survey, "open_survey")
    form = OpenForm(request.POST, survey=survey, is_small=True)
    if form.is_valid() and run(form, open_survey, survey, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The survey is open."))
        return redirect("assessments:survey_detail", pk)
    return _detail(request, survey, form=form, status=400)


@login_required
@require_POST
def survey_close(request, pk):
    close_survey(load_survey(request, pk), actor=request.user)
    messages.success(request, _("The survey is closed and counted."))
    return redirect("assessments:survey_detail", pk)


@login_required
@require_POST
def survey_repeat(request, pk):
    fresh = repeat_survey(load_survey(request, pk), actor=request.user)
    messages.success(request, _("A new survey is prepared. Check it and open it."))
    return redirect("assessments:survey_detail", fresh.pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def code_batch_create(request, pk):
    """The sheet of slips is the answer to the POST: it is shown this once and kept nowhere."""
    survey = load_survey(request, pk)
    require_code_maker(request.user, survey)
    form = CodeBatchForm(request.POST or None)
    warnings = slip_warnings(survey)
    if request.method == "POST" and form.is_valid():
        codes = run(form, make_code_batch, survey, actor=request.user, **form.cleaned_data)
        if codes:
            response = HttpResponse(ballot_slips(survey, codes), content_type="application/pdf")
            response["Content-Disposition"] = f'attachment; filename="ballot-slips-{survey.pk}.pdf"'
            return response
    status = 400 if form.is_bound else 200
    context = {"survey": survey, "form": form, "warnings": warnings}
    return render(request, "assessments/code_batch_create.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def code_batch_void(request, pk, batch_pk):
    survey = load_survey(request, pk)
    require_code_maker(request.user, survey)
    batch = get_object_or_404(survey.batches, pk=batch_pk)
    if request.method == "POST":
        void_batch(batch, actor=request.user)
        messages.success(request, _("The codes of this batch that were not used are void."))
        return redirect("assessments:survey_detail", pk)
    return render(request, "assessments/code_batch_void.html", {"survey": survey, "batch": batch})


@login_required
def survey_poster(request, pk):
    """A page to hang up: where to vote, for members and with a slip."""
    survey = load_survey(request, pk)
    address = settings.SITE_URL + reverse("assessments:vote_entry")
    context = {"survey": survey, "address": address, "qr": qr_svg(address)}
    context |= {"takes_codes": takes_codes(survey.rules), "takes_members": takes_members(survey.rules)}
    return render(request, "assessments/survey_poster.html", context)


def _detail(request, survey: Survey, *, form=None, status: int = 200):
    context = detail_context(survey, request.user)
    context["form"] = form or OpenForm(survey=survey, is_small=context["is_small"])
    context["may_make_codes"] = context["takes_codes"] and may_make_codes(request.user, survey)
    return render(request, "assessments/survey_detail.html", context, status=status)

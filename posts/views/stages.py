"""Actions of the steps: minutes, opinions, returns, consents."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import FormView

from campaigns.forms.base import run as run_form
from posts.domain.consents import answer_consent, may_change, record_paper_consent
from posts.domain.endorsements import endorse
from posts.domain.meetings import appraisals_of, record_meeting, voting_members
from posts.domain.nominations import return_nomination
from posts.domain.pipeline import not_open
from posts.domain.rights import require
from posts.forms.stages import COMMON_REASONS, ConsentForm, EndorseForm, MeetingForm, ReturnForm
from posts.models import Consent, Nomination, RunStatus, StageRun
from posts.stages.base import logic_of


def load_run(user, pk):
    """A step of a nomination that the user may see, else 404."""
    visible = Nomination.objects.visible_to(user)
    runs = StageRun.objects.filter(nomination__in=visible).select_related(
        "nomination__campaign__owner", "nomination__org_unit", "nomination__post_kind", "actor_unit"
    )
    return get_object_or_404(runs, pk=pk)


class RunActionView(LoginRequiredMixin, FormView):
    """A form that acts on an open step. Subclasses say which action it is and make the domain call."""

    action = ""
    done = ""

    def get_run(self):
        run = load_run(self.request.user, self.kwargs["pk"])
        if run.status != RunStatus.OPEN:
            raise not_open(run)
        require(self.request.user, self.get_action(run), run)
        return run

    def get_action(self, run):
        return self.action

    def get_form_kwargs(self):
        self.run = self.get_run()
        return super().get_form_kwargs()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        logic = logic_of(self.run)
        return {**context, "run": self.run, "nomination": self.run.nomination, "stage": logic}

    def form_valid(self, form):
        if run_form(form, self.perform, form.cleaned_data) is None:
            return self.form_invalid(form)
        messages.success(self.request, self.done)
        return redirect("posts:nomination_detail", self.run.nomination_id)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def perform(self, data):
        raise NotImplementedError


class MeetingView(RunActionView):
    """Minutes of a deliberation."""

    action = "record_meeting"
    form_class = MeetingForm
    template_name = "posts/meeting_create.html"
    done = gettext_lazy("The minutes have been recorded.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return {**kwargs, "params": logic_of(self.run).params, "voters": list(voting_members(self.run))}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        wanted = logic_of(self.run).params.uses_annual_appraisal
        return {**context, "appraisals": appraisals_of(self.run) if wanted else []}

    def form_valid(self, form):
        self.minutes = form.minutes()
        return super().form_valid(form)

    def perform(self, _data):
        return record_meeting(self.run, actor=self.request.user, **self.minutes)


class EndorseView(RunActionView):
    """An opinion: agreed or not recommended."""

    form_class = EndorseForm
    template_name = "posts/endorsement_create.html"
    done = gettext_lazy("The opinion has been recorded.")

    def get_action(self, run):
        return {"nominate": "recommend"}.get(run.kind, "endorse")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        return {**kwargs, "report_to": getattr(logic_of(self.run).params, "report_to", "")}

    def perform(self, data):
        return endorse(self.run, actor=self.request.user, **data)


class ReturnView(RunActionView):
    """Back to the author with a reason."""

    action = "return"
    form_class = ReturnForm
    template_name = "posts/run_return.html"
    done = gettext_lazy("The nomination has been returned for correction.")

    def get_context_data(self, **kwargs):
        return super().get_context_data(common_reasons=COMMON_REASONS, **kwargs)

    def perform(self, data):
        return return_nomination(self.run, actor=self.request.user, **data)


@login_required
def consent_answer(request, pk):
    """The member's own page, made for a phone: agree, decline, or change one's mind."""
    consents = Consent.objects.filter(person__member__user=request.user).select_related(
        "run__nomination__campaign", "run__nomination__org_unit", "run__nomination__post_kind", "person"
    )
    consent = get_object_or_404(consents, pk=pk)
    form = ConsentForm(request.POST or None)
    if form.is_valid():
        run_form(form, answer_consent, consent, actor=request.user, **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("Your answer has been recorded."))
            return redirect("posts:consent_answer", pk)
    logic = logic_of(consent.run)
    context = {"consent": consent, "form": form, "may_change": may_change(consent), "due_on": logic.due_on()}
    return render(request, "posts/consent_answer.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def consent_record(request, pk):
    """The branch enters what a member signed on paper."""
    visible = Nomination.objects.visible_to(request.user)
    consent = get_object_or_404(Consent.objects.filter(run__nomination__in=visible), pk=pk)
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "")
    record_paper_consent(consent, actor=request.user, answer=answer, reason=reason)
    messages.success(request, _("The signed paper has been recorded."))
    return redirect("posts:nomination_detail", consent.run.nomination_id)

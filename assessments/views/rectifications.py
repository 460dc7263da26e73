from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from assessments.domain.extensions import answer_extension, ask_extension, may_ask, why_not_answer
from assessments.domain.rectifications import (
    add_evidence,
    check_rectification,
    submit_rectification,
    why_not_add_evidence,
    why_not_check,
    why_not_submit,
)
from assessments.forms.rectifications import (
    AnswerForm,
    CheckForm,
    EvidenceForm,
    ExtensionForm,
    ProofForm,
    RectificationFilter,
)
from assessments.models import CaseFile, Extension, Rectification, RectificationStatus, RequestState
from assessments.queries import rectification_tabs
from assessments.views.files import send_file
from campaigns.forms.base import run


class RectificationListView(LoginRequiredMixin, ListView):
    """Rectifications, the nearest deadline first."""

    template_name = "assessments/rectification_list.html"
    context_object_name = "rectifications"
    paginate_by = 20

    def get_queryset(self):
        mine = Rectification.objects.visible_to(self.request.user)
        self.filter = RectificationFilter(self.request.GET, queryset=mine)
        self.tabs = rectification_tabs(self.filter.qs, self.request.GET.get("tab", "running"))
        return self.tabs.current.queryset.for_list()

    def get_context_data(self, **kwargs):
        return super().get_context_data(tabs=self.tabs, filter=self.filter, **kwargs)


@login_required
def rectification_detail(request, pk):
    """What must be mended, what was done, and what the second check found."""
    return _show(request, _get(request, pk), {})


@login_required
@require_POST
def rectification_submit(request, pk):
    """Hand in what was done."""
    rectification, form = _get(request, pk), ProofForm(request.POST, request.FILES)
    if form.is_valid() and run(form, submit_rectification, rectification, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Handed in. Somebody else checks it now."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"proof_form": form}, status=400)


@login_required
@require_POST
def rectification_check(request, pk):
    """The second check."""
    rectification = _get(request, pk)
    form = CheckForm(request.POST, request.FILES, rectification=rectification)
    if form.is_valid() and run(form, check_rectification, rectification, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The second check has been recorded."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"check_form": form}, status=400)


@login_required
@require_POST
def rectification_evidence(request, pk):
    """Add files that show what was found."""
    rectification, form = _get(request, pk), EvidenceForm(request.POST, request.FILES)
    done = form.is_valid() and run(form, add_evidence, rectification, actor=request.user, **form.cleaned_data)
    if done is not None and done is not False:
        messages.success(request, _("The files have been added."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"evidence_form": form}, status=400)


@login_required
@require_POST
def extension_ask(request, pk):
    """Ask for more time."""
    rectification = _get(request, pk)
    form = ExtensionForm(request.POST, rectification=rectification)
    if form.is_valid() and run(form, ask_extension, rectification, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Asked. The checking unit answers; the deadline holds until then."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"extension_form": form}, status=400)


@login_required
@require_POST
def extension_answer(request, pk, extension_pk):
    """Grant more time, or refuse it."""
    rectification, form = _get(request, pk), AnswerForm(request.POST)
    extension = get_object_or_404(Extension, pk=extension_pk, rectification=rectification)
    extension.rectification = rectification
    if form.is_valid() and run(form, answer_extension, extension, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The answer has been recorded."))
        return redirect("assessments:rectification_detail", pk)
    return _show(request, rectification, {"answer_form": form}, status=400)


@login_required
def case_file(request, pk):
    """A file of a rectification or of a report, for whoever sees that."""
    return send_file(get_object_or_404(CaseFile.objects.visible_to(request.user), pk=pk))


def _get(request, pk):
    rectifications = Rectification.objects.visible_to(request.user).for_list()
    related = ("checking_unit", "opened_by", "submitted_by", "checked_by", "review__rule", "conferral__campaign__owner")
    return get_object_or_404(rectifications.select_related(*related), pk=pk)


def _show(request, rectification, context, *, status=200):
    """Each form for who may use it now; a form with errors comes back as it was."""
    user, is_open = request.user, rectification.status == RectificationStatus.OPEN
    checkable = rectification.status == RectificationStatus.SUBMITTED or rectification.is_overdue
    extensions = list(rectification.extensions.select_related("asked_by", "settled_by"))
    asked = next((extension for extension in extensions if extension.state == RequestState.ASKED), None)
    if is_open and not why_not_submit(user, rectification):
        context.setdefault("proof_form", ProofForm())
    if checkable and not why_not_check(user, rectification):
        context.setdefault("check_form", CheckForm(rectification=rectification))
    if may_ask(user, rectification):
        context.setdefault("extension_form", ExtensionForm(rectification=rectification))
    if asked is not None and is_open:
        asked.rectification = rectification
        if not why_not_answer(user, asked):
            context.setdefault("answer_form", AnswerForm())
    if rectification.is_running and not why_not_add_evidence(user, rectification):
        context.setdefault("evidence_form", EvidenceForm())
    files = list(rectification.files.all())
    context |= {
        "rectification": rectification,
        "proposal": rectification.proposals.first(),
        "extensions": extensions,
        "asked": asked,
        **{f"{purpose}_files": [file for file in files if file.purpose == purpose] for purpose in PURPOSES},
    }
    return render(request, "assessments/rectification_detail.html", context, status=status)


PURPOSES = ("finding", "proof", "check")

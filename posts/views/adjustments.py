"""Changes of the members of a named post, and the sanction of a holder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms.base import posted
from campaigns.forms.base import run as run_form
from posts.domain.adjustments import (
    answer_adjustment,
    confirm_adjustment,
    may_decide,
    may_propose,
    propose_adjustment,
    record_adjustment_consent,
    refuse_adjustment,
    withdraw_adjustment,
)
from posts.domain.sanctions import may_settle, settle_matter
from posts.forms.adjustments import AdjustForm, ConclusionForm, RemarkForm
from posts.forms.stages import ConsentForm
from posts.models import Adjustment, AdjustmentLine, Conferral, SanctionMatter

RELATED = ("conferral__org_unit", "conferral__post_kind", "conferral__campaign__owner", "conferral__decision__org_unit")


@login_required
def conferral_adjust(request, pk):
    """Propose who comes and who goes; made for a phone."""
    posts = Conferral.objects.visible_to(request.user).select_related("post_kind", "org_unit", "campaign")
    conferral = get_object_or_404(posts, pk=pk)
    if not may_propose(request.user, conferral):
        raise PermissionDenied
    data = posted(request)
    form = AdjustForm(data, conferral=conferral, search=(data or request.GET).get("q", ""))
    if data is not None and "search" not in data and form.is_valid():
        adjustment = run_form(form, propose_adjustment, conferral, actor=request.user, **form.call())
        if adjustment is not None:
            messages.success(request, _("The change has been proposed."))
            return redirect("posts:adjustment_detail", adjustment.pk)
    refused = data is not None and "search" not in data
    context = {
        "conferral": conferral,
        "form": form,
        "repair": conferral.repairs.filter(status="open").first(),
        "conditions": conferral.post_kind.rules.get("conditions"),
    }
    return render(request, "posts/conferral_adjust.html", context, status=400 if refused else 200)


@login_required
def adjustment_detail(request, pk, *, form=None, status=200):
    """Who comes, who goes, who has agreed; and what this user may do about it."""
    adjustment = get_object_or_404(Adjustment.objects.visible_to(request.user).select_related(*RELATED), pk=pk)
    is_open = adjustment.status == "open"
    context = {
        "adjustment": adjustment,
        "conferral": adjustment.conferral,
        "lines": adjustment.lines.select_related("member__branch", "holder", "recorded_by"),
        "may_decide": is_open and may_decide(request.user, adjustment),
        "may_propose": is_open and may_propose(request.user, adjustment.conferral),
        "form": form or RemarkForm(),
        "repair": adjustment.conferral.repairs.filter(status="open").first(),
    }
    return render(request, "posts/adjustment_detail.html", context, status=status)


@require_POST
@login_required
def adjustment_decide(request, pk):
    """Confirm or refuse, by the button."""
    adjustment = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    form = RemarkForm(request.POST)
    if form.is_valid():
        remark = form.cleaned_data["remark"]
        if "confirm" in request.POST:
            run_form(form, confirm_adjustment, adjustment, actor=request.user, remark=remark)
        else:
            run_form(form, refuse_adjustment, adjustment, actor=request.user, reason=remark)
    if not form.is_valid():
        return adjustment_detail(request, pk, form=form, status=400)
    messages.success(request, _("The answer has been recorded."))
    return redirect("posts:conferral_detail", adjustment.conferral_id)


@require_POST
@login_required
def adjustment_withdraw(request, pk):
    adjustment = get_object_or_404(Adjustment.objects.visible_to(request.user), pk=pk)
    withdraw_adjustment(adjustment, actor=request.user)
    messages.success(request, _("The proposal has been taken back."))
    return redirect("posts:conferral_detail", adjustment.conferral_id)


@login_required
def adjustment_answer(request, pk):
    """The page of the member who is asked, made for a phone."""
    lines = AdjustmentLine.objects.filter(member__user=request.user)
    line = get_object_or_404(lines.select_related(*(f"adjustment__{name}" for name in RELATED)), pk=pk)
    form = ConsentForm(posted(request))
    if form.is_bound and form.is_valid():
        run_form(form, answer_adjustment, line, actor=request.user, answer=form.cleaned_data["answer"])
        if form.is_valid():
            messages.success(request, _("Your answer has been recorded."))
            return redirect("posts:adjustment_answer", pk)
    context = {"line": line, "conferral": line.adjustment.conferral, "form": form}
    return render(request, "posts/adjustment_answer.html", context, status=400 if form.errors else 200)


@require_POST
@login_required
def adjustment_record(request, pk):
    """The unit enters what somebody signed on paper."""
    visible = Adjustment.objects.visible_to(request.user)
    line = get_object_or_404(AdjustmentLine.objects.filter(adjustment__in=visible), pk=pk)
    record_adjustment_consent(line, actor=request.user, answer=request.POST.get("answer", ""))
    messages.success(request, _("The signed paper has been recorded."))
    return redirect("posts:adjustment_detail", line.adjustment_id)


@login_required
def sanction_settle(request, pk):
    """What a holder's sanction means for the title."""
    visible = Conferral.objects.visible_to(request.user)
    matters = SanctionMatter.objects.filter(conferral__in=visible).select_related(
        "conferral__org_unit", "conferral__post_kind", "member__branch", "settled_by"
    )
    matter = get_object_or_404(matters, pk=pk)
    if not may_settle(request.user, matter.conferral):
        raise PermissionDenied
    form = ConclusionForm(posted(request))
    call = {"actor": request.user, **(form.cleaned_data if form.is_bound and form.is_valid() else {})}
    if "conclusion" in call and run_form(form, settle_matter, matter, **call):
        messages.success(request, _("The matter has been settled."))
        return redirect("posts:conferral_detail", matter.conferral_id)
    context = {"matter": matter, "conferral": matter.conferral, "form": form}
    return render(request, "posts/sanction_settle.html", context, status=400 if form.errors else 200)

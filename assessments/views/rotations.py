from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from assessments.domain.rotation import decide_rotation, hold_all, release_rotation, why_not_decide, why_not_hold
from assessments.domain.rotation_preview import preview_rotation
from assessments.forms.rotations import HoldAllForm, RotationItemForm, RotationReleaseForm
from assessments.models import Rotation, RotationItem
from campaigns.domain.errors import DomainError
from campaigns.forms.base import posted, run
from campaigns.permissions import may_on_unit


class RotationListView(LoginRequiredMixin, ListView):
    """All turns, the open ones first."""

    template_name = "assessments/rotation_list.html"
    context_object_name = "rotations"
    paginate_by = 20

    def get_queryset(self):
        return Rotation.objects.visible_to(self.request.user).for_list().order_by("status", "-period_ends_on", "pk")


@login_required
def rotation_detail(request, pk):
    """One turn: every post with its results and what is noted, what the release will do, and the release."""
    rotation = get_object_or_404(Rotation.objects.visible_to(request.user).for_list(), pk=pk)
    return _show(request, rotation, RotationReleaseForm())


@login_required
@require_POST
def rotation_release(request, pk):
    """Everything at once, or nothing."""
    rotation = get_object_or_404(Rotation.objects.visible_to(request.user).for_list(), pk=pk)
    form = RotationReleaseForm(request.POST)
    if form.is_valid() and run(form, release_rotation, rotation, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The rotation is released: plaques that are handed on have been called back."))
        return redirect("assessments:rotation_detail", pk)
    return _show(request, rotation, form, status=400)


@login_required
@require_POST
def rotation_hold(request, pk):
    """The ticked posts keep their plaques."""
    rotation = get_object_or_404(Rotation.objects.visible_to(request.user), pk=pk)
    chosen = [int(value) for value in request.POST.getlist("item") if value.isdecimal()]
    items = list(_items().filter(rotation=rotation, pk__in=chosen))
    form = HoldAllForm(request.POST)
    if not items or not form.is_valid():
        raise DomainError(_("Tick at least one post and give the reasons."))
    for item in items:
        item.version = int(request.POST.get(f"version{item.pk}", "") or 0)
    n = len(hold_all(items, actor=request.user, reason=form.cleaned_data["reason"]))
    text = ngettext("Noted: %(n)s post keeps its plaque.", "Noted: %(n)s posts keep their plaques.", n)
    messages.success(request, text % {"n": n})
    return redirect("assessments:rotation_detail", pk)


@login_required
def rotation_decide(request, pk):
    """One post: its results of the interval, and the decision about its plaque."""
    rotations = Rotation.objects.visible_to(request.user)
    item = get_object_or_404(_items().filter(rotation__in=rotations), pk=pk)
    if barred := why_not_decide(request.user, item):
        raise PermissionDenied(barred)
    form = RotationItemForm(posted(request), item=item)
    if form.is_valid():
        data = dict(form.cleaned_data)
        item.version = data.pop("version")
        if run(form, decide_rotation, item, actor=request.user, **data):
            messages.success(request, _("Noted quietly. Nothing happens before the release."))
            return redirect("assessments:rotation_detail", item.rotation_id)
    context = {"item": item, "form": form, "no_hold": why_not_hold(item), "line": _line_of(item)}
    return render(request, "assessments/rotation_decide.html", context, status=400 if form.errors else 200)


def _items():
    related = ("rotation__post_kind__campaign__owner", "rotation__deciding_unit", "conferral__org_unit", "successor")
    return RotationItem.objects.select_related(*related)


def _line_of(item):
    return next(line for line in preview_rotation(item.rotation).lines if line.item.pk == item.pk)


def _show(request, rotation, form, *, status=200):
    user, unit = request.user, rotation.deciding_unit
    knows = may_on_unit(user, "decide", unit) or may_on_unit(user, "release_decision", unit)
    context = {
        "rotation": rotation,
        "form": form,
        "preview": preview_rotation(rotation),
        "knows": knows or rotation.status == "released",
        "may_decide": may_on_unit(user, "decide", unit) and rotation.status == "open",
        "may_release": may_on_unit(user, "release_decision", unit) and rotation.status == "open",
        "hold_form": HoldAllForm(),
    }
    return render(request, "assessments/rotation_detail.html", context, status=status)

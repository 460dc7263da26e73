"""The desk where objections are handled."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.forms.base import run as run_form
from campaigns.permissions import may_anywhere, may_on_unit
from posts.domain.objections import (
    accept_objection,
    decline_objection,
    file_objection,
    postpone_objection,
    settle_objection,
)
from posts.forms.notices import DeclineForm, PostponeForm, RegisterObjectionForm, SettleForm
from posts.models import Notice, Objection

FORMS = {"decline": DeclineForm, "postpone": PostponeForm, "settle": SettleForm}
ACTIONS = {"decline": decline_objection, "postpone": postpone_objection, "settle": settle_objection}
DONE = {
    "accept": gettext_lazy("Accepted: verify it now."),
    "decline": gettext_lazy("Not accepted; the reason is the reply."),
    "postpone": gettext_lazy("The new date is entered."),
    "settle": gettext_lazy("The objection is settled."),
}


class ObjectionListView(LoginRequiredMixin, ListView):
    template_name = "posts/objection_list.html"
    paginate_by = 20

    def dispatch(self, request, *args, **kwargs):
        if request.user.is_authenticated and not may_anywhere(request.user, "handle_objection"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self):
        found = Objection.objects.visible_to(self.request.user).for_list()
        return found if self.request.GET.get("state") == "all" else found.open()

    def get_context_data(self, **kwargs):
        return super().get_context_data(state=self.request.GET.get("state", ""), **kwargs)


class ObjectionDetailView(LoginRequiredMixin, DetailView):
    template_name = "posts/objection_detail.html"

    def get_queryset(self):
        return Objection.objects.visible_to(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        forms = {f"{name}_form": form() for name, form in FORMS.items()}
        return super().get_context_data(**forms, **kwargs)


@login_required
@require_POST
def objection_accept(request, pk):
    objection = get_object_or_404(Objection.objects.visible_to(request.user).for_list(), pk=pk)
    accept_objection(objection, actor=request.user)
    messages.success(request, DONE["accept"])
    return redirect("posts:objection_detail", pk)


@login_required
@require_POST
def objection_act(request, pk, action):
    """Decline, postpone or settle: on a broken rule the page comes back with everything that was typed."""
    objection = get_object_or_404(Objection.objects.visible_to(request.user).for_list(), pk=pk)
    form = FORMS[action](request.POST)
    if form.is_valid():
        run_form(form, ACTIONS[action], objection, actor=request.user, **form.cleaned_data)
    if form.is_valid():
        messages.success(request, DONE[action])
        return redirect("posts:objection_detail", pk)
    forms = {f"{name}_form": kind() for name, kind in FORMS.items()} | {f"{action}_form": form}
    return render(request, "posts/objection_detail.html", {"objection": objection, **forms}, status=400)


@login_required
def objection_register(request, pk):
    """The office enters what came by telephone, letter or visit."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user).select_related("org_unit"), pk=pk)
    if not may_on_unit(request.user, "handle_objection", notice.org_unit):
        raise PermissionDenied
    items = notice.items.live().select_related("run__nomination__org_unit", "notice")
    form = RegisterObjectionForm(request.POST or None, items=items)
    if request.method == "POST" and form.is_valid():
        found = run_form(form, file_objection, form.cleaned_data["item"], actor=request.user, **form.wishes())
        if found:
            told = _("Registered. Its number for the caller: %(number)s") % {"number": found.public_id}
            messages.success(request, told)
            return redirect("posts:notice_detail", pk)
    context = {"form": form, "notice": notice}
    return render(request, "posts/objection_form.html", context, status=400 if form.errors else 200)

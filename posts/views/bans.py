"""Who may not be nominated or commended this year, and the lifting of a ban."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView

from campaigns.forms.base import posted
from campaigns.forms.base import run as run_form
from posts.domain.bans import lift_ban, liftable, why_not_lift
from posts.forms.bans import LiftBanForm
from posts.models import Ban

PAGE = 30


class BanList(LoginRequiredMixin, ListView):
    """Those in force; or all there ever were, lifted and past ones too."""

    template_name = "posts/ban_list.html"
    context_object_name = "bans"
    paginate_by = PAGE

    def get_queryset(self):
        self.everything = self.request.GET.get("tab") == "all"
        bans = Ban.objects.visible_to(self.request.user)
        return (bans if self.everything else bans.in_force()).for_list()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(everything=self.everything, year=timezone.localdate().year, **kwargs)
        return context | {"liftable": liftable(self.request.user, context["bans"])}


@login_required
def ban_lift(request, pk):
    """One ban with its cause; who may, lifts it here with a reason."""
    ban = get_object_or_404(Ban.objects.visible_to(request.user).for_list(), pk=pk)
    if barred := why_not_lift(request.user, ban):
        raise PermissionDenied(barred)
    form = LiftBanForm(posted(request))
    if form.is_valid() and run_form(form, lift_ban, ban, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The ban is lifted."))
        return redirect("posts:ban_list")
    return render(request, "posts/ban_lift.html", {"ban": ban, "form": form}, status=400 if form.errors else 200)

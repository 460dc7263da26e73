"""Opinions on many nominations at once: the list, the page that shows what was chosen, the opinion itself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from campaigns.forms.base import run as run_form
from posts.domain.endorsements import endorse_many
from posts.domain.worklist import endorsable_runs, in_batches
from posts.forms.stages import EndorseForm
from posts.stages.base import logic_of


class EndorsementList(LoginRequiredMixin, ListView):
    """Nominations that wait for an opinion of the user's own units, step by step."""

    template_name = "posts/endorsement_list.html"
    context_object_name = "runs"
    paginate_by = 50

    def get_queryset(self):
        return endorsable_runs(self.request.user)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "groups": in_batches(context["runs"])}


@login_required
@require_POST
def endorsement_batch(request):
    """First what was ticked with the form below it, then the opinion on all of them."""
    ticked = [int(value) for value in request.POST.getlist("run") if value.isdecimal()]
    runs = list(endorsable_runs(request.user).filter(pk__in=ticked))
    report_to = getattr(logic_of(runs[0]).params, "report_to", "") if runs else ""
    form = EndorseForm(request.POST if "confirm" in request.POST else None, report_to=report_to)
    if form.is_valid():
        done = run_form(form, endorse_many, runs, actor=request.user, **form.cleaned_data)
        if done is not None:
            text = ngettext("The opinion on %(n)s nomination has been recorded.", "%(n)s opinions recorded.", done)
            messages.success(request, text % {"n": done})
            return redirect("posts:endorsement_list")
    context = {"runs": runs, "form": form}
    return render(request, "posts/endorsement_batch.html", context, status=400 if form.errors else 200)

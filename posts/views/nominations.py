"""The pages of the paper: list, start, and the page that shows where it stands."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import View
from django.views.generic import DetailView
from django_filters.views import FilterView

from campaigns.domain.exports import XLSX, write_xlsx
from campaigns.forms.base import run as run_form
from posts.domain.dossier import parts_of
from posts.domain.nominations import create_nomination, withdraw_nomination
from posts.domain.progress import explain_way, steps_of, timeline
from posts.domain.proposing import may_edit, proposing_units, require_may_edit, sort_kinds, startable_kinds
from posts.domain.sheets import nomination_columns, nomination_rows
from posts.domain.stage_cards import open_card
from posts.domain.worklist import waiting_for_user
from posts.forms.nominations import NominationFilter, StartForm
from posts.forms.stages import WithdrawForm
from posts.models import Nomination

TABS = ("todo", "all", "ended")


class NominationListView(LoginRequiredMixin, FilterView):
    """All papers the user may see, by what waits for him, all, or ended; as a file with ``?export=xlsx``."""

    filterset_class = NominationFilter
    template_name = "posts/nomination_list.html"
    paginate_by = 20

    def get_queryset(self):
        visible = Nomination.objects.visible_to(self.request.user).for_list()
        self.tab = self.request.GET.get("tab") if self.request.GET.get("tab") in TABS else "all"
        if self.tab == "todo":
            return visible.filter(pk__in=waiting_for_user(self.request.user))
        return visible.ended() if self.tab == "ended" else visible

    def get_context_data(self, **kwargs):
        return super().get_context_data(tab=self.tab, may_start=bool(startable_kinds(self.request.user)), **kwargs)

    def render_to_response(self, context, **kwargs):
        if self.request.GET.get("export") != "xlsx":
            return super().render_to_response(context, **kwargs)
        content = write_xlsx(nomination_columns(), nomination_rows(self.object_list), title=_("Nominations"))
        headers = {"Content-Disposition": 'attachment; filename="nominations.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)


class NominationStartView(LoginRequiredMixin, View):
    """Choose the kind of post of a running campaign, then the unit."""

    def get(self, request):
        kind = self._kind(request.GET.get("kind"))
        form = StartForm(units=proposing_units(request.user, kind)) if kind else None
        return self._page(kind, form)

    def post(self, request):
        kind = self._kind(request.POST.get("kind"))
        if kind is None:
            return self._page(None, None, status=400)
        form = StartForm(request.POST, units=proposing_units(request.user, kind))
        if form.is_valid():
            call = {"post_kind": kind, "org_unit": form.cleaned_data["org_unit"], "actor": request.user}
            if nomination := run_form(form, create_nomination, kind.campaign, **call):
                return redirect("posts:nomination_edit", nomination.pk)
        return self._page(kind, form, status=400)

    def _kind(self, wanted):
        return next((kind for kind in startable_kinds(self.request.user) if str(kind.pk) == wanted), None)

    def _page(self, kind, form, *, status=200):
        kinds, closed = sort_kinds(self.request.user)
        context = {"kind": kind, "form": form, "kinds": kinds, "closed": closed}
        return render(self.request, "posts/nomination_create.html", context, status=status)


class NominationDetailView(LoginRequiredMixin, DetailView):
    """Where the paper stands, who has it, what has happened."""

    template_name = "posts/nomination_detail.html"

    def get_queryset(self):
        return Nomination.objects.visible_to(self.request.user).select_related(
            "campaign__owner", "post_kind", "org_unit", "proposer", "declared_by"
        )

    def get_context_data(self, **kwargs):
        nomination, user = self.object, self.request.user
        card = open_card(nomination, user)
        return super().get_context_data(
            steps=steps_of(nomination),
            card=card,
            card_html=card and render_to_string(card.templates, card.template_context(), request=self.request),
            people=nomination.members.select_related("member__branch"),
            evidence=nomination.evidence.select_related("uploaded_by"),
            parts=parts_of(nomination, user),
            way=explain_way(nomination),
            history=timeline(nomination),
            may_edit=may_edit(user, nomination),
            **kwargs,
        )


@login_required
def nomination_withdraw(request, pk):
    """A page of its own: a withdrawal ends the nomination."""
    nomination = get_object_or_404(Nomination.objects.visible_to(request.user), pk=pk)
    require_may_edit(request.user, nomination)
    form = WithdrawForm(request.POST or None)
    if form.is_valid():
        run_form(form, withdraw_nomination, nomination, actor=request.user, reason=form.cleaned_data["reason"])
        if form.is_valid():
            messages.success(request, _("The nomination has been withdrawn."))
            return redirect("posts:nomination_detail", pk)
    context = {"nomination": nomination, "form": form}
    return render(request, "posts/nomination_withdraw.html", context, status=400 if form.errors else 200)

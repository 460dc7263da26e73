"""Posts: the register 示范岗花名册, and everything about one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from campaigns.domain.exports import XLSX, Column, write_xlsx
from campaigns.domain.history import recent_lines
from campaigns.forms.base import run as run_form
from posts.domain.bans import bans_at_end
from posts.domain.conferrals import end_conferral, may_end
from posts.domain.plaques import why_not_issue
from posts.domain.post_sections import sections_of
from posts.domain.setting_aside import why_not_set_aside
from posts.forms.plaques import ConferralFilter, EndForm
from posts.models import Conferral, ConferralStatus

PAGE = 30


class ConferralList(LoginRequiredMixin, ListView):
    template_name = "posts/conferral_list.html"
    context_object_name = "conferrals"
    paginate_by = PAGE

    def get_queryset(self):
        self.filter = ConferralFilter(self.request.GET, queryset=Conferral.objects.visible_to(self.request.user))
        return self.filter.qs.for_list().with_people()

    def get_context_data(self, **kwargs):
        counts = self.filter.queryset.count_by_status()
        tiles = [
            (_("valid"), counts.get("active", 0)),
            (_("being created"), counts.get("creating", 0)),
            (_("under rectification"), counts.get("rectifying", 0)),
            (_("ended"), sum(counts.get(s, 0) for s in ("adjusted", "rotated_out", "expired", "revoked"))),
        ]
        return super().get_context_data(filter=self.filter, tiles=tiles, **kwargs)


@login_required
def conferral_export(request):
    """The register as an Excel file, narrowed by the same filter."""
    rows = ConferralFilter(request.GET, queryset=Conferral.objects.visible_to(request.user)).qs
    columns = [
        Column(_("Plaque number"), 20),
        Column(_("Post"), 24),
        Column(_("Kind"), 14),
        Column(_("Category"), 18),
        Column(_("Unit"), 28),
        Column(_("Holders"), 30),
        Column(_("State"), 12),
        Column(_("Conferred on"), 14),
        Column(_("Document"), 22),
        Column(_("Displayed since"), 14),
        Column(_("Place"), 24),
        Column(_("Telephone"), 18),
        Column(_("Ended on"), 14),
        Column(_("Reason"), 30),
    ]
    content = write_xlsx(columns, (_row(c) for c in rows.for_list().with_people()), title=_("Demonstration posts"))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="posts-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


class ConferralDetail(LoginRequiredMixin, DetailView):
    """One post: state, people, plaques, papers, and what other apps add."""

    template_name = "posts/conferral_detail.html"
    context_object_name = "conferral"

    def get_queryset(self):
        return Conferral.objects.visible_to(self.request.user).select_related(
            "campaign__owner", "post_kind", "org_unit", "decision__org_unit", "nomination"
        )

    def get_context_data(self, **kwargs):
        user, conferral = self.request.user, self.object
        plaques = list(conferral.plaques.select_related("issuer_unit", "returned_to", "replaces"))
        for plaque in plaques:
            plaque.conferral = conferral
            plaque.may_issue = not why_not_issue(user, plaque, plaque.conferral)
        return super().get_context_data(
            holders=conferral.holders.select_related("member"),
            plaques=plaques,
            bans=conferral.bans.select_related("member"),
            sections=sections_of(conferral, user),
            history=recent_lines(conferral, user),
            renamings=conferral.renamings.select_related("renamed_by"),
            revocations=conferral.revocations.select_related("decided_by", "set_aside_by"),
            may_set_aside=conferral.status == ConferralStatus.REVOKED and not why_not_set_aside(user, conferral),
            may_end=conferral.is_live and may_end(user, conferral),
            **kwargs,
        )


@login_required
def conferral_end(request, pk):
    """End a title without stigma; the page says what follows."""
    conferral = get_object_or_404(
        Conferral.objects.visible_to(request.user).select_related("decision__org_unit", "org_unit", "campaign"), pk=pk
    )
    if not may_end(request.user, conferral):
        raise PermissionDenied
    form = EndForm(request.POST or None)
    if form.is_valid() and run_form(form, end_conferral, conferral, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The title has ended; its plaques have been called back."))
        return redirect("posts:conferral_detail", pk)
    plaques = conferral.plaques.filter(status="displayed")
    barring = [label for status, label in form.fields["status"].choices if bans_at_end(conferral, status)]
    context = {"form": form, "conferral": conferral, "plaques": plaques, "barring": barring}
    return render(request, "posts/conferral_end.html", context, status=400 if form.is_bound else 200)


def _row(conferral):
    return (
        "、".join(plaque.number for plaque in conferral.plaques.all()),
        conferral.name,
        conferral.post_kind.label,
        conferral.category,
        conferral.org_unit.name,
        "、".join(holder.name for holder in conferral.people),
        conferral.get_status_display(),
        conferral.conferred_on,
        conferral.decision.document_number,
        conferral.displayed_on,
        conferral.place,
        conferral.contact_phone,
        conferral.ended_on,
        conferral.end_reason,
    )

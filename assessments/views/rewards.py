from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import ListView

from assessments.domain.rewards import record_reward
from assessments.forms.commendations import RewardForm
from assessments.models import Reward
from campaigns.domain.exports import XLSX, Column, write_xlsx
from campaigns.forms.base import posted, run
from campaigns.models import Campaign
from campaigns.permissions import require_on_unit


class RewardList(LoginRequiredMixin, ListView):
    """The register of rewards."""

    template_name = "assessments/reward_list.html"
    context_object_name = "rewards"
    paginate_by = 30

    def get_queryset(self):
        return _rewards(self.request)


@login_required
def reward_create(request, campaign_pk):
    """A new entry; beside it what the scheme promises."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=campaign_pk)
    require_on_unit(request.user, "manage_campaign", campaign.owner)
    form = RewardForm(posted(request), campaign=campaign)
    if form.is_valid() and run(form, record_reward, campaign, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Entered into the register; the people have been told."))
        return redirect("assessments:reward_list")
    context = {"form": form, "campaign": campaign, "promised": campaign.rules.get("rewards", [])}
    return render(request, "assessments/reward_form.html", context, status=400 if form.errors else 200)


@login_required
def reward_export(request):
    """The register as an Excel file: one row for each person."""
    columns = [
        Column(_("date"), 14),
        Column(_("kind"), 16),
        Column(_("what it is"), 40),
        Column(_("document number"), 22),
        Column(_("Post"), 24),
        Column(_("Unit"), 28),
        Column(_("name"), 16),
        Column(_("campaign"), 32),
    ]
    rows = (_row(reward, person) for reward in _rewards(request) for person in reward.people.all())
    response = HttpResponse(write_xlsx(columns, rows, title=_("Register of rewards")), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="rewards-{timezone.localdate():%Y%m%d}.xlsx"'
    return response


def _rewards(request):
    rewards = Reward.objects.visible_to(request.user).select_related("campaign", "recorded_by", "commendation")
    return rewards.prefetch_related("people__conferral__org_unit").order_by("-given_on", "-pk")


def _row(reward, person):
    return (
        reward.given_on,
        reward.get_kind_display(),
        reward.text,
        reward.document_number,
        person.conferral.name,
        person.conferral.org_unit.name,
        person.name,
        reward.campaign.title,
    )

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.domain.announcements import people_to_tell, remind_units
from campaigns.domain.blockers import find_blockers
from campaigns.domain.campaign_advice import Papers, advise_campaign, advise_owner
from campaigns.domain.campaigns import (
    close_campaign,
    copied_dates,
    create_campaign,
    default_units,
    duplicate_campaign,
    edit_campaign,
    open_campaign,
    owners_for,
)
from campaigns.domain.library import find_entry, library
from campaigns.domain.progress import carried_over, closing_blockers
from campaigns.domain.schemes import examine_scheme
from campaigns.forms.base import run
from campaigns.forms.campaigns import CampaignForm, CopyForm
from campaigns.models import Campaign
from campaigns.permissions import may_anywhere, require_on_unit
from campaigns.presenters import campaign_page
from campaigns.schemes.explain import explain_scheme


class CampaignList(LoginRequiredMixin, ListView):
    template_name = "campaigns/campaign_list.html"
    paginate_by = 20

    def get_queryset(self):
        return Campaign.objects.visible_to(self.request.user).for_list().with_counts()

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_manage=may_anywhere(self.request.user, "manage_campaign"), **kwargs)


class CampaignDetail(LoginRequiredMixin, DetailView):
    template_name = "campaigns/campaign_detail.html"

    def get_queryset(self):
        return Campaign.objects.visible_to(self.request.user).select_related("owner")

    def get_context_data(self, **kwargs):
        return super().get_context_data(**campaign_page(self.object, self.request.user), **kwargs)


def _managed(request, pk):
    """The campaign, if the user sees it (else 404) and manages it (else 403)."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=pk)
    require_on_unit(request.user, "manage_campaign", campaign.owner)
    return campaign


@login_required
def campaign_create(request):
    """First the scheme, then everything else on one page."""
    owners = owners_for(request.user)
    if not owners:
        if not may_anywhere(request.user, "view_unit"):
            raise Http404
        raise PermissionDenied
    owner = next((unit for unit in owners if str(unit.pk) == request.GET.get("owner")), owners[0])
    entry = find_entry(request.GET.get("scheme", ""))
    if entry is None:
        context = {"entries": library(), "owners": owners, "owner": owner}
        return render(request, "campaigns/campaign_create.html", context)
    form = CampaignForm(request.POST or None, owner=owner, initial=_suggested(entry.scheme, owner))
    if form.is_valid():
        call = {"owner": owner, "actor": request.user, **form.details}
        if campaign := run(form, create_campaign, entry.text, **call):
            messages.success(request, _("The campaign is prepared. Look at what is still missing, then open it."))
            return redirect("campaigns:campaign_detail", campaign.pk)
    context = {"form": form, "entry": entry, "owner": owner, "sections": explain_scheme(entry.scheme)}
    context["advice"] = _advice(form, entry, owner)
    return render(request, "campaigns/campaign_form.html", context, status=400 if form.errors else 200)


def _advice(form, entry, owner):
    """What practice has to say about this scheme in the hands of this owner, with the papers as they are entered."""
    papers = Papers(
        form["basis_document"].value() or "", form["approving_body"].value() or "", bool(form["internal_only"].value())
    )
    return advise_owner(entry.scheme, examine_scheme(entry.text).warnings, owner=owner, papers=papers)


def _suggested(scheme, owner):
    year = timezone.localdate().year
    head = scheme.scheme
    return {
        "title": _("%(year)s campaign for “%(honour)s”") % {"year": year, "honour": head.honour},
        "honour": head.honour,
        "year": year,
        "basis_document": head.basis[:200],
        "approving_body": head.approving_body,
        "scope": head.scope,
        "internal_only": head.internal_only,
        "units": default_units(owner, scheme),
    }


@login_required
def campaign_edit(request, pk):
    campaign = _managed(request, pk)
    if campaign.is_frozen:
        messages.warning(request, _("The campaign has been opened; its rules are frozen."))
        return redirect("campaigns:campaign_detail", pk)
    form = CampaignForm(
        request.POST or None, instance=campaign, owner=campaign.owner, initial={"units": campaign.units.all()}
    )
    if form.is_valid():
        quotas = {quota: figures for quota in campaign.quotas.all() if (figures := form.figures_of(quota))}
        if run(form, edit_campaign, campaign, actor=request.user, quotas=quotas, **form.details):
            messages.success(request, _("The changes are saved."))
            return redirect("campaigns:campaign_detail", pk)
    context = {"form": form, "campaign": campaign, "owner": campaign.owner}
    return render(request, "campaigns/campaign_form.html", context, status=400 if form.errors else 200)


@login_required
def campaign_open(request, pk):
    """A page that lists what opening does and whom it tells; the button does it."""
    campaign = _managed(request, pk)
    if request.method == "POST":
        notes = {name.removeprefix("note:"): text for name, text in request.POST.items() if name.startswith("note:")}
        open_campaign(campaign, actor=request.user, notes=notes)
        messages.success(request, _("The campaign is open. The branches have been told."))
        return redirect("campaigns:campaign_detail", pk)
    if campaign.is_frozen:
        return redirect("campaigns:campaign_detail", pk)
    context = {
        "campaign": campaign,
        "blockers": find_blockers(campaign),
        "advice": advise_campaign(campaign),
        "people": people_to_tell(campaign).count(),
        "units": campaign.units.order_by("path"),
        "kinds": campaign.kinds.prefetch_related("stages"),
    }
    return render(request, "campaigns/campaign_open.html", context)


@login_required
def campaign_close(request, pk):
    campaign = _managed(request, pk)
    if request.method == "POST":
        close_campaign(campaign, actor=request.user)
        messages.success(request, _("The campaign is closed."))
        return redirect("campaigns:campaign_detail", pk)
    context = {"campaign": campaign, "blockers": closing_blockers(campaign)}
    return render(request, "campaigns/campaign_close.html", context)


@login_required
def campaign_copy(request, pk):
    """Prepare the campaign of another year from this one."""
    campaign = _managed(request, pk)
    form = CopyForm(request.POST or None, initial={"year": campaign.year + 1})
    if form.is_valid() and (copy := run(form, duplicate_campaign, campaign, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("The copy is prepared; dates were moved by the difference in years."))
        return redirect("campaigns:campaign_detail", copy.pk)
    next_year = campaign.year + 1
    labels = CampaignForm.base_fields
    dates = [
        (labels[name].label, getattr(campaign, name), day) for name, day in copied_dates(campaign, next_year).items()
    ]
    context = {"form": form, "campaign": campaign, "next_year": next_year, "dates": dates}
    context["carried"] = carried_over(campaign)
    return render(request, "campaigns/campaign_copy.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def campaign_remind(request, pk):
    campaign = _managed(request, pk)
    n = remind_units(campaign, actor=request.user)
    text = ngettext("%(n)s unit was reminded.", "%(n)s units were reminded.", n)
    messages.success(request, text % {"n": n})
    return redirect("campaigns:campaign_detail", pk)

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from assessments.commendation_sheets import rows_of, sheet_columns, workbook_of
from assessments.domain.candidates import barred_of, candidates_of
from assessments.domain.commendations import choose_posts, drop_post, open_commendation, release_commendation
from assessments.forms.commendations import ChooseForm, CommendationForm, CommendationReleaseForm
from assessments.models import Commendation, CommendationItem
from campaigns.domain.errors import DomainError
from campaigns.domain.exports import XLSX
from campaigns.forms.base import posted, run
from campaigns.models import Campaign
from campaigns.permissions import may_on_unit, require_on_unit
from posts.documents.table_sheet import table_pdf
from posts.models import Conferral

PAGE = 30


class CommendationList(LoginRequiredMixin, ListView):
    template_name = "assessments/commendation_list.html"
    context_object_name = "lists"
    paginate_by = 20

    def get_queryset(self):
        return Commendation.objects.visible_to(self.request.user).for_list()


@login_required
def commendation_create(request, campaign_pk):
    """Begin a list for an occasion."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=campaign_pk)
    require_on_unit(request.user, "manage_campaign", campaign.owner)
    form = CommendationForm(posted(request), campaign=campaign)
    if form.is_valid() and (made := run(form, open_commendation, campaign, actor=request.user, **form.cleaned_data)):
        messages.success(request, _("The list is open; the committee has been told."))
        return redirect("assessments:commendation_detail", made.pk)
    context = {"form": form, "campaign": campaign}
    return render(request, "assessments/commendation_form.html", context, status=400 if form.errors else 200)


@login_required
def commendation_detail(request, pk):
    """Who may be commended, who may not and why, who is chosen; the release."""
    return _show(request, _get(request, pk), CommendationReleaseForm())


@login_required
@require_POST
def commendation_choose(request, pk):
    """Put the ticked posts on the list."""
    commendation = _get(request, pk)
    chosen = [int(value) for value in request.POST.getlist("post") if value.isdecimal()]
    posts = list(Conferral.objects.visible_to(request.user).filter(pk__in=chosen))
    form = ChooseForm(request.POST)
    if not posts or not form.is_valid():
        raise DomainError(_("Tick at least one post and give the reasons."))
    n = len(choose_posts(commendation, actor=request.user, conferrals=posts, **form.cleaned_data))
    messages.success(request, ngettext("%(n)s post chosen.", "%(n)s posts chosen.", n) % {"n": n})
    return redirect("assessments:commendation_detail", pk)


@login_required
@require_POST
def commendation_drop(request, pk):
    """Take a post off the list."""
    lists = Commendation.objects.visible_to(request.user)
    related = CommendationItem.objects.select_related("commendation__campaign__owner", "conferral")
    item = get_object_or_404(related.filter(commendation__in=lists), pk=pk)
    drop_post(item, actor=request.user)
    messages.success(request, _("The post is off the list."))
    return redirect("assessments:commendation_detail", item.commendation_id)


@login_required
@require_POST
def commendation_release(request, pk):
    commendation = _get(request, pk)
    form = CommendationReleaseForm(request.POST)
    if form.is_valid() and run(form, release_commendation, commendation, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The list is released and entered into the register of rewards."))
        return redirect("assessments:commendation_detail", pk)
    return _show(request, commendation, form, status=400)


@login_required
def commendation_barred(request, pk):
    """Everybody who may not be commended now, with the reasons."""
    commendation = _get(request, pk)
    barred = barred_of(commendation.campaign, candidates_of(commendation.campaign))
    page = Paginator(barred, PAGE).get_page(request.GET.get("page"))
    return render(request, "assessments/commendation_barred.html", {"commendation": commendation, "page_obj": page})


@login_required
def commendation_export(request, pk):
    """The list as an Excel file; while it is open with who may not be commended and why on a second sheet."""
    response = HttpResponse(workbook_of(commendation := _get(request, pk)), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="commendation-{commendation.pk}.xlsx"'
    return response


@login_required
def commendation_sheet(request, pk):
    """The list on paper."""
    commendation = _get(request, pk)
    campaign = commendation.campaign
    subtitle = " · ".join(part for part in (str(campaign.owner), str(campaign), commendation.document_number) if part)
    content = table_pdf(
        _("%(occasion)s: list") % {"occasion": commendation.label},
        sheet_columns(),
        rows_of(commendation),
        subtitle=subtitle,
        landscape=True,
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="commendation-{commendation.pk}.pdf"'
    return response


def _get(request, pk):
    return get_object_or_404(Commendation.objects.visible_to(request.user).for_list(), pk=pk)


def _show(request, commendation, form, *, status=200):
    owner, is_open = commendation.campaign.owner, commendation.status == "open"
    items = list(commendation.items.select_related("conferral__org_unit", "chosen_by").order_by("pk"))
    chosen = {item.conferral_id for item in items}
    judged = candidates_of(commendation.campaign) if is_open else []
    eligible = [each for each in judged if each.is_eligible and each.conferral.pk not in chosen]
    context = {
        "commendation": commendation,
        "form": form,
        "items": items,
        "page_obj": Paginator(eligible, PAGE).get_page(request.GET.get("page")),
        "barred": barred_of(commendation.campaign, judged) if is_open else [],
        "fallen": [each for each in judged if not each.is_eligible and each.conferral.pk in chosen],
        "may_choose": is_open and may_on_unit(request.user, "decide", owner),
        "may_release": is_open and may_on_unit(request.user, "release_decision", owner),
        "choose_form": ChooseForm(),
    }
    return render(request, "assessments/commendation_detail.html", context, status=status)

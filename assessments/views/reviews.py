from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from assessments.domain.proposals import decide_proposal
from assessments.domain.proposals import why_not_decide as why_not_decide_proposal
from assessments.domain.review_rights import why_not_review
from assessments.domain.review_score_page import score_page
from assessments.domain.review_state import review_state
from assessments.domain.review_voices_end import why_not_yet
from assessments.domain.reviews import record_review, settle_all, settle_missed
from assessments.forms.reviews import MissedForm, ProposalForm, ReviewForm
from assessments.models import Proposal, Review, ReviewStatus
from assessments.queries import period_incidents, previous_reviews, review_tabs
from assessments.views.voice_rows import voice_panel
from campaigns.domain.rules import bans_same_year
from campaigns.forms.base import posted, run
from campaigns.permissions import may_anywhere


class ReviewListView(LoginRequiredMixin, ListView):
    """Reviews by what has to be done about them."""

    template_name = "assessments/review_list.html"
    context_object_name = "reviews"
    paginate_by = 20

    def get_queryset(self):
        self.tabs = review_tabs(self.request.user, self.request.GET.get("tab", "todo"))
        reviews = self.tabs.current.queryset.for_list()
        query = self.request.GET.get("q", "").strip()
        return reviews.filter(conferral__name__icontains=query) if query else reviews

    def get_context_data(self, **kwargs):
        proposals = Proposal.objects.decidable_by(self.request.user).select_related("conferral")
        may_review = may_anywhere(self.request.user, "review_post")
        extra = {"proposals": proposals, "may_review": may_review, "missed_form": self._missed_form()}
        return super().get_context_data(tabs=self.tabs, **extra, **kwargs)

    def _missed_form(self):
        can = self.tabs.current.code == "missed" and may_anywhere(self.request.user, "review_post")
        return MissedForm() if can else None


@login_required
def review_detail(request, pk):
    """A review with what is known of the post; whoever may, writes the result here."""
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    barred = why_not_review(request.user, review)
    form = None
    state = review_state(review)
    waits = review.status == ReviewStatus.OPEN and why_not_yet(state)
    if review.status == ReviewStatus.OPEN and not barred and (request.method == "POST" or not waits):
        form = ReviewForm(posted(request), request.FILES or None, review=review, proposed=state.proposed)
    if request.method == "POST":
        if barred:
            raise PermissionDenied(barred)
        if form is None or (
            form.is_valid() and run(form, record_review, review, actor=request.user, **form.cleaned_data)
        ):
            messages.success(request, _("The review has been recorded."))
            return redirect("assessments:review_detail", pk)
    missed = MissedForm() if review.status == ReviewStatus.MISSED and not review.missed_action and not barred else None
    context = {"review": review, "form": form, "missed_form": missed, "barred": barred, "waits": waits, "state": state}
    return _show(request, review, context, 400 if form and form.errors else 200)


@login_required
@require_POST
def review_settle(request, pk):
    """Decide on a missed period."""
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    form = MissedForm(request.POST)
    if form.is_valid() and run(form, settle_missed, review, actor=request.user, **form.cleaned_data):
        messages.success(request, _("Your decision about the missed period has been recorded."))
        return redirect("assessments:review_detail", pk)
    return _show(request, review, {"review": review, "missed_form": form}, 400)


@login_required
@require_POST
def reviews_settle(request):
    """Decide on several missed periods at once; those the user may not decide on are left as they are."""
    form = MissedForm(request.POST)
    chosen = [int(pk) for pk in request.POST.getlist("review") if pk.isdigit()]
    waiting = Review.objects.visible_to(request.user).doable_by(request.user).to_settle().filter(pk__in=chosen)
    if not waiting:
        messages.error(request, _("Choose at least one missed review."))
    elif not form.is_valid():
        messages.error(request, _("Choose what becomes of them, and say why."))
    else:
        count = len(settle_all(waiting, actor=request.user, **form.cleaned_data))
        text = ngettext("%(count)s missed review settled.", "%(count)s missed reviews settled.", count)
        messages.success(request, text % {"count": count})
    return redirect(reverse("assessments:review_list") + "?tab=missed")


@login_required
def proposal_detail(request, pk):
    """A proposal to end a title, with what led to it; the body that named the post decides here."""
    proposals = Proposal.objects.visible_to(request.user)
    proposal = get_object_or_404(
        proposals.select_related(
            "conferral__org_unit", "conferral__campaign", "review__rule", "rectification", "deciding_unit"
        ),
        pk=pk,
    )
    barred = why_not_decide_proposal(request.user, proposal)
    form = ProposalForm(posted(request))
    if request.method == "POST":
        if barred:
            raise PermissionDenied(barred)
        if form.is_valid() and run(form, decide_proposal, proposal, actor=request.user, **form.cleaned_data):
            messages.success(request, _("The decision has been recorded."))
            return redirect("assessments:proposal_detail", pk)
    bars = bans_same_year(proposal.conferral.campaign, proposal.end)
    context = {"proposal": proposal, "form": form, "barred": barred, "bars": bars}
    return render(request, "assessments/proposal_detail.html", context, status=400 if form.errors else 200)


def _show(request, review, context, status):
    panel = voice_panel(review, request.user, context.pop("state", None))
    context["panel"] = panel
    context["page"] = panel and score_page(review, panel.state.scoring, request.user, is_insider=panel.is_insider)
    context["previous"] = previous_reviews(review, request.user)
    context["incidents"] = period_incidents(review)
    context["holders"] = review.people()
    return render(request, "assessments/review_detail.html", context, status=status)

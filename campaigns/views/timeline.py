from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from campaigns.domain.planning import apply_move, movable_targets, plan_move
from campaigns.forms.base import posted, run
from campaigns.forms.planning import ConfirmMoveForm, MoveForm
from campaigns.models import Campaign
from campaigns.permissions import require_on_unit
from campaigns.timeline_page import timeline_page


@login_required
def campaign_timeline(request, pk):
    """The calendar of a campaign: a chart on the desktop, a list by months everywhere."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=pk)
    return render(request, "campaigns/campaign_timeline.html", timeline_page(campaign, request.user))


@login_required
def date_move(request, pk):
    """What a move brings, then the move itself: ``?what=KEY&to=DAY`` looks, posting to the same address does it."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("owner"), pk=pk)
    require_on_unit(request.user, "manage_campaign", campaign.owner)
    what = request.GET.get("what", "")
    target = next((target for target in movable_targets(campaign) if target.key == what), None)
    if target is None:
        messages.warning(request, _("This date cannot be moved (any more). Choose one of the list."))
        return redirect("campaigns:campaign_timeline", pk)
    form = MoveForm(request.GET if "to" in request.GET else None, target=target)
    move = run(form, plan_move, campaign, what, form.cleaned_data["to"]) if form.is_valid() else None
    confirm = ConfirmMoveForm(posted(request), reason_required=campaign.is_frozen)
    if move and confirm.is_valid():
        call = {"what": what, "to": move.to, "actor": request.user, **confirm.cleaned_data}
        if made := run(confirm, apply_move, campaign, **call):
            messages.success(
                request, _("“%(what)s” is moved; everything that follows has moved along.") % {"what": made.label}
            )
            return redirect("campaigns:campaign_timeline", pk)
    context = {"campaign": campaign, "target": target, "form": form, "move": move, "confirm": confirm}
    return render(request, "campaigns/date_move.html", context, status=400 if form.errors or confirm.errors else 200)

import segno
from django.conf import settings
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from campaigns.domain.errors import DomainError
from campaigns.domain.sign_in_links import VALID_FOR, make_slips, office_holders, why_no_link
from campaigns.forms.people import MemberFilterForm
from campaigns.models import Member
from campaigns.permissions import may_anywhere, units_for
from campaigns.views.base import require

MOST_SLIPS = 300


class Slips(LoginRequiredMixin, TemplateView):
    """Sign-in slips for the filtered members: first what will happen, then, on POST, the sheet, once."""

    template_name = "campaigns/slips_confirm.html"

    def members(self, data):
        user = self.request.user
        require(may_anywhere(user, "manage_accounts"))
        keeps = Member.objects.filter(branch__in=units_for(user, "manage_accounts"))
        return MemberFilterForm(data, user=user).apply(keeps).for_list()

    def get_context_data(self, **kwargs):
        found = list(self.members(self.request.GET)[: MOST_SLIPS + 1])
        officials = office_holders(found)
        reasons = [(member, why_no_link(member, officials)) for member in found]
        return super().get_context_data(
            too_many=len(found) > MOST_SLIPS, most=MOST_SLIPS,
            getting=[member for member, reason in reasons if not reason],
            passed_over=[pair for pair in reasons if pair[1]],
            new_accounts=sum(member.user_id is None for member, reason in reasons if not reason),
            days=VALID_FOR.days, **kwargs,
        )  # fmt: skip

    def post(self, request):
        found = list(self.members(request.GET)[: MOST_SLIPS + 1])
        if len(found) > MOST_SLIPS:
            sentence = _("At most %(most)s slips can be printed at once. Choose a branch.")
            raise DomainError(sentence % {"most": MOST_SLIPS})
        slips, passed_over = make_slips(found, actor=request.user)
        address = f"{settings.SITE_URL}{reverse('campaigns:sign_in_link')}"
        printed = [{"slip": slip, "qr": _qr(f"{address}#{slip.token}")} for slip in slips]
        pages = [printed[i : i + 10] for i in range(0, len(printed), 10)]
        context = {"pages": pages, "n": len(slips), "address": address, "days": VALID_FOR.days}
        return render(request, "campaigns/slips.html", context | {"passed_over": passed_over})


def _qr(text):
    return segno.make(text, error="m").svg_data_uri(border=0)

from django.contrib.auth.mixins import LoginRequiredMixin
from django.views.generic import DetailView

from campaigns.models import Campaign


class CampaignDetail(LoginRequiredMixin, DetailView):
    def get_queryset(self):
        return Campaign.objects.visible_to(self.request.user)

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class DateMove(models.Model):
    """A date or a planned length of a campaign that somebody moved; never edited or deleted."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="date_moves", verbose_name=_("campaign"))
    target = models.CharField(_("what was moved"), max_length=40)  # a key of campaigns.domain.moves
    label = models.CharField(_("what was moved"), max_length=200)
    before = models.CharField(_("before"), max_length=20, blank=True)
    after = models.CharField(_("after"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("moved by"))
    moved_at = models.DateTimeField(_("moved at"), auto_now_add=True)

    class Meta:
        verbose_name = _("moved date")
        verbose_name_plural = _("moved dates")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.label}: {self.before} → {self.after}"

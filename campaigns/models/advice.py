from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class AdviceNote(models.Model):
    """A warning that was known when the campaign was opened, and on what basis it was accepted; never edited."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="advice_notes", verbose_name=_("campaign"))
    key = models.CharField(_("code of the warning"), max_length=200)
    text = models.TextField(_("warning"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    note = models.CharField(_("known, on the basis of"), max_length=300, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("noted by"))
    noted_at = models.DateTimeField(_("noted at"), auto_now_add=True)

    class Meta:
        verbose_name = _("noted warning")
        verbose_name_plural = _("noted warnings")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="advice_noted_once")]

    def __str__(self):
        return self.text

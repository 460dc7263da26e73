from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from campaigns.models.org_unit import OrgUnit


class MilestoneRecord(models.Model):
    """What one unit has done for a milestone that the scheme wants recorded: its plan, its summary, its meeting."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="milestone_records")
    # The label of the milestone, which names it within the campaign whatever its day becomes.
    label = models.CharField(_("what is to be kept"), max_length=80)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("unit"))
    text = models.TextField(_("what the unit has done"), max_length=1000)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), auto_now=True)

    class Meta:
        verbose_name = _("record of a milestone")
        verbose_name_plural = _("records of milestones")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "label", "org_unit"], name="milestone_record_once_per_unit")
        ]

    def __str__(self):
        return f"{self.label} {self.org_unit}"

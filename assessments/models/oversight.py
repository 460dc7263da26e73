"""What happens to a frozen survey only by two people: a change of its roll, a second count."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.survey import Survey
from campaigns.models import Member


class RequestState(models.TextChoices):
    ASKED = "asked", _("waiting for the second person")
    CONFIRMED = "confirmed", _("confirmed")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class TwoPersonRequest(models.Model):
    """One person asks with a reason, another one confirms or refuses."""

    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)

    class Meta:
        abstract = True


class RollChange(TwoPersonRequest):
    """Somebody put on the roll of an open survey, or taken off it."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="roll_changes")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    adds = models.BooleanField(_("is put on the roll"))

    class Meta:
        verbose_name = _("change of a roll")
        verbose_name_plural = _("changes of rolls")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "member"], condition=Q(state="asked"), name="one_waiting_roll_change_per_member"
            )
        ]

    def __str__(self):
        return f"{self.survey} {self.member}"


class Recount(TwoPersonRequest):
    """Every ballot opened once more and compared with the published result."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="recounts")
    n_opened = models.PositiveIntegerField(_("ballots opened"), null=True, blank=True)
    agrees = models.BooleanField(_("agrees with the result"), null=True, blank=True)
    # [{"line": 0, "counted": {…}, "published": {…}}]: only lines that differ
    differences = models.JSONField(_("differences"), default=list, blank=True)

    class Meta:
        verbose_name = _("recount")
        verbose_name_plural = _("recounts")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey"], condition=Q(state__in=["asked", "confirmed"]), name="one_waiting_recount_per_survey"
            )
        ]

    def __str__(self):
        return f"{self.survey} {self.get_state_display()}"

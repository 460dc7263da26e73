"""Signs that a vote was stuffed, for the level above (votes-and-trust 2.9)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.survey import Stratum, Survey


class AlarmKind(models.TextChoices):
    ONE_NETWORK = "one_network", _("more than a fifth of the public ballots came from one network")
    CLOSE_TOGETHER = "close_together", _("more than a fifth of the public ballots came within five seconds of another")


class SurveyAlarm(models.Model):
    """That there was an alarm; no time and no network, which would lead to ballots."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="alarms")
    kind = models.CharField(_("alarm"), max_length=20, choices=AlarmKind.choices)

    class Meta:
        verbose_name = _("alarm about a survey")
        verbose_name_plural = _("alarms about surveys")
        ordering = ["kind"]
        constraints = [models.UniqueConstraint(fields=["survey", "kind"], name="survey_alarm_once")]

    def __str__(self):
        return self.get_kind_display()


class OutsideNumber(models.Model):
    """How many there should be by a source outside the branch: registered members, residents, people served."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="outside_numbers")
    stratum = models.CharField(_("group"), max_length=10, choices=Stratum.choices)
    number = models.PositiveIntegerField(_("number"))
    source = models.CharField(_("source"), max_length=100)
    stated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stated_at = models.DateTimeField(_("stated at"), auto_now=True)

    class Meta:
        verbose_name = _("number from outside")
        verbose_name_plural = _("numbers from outside")
        ordering = ["stratum"]
        constraints = [models.UniqueConstraint(fields=["survey", "stratum"], name="outside_number_once")]

    def __str__(self):
        return f"{self.get_stratum_display()} {self.number}"

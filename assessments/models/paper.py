"""Ballots on paper beside those by phone: how many went out, and what two people counted each for himself."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.survey import Stratum, Survey


class PaperSheet(models.Model):
    """The paper ballots of one kind of voters in a survey, with a box of their own."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="paper_sheets")
    stratum = models.CharField(_("voters"), max_length=10, choices=Stratum.choices)
    # Of members the roll knows who has one; to the public they are handed out before a witness.
    n_handed_out = models.PositiveIntegerField(_("handed out to the public"), default=0)
    witness = models.CharField(_("witness"), max_length=60, blank=True)
    is_agreed = models.BooleanField(_("both counts agree"), default=False)

    class Meta:
        verbose_name = _("sheet of paper ballots")
        verbose_name_plural = _("sheets of paper ballots")
        ordering = ["stratum"]
        constraints = [models.UniqueConstraint(fields=["survey", "stratum"], name="paper_sheet_once")]

    def __str__(self):
        return f"{self.survey} {self.get_stratum_display()}"


class PaperCount(models.Model):
    """What one teller counted: ballots out of the box, and for each line each option, blanks and spoiled ones."""

    sheet = models.ForeignKey(PaperSheet, models.CASCADE, related_name="counts")
    counter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    n_returned = models.PositiveIntegerField(_("ballots out of the box"))
    lines = models.JSONField(_("counts"))  # one {"satisfied": 12, …, "": 1, "spoiled": 0} per line
    entered_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("count of paper ballots")
        verbose_name_plural = _("counts of paper ballots")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "counter"], name="paper_count_once")]

    def __str__(self):
        return f"{self.sheet} {self.n_returned}"

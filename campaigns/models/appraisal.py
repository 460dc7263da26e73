from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.member import Member


class Grade(models.TextChoices):
    EXCELLENT = "excellent", _("excellent")
    QUALIFIED = "qualified", _("qualified")
    BASIC = "basically_qualified", _("basically qualified")
    UNQUALIFIED = "unqualified", _("not qualified")


#: Grades of which whoever recommends a member should know (domain notes 3.2).
DOUBTFUL_GRADES = (Grade.BASIC, Grade.UNQUALIFIED)


class Appraisal(models.Model):
    """The result of the yearly 民主评议党员 for one member."""

    member = models.ForeignKey(Member, models.CASCADE, related_name="appraisals", verbose_name=_("Party member"))
    year = models.PositiveSmallIntegerField(_("year"))
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)

    class Meta:
        verbose_name = _("annual appraisal")
        verbose_name_plural = _("annual appraisals")
        ordering = ["-year", "member"]
        constraints = [models.UniqueConstraint(fields=["member", "year"], name="appraisal_once_a_year")]

    def __str__(self):
        return f"{self.member} {self.year} {self.get_grade_display()}"

    @property
    def is_doubtful(self):
        return self.grade in DOUBTFUL_GRADES

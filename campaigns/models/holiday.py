from django.db import models
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """A day that differs from its weekday: a day off, or a weekend day that is worked. Edited by the office."""

    date = models.DateField(_("date"), unique=True)
    is_workday = models.BooleanField(_("worked"), default=False)
    name = models.CharField(_("occasion"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["date"]

    def __str__(self):
        return f"{self.date} {self.name}"

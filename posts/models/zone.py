"""What a responsibility zone 党员责任区 has to do, what came of it, and what of that was made public."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from posts.models.conferral import Conferral


class ZoneTask(models.Model):
    """A task with a target: of the scheme, or of the zone itself. It is closed, never deleted."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="tasks")
    text = models.CharField(_("task"), max_length=120)
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    unit = models.CharField(_("unit of the target"), max_length=20, blank=True)
    cadence = models.CharField(_("for each"), max_length=20, default="none")
    is_own = models.BooleanField(_("set by the zone itself"), default=False)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("task of a zone")
        verbose_name_plural = _("tasks of zones")
        ordering = ["pk"]

    def __str__(self):
        return self.text


class ResultPublication(models.Model):
    """Results and what is thought of them, made public on a day 公开责任落实情况和评价结果."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="publications")
    evaluation = models.CharField(_("evaluation"), max_length=500)
    published_on = models.DateField(_("published on"))
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("published results")
        verbose_name_plural = _("published results")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.conferral} {self.published_on}"


class TaskResult(models.Model):
    """What was done of a task; once published it stays as it is."""

    task = models.ForeignKey(ZoneTask, models.CASCADE, related_name="results")
    on = models.DateField(_("done on"))
    done = models.PositiveIntegerField(_("number done"), null=True, blank=True)
    note = models.CharField(_("what was done in the zone"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)
    publication = models.ForeignKey(
        ResultPublication, models.PROTECT, null=True, blank=True, related_name="results", verbose_name=_("published")
    )

    class Meta:
        verbose_name = _("result of a task")
        verbose_name_plural = _("results of tasks")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.task} {self.on}"

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit
from posts.models.nomination import Nomination


class RunStatus(models.TextChoices):
    PENDING = "pending", _("not yet")
    OPEN = "open", _("under way")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("not passed")
    RETURNED = "returned", _("returned")
    CANCELLED = "cancelled", _("cancelled")


WAITING_STATUSES = (RunStatus.PENDING, RunStatus.OPEN)
FINAL_STATUSES = (RunStatus.PASSED, RunStatus.FAILED, RunStatus.RETURNED, RunStatus.CANCELLED)


class StageRun(models.Model):
    """One passage of a nomination through a stage, with its own copy of the rules. Only the pipeline writes status."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="runs", verbose_name=_("nomination"))
    position = models.PositiveSmallIntegerField(_("position"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    kind = models.CharField(_("kind of stage"), max_length=20)
    label = models.CharField(_("name of the step"), max_length=40)
    actor = models.JSONField(_("actor"), default=list)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    clause = models.CharField(_("clause of the source"), max_length=200, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    # The unit whose people act; resolved when the run opens. Empty: the holders themselves, or an outside body.
    actor_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("acting unit")
    )
    status = models.CharField(_("status"), max_length=10, choices=RunStatus.choices, default=RunStatus.PENDING)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("run of a stage")
        verbose_name_plural = _("runs of stages")
        ordering = ["position", "attempt"]
        constraints = [
            models.UniqueConstraint(fields=["nomination", "position", "attempt"], name="stage_run_once"),
            models.UniqueConstraint(fields=["nomination"], condition=Q(status="open"), name="one_open_run"),
        ]
        indexes = [models.Index(fields=["kind", "status"], name="stage_run_kind_status")]

    def __str__(self):
        return f"{self.nomination} · {self.label}"


class Transition(models.Model):
    """A move of the pipeline; never edited or deleted."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="transitions")
    run = models.ForeignKey(StageRun, models.CASCADE, null=True, blank=True, related_name="transitions")
    from_status = models.CharField(_("from"), max_length=12)
    to_status = models.CharField(_("to"), max_length=12)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("actor")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("transition")
        verbose_name_plural = _("transitions")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.from_status} → {self.to_status}"

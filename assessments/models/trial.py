from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign
from campaigns.permissions import paths_for


class TrialState(models.TextChoices):
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("broken off")


class TrialQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, and those of campaigns that one manages."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(started_by=user)
        for path in paths_for(user, "manage_campaign"):
            condition |= Q(campaign__owner__path__startswith=path)
        return self.filter(condition)

    def running(self):
        return self.filter(state=TrialState.RUNNING, runs_until__gt=timezone.now())


class Trial(models.Model):
    """A rehearsal asked for in the browser 试运行: kept for a day, then deleted by the clock."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, blank=True, related_name="trials")
    title = models.CharField(_("scheme"), max_length=160)
    scheme_code = models.CharField(max_length=40)
    scheme_text = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=TrialState.choices, default=TrialState.RUNNING)
    steps_done = models.PositiveIntegerField(_("steps played"), default=0)
    played_until = models.DateField(_("played until"), null=True, blank=True)
    # The report as docs/rehearsal.md describes it; empty until it is done.
    report = models.JSONField(default=dict, blank=True)
    error = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    # A process that was killed never says so: after this moment nobody waits for it.
    runs_until = models.DateTimeField()

    objects = TrialQuerySet.as_manager()

    class Meta:
        verbose_name = _("trial run")
        verbose_name_plural = _("trial runs")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.title} {self.started_at:%Y-%m-%d}"

    @property
    def is_running(self):
        return self.state == TrialState.RUNNING and self.runs_until > timezone.now()

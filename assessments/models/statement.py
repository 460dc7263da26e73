"""Around a report: who reported, for the verifying role only; and the hearing of the person concerned."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.incident import Incident, staked_conferrals
from campaigns.permissions import paths_for
from posts.models import Holder


class ReporterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The verifying role, unless it has a stake in the post; not even those who decide (domain 2.7)."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "verify_incident"):
            condition |= Q(incident__conferral__org_unit__path__startswith=path)
        return self.filter(condition).exclude(incident__conferral__in=staked_conferrals(user))


class IncidentReporter(models.Model):
    """Who reported. Apart from the report, so that nothing that shows or exports reports carries it along."""

    incident = models.OneToOneField(Incident, models.CASCADE, primary_key=True, related_name="reporter")
    name = models.CharField(_("name of the reporter"), max_length=60, blank=True)
    contact = models.CharField(_("how to reach the reporter"), max_length=100, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")

    def __str__(self):
        return f"{_('reporter')} {self.pk}"


class HearingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The person who is asked, and whoever may know the report."""
        if not user.is_authenticated:
            return self.none()
        own = Q(holder__member__user=user)
        return self.filter(own | Q(incident__in=Incident.objects.visible_to(user).values("pk")))

    def waiting(self):
        return self.filter(answered_at__isnull=True, withdrawn_at__isnull=True)


class Hearing(models.Model):
    """The person concerned is heard: asked about a matter in the verifier's words, never in those of the report."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="statements")
    # Without an account of his own the answer is taken down by the verifier.
    holder = models.ForeignKey(Holder, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("person who is heard"), max_length=60)
    matter = models.TextField(_("matter"), max_length=1000)
    due_on = models.DateField(_("to be answered by"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(_("statement"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # The report was settled before an answer came.
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = _("hearing")
        verbose_name_plural = _("hearings")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.name} {self.asked_at:%Y-%m-%d}"

    @property
    def is_waiting(self):
        return self.answered_at is None and self.withdrawn_at is None

    @property
    def is_overdue(self):
        return self.is_waiting and self.due_on < timezone.localdate()

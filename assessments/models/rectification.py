from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.models.incident import Incident
from assessments.models.oversight import TwoPersonRequest
from assessments.models.review import Review
from campaigns.models import OrgUnit
from campaigns.permissions import paths_for
from posts.models import Conferral


class RectificationStatus(models.TextChoices):
    OPEN = "open", _("under way")
    SUBMITTED = "submitted", _("to be checked again")
    PASSED = "passed", _("settled")
    FAILED = "failed", _("not settled")
    LAPSED = "lapsed", _("not handed in in time")
    CANCELLED = "cancelled", _("cancelled")


RUNNING_RECTIFICATIONS = (RectificationStatus.OPEN, RectificationStatus.SUBMITTED)


class RectificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(conferral__holders__member__user=user)
        for path in paths_for(user, "view_unit"):
            condition |= Q(conferral__org_unit__path__startswith=path)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def running(self):
        return self.filter(status__in=RUNNING_RECTIFICATIONS)

    def for_list(self):
        return self.select_related("conferral__org_unit", "conferral__campaign").order_by("due_on", "pk")


class Rectification(models.Model):
    """What must be mended, by when, and whether it was."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="rectifications", verbose_name=_("post"))
    # What led to it: a review, or a report that was true but no case for the veto.
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="rectifications")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="rectifications")
    checking_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("checking unit"))
    finding = models.TextField(_("finding"), max_length=2000)
    requirement = models.TextField(_("what must change"), max_length=2000)
    responsible = models.CharField(_("responsible person"), max_length=60)
    due_on = models.DateField(_("due on"))
    status = models.CharField(
        _("status"), max_length=10, choices=RectificationStatus.choices, default=RectificationStatus.OPEN
    )
    proof = models.TextField(_("what was done"), max_length=2000, blank=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    check_opinion = models.TextField(_("opinion of the second check"), max_length=1000, blank=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = RectificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rectification")
        verbose_name_plural = _("rectifications")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["passed", "failed"])
                | (Q(checked_by__isnull=False) & ~Q(checked_by=F("submitted_by"))),
                name="rectification_checked_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.due_on}"

    @property
    def is_running(self):
        return self.status in RUNNING_RECTIFICATIONS

    @property
    def is_overdue(self):
        return self.is_running and self.due_on < timezone.localdate()


class Extension(TwoPersonRequest):
    """More time for a rectification: asked for by the post, answered by who checks it."""

    rectification = models.ForeignKey(Rectification, models.CASCADE, related_name="extensions")
    until = models.DateField(_("new deadline"))
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("extension of a rectification")
        verbose_name_plural = _("extensions of rectifications")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rectification"], condition=Q(state="asked"), name="one_waiting_extension_per_rectification"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "done"]) | (Q(settled_by__isnull=False) & ~Q(settled_by=F("asked_by"))),
                name="extension_answered_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.rectification} → {self.until}"

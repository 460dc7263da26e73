from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit, ReviewRule
from campaigns.permissions import paths_for
from posts.models import Conferral


class ReviewStatus(models.TextChoices):
    OPEN = "open", _("to be done")
    DONE = "done", _("done")
    MISSED = "missed", _("missed")
    CANCELLED = "cancelled", _("cancelled")


class ReviewOutcome(models.TextChoices):
    PASS = "pass", _("passed")
    RECTIFY = "rectify", _("rectify by a deadline")
    ADJUST = "adjust", _("adjust")
    REVOKE = "revoke", _("revoke")
    ROTATE_OUT = "rotate_out", _("rotate out")


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(conferral__holders__member__user=user)
        for path in paths_for(user, "view_unit"):
            condition |= Q(conferral__org_unit__path__startswith=path)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def open(self):
        return self.filter(status=ReviewStatus.OPEN)

    def for_list(self):
        return self.select_related("conferral__org_unit", "conferral__campaign", "rule", "reviewer_unit").order_by(
            "due_on", "pk"
        )


class Review(models.Model):
    """One review of a named post for one period; opened by the clock exactly once."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="reviews", verbose_name=_("post"))
    rule = models.ForeignKey(ReviewRule, models.PROTECT, related_name="reviews", verbose_name=_("rule"))
    period = models.CharField(_("period"), max_length=20)  # 2026-11, 2026-Q4
    period_starts_on = models.DateField(_("period from"))
    period_ends_on = models.DateField(_("period until"))
    reviewer_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("reviewing unit"))
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.OPEN)
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReviewOutcome.choices, blank=True)
    performance = models.TextField(_("how the duties were carried out"), max_length=2000, blank=True)
    problems = models.TextField(_("problems found"), max_length=2000, blank=True)
    opinions = models.TextField(_("opinions of the masses"), max_length=2000, blank=True)
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["conferral", "rule", "period"], name="review_once_per_period"),
            models.CheckConstraint(
                condition=Q(period_ends_on__gte=F("period_starts_on")), name="review_period_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.rule} {self.period}"


class RectificationStatus(models.TextChoices):
    OPEN = "open", _("under way")
    SUBMITTED = "submitted", _("to be checked again")
    PASSED = "passed", _("settled")
    FAILED = "failed", _("not settled")


class RectificationQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(conferral__holders__member__user=user)
        for path in paths_for(user, "view_unit"):
            condition |= Q(conferral__org_unit__path__startswith=path)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def running(self):
        return self.filter(status__in=(RectificationStatus.OPEN, RectificationStatus.SUBMITTED))


class Rectification(models.Model):
    """What must be mended, by when, and whether it was."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="rectifications")
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="rectifications")
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

    def __str__(self):
        return f"{self.conferral} {self.due_on}"

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit, ReviewRule
from campaigns.permissions import paths_for
from posts.models import Conferral


class ReviewStatus(models.TextChoices):
    OPEN = "open", _("to be done")
    DONE = "done", _("done")
    MISSED = "missed", _("not reviewed in time")
    CANCELLED = "cancelled", _("cancelled")


class MissedAction(models.TextChoices):
    MAKE_UP = "make_up", _("make it up now")
    WAIVE = "waive", _("leave it out")


class ReviewOutcome(models.TextChoices):
    PASS = "pass", _("up to standard")
    RECTIFY = "rectify", _("rectify by a deadline")
    ADJUST = "adjust", _("adjust")
    REVOKE = "revoke", _("revoke")
    ROTATE_OUT = "rotate_out", _("rotate out")


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        told = ~Q(unannounced=True) | ~Q(status=ReviewStatus.OPEN)
        condition = told & Q(conferral__holders__member__user=user)
        for path in paths_for(user, "view_unit"):
            condition |= told & Q(conferral__org_unit__path__startswith=path)
            condition |= Q(reviewer_unit__path__startswith=path, conferral__org_unit__path__startswith=path)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def open(self):
        return self.filter(status=ReviewStatus.OPEN)

    def overdue(self, on=None):
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def to_settle(self):
        """Missed ones about which nobody has decided yet."""
        return self.filter(status=ReviewStatus.MISSED, missed_action="")

    def doable_by(self, user):
        """Open reviews of units in which the user reviews; never his own post."""
        condition = Q(pk__in=[])
        for path in paths_for(user, "review_post"):
            condition |= Q(reviewer_unit__path__startswith=path)
        mine = Conferral.objects.filter(holders__member__user=user)
        return self.filter(condition).exclude(conferral__in=mine)

    def for_list(self):
        return self.select_related("conferral__org_unit", "conferral__campaign", "rule", "reviewer_unit").order_by(
            "due_on", "pk"
        )


class Review(models.Model):
    """One review of a named post for one period; opened by the clock exactly once."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="reviews", verbose_name=_("post"))
    rule = models.ForeignKey(ReviewRule, models.PROTECT, related_name="reviews", verbose_name=_("rule"))
    period = models.CharField(_("period"), max_length=20)  # 2026-11, 2026-Q4; on call the day: 2026-11-04
    period_starts_on = models.DateField(_("period from"))
    period_ends_on = models.DateField(_("period until"))
    reviewer_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("reviewing unit"))
    due_on = models.DateField(_("due on"))
    # Until then the voices of the scheme are waited for; empty where it asks for none.
    voices_until = models.DateField(_("voices until"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=ReviewStatus.choices, default=ReviewStatus.OPEN)
    outcome = models.CharField(_("outcome"), max_length=12, choices=ReviewOutcome.choices, blank=True)
    performance = models.TextField(_("how the duties were carried out"), max_length=2000, blank=True)
    problems = models.TextField(_("problems found"), max_length=2000, blank=True)
    opinions = models.TextField(_("opinions of the masses"), max_length=2000, blank=True)
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    # Frozen with the result, as text of exact fractions: what was heard, the total, what it proposed, in sentences.
    score = models.JSONField(_("score"), default=dict, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    # A review on call (no cadence) says why it is held now.
    # A surprise visit 暗访: until the result nobody below the reviewer sees it.
    unannounced = models.BooleanField(_("unannounced"), default=False)
    call_reason = models.CharField(_("why it was opened"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    # A missed period is never made up silently: somebody decides, with a reason.
    missed_action = models.CharField(_("decision"), max_length=10, choices=MissedAction.choices, blank=True)
    missed_reason = models.CharField(_("reason"), max_length=300, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [models.Index(fields=["rule", "due_on"], condition=Q(status="open"), name="review_open_by_due")]
        constraints = [
            models.UniqueConstraint(fields=["conferral", "rule", "period"], name="review_once_per_period"),
            models.CheckConstraint(
                condition=~Q(status="done") | (~Q(outcome="") & Q(done_by__isnull=False)), name="review_done_has_result"
            ),
            models.CheckConstraint(
                condition=Q(period_ends_on__gte=F("period_starts_on")), name="review_period_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.rule} {self.period}"

    def people(self):
        """Who carried the title in the period, also when they have left since."""
        still = models.Q(until_on__isnull=True) | models.Q(until_on__gte=self.period_starts_on)
        return self.conferral.holders.filter(still, from_on__lte=self.period_ends_on)

    @property
    def is_overdue(self):
        return self.status == ReviewStatus.OPEN and self.due_on < timezone.localdate()

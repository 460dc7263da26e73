from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, OrgUnit
from campaigns.permissions import paths_for
from posts.models.nomination import Nomination
from posts.models.stage_run import StageRun


class EndorsementResult(models.TextChoices):
    AGREED = "agreed", _("agreed")
    REFUSED = "refused", _("not recommended")


class Endorsement(models.Model):
    """A decision that is not final: 初步确定, 审核, 推荐意见, 备案."""

    run = models.OneToOneField(StageRun, models.CASCADE, related_name="endorsement")
    result = models.CharField(_("result"), max_length=10, choices=EndorsementResult.choices)
    opinion = models.TextField(_("opinion"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    # What was also reported upwards (S9, domain F12): a record, nothing waits for it.
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    report_document = models.CharField(_("document of the report"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("endorsement")
        verbose_name_plural = _("endorsements")

    def __str__(self):
        return f"{self.run} {self.get_result_display()}"


class DecisionStatus(models.TextChoices):
    PENDING = "pending", _("not yet released")
    RELEASED = "released", _("released")
    CANCELLED = "cancelled", _("cancelled")


class DecisionEffect(models.TextChoices):
    ADMIT = "admit", _("admission to creation")
    NAME = "name", _("naming")


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Pending decisions are seen by the deciding unit only; released ones by everybody who sees the unit."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "decide") + paths_for(user, "release_decision"):
            condition |= Q(org_unit__path__startswith=path)
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path, status=DecisionStatus.RELEASED)
            condition |= Q(
                items__run__nomination__org_unit__path__startswith=path,
                items__is_live=True,
                status=DecisionStatus.RELEASED,
            )
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def pending(self):
        return self.filter(status=DecisionStatus.PENDING)

    def for_list(self):
        return self.select_related("campaign", "org_unit", "created_by", "released_by").order_by("-held_on", "-pk")

    def with_numbers(self):
        """How many nominations were approved and refused."""
        live = Q(items__is_live=True)
        return self.annotate(
            approved=models.Count("items", live & Q(items__outcome=DecisionOutcome.APPROVED)),
            refused=models.Count("items", live & Q(items__outcome=DecisionOutcome.REFUSED)),
        )


class Decision(models.Model):
    """What a body decided over several nominations: quietly first, released together after a preview."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="decisions")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="decisions", verbose_name=_("deciding body"))
    effect = models.CharField(_("effect"), max_length=10, choices=DecisionEffect.choices)
    # 七一（07-01前）…: as it stood when the decision was made.
    round_label = models.CharField(_("round"), max_length=80, blank=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    held_on = models.DateField(_("decided on"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=DecisionStatus.choices, default=DecisionStatus.PENDING
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)
    # The head of the journal at the release, printed at the foot of the approval sheet.
    anchor = models.CharField(_("journal head at the release"), max_length=80, blank=True)
    cancel_reason = models.CharField(_("reason for the cancellation"), max_length=300, blank=True)
    # A superior body may annul a whole decision (domain 3.1, Tangshan): what it conferred is then withdrawn together.
    annulled_on = models.DateField(_("annulled on"), null=True, blank=True)
    annul_reason = models.CharField(_("reason for the annulment"), max_length=300, blank=True)
    annul_document = models.CharField(_("document of the annulment"), max_length=40, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org_unit", "document_number"],
                condition=~Q(document_number="") & ~Q(status="cancelled"),
                name="decision_document_number_once",
                violation_error_message=_("This document number has been used already."),
            ),
        ]

    def __str__(self):
        return self.document_number or f"{self.org_unit} {self.held_on}"

    @property
    def is_pending(self):
        return self.status == DecisionStatus.PENDING

    def items_for_page(self, user):
        """The items this user may read: all for the deciding body, else those of units he oversees and his own."""
        items = self.items.filter(is_live=True).select_related(
            "run__nomination__org_unit", "run__nomination__post_kind", "run__nomination__conferral"
        )
        if not any(self.org_unit.path.startswith(path) for path in paths_for(user, "view_unit")):
            items = items.filter(run__nomination__in=Nomination.objects.visible_to(user).values("pk"))
        return items.prefetch_related("run__nomination__members", "run__nomination__conferral__plaques")


class DecisionOutcome(models.TextChoices):
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("not approved")


class DecisionItem(models.Model):
    """One nomination in a decision."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="items")
    run = models.ForeignKey(StageRun, models.CASCADE, related_name="decision_items")
    outcome = models.CharField(_("outcome"), max_length=10, choices=DecisionOutcome.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Cleared when the decision is cancelled, so that the nomination can be decided on again.
    is_live = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("item of a decision")
        verbose_name_plural = _("items of decisions")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["run"], condition=Q(is_live=True), name="one_live_decision_per_run")
        ]

    def __str__(self):
        return f"{self.run} {self.get_outcome_display()}"

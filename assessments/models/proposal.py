from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.rectification import Rectification
from assessments.models.review import Review
from campaigns.models import OrgUnit
from campaigns.permissions import paths_for
from posts.models import Conferral


class ProposedEnd(models.TextChoices):
    ADJUST = "adjust", _("adjust")
    REVOKE = "revoke", _("revoke")
    ROTATE_OUT = "rotate_out", _("rotate out")


class ProposalStatus(models.TextChoices):
    OPEN = "open", _("to be decided")
    ACCEPTED = "accepted", _("agreed")
    REFUSED = "refused", _("not agreed")
    CANCELLED = "cancelled", _("cancelled")


class ProposalQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(conferral__org_unit__path__startswith=path)
        return self.filter(condition)

    def decidable_by(self, user):
        """Open proposals of bodies for which the user decides; not his own proposal and not his own post."""
        revoke, quiet = Q(end=ProposedEnd.REVOKE), ~Q(end=ProposedEnd.REVOKE)
        condition = Q(pk__in=[])
        for path in paths_for(user, "decide_veto"):
            condition |= revoke & Q(conferral__org_unit__path__startswith=path)
        if paths_for(user, "decide"):
            for path in paths_for(user, "release_decision"):
                condition |= quiet & Q(deciding_unit__path__startswith=path)
        mine = Conferral.objects.filter(holders__member__user=user)
        return self.filter(condition, status=ProposalStatus.OPEN).exclude(conferral__in=mine).exclude(proposed_by=user)


class Proposal(models.Model):
    """A review, a failed rectification or a true report proposes to end a title; the naming body decides."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="proposals", verbose_name=_("post"))
    end = models.CharField(_("proposed"), max_length=12, choices=ProposedEnd.choices)
    review = models.ForeignKey(Review, models.PROTECT, null=True, blank=True, related_name="proposals")
    rectification = models.ForeignKey(Rectification, models.PROTECT, null=True, blank=True, related_name="proposals")
    # The facts found are the reasons; the report itself stays with those who may know it.
    incident = models.ForeignKey("Incident", models.PROTECT, null=True, blank=True, related_name="proposals")
    deciding_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("deciding body"))
    reasons = models.TextField(_("reasons"), max_length=2000)
    # Empty: the clock, because a rectification was not handed in.
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), auto_now_add=True)
    status = models.CharField(_("status"), max_length=10, choices=ProposalStatus.choices, default=ProposalStatus.OPEN)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_text = models.TextField(_("decision"), max_length=1000, blank=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conferral"], condition=Q(status="open"), name="one_open_proposal_per_conferral"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["accepted", "refused"]) | Q(decided_by__isnull=False),
                name="proposal_decision_has_a_decider",
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.get_end_display()}"

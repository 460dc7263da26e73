import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Appointment, Role, VetoGround
from campaigns.permissions import paths_for
from posts.models import Conferral, Holder, Revocation
from posts.models.notice import make_public_id


class IncidentSource(models.TextChoices):
    PUBLIC = "public", _("public page")
    MEMBER = "member", _("member")
    INSPECTION = "inspection", _("inspection")
    SUPERIOR = "superior", _("superior body")
    OBJECTION = "objection", _("late objection")


class IncidentStatus(models.TextChoices):
    REPORTED = "reported", _("reported")
    VERIFYING = "verifying", _("being verified")
    TO_CONFIRM = "to_confirm", _("closing to be confirmed by another person")
    VERIFIED = "verified", _("verified, to be decided")
    CLOSED = "closed", _("closed without a veto")
    REVOKED = "revoked", _("title revoked")


class IncidentFinding(models.TextChoices):
    VERIFIED = "verified", _("verified true")
    PARTLY_VERIFIED = "partly_verified", _("partly true")
    NOT_VERIFIED = "not_verified", _("not true")
    CANNOT_VERIFY = "cannot_verify", _("cannot be verified")


class IncidentMeasure(models.TextChoices):
    NONE = "none", _("none")
    TALK = "talk", _("admonishing talk")
    RECTIFY = "rectify", _("rectification by a deadline")
    REVIEW = "review", _("a review of the post now")
    # An ordinary decision of the body follows; nothing ends by the report alone.
    ADJUST = "adjust", _("propose an adjustment")
    ROTATE_OUT = "rotate_out", _("propose to rotate the post out")
    REVOKE = "revoke", _("propose to revoke the title")


OPEN_INCIDENTS = (
    IncidentStatus.REPORTED,
    IncidentStatus.VERIFYING,
    IncidentStatus.TO_CONFIRM,
    IncidentStatus.VERIFIED,
)

# Who runs the post's branch or unit day by day, and could make a reporter suffer.
RUNNING_ROLES = (Role.SECRETARY, Role.DEPUTY_SECRETARY, Role.ORGANISER, Role.UNIT_HEAD)
RECEIPT_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def make_receipt() -> str:
    """A number that a person can copy from a phone and nobody can guess: 12 of 31 signs, 59 bits."""
    return "".join(secrets.choice(RECEIPT_LETTERS) for _position in range(12))


class IncidentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The verifying and the deciding role; never a person of the post or who runs his branch, now or then."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in {*paths_for(user, "verify_incident"), *paths_for(user, "decide_veto")}:
            condition |= Q(conferral__org_unit__path__startswith=path)
        return self.filter(condition).exclude(conferral__in=staked_conferrals(user))

    def open(self):
        return self.filter(status__in=OPEN_INCIDENTS)

    def for_list(self):
        return self.select_related("conferral__org_unit", "conferral__campaign", "ground", "verifier").order_by(
            "-reported_at", "-pk"
        )


def staked_conferrals(user):
    """Posts in which the user has a stake: he is or was one of its holders, or runs its branch or unit."""
    condition = Q(pk__in=Holder.objects.filter(member__user=user).values("conferral"))
    running = Appointment.objects.current().filter(user=user, role__in=RUNNING_ROLES)
    for path in running.values_list("org_unit__path", flat=True):
        condition |= Q(org_unit__path__startswith=path) & ~Q(campaign__owner__path=path)
    return Conferral.objects.filter(condition)


class Incident(models.Model):
    """A report about a named post: report → verification → finding → decision. A report alone never revokes."""

    conferral = models.ForeignKey(Conferral, models.PROTECT, related_name="incidents", verbose_name=_("post"))
    public_id = models.CharField(max_length=22, unique=True, default=make_public_id)
    receipt = models.CharField(_("receipt number"), max_length=12, unique=True, default=make_receipt)
    source = models.CharField(_("source"), max_length=12, choices=IncidentSource.choices)
    text = models.TextField(_("what happened"), max_length=2000)
    # Who reported stands in a table of its own (IncidentReporter), so that no list and no export carries it along.
    reported_at = models.DateTimeField(_("reported at"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=10, choices=IncidentStatus.choices, default=IncidentStatus.REPORTED
    )
    verifier = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verify_due_on = models.DateField(_("to be verified by"), null=True, blank=True)
    statement = models.TextField(_("statement of the person concerned"), max_length=2000, blank=True)
    statement_note = models.CharField(_("why there is no statement"), max_length=200, blank=True)
    finding = models.CharField(_("finding"), max_length=16, choices=IncidentFinding.choices, blank=True)
    # What the second person wrote who sent a closing back.
    second_look = models.TextField(_("second look"), max_length=2000, blank=True)
    finding_text = models.TextField(_("facts found"), max_length=3000, blank=True)
    ground = models.ForeignKey(
        VetoGround, models.PROTECT, null=True, blank=True, related_name="incidents", verbose_name=_("veto ground")
    )
    evidence_reference = models.CharField(_("evidence"), max_length=200, blank=True)
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    suspended_display = models.BooleanField(_("display suspended while it is verified"), default=False)
    decide_due_on = models.DateField(_("to be decided by"), null=True, blank=True)
    measure = models.CharField(_("measure"), max_length=10, choices=IncidentMeasure.choices, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decision_text = models.TextField(_("decision"), max_length=1000, blank=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    revocation = models.OneToOneField(Revocation, models.PROTECT, null=True, blank=True, related_name="incident")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="closed") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("verifier"))),
                name="report_closed_by_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(status="revoked") | Q(ground__isnull=False, decided_by__isnull=False),
                name="veto_has_a_ground_and_a_decider",
            ),
            models.CheckConstraint(
                condition=~Q(status="revoked") | ~Q(decided_by=F("verifier")), name="veto_decided_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.reported_at:%Y-%m-%d}"

    @property
    def is_open(self):
        return self.status in OPEN_INCIDENTS

    @property
    def is_overdue(self):
        """Whether its verification should be over."""
        waits = self.status in (IncidentStatus.REPORTED, IncidentStatus.VERIFYING)
        return waits and self.verify_due_on is not None and self.verify_due_on < timezone.localdate()

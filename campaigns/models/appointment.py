from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.org_unit import OrgUnit


class Role(models.TextChoices):
    SECRETARY = "secretary", _("secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("deputy secretary")
    ORGANISER = "organiser", _("organisation commissioner")
    OFFICER = "officer", _("Party-affairs officer")
    COMMITTEE_SECRETARY = "committee_secretary", _("committee secretary")
    COMMITTEE_MEMBER = "committee_member", _("committee member")
    DISCIPLINE = "discipline", _("discipline commissioner")
    UNIT_HEAD = "unit_head", _("head of unit")
    ASSESSOR = "assessor", _("assessor")
    ADMINISTRATOR = "administrator", _("system administrator")


class AppointmentQuerySet(models.QuerySet):
    def current(self, on=None):
        """Appointments that hold on a day (today). ``ends_on`` is the first day without the role."""
        on = on or timezone.localdate()
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on), starts_on__lte=on)


class Appointment(models.Model):
    """A user holds a role in a unit for a time; this is what puts him into the unit's role group."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="appointments", verbose_name=_("user")
    )
    org_unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="appointments", verbose_name=_("org unit"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    starts_on = models.DateField(_("in office since"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(fields=["user", "org_unit", "role", "starts_on"], name="appointment_once"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="appointment_dates_in_order"
            ),
        ]

    def __str__(self):
        return f"{self.user} · {self.org_unit} · {self.get_role_display()}"

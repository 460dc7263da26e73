"""Appointments put people into role groups; nothing else does."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import Appointment, OrgUnit, Role, User
from campaigns.permissions import forget_grants, role_group


@transaction.atomic
def appoint(
    user: User, *, org_unit: OrgUnit, role: str, actor: User | None, starts_on: date | None = None
) -> Appointment:
    """Give ``user`` a role in a unit from a day on (today by default).

    Raises DomainError when he holds the role there already.
    """
    if role not in Role.values:
        raise DomainError(_("There is no such role."), field="role")
    today = timezone.localdate()
    if Appointment.objects.current().filter(user=user, org_unit=org_unit, role=role).exists():
        raise DomainError(_("%(name)s holds this role already.") % {"name": user}, field="role")
    appointment = Appointment.objects.create(user=user, org_unit=org_unit, role=role, starts_on=starts_on or today)
    sync_role_groups(user)
    record("appointed", appointment, actor=actor, unit=org_unit.pk, role=role, user=user.pk)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, actor: User | None, on: date | None = None) -> None:
    """End an appointment; rights end with it at once when the day has come."""
    appointment.ends_on = on or timezone.localdate()
    appointment.save(update_fields=["ends_on"])
    sync_role_groups(appointment.user, ended=appointment)
    record("appointment_ended", appointment, actor=actor, unit=appointment.org_unit_id, user=appointment.user_id)


def sync_role_groups(user: User, *, ended: Appointment | None = None) -> None:
    """Make the user's role groups exactly those of his current appointments. Safe to call at any time."""
    today = timezone.localdate()
    current = [a for a in Appointment.objects.current(today).filter(user=user).select_related("org_unit") if a != ended]
    wanted = {role_group(a.org_unit, a.role).pk for a in current}
    held = set(user.groups.filter(name__startswith="unit:").values_list("pk", flat=True))
    user.groups.remove(*(held - wanted))
    user.groups.add(*(wanted - held))
    forget_grants(user)

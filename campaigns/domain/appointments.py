"""Appointments put people into role groups; nothing else does."""

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain import clock
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import Appointment, DueItem, OrgUnit, Role, User
from campaigns.permissions import forget_grants, require_on_unit, role_group

SYNC = "sync_roles"


@transaction.atomic
def appoint(
    user: User, *, org_unit: OrgUnit, role: str, actor: User | None, starts_on: date | None = None
) -> Appointment:
    """Give ``user`` a role in a unit from a day on (today by default).

    Raises DomainError when he holds the role there already, PermissionDenied unless ``actor`` manages accounts there;
    the set-up has no actor.
    """
    if actor is not None:
        require_on_unit(actor, "manage_accounts", org_unit)
    if not org_unit.is_active:
        raise DomainError(_("%(unit)s is no longer in use.") % {"unit": org_unit}, field="role")
    if role not in Role.values:
        raise DomainError(_("There is no such role."), field="role")
    today = timezone.localdate()
    if Appointment.objects.current().filter(user=user, org_unit=org_unit, role=role).exists():
        raise DomainError(_("%(name)s holds this role already.") % {"name": user}, field="role")
    day = starts_on or today
    if Appointment.objects.filter(user=user, org_unit=org_unit, role=role, starts_on=day).exists():
        # Ended on the day it began and given again: the row of that day lives on.
        Appointment.objects.filter(user=user, org_unit=org_unit, role=role, starts_on=day).update(ends_on=None)
        appointment = Appointment.objects.get(user=user, org_unit=org_unit, role=role, starts_on=day)
    else:
        appointment = Appointment.objects.create(user=user, org_unit=org_unit, role=role, starts_on=day)
    _take_effect(user, day)
    record("appointed", appointment, actor=actor, unit=org_unit.pk, role=role, user=user.pk)
    return appointment


@transaction.atomic
def end_appointment(appointment: Appointment, *, actor: User | None, on: date | None = None) -> None:
    """End an appointment on a day (today by default), the first without the role; rights end with it.

    Raises DomainError for a day before its beginning, PermissionDenied unless ``actor`` manages accounts there.
    """
    if actor is not None:
        require_on_unit(actor, "manage_accounts", appointment.org_unit)
    day = on or timezone.localdate()
    if day < appointment.starts_on:
        raise DomainError(_("The appointment began only on %(day)s.") % {"day": appointment.starts_on}, field="on")
    appointment.ends_on = day
    appointment.save(update_fields=["ends_on"])
    _take_effect(appointment.user, day)
    record("appointment_ended", appointment, actor=actor, unit=appointment.org_unit_id, user=appointment.user_id)


def _take_effect(user: User, day: date) -> None:
    """Bring the groups in line now, and again on a day that has yet to come."""
    sync_role_groups(user)
    if day > timezone.localdate():
        midnight = timezone.make_aware(datetime.combine(day, time.min))
        clock.schedule(SYNC, user.pk, due_at=midnight, period=day.isoformat())


@clock.on_due(SYNC, gettext_lazy("roles of an account"))
def _sync_due(item: DueItem) -> None:
    user = User.objects.filter(pk=item.subject_id).first()
    if user:
        sync_role_groups(user)


def sync_role_groups(user: User) -> None:
    """Make the user's role groups exactly those of his current appointments. Safe to call at any time."""
    today = timezone.localdate()
    current = Appointment.objects.current(today).filter(user=user).select_related("org_unit")
    wanted = {role_group(a.org_unit, a.role).pk for a in current}
    held = set(user.groups.filter(name__startswith="unit:").values_list("pk", flat=True))
    user.groups.remove(*(held - wanted))
    user.groups.add(*(wanted - held))
    forget_grants(user)

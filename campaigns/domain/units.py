"""The tree of org units: add, change, move, close."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.appointments import end_appointment
from campaigns.domain.errors import DomainError, StaleError
from campaigns.domain.journal import record
from campaigns.models import Appointment, ImportJob, ImportState, Member, OrgUnit, UnitKind, User
from campaigns.permissions import require_on_unit

_COMMITTEES = (UnitKind.COMMITTEE, UnitKind.WORKING_COMMITTEE, UnitKind.SUB_COMMITTEE)
# Below what a Party organisation may lie (None: at the top). Units without one may lie anywhere.
PARENTS: dict[str, tuple[str | None, ...]] = {
    UnitKind.SUPERIOR: (None, UnitKind.SUPERIOR),
    UnitKind.COMMITTEE: (None, UnitKind.SUPERIOR, *_COMMITTEES),
    UnitKind.WORKING_COMMITTEE: (None, UnitKind.SUPERIOR, *_COMMITTEES),
    UnitKind.SUB_COMMITTEE: (UnitKind.SUPERIOR, *_COMMITTEES),
    UnitKind.GENERAL_BRANCH: (None, UnitKind.SUPERIOR, *_COMMITTEES),
    UnitKind.BRANCH: (None, UnitKind.SUPERIOR, *_COMMITTEES, UnitKind.GENERAL_BRANCH),
    UnitKind.PARTY_GROUP: (UnitKind.BRANCH,),
}
FIELDS = ("code", "name", "kind", "phone", "address", "postcode", "office_hours")


def why_not_below(kind: str, parent_kind: str | None) -> str:
    """Why a unit of this kind may not lie there; empty when it may."""
    allowed = PARENTS.get(kind)
    if allowed is None:
        return "" if parent_kind else _("At the top of the tree stands a Party organisation.")
    if parent_kind in allowed:
        return ""
    if kind == UnitKind.PARTY_GROUP:
        return _("A Party group is part of a Party branch and can lie only below one.")
    where = UnitKind(parent_kind).label if parent_kind else _("the top of the tree")
    return _("%(kind)s cannot lie below %(where)s.") % {"kind": UnitKind(kind).label, "where": where}


@transaction.atomic
def create_unit(parent: OrgUnit | None, *, actor: User | None, **fields: str) -> OrgUnit:
    """Add a unit below ``parent``. Only the set-up (no actor) makes a root.

    Raises DomainError when the code is taken or the kind cannot lie there, PermissionDenied without the right.
    """
    if actor is not None:
        require_on_unit(actor, "manage_organization", parent)
    if problem := why_not_below(fields["kind"], parent.kind if parent else None):
        raise DomainError(problem, field="kind")
    _refuse_taken_code(fields["code"])
    unit = OrgUnit(**fields)
    if parent is None:
        unit = OrgUnit.objects.add_root(instance=unit)
    else:
        # Treebeard counts children on the object it is given, so it must be a fresh and locked one.
        unit = OrgUnit.objects.add_child(OrgUnit.objects.select_for_update().get(pk=parent.pk), instance=unit)
    record("unit_created", unit, actor=actor, parent=parent.pk if parent else None, unit_kind=unit.kind)
    return unit


@transaction.atomic
def update_unit(unit: OrgUnit, *, actor: User, **fields: str) -> OrgUnit:
    """Change code, name, kind or contacts. A branch with members stays a branch."""
    require_on_unit(actor, "manage_organization", unit)
    unit = OrgUnit.objects.select_for_update().get(pk=unit.pk)
    changed = [name for name in FIELDS if name in fields and fields[name] != getattr(unit, name)]
    if "code" in changed:
        _refuse_taken_code(fields["code"])
    if {"code", "name", "kind"} & set(changed):
        refuse_while_writing(unit)
    if "kind" in changed:
        _refuse_kind(unit, fields["kind"])
    for name in changed:
        setattr(unit, name, fields[name])
    if changed:
        unit.save(update_fields=changed)
        record("unit_changed", unit, actor=actor, fields=changed)
    return unit


@transaction.atomic
def move_unit(unit: OrgUnit, *, target: OrgUnit, actor: User) -> OrgUnit:
    """Put a unit, with everything below it, below another one. Needs the right on the unit and on both superiors."""
    require_on_unit(actor, "manage_organization", unit)
    require_on_unit(actor, "manage_organization", target)
    parent = OrgUnit.objects.get_parent(unit)
    if parent is None:
        raise DomainError(_("The top of the tree cannot be moved."), field="target")
    require_on_unit(actor, "manage_organization", parent)
    refuse_while_writing(unit)
    if target.path.startswith(unit.path):
        raise DomainError(_("A unit cannot lie below itself."), field="target")
    if target.pk == parent.pk:
        raise DomainError(_("The unit lies there already."), field="target")
    if not target.is_active:
        raise DomainError(_("%(unit)s is no longer in use.") % {"unit": target}, field="target")
    if problem := why_not_below(unit.kind, target.kind):
        raise DomainError(problem, field="target")
    OrgUnit.objects.move(unit, OrgUnit.objects.get(pk=target.pk), pos="last-child")
    record("unit_moved", unit, actor=actor, before=parent.pk, after=target.pk)
    return OrgUnit.objects.get(pk=unit.pk)


@transaction.atomic
def close_unit(unit: OrgUnit, *, actor: User) -> None:
    """Take a unit out of use; its appointments end. Nothing is deleted, so that old posts keep their unit.

    Raises DomainError while it has members or units below it that are in use.
    """
    require_on_unit(actor, "manage_organization", unit)
    refuse_while_writing(unit)
    below = OrgUnit.objects.get_children(unit).filter(is_active=True).count()
    if below:
        raise DomainError(_("%(n)s units below are still in use. Move or close them first.") % {"n": below})
    members = Member.objects.active().filter(branch=unit).count()
    if members:
        raise DomainError(_("%(n)s members still belong to it. Transfer them first.") % {"n": members})
    unit.is_active = False
    unit.save(update_fields=["is_active"])
    for appointment in Appointment.objects.current().filter(org_unit=unit).select_related("user"):
        end_appointment(appointment, actor=actor)
    record("unit_closed", unit, actor=actor)


@transaction.atomic
def reopen_unit(unit: OrgUnit, *, actor: User) -> None:
    """Take a closed unit into use again. Appointments are to be given anew."""
    require_on_unit(actor, "manage_organization", unit)
    parent = OrgUnit.objects.get_parent(unit)
    if parent and not parent.is_active:
        raise DomainError(_("%(unit)s is no longer in use.") % {"unit": parent})
    unit.is_active = True
    unit.save(update_fields=["is_active"])
    record("unit_reopened", unit, actor=actor)


def refuse_while_writing(unit: OrgUnit) -> None:
    """A confirmed list refers to codes and places in the tree: they hold still for the seconds it is being written."""
    writing = ImportJob.objects.filter(state=ImportState.CONFIRMED).select_related("org_unit")
    if any(unit.path.startswith(job.org_unit.path) or job.org_unit.path.startswith(unit.path) for job in writing):
        raise StaleError(_("A list is being written into this part of the tree. Try again in a minute."))


def _refuse_taken_code(code: str) -> None:
    if OrgUnit.objects.filter(code=code).exists():
        raise DomainError(_("Another unit has this code."), field="code")


def _refuse_kind(unit: OrgUnit, kind: str) -> None:
    if kind != UnitKind.BRANCH and Member.objects.filter(branch=unit).exists():
        raise DomainError(_("Members belong to this unit: it stays a Party branch."), field="kind")
    parent = OrgUnit.objects.get_parent(unit)
    if problem := why_not_below(kind, parent.kind if parent else None):
        raise DomainError(problem, field="kind")
    for child in OrgUnit.objects.get_children(unit):
        if problem := why_not_below(child.kind, kind):
            raise DomainError(f"{child}: {problem}", field="kind")

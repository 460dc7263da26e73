"""The roster of Party members."""

from collections.abc import Callable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import LeaveReason, Member, MemberStatus, OrgUnit, UnitKind, User
from campaigns.permissions import require_on_unit

FIELDS = ("number", "name", "gender", "work_unit", "status", "joined_on", "confirmed_on", "position", "sanction_until")


#: Called with the member, ``what``, the day ``on`` and the ``actor`` when a condition for a post may have gone; in the
#: same transaction. ``what``: "transferred" (another branch or work unit), "sanctioned", "left", "died" or
#: "lost_membership". The member has been saved; the journal is written afterwards, so that locks keep one order.
on_member_changed: list[Callable[..., None]] = []
TRANSFERRED, SANCTIONED = "transferred", "sanctioned"


def tell_member_changed(member: Member, *, what: str, on: date, actor: User | None) -> None:
    """Let everybody know who has asked to; part of the act that changed the member."""
    for call in on_member_changed:
        call(member, what=what, on=on, actor=actor)


@transaction.atomic
def add_member(branch: OrgUnit, *, actor: User, **fields: object) -> Member:
    """Enter a member on the roster of a branch. Raises DomainError for a number in use and for wrong dates."""
    require_on_unit(actor, "manage_roster", branch)
    _refuse_branch(branch)
    _refuse_taken_number(str(fields["number"]))
    member = Member(branch=branch, **fields)
    _refuse_dates(member)
    member.save()
    record("member_added", member, actor=actor, branch=branch.pk)
    return member


@transaction.atomic
def update_member(member: Member, *, actor: User, **fields: object) -> Member:
    """Change what the roster says of a member; the branch is changed by ``transfer_member``."""
    require_on_unit(actor, "manage_roster", member.branch)
    member = Member.objects.select_for_update().get(pk=member.pk)
    changed = [name for name in FIELDS if name in fields and fields[name] != getattr(member, name)]
    if "number" in changed:
        _refuse_taken_number(str(fields["number"]))
    for name in changed:
        setattr(member, name, fields[name])
    _refuse_dates(member)
    if changed:
        member.save(update_fields=changed)
        _tell_of_fields(member, changed, actor)
        record("member_changed", member, actor=actor, fields=changed)
    return member


@transaction.atomic
def transfer_member(member: Member, *, to: OrgUnit, actor: User) -> Member:
    """Move a member to another branch (组织关系转接). Needs the right on both branches."""
    require_on_unit(actor, "manage_roster", member.branch)
    require_on_unit(actor, "manage_roster", to)
    if member.left_on:
        raise DomainError(_("%(name)s has left; bring him back first.") % {"name": member})
    if to.pk == member.branch_id:
        raise DomainError(_("%(name)s belongs to this branch already.") % {"name": member}, field="to")
    _refuse_branch(to, field="to")
    before = member.branch_id
    member.branch = to
    member.save(update_fields=["branch"])
    tell_member_changed(member, what=TRANSFERRED, on=timezone.localdate(), actor=actor)
    record("member_transferred", member, actor=actor, before=before, after=to.pk)
    return member


@transaction.atomic
def let_member_leave(member: Member, *, on: date, actor: User, reason: str = LeaveReason.LEFT) -> Member:
    """The affiliation ends on a day, not in the future. The member stays in the history of his posts.

    ``reason`` is a LeaveReason; what becomes of his posts is decided by who listens to ``on_member_changed``.
    """
    require_on_unit(actor, "manage_roster", member.branch)
    if member.left_on:
        raise DomainError(_("%(name)s has left already.") % {"name": member})
    if on > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="on")
    if on < member.joined_on:
        raise DomainError(_("The day lies before the date joined."), field="on")
    if reason not in LeaveReason.values:
        raise DomainError(_("Say why the affiliation ended."), field="reason")
    member.left_on, member.left_reason = on, reason
    member.save(update_fields=["left_on", "left_reason"])
    tell_member_changed(member, what=reason, on=on, actor=actor)
    record("member_left", member, actor=actor, on=on.isoformat())
    return member


@transaction.atomic
def bring_member_back(member: Member, *, actor: User) -> Member:
    """Undo ``let_member_leave``. Posts that ended meanwhile stay as they are."""
    require_on_unit(actor, "manage_roster", member.branch)
    _refuse_branch(member.branch)
    member.left_on, member.left_reason = None, ""
    member.save(update_fields=["left_on", "left_reason"])
    record("member_returned", member, actor=actor)
    return member


def _tell_of_fields(member: Member, changed: list[str], actor: User) -> None:
    """A new work unit may end a post like a transfer; a sanction counts from the day it is entered."""
    today = timezone.localdate()
    if "work_unit" in changed:
        tell_member_changed(member, what=TRANSFERRED, on=today, actor=actor)
    if "sanction_until" in changed and member.sanction_until and member.sanction_until >= today:
        tell_member_changed(member, what=SANCTIONED, on=today, actor=actor)


def _refuse_branch(branch: OrgUnit, field: str = "branch") -> None:
    if branch.kind != UnitKind.BRANCH:
        raise DomainError(_("%(unit)s is not a Party branch.") % {"unit": branch}, field=field)
    if not branch.is_active:
        raise DomainError(_("%(unit)s is no longer in use.") % {"unit": branch}, field=field)


def _refuse_taken_number(number: str) -> None:
    if Member.objects.filter(number=number).exists():
        raise DomainError(_("Another member has this number."), field="number")


def _refuse_dates(member: Member) -> None:
    if member.joined_on > timezone.localdate():
        raise DomainError(_("The date %(day)s lies in the future.") % {"day": member.joined_on}, field="joined_on")
    confirmed = member.confirmed_on
    if confirmed is None:
        return
    if member.status == MemberStatus.PROBATIONARY:
        raise DomainError(_("A probationary member has no date of confirmation yet."), field="confirmed_on")
    if confirmed > timezone.localdate():
        raise DomainError(_("The date %(day)s lies in the future.") % {"day": confirmed}, field="confirmed_on")
    if confirmed < member.joined_on:
        raise DomainError(_("The date confirmed lies before the date joined."), field="confirmed_on")

"""Finds the person whom somebody names by member number or account name."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError
from campaigns.domain.sign_in_links import make_account
from campaigns.models import Appointment, Member, OrgUnit, User


@transaction.atomic
def appoint_by_name(
    name: str, *, org_unit: OrgUnit, role: str, actor: User, starts_on: date | None = None
) -> Appointment:
    """Appoint a member by his number, or a user by his account name; a member without an account gets one.

    Raises DomainError (field ``person``) when there is nobody of that name.
    """
    member = Member.objects.active().select_related("user", "branch").filter(number=name.strip()).first()
    if member is not None:
        user = member.user or make_account(member, actor=actor)
    else:
        user = User.objects.filter(username=name.strip(), is_active=True).first()
    if user is None:
        raise DomainError(_("There is no member with this number and no account of this name."), field="person")
    return appoint(user, org_unit=org_unit, role=role, actor=actor, starts_on=starts_on)

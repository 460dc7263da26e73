"""The first step on an empty database: a Party organisation and the officer who sets up everything else."""

import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.domain.journal_check import schedule_check
from campaigns.models import OrgUnit, Role, User
from campaigns.models.org_unit import PARTY_KINDS


@dataclass(frozen=True)
class Founded:
    """What was made; the password is shown once and has to be changed at the first sign-in."""

    unit: OrgUnit
    officer: User
    password: str


@transaction.atomic
def found_organization(*, code: str, name: str, kind: str, login: str, officer_name: str) -> Founded:
    """Make a root unit and its first officer.

    Raises DomainError for a kind that is no Party organisation and for a code or login that is taken.
    """
    if kind not in PARTY_KINDS:
        raise DomainError(_("The first unit must be a Party organisation."), field="kind")
    if OrgUnit.objects.filter(code=code).exists():
        raise DomainError(_("The unit code %(code)s is in use already.") % {"code": code}, field="code")
    if User.objects.filter(username=login).exists():
        raise DomainError(_("The user name %(login)s is in use already.") % {"login": login}, field="login")
    unit = OrgUnit.objects.add_root(instance=OrgUnit(code=code, name=name, kind=kind))
    password = secrets.token_urlsafe(12)
    officer = User.objects.create(
        username=login, name=officer_name, password=make_password(password), must_change_password=True
    )
    appoint(officer, org_unit=unit, role=Role.OFFICER, actor=None)
    record("founded", unit, actor=None, officer=officer.pk)
    schedule_check()
    return Founded(unit, officer, password)

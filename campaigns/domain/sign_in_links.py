"""Accounts of members, and the printed links with which somebody without a password signs in once.

Whoever makes such a link could use it himself. So a branch secretary never may, every link leaves a journal entry,
and there is none for people who hold an office or have a password of their own.
"""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import Appointment, Member, SignInLink, User
from campaigns.permissions import require_on_unit

VALID_FOR = timedelta(days=30)
# No 0, O, 1, I, L: the code is typed from paper. 16 of 31 characters are 79 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 16


@dataclass(frozen=True)
class Slip:
    """What is printed for a member; the token exists here and on the paper only."""

    member: Member
    token: str

    @property
    def spelled(self) -> str:
        """The token in groups of four, for typing."""
        return "-".join(self.token[i : i + 4] for i in range(0, LENGTH, 4))


@transaction.atomic
def make_account(member: Member, *, actor: User) -> User:
    """Give a member an account named after his number, without a password.

    Raises DomainError when he has one, has left, or the name is taken by somebody else.
    """
    require_on_unit(actor, "manage_accounts", member.branch)
    if member.left_on:
        raise DomainError(_("%(name)s has left; bring him back first.") % {"name": member})
    if member.user_id:
        raise DomainError(_("%(name)s has an account already.") % {"name": member})
    username = member.number.lower()
    if User.objects.filter(username=username).exists():
        raise DomainError(_("The account name “%(name)s” is taken.") % {"name": username})
    user = User(username=username, name=member.name)
    user.set_unusable_password()
    user.save()
    member.user = user
    member.save(update_fields=["user"])
    record("account_made", member, actor=actor, user=user.pk)
    return user


@transaction.atomic
def make_slips(members: Iterable[Member], *, actor: User) -> tuple[list[Slip], list[Member]]:
    """Make a sign-in link for every member that may have one, and an account where there is none.

    An earlier unused link of the same person stops working. Returns the slips and the members passed over.
    """
    slips: list[Slip] = []
    passed_over: list[Member] = []
    members = list(members)
    officials = office_holders(members)
    for member in members:
        require_on_unit(actor, "manage_accounts", member.branch)
        if why_no_link(member, officials):
            passed_over.append(member)
            continue
        if member.user_id is None:
            make_account(member, actor=actor)
        slips.append(Slip(member, _make_link(member, actor=actor)))
    return slips, passed_over


def office_holders(members: Iterable[Member]) -> set[int]:
    """The users among the members who hold a role: one query."""
    users = [member.user_id for member in members if member.user_id]
    return set(Appointment.objects.current().filter(user__in=users).values_list("user_id", flat=True))


def why_no_link(member: Member, officials: set[int] | None = None) -> str:
    """Why there is no sign-in link for this member; empty when there may be one."""
    if member.left_on:
        return _("has left")
    if member.user_id is None:
        return ""
    if member.user.has_usable_password():
        return _("has a password")
    if not member.user.is_active:
        return _("account closed")
    if member.user_id in (office_holders([member]) if officials is None else officials):
        return _("holds an office")
    return ""


@transaction.atomic
def use_link(token: str) -> User:
    """The user whom a token signs in; the token is used up. Raises DomainError when it cannot be used."""
    cleaned = "".join(char for char in token.upper() if char.isalnum())
    link = SignInLink.objects.select_for_update().select_related("user").filter(token_hash=_hash(cleaned)).first()
    if link is None:
        raise DomainError(_("This code is not known. Check what you typed, or ask your Party office."), field="token")
    if link.used_at:
        raise DomainError(_("This code has been used. Ask your Party office for a new one."), field="token")
    if link.expires_at <= timezone.now() or not link.user.is_active:
        raise DomainError(_("This code is no longer valid. Ask your Party office for a new one."), field="token")
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])
    record("sign_in_link_used", link, actor=link.user)
    return link.user


def _make_link(member: Member, *, actor: User) -> str:
    token = "".join(secrets.choice(ALPHABET) for _unused in range(LENGTH))
    SignInLink.objects.filter(user=member.user_id, used_at__isnull=True).delete()
    link = SignInLink.objects.create(
        user=member.user, token_hash=_hash(token), made_by=actor, expires_at=timezone.now() + VALID_FOR
    )
    record("sign_in_link_made", link, actor=actor, user=member.user_id, member=member.pk)
    return token


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@transaction.atomic
def set_initial_password(user: User, *, actor: User) -> str:
    """Give an account a new password to be handed over; it must be changed at the next sign-in. Return it.

    Needs the right to manage accounts where the person is a member and wherever he holds an office, so that nobody
    reaches rights above his own in this way.
    """
    units = [a.org_unit for a in Appointment.objects.current().filter(user=user).select_related("org_unit")]
    member = Member.objects.filter(user=user).select_related("branch").first()
    units += [member.branch] if member else []
    if not units:
        raise DomainError(_("This account belongs to no unit."))
    for unit in units:
        require_on_unit(actor, "manage_accounts", unit)
    password = "-".join("".join(secrets.choice(ALPHABET.lower()) for _n in range(4)) for _g in range(3))
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    record("password_reset", user, actor=actor)
    return password

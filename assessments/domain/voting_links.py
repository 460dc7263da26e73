"""Personal voting links for members who have no password: each for one survey and one device.

Whoever makes such a link could vote with it himself. So it takes the level above the branch and a witness, every link
leaves a journal entry, and a link that somebody else has opened tells its owner so instead of letting him in.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from assessments.domain import sealing
from assessments.domain.ballots import UnknownCodeError, check_witness, oversees
from assessments.domain.rules import takes_members
from assessments.domain.survey_subjects import has_stake
from assessments.domain.surveys import lock_open_survey
from assessments.models import RollEntry, Survey, SurveyLine, SurveyState, VotingLink
from campaigns.domain.errors import DomainError, NotAllowedError, StaleError
from campaigns.domain.journal import record
from campaigns.models import Member, User

MOST_LINKS = 300


class OpenedElsewhereError(StaleError):
    """The link belongs to another device already."""


@dataclass(frozen=True)
class PersonalLink:
    """What is handed to a member; the token exists here, on his paper and in his hands only."""

    member: Member
    token: str

    @property
    def spelled(self) -> str:
        return sealing.show_code(self.token)


def may_make_links(user: User, survey: Survey) -> bool:
    """The level above the branch, without a stake in the survey; never the branch itself (votes-and-trust 2.9)."""
    return _by_phone(survey) and oversees(user, survey) and not has_stake(user, survey)


def _by_phone(survey: Survey) -> bool:
    return takes_members(survey.rules) and not survey.rules.get("paper_only")


def require_link_maker(user: User, survey: Survey) -> None:
    """Raise NotAllowedError unless the user may make personal links for this survey."""
    if not may_make_links(user, survey):
        raise NotAllowedError(_("Personal links are made one level above the branch, by somebody without a stake."))


def link_entries(survey: Survey) -> QuerySet[RollEntry]:
    """The roll entries of those who may get a link: who has a password signs in.

    Nothing here tells who has voted: a list of those who have not would be a means of pressure.
    """
    unusable = {"member__user__password__startswith": UNUSABLE_PASSWORD_PREFIX}
    cannot = Q(member__user=None) | Q(member__user__is_active=False) | Q(**unusable)
    entries = survey.roll.filter(cannot, member__left_on=None).select_related("member__branch", "voting_link")
    return entries.order_by("member__branch__path", "member__number")


@transaction.atomic
def make_links(survey: Survey, *, members: Collection[Member], actor: User, witness: str) -> list[PersonalLink]:
    """Make a link for each of the members and return them. They are shown once: only keyed hashes stay.

    An earlier link of the same member stops working, on the device where it was opened too. His vote, if he has cast
    one, stays his only one. Raises NotAllowedError, OutOfOrderError unless the survey takes ballots, DomainError for a
    bad witness, for nobody, for more than ``MOST_LINKS``, for somebody who is not on the roll or has a password.
    """
    require_link_maker(actor, survey)
    survey = lock_open_survey(survey)
    check_witness(survey, actor=actor, witness=witness)
    entries = _entries_of(survey, members)
    replaced = VotingLink.objects.filter(entry__in=entries)
    again = sorted(replaced.values_list("entry__member", flat=True))
    replaced.delete()
    links = [PersonalLink(entry.member, sealing.make_code()) for entry in entries]
    VotingLink.objects.bulk_create(
        VotingLink(entry=entry, token_hash=sealing.hash_token(link.token), made_by=actor, witness=witness.strip())
        for entry, link in zip(entries, links, strict=True)
    )
    record("voting_links_made", survey, actor=actor, members=sorted(link.member.pk for link in links), replaced=again)
    return links


def _entries_of(survey: Survey, members: Collection[Member]) -> list[RollEntry]:
    if not members:
        raise DomainError(_("Choose who gets a link."), field="entries")
    if len(members) > MOST_LINKS:
        raise DomainError(_("Make at most %(most)s links at a time.") % {"most": MOST_LINKS}, field="entries")
    entries = list(link_entries(survey).filter(member__in=members))
    if len(entries) == len(members):
        return entries
    found = {entry.member_id for entry in entries}
    names = "、".join(str(member) for member in members if member.pk not in found)
    text = _("No link for %(names)s: not on the roll, or with an account and a password to vote with.")
    raise DomainError(text % {"names": names}, field="entries")


# --- The voter's side -------------------------------------------------------------------------------------------------


def link_of_token(typed: str) -> VotingLink:
    """The link that a token stands for; raises UnknownCodeError when it was never made, or was replaced."""
    link = (
        VotingLink.objects.filter(token_hash=sealing.hash_token(typed))
        .select_related("entry__survey__org_unit", "entry__member")
        .prefetch_related(Prefetch("entry__survey__lines", SurveyLine.objects.order_by("position")))
        .first()
    )
    if link is None:
        raise UnknownCodeError(_("This code is not valid. Compare it with your slip, or ask for another one."))
    return link


def new_device() -> str:
    """The secret by which a device is known again; it never leaves the device and this request."""
    return secrets.token_urlsafe(16)


def is_opened_on(link: VotingLink, device: str) -> bool:
    """Whether the link was opened on this device."""
    mine = sealing.hash_device(device, link.token_hash)
    return link.device_hash is not None and secrets.compare_digest(bytes(link.device_hash), mine)


def open_link(link: VotingLink, *, device: str) -> None:
    """Tie a link to a device, for good; the same device may do it again. No time is kept.

    One conditional UPDATE: of two devices that open it at once one gets it. Raises OpenedElsewhereError for the other.
    """
    unopened = VotingLink.objects.filter(pk=link.pk, device_hash=None, entry__survey__state=SurveyState.OPEN)
    if unopened.update(device_hash=sealing.hash_device(device, link.token_hash)):
        return
    current = VotingLink.objects.filter(pk=link.pk).first()
    if current is None or not is_opened_on(current, device):
        raise OpenedElsewhereError(_("This link was opened on another device."))

"""Bans 当年不得再申报、不列入表彰: who may not be nominated or commended until a year ends, and why (F25, F26)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import bans_same_year
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.rights import own_case
from posts.models import Ban, Conferral, ConferralStatus, Holder

#: What a scheme calls the end of a title (``[consequences] ban_on``).
OUTCOME_OF = {
    ConferralStatus.REVOKED: "revoke",
    ConferralStatus.ADJUSTED: "adjust",
    ConferralStatus.ROTATED_OUT: "rotate_out",
}


def bans_at_end(conferral: Conferral, status: str) -> bool:
    """Whether an end of this kind bars the people of the post for the year, by the campaign's rules."""
    return status in OUTCOME_OF and bans_same_year(conferral.campaign, OUTCOME_OF[ConferralStatus(status)])


@transaction.atomic
def ban_people(
    conferral: Conferral,
    *,
    actor: User | None,
    reason: str,
    document: str = "",
    members: Iterable[int] | None = None,
    on: date | None = None,
) -> list[Ban]:
    """Bar the people of the post until the end of the year of ``on`` (today); without Party members the post itself.

    ``members``: the primary keys of those people, by default the current holders. Part of a larger act whose right the
    caller has asked for. Barring somebody again for the same post renews a ban that was lifted.
    """
    year = (on or timezone.localdate()).year
    if members is None:
        members = conferral.holders.filter(until_on__isnull=True, member__isnull=False).values_list("member", flat=True)
    chosen = sorted(set(members))
    facts = {"reason": reason[:300], "document": document.strip()[:40], "lifted_at": None, "lifted_by": None}
    bans = []
    for member in chosen or [None]:
        own = {**facts, "lift_reason": "", "org_unit": conferral.org_unit}
        ban, _new = Ban.objects.update_or_create(conferral=conferral, member_id=member, year=year, defaults=own)
        bans.append(ban)
    record("banned", conferral, actor=actor, members=chosen, year=year)
    return bans


def why_not_lift(user: User, ban: Ban) -> str:
    """Why the user may not lift the ban; empty when he may: the office and the secretary of the committee do."""
    owner = ban.conferral.campaign.owner
    if not may_on_unit(user, "release_decision", owner):
        return _("A ban is lifted by %(unit)s; your role does not allow it.") % {"unit": owner}
    if ban.conferral.holders.filter(member__user=user).exists():
        return own_case()
    return ""


def liftable(user: User, bans: Iterable[Ban]) -> set[int]:
    """Those of the bans that the user may lift now, by primary key; for lists, in one query."""
    own = set(Holder.objects.filter(member__user=user).values_list("conferral", flat=True))
    return {
        ban.pk
        for ban in bans
        if ban.is_in_force
        and ban.conferral_id not in own
        and may_on_unit(user, "release_decision", ban.conferral.campaign.owner)
    }


@transaction.atomic
def lift_ban(ban: Ban, *, actor: User, reason: str) -> Ban:
    """End a ban before its year is over, with a reason that stays in the record.

    Raises NotAllowedError, OutOfOrderError when it is not in force any more, DomainError without a reason.
    """
    ban = Ban.objects.select_for_update(of=("self",)).select_related("conferral__campaign__owner").get(pk=ban.pk)
    if barred := why_not_lift(actor, ban):
        raise NotAllowedError(barred)
    if not ban.is_in_force:
        raise OutOfOrderError(_("This ban is not in force any more. Reload the page to see it."))
    if not reason.strip():
        raise DomainError(_("Say why the ban is lifted: the reason stays in the record."), field="reason")
    ban.lifted_at, ban.lifted_by, ban.lift_reason = timezone.now(), actor, reason.strip()[:300]
    ban.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    record("ban_lifted", ban.conferral, actor=actor, ban=ban.pk, year=ban.year)
    tell(
        User.objects.filter(is_active=True, member=ban.member_id) if ban.member_id else [],
        key=f"ban-lifted-{ban.pk}-{ban.lifted_at:%Y%m%d%H%M%S}",
        title=_("The ban of %(year)s is lifted") % {"year": ban.year},
        body=ban.lift_reason,
        url=reverse("posts:conferral_detail", args=[ban.conferral_id]),
    )
    return ban

"""A member is transferred, leaves, dies, loses his membership or is sanctioned: what becomes of his posts.

On the way to the naming he is dropped, and the nomination stops when too few are left. Of a named post his part ends
(domain F32): an individual post expires with its plaque called back; a collective one or a zone is checked at once
against its rules (F31). A sanction ends nothing that has been named: somebody verifies it first (domain §6.5).
"""

from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.journal import record
from campaigns.domain.members import SANCTIONED, TRANSFERRED, on_member_changed
from campaigns.domain.messages import tell
from campaigns.models import HolderKind, LeaveReason, Member, User
from campaigns.permissions import nearest_holders_of
from posts.domain.conferrals import end_conferral
from posts.domain.eligibility import minimum_problem
from posts.domain.holdings import end_holding
from posts.domain.member_rules import is_sanctioned, rule
from posts.domain.members import drop_member
from posts.domain.pipeline import advance, stop
from posts.domain.repairs import look_at_members
from posts.domain.rosters import roster_of
from posts.domain.sanctions import open_matter
from posts.models import Conferral, ConferralStatus, Holder, Nomination, NominationStatus
from posts.models.conferral import LIVE_CONFERRALS


def member_changed(member: Member, *, what: str, on: date, actor: User | None) -> None:
    """Look at every post of the member. All rows are locked, in one order, before the journal is written to."""
    cases = _lock_cases(member)
    conferrals = {
        conferral.nomination_id: conferral
        for conferral in Conferral.objects.select_for_update(of=("self",))
        .filter(nomination__in=cases, status__in=LIVE_CONFERRALS)
        .select_related("campaign__owner", "post_kind", "org_unit", "decision__org_unit")
        .order_by("nomination")
    }
    for nomination in cases:
        if not _loses(nomination, member, what):
            continue
        conferral = conferrals.get(nomination.pk)
        if conferral is None or conferral.status == ConferralStatus.CREATING:
            _leave_the_way(nomination, conferral, member, what=what, actor=actor)
        else:
            conferral.nomination = nomination
            _leave_the_post(conferral, member, what=what, on=on, actor=actor)


on_member_changed.append(member_changed)


def _lock_cases(member: Member) -> list[Nomination]:
    on_the_way = Q(members__member=member, members__dropped_at__isnull=True, status=NominationStatus.IN_PROGRESS)
    held = Q(conferral__holders__member=member, conferral__holders__until_on__isnull=True)
    found = Nomination.objects.filter(on_the_way | held).order_by().values("pk")
    locked = Nomination.objects.select_for_update(of=("self",)).filter(pk__in=found).order_by("pk")
    return list(locked.select_related("campaign__owner", "org_unit", "post_kind"))


def _loses(nomination: Nomination, member: Member, what: str) -> bool:
    """Whether the change matters here: a transfer only when it leads away from the unit's roster."""
    if what == SANCTIONED:
        return is_sanctioned(member, nomination.post_kind)
    if what == TRANSFERRED:
        return not roster_of(nomination.org_unit).filter(pk=member.pk).exists()
    return True


def _leave_the_way(
    nomination: Nomination, conferral: Conferral | None, member: Member, *, what: str, actor: User | None
) -> None:
    person = nomination.members.filter(member=member, dropped_at__isnull=True).first()
    if person is None or nomination.status != NominationStatus.IN_PROGRESS:
        return
    cause = _cause(member, what)
    drop_member(person, actor=actor, reason=cause)
    if conferral is not None:
        conferral.holders.filter(member=member, until_on__isnull=True).update(until_on=timezone.localdate())
    problem = minimum_problem(nomination) or _all_party_problem(nomination, member, what)
    if problem and conferral is not None:
        end_conferral(conferral, actor=None, status=ConferralStatus.EXPIRED, reason=f"{cause} {problem}")
    elif problem:
        stop(nomination, actor=actor, reason=f"{cause} {problem}")
    else:
        advance(nomination.pk, actor=actor)
    nomination.refresh_from_db(fields=["status", "outcome_reason"])
    _tell_branch(nomination, cause)


def _all_party_problem(nomination: Nomination, member: Member, what: str) -> str:
    """Who is no longer a member still works in the place, where everybody must be one (S2)."""
    if what != LeaveReason.LOST_MEMBERSHIP or not rule(nomination.post_kind, "all_party"):
        return ""
    text = _("Everybody in “%(kind)s” must be a Party member; %(name)s is not")
    return text % {"kind": nomination.post_kind, "name": member}


def _leave_the_post(conferral: Conferral, member: Member, *, what: str, on: date, actor: User | None) -> None:
    holder = conferral.holders.filter(member=member, until_on__isnull=True).first()
    if holder is None:
        return
    cause = _cause(member, what)
    if what == SANCTIONED:
        open_matter(conferral, member, actor=actor)
        return
    if conferral.post_kind.holder == HolderKind.PERSON:
        ended_on = max(on, conferral.conferred_on or on)
        record("holder_left", conferral, actor=actor, holder=holder.pk, on=on)
        end_conferral(conferral, actor=None, status=ConferralStatus.EXPIRED, reason=cause, on=ended_on)
        return
    end_holding(conferral, holder, on=on, why=cause, actor=actor)
    if what == LeaveReason.LOST_MEMBERSHIP and rule(conferral.post_kind, "all_party"):
        # He is no holder of the title any more, but stands in the place until the branch says that he has gone.
        Holder.objects.create(conferral=conferral, name=holder.name, from_on=timezone.localdate())
    look_at_members(conferral, cause=cause, actor=actor)


def _cause(member: Member, what: str) -> str:
    texts = {
        TRANSFERRED: _("%(name)s was transferred to another unit."),
        SANCTIONED: _("%(name)s is under a sanction until %(day)s."),
        LeaveReason.LEFT: _("The affiliation of %(name)s went elsewhere."),
        LeaveReason.DIED: _("%(name)s has died."),
        LeaveReason.LOST_MEMBERSHIP: _("%(name)s is no longer a Party member."),
    }
    return texts[what] % {"name": member, "day": member.sanction_until}


def _tell_branch(nomination: Nomination, cause: str) -> None:
    stopped = nomination.status != NominationStatus.IN_PROGRESS
    title = _("“%(post)s” was stopped: a member left") if stopped else _("A member left “%(post)s” on its way")
    tell(
        {nomination.proposer, *nearest_holders_of("nominate", nomination.org_unit)},
        key=f"member_lost:{nomination.pk}:{timezone.now():%Y%m%d%H%M%S%f}",
        title=title % {"post": nomination},
        body=nomination.outcome_reason or cause,
        url=reverse("posts:nomination_detail", args=[nomination.pk]),
    )

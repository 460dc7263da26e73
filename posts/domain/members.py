"""The people of a post while it is on its way: who may be chosen, who is dropped, and whether enough are left."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import HolderKind, Member, User
from posts.domain.eligibility import minimum_problem
from posts.domain.pipeline import stop
from posts.domain.rosters import roster_of
from posts.models import Nomination, NominationMember, NominationStatus, RunStatus
from posts.models.stage_run import WAITING_STATUSES


@dataclass(frozen=True)
class Chosen:
    """A person chosen for the post: a member of the roster, or only a name in a collective post."""

    member: int | None = None
    name: str = ""
    duty: str = ""
    shared: bool = False


@transaction.atomic
def drop_member(person: NominationMember, *, actor: User | None, reason: str) -> None:
    """Take a person out of the post; the row stays with the reason. The caller looks whether enough are left."""
    person.dropped_at, person.drop_reason = timezone.now(), reason[:200]
    person.save(update_fields=["dropped_at", "drop_reason"])
    record("member_dropped", person.nomination, actor=actor, person=person.pk)


@transaction.atomic
def take_back_drop(person: NominationMember, *, actor: User | None) -> None:
    """Put a person who changed his mind in time back into the post."""
    person.dropped_at, person.drop_reason = None, ""
    person.save(update_fields=["dropped_at", "drop_reason"])
    record("member_restored", person.nomination, actor=actor, person=person.pk)


@transaction.atomic
def stop_when_too_few(nomination: Nomination, *, actor: User | None) -> bool:
    """End the nomination when its people no longer suffice; return whether it did."""
    problem = minimum_problem(nomination)
    if problem:
        stop(nomination, actor=actor, reason=_("Members left the post. %(problem)s") % {"problem": problem})
    return bool(problem)


@transaction.atomic
def choose_members(nomination: Nomination, chosen: list[Chosen], *, actor: User) -> None:
    """Make the people of the paper exactly those chosen.

    People of a paper that had been submitted are dropped, not deleted: what they answered stays. Raises DomainError
    for somebody who is not on the roster, or who would skip steps that the others have passed.
    """
    if nomination.post_kind.holder == HolderKind.ORG:
        if chosen:
            raise DomainError(_("The whole organisation holds this post: nobody is listed."), field="members")
        return
    roster = _roster_rows(nomination, [person.member for person in chosen if person.member])
    rows = {_key(row.member_id, row.name): row for row in nomination.members.all()}
    wanted = {}
    for person in chosen:
        name = roster[person.member].name if person.member else person.name.strip()[:60]
        if name:
            wanted[_key(person.member, name)] = (person, name)
    before = {key for key, row in rows.items() if row.dropped_at is None}
    if set(wanted) - before and _would_skip_steps(nomination):
        raise DomainError(
            _(
                "The paper was returned for one step only: new people would skip the steps that have been passed. "
                "Ask for a return with “walk all steps again”."
            ),
            field="members",
        )
    for key in before - set(wanted):
        _remove(rows[key], actor=actor)
    for position, (key, (person, name)) in enumerate(wanted.items()):
        row = rows.get(key) or NominationMember(nomination=nomination, member=roster.get(person.member))
        row.name, row.duty, row.position = name, person.duty.strip()[:120], position
        row.shared = person.shared and nomination.post_kind.holder == HolderKind.ZONE
        row.dropped_at, row.drop_reason = None, ""
        row.save()


def _key(member_id: int | None, name: str) -> tuple[int | None, str]:
    return (member_id, "") if member_id else (None, name)


def _roster_rows(nomination: Nomination, wanted: list[int]) -> dict[int, Member]:
    roster = {member.pk: member for member in roster_of(nomination.org_unit).filter(pk__in=wanted)}
    missing = set(wanted) - set(roster)
    if missing:
        names = _(", ").join(Member.objects.filter(pk__in=missing).values_list("name", flat=True)) or "--"
        text = _("Not on the roster of %(unit)s: %(names)s.") % {"unit": nomination.org_unit, "names": names}
        raise DomainError(text, field="members")
    return roster


def _remove(row: NominationMember, *, actor: User) -> None:
    if row.nomination.number:
        drop_member(row, actor=actor, reason=_("taken off the paper"))
    else:
        row.delete()


def _would_skip_steps(nomination: Nomination) -> bool:
    """Whether the paper was returned for one step only, so that steps in between are not walked again."""
    if nomination.status != NominationStatus.RETURNED:
        return False
    runs = nomination.runs.order_by("position", "attempt")
    returned = runs.filter(status=RunStatus.RETURNED).order_by("-closed_at", "-pk").first()
    if returned is None:
        return False
    latest = {run.position: run for run in runs.filter(position__lt=returned.position)}
    return any(run.status not in WAITING_STATUSES for run in latest.values())

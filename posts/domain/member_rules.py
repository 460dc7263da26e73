"""The rules about the people of a post, whether it is on its way or named. Every problem names its clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.rules import HOLDER_RULES
from campaigns.models import HolderKind, Member, PostKind
from posts.domain.rosters import roster_of
from posts.models import Ban, Holder, Nomination, NominationMember, NominationStatus
from posts.models.conferral import LIVE_CONFERRALS

COUNTING = (NominationStatus.IN_PROGRESS, NominationStatus.RETURNED)
People = Sequence[NominationMember | Holder]


@dataclass(frozen=True)
class Problem:
    """A broken rule in its own words; ``field`` is the form field it belongs to."""

    text: str
    field: str = ""
    clause: str = ""

    def __str__(self) -> str:
        return self.text + (_(" (%(clause)s)") % {"clause": self.clause} if self.clause else "")


def rule(kind: PostKind, key: str) -> Any:
    """A member rule of the kind, or what holds for its holder when the scheme is silent (domain F22)."""
    value = kind.rules.get(key)
    return HOLDER_RULES[kind.holder].get(key) if value is None else value


def opening_params(kind: PostKind) -> dict:
    """The parameters of the kind's nomination stage, wherever it stands; empty when there is none."""
    return next((stage.params for stage in kind.stages.all() if stage.kind == "nominate"), {})


def clause_of(kind: PostKind, key: str) -> str:
    """Where the scheme's source says this rule; empty when the scheme does not tell."""
    clauses = kind.rules.get("clauses") or {}
    return clauses.get(key, "") if isinstance(clauses, dict) else ""


def number_problems(kind: PostKind, people: People) -> Iterator[Problem]:
    """Fewer Party members than the minimum, more people than the maximum."""
    yield from too_few(kind, people)
    if people and kind.holder == HolderKind.ZONE and all(person.shared for person in people):
        yield Problem(_("Somebody must answer for the zone: not everybody can only share it"), "members")
    most = rule(kind, "max_members")
    if most and len(people) > most:
        yield Problem(
            _("“%(kind)s” has at most %(most)s members; there are %(have)s")
            % {"kind": kind, "most": most, "have": len(people)},
            "members",
            clause_of(kind, "max_members"),
        )


def too_few(kind: PostKind, people: People) -> Iterator[Problem]:
    """Fewer Party members than the minimum; probationary ones count (domain F22)."""
    if kind.holder == HolderKind.ORG and not people:
        yield Problem(_("“%(kind)s”: the organisation does not take part") % {"kind": kind}, "members")
    least, have = rule(kind, "min_party") or 0, sum(1 for person in people if person.member_id)
    if have < least:
        yield Problem(
            _("“%(kind)s” needs at least %(least)s Party members; there are %(have)s")
            % {"kind": kind, "least": least, "have": have},
            "members",
            clause_of(kind, "min_party"),
        )


def standing_problems(kind: PostKind, people: People) -> list[Problem]:
    """The rules that must hold as long as the title does: minimum, all Party members, full members only."""
    return [*too_few(kind, people), *_membership_problems(kind, people)]


def person_problems(nomination: Nomination, people: Sequence[NominationMember]) -> list[Problem]:
    """Why these people may not stand in the nomination (or, of a named post, be added to it now)."""
    return [
        *_membership_problems(nomination.post_kind, people),
        *_sanction_problems(nomination.post_kind, people),
        *_roster_problems(nomination, people),
        *other_post_problems(nomination, people),
        *_ban_problems(nomination, people),
    ]


def is_sanctioned(member: Member, kind: PostKind) -> bool:
    """Whether a sanction in force keeps the member out of posts of this kind today."""
    until = member.sanction_until
    return bool(kind.rules.get("not_under_sanction", True) and until and until >= timezone.localdate())


def _membership_problems(kind: PostKind, people: People) -> Iterator[Problem]:
    for person in people:
        if person.member is None:
            if rule(kind, "all_party"):
                text = _("Everybody in “%(kind)s” must be a Party member; %(name)s is not")
                yield Problem(text % {"kind": kind, "name": person}, "members", clause_of(kind, "all_party"))
        elif rule(kind, "full_members_only") and not person.member.is_full:
            text = _("Only full members may hold “%(kind)s”; %(name)s is a probationary member")
            yield Problem(text % {"kind": kind, "name": person}, "members", clause_of(kind, "full_members_only"))


def _sanction_problems(kind: PostKind, people: People) -> Iterator[Problem]:
    for person in people:
        if person.member and is_sanctioned(person.member, kind):
            text = _("%(name)s is under a sanction until %(day)s and cannot be nominated before")
            clause = clause_of(kind, "not_under_sanction")
            yield Problem(text % {"name": person, "day": person.member.sanction_until}, "members", clause)


def _roster_problems(nomination: Nomination, people: People) -> Iterator[Problem]:
    chosen = [person.member_id for person in people if person.member_id]
    at_hand = set(roster_of(nomination.org_unit).filter(pk__in=chosen).values_list("pk", flat=True))
    for person in people:
        if person.member_id and person.member_id not in at_hand:
            text = _("%(name)s is not on the roster of %(unit)s any more")
            yield Problem(text % {"name": person, "unit": nomination.org_unit}, "members")


def other_post_problems(nomination: Nomination, people: People) -> Iterator[Problem]:
    """One post a person: papers on their way (drafts bind nobody) and titles held, in all campaigns of the year.

    A first step that only says one paper a person 一人一报 looks no further than its own campaign.
    """
    kind = nomination.post_kind
    scope: dict[str, Any] = {"campaign__year": nomination.campaign.year}
    if not rule(kind, "one_post_per_person"):
        if not opening_params(kind).get("one_per_person"):
            return
        scope = {"campaign": nomination.campaign_id}
    chosen = [person.member_id for person in people if person.member_id]
    nominated = NominationMember.objects.filter(
        member__in=chosen,
        dropped_at__isnull=True,
        nomination__status__in=COUNTING,
        **{f"nomination__{name}": value for name, value in scope.items()},
    ).exclude(nomination=nomination)
    held = Holder.objects.filter(
        member__in=chosen,
        until_on__isnull=True,
        conferral__status__in=LIVE_CONFERRALS,
        **{f"conferral__{name}": value for name, value in scope.items()},
    ).exclude(conferral__nomination=nomination)
    clause = clause_of(kind, "one_post_per_person")
    # A post being created is both: it is named once.
    for row in nominated.exclude(nomination__conferral__in=held.values("conferral")).select_related("nomination"):
        text = _("%(name)s is in the nomination “%(post)s” already; each person holds one post")
        yield Problem(text % {"name": row.name, "post": row.nomination}, "members", clause)
    for holder in held.select_related("conferral"):
        text = _("%(name)s holds the post “%(post)s” already; each person holds one post")
        yield Problem(text % {"name": holder.name, "post": holder.conferral}, "members", clause)


def _ban_problems(nomination: Nomination, people: People) -> Iterator[Problem]:
    """Nobody of a revoked post comes back in the year of the decision (domain F25, F26)."""
    year = timezone.localdate().year
    chosen: list[Member] = [person.member for person in people if person.member]
    bans = Ban.objects.in_force()
    for ban in bans.filter(member__in=chosen).select_related("member"):
        text = _("%(name)s cannot be nominated in %(year)s: %(reason)s")
        yield Problem(text % {"name": ban.member, "year": year, "reason": ban.reason}, "members", ban.document)
    same_post = bans.filter(member__isnull=True, org_unit=nomination.org_unit_id, conferral__name=nomination.name)
    for ban in same_post:
        text = _("The post “%(post)s” cannot be nominated again in %(year)s: %(reason)s")
        yield Problem(text % {"post": nomination, "year": year, "reason": ban.reason}, "name", ban.document)

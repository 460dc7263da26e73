"""May this post be nominated with these people? Every rule of the kind is data; every problem names its clause."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.rules import HOLDER_RULES
from campaigns.models import Member, PostKind, UnitKind
from posts.models import Ban, Holder, Nomination, NominationMember, NominationStatus
from posts.models.conferral import LIVE_CONFERRALS

REQUIRED = ("name", "duties", "reasons")
COUNTING = (NominationStatus.IN_PROGRESS, NominationStatus.RETURNED)


@dataclass(frozen=True)
class Problem:
    """A broken rule in its own words; ``field`` is the form field it belongs to."""

    text: str
    field: str = ""
    clause: str = ""

    def __str__(self) -> str:
        return self.text + (_(" (%(clause)s)") % {"clause": self.clause} if self.clause else "")


#: What other apps demand of a paper before it is submitted: the register of their checks.
submission_requirements: list[Callable[[Nomination], Iterable[Problem]]] = []


def eligibility_problems(nomination: Nomination) -> list[str]:
    """Everything that keeps the nomination from being submitted, as sentences; empty when nothing does."""
    return [str(problem) for problem in find_problems(nomination)]


def find_problems(nomination: Nomination) -> list[Problem]:
    """All broken rules with their fields: of the unit, the text, the people."""
    people = people_of(nomination)
    return [
        *_unit_problems(nomination),
        *_field_problems(nomination),
        *_evidence_problems(nomination),
        *_number_problems(nomination.post_kind, people),
        *_person_problems(nomination, people),
        *_other_post_problems(nomination, people),
        *_ban_problems(nomination, people),
        *(problem for requirement in submission_requirements for problem in requirement(nomination)),
    ]


def minimum_problem(nomination: Nomination) -> str:
    """Why the people left no longer suffice for this kind of post; empty when they do."""
    people = people_of(nomination)
    return next((str(problem) for problem in _too_few(nomination.post_kind, people)), "")


def people_of(nomination: Nomination) -> list[NominationMember]:
    """The people in the post now, dropped ones left out."""
    return list(nomination.members.filter(dropped_at__isnull=True).select_related("member__branch"))


def rule(kind: PostKind, key: str) -> Any:
    """A member rule of the kind, or what holds for its holder when the scheme is silent (domain F22)."""
    value = kind.rules.get(key)
    return HOLDER_RULES[kind.holder].get(key) if value is None else value


def required_fields(kind: PostKind) -> list[str]:
    """The fields of the paper that must be filled in."""
    fields = [*(kind.rules.get("required_fields") or REQUIRED)]
    if kind.rules.get("categories"):
        fields.append("category")
    return list(dict.fromkeys(fields))


def opening_params(kind: PostKind) -> dict:
    """The parameters of the kind's nomination stage, wherever it stands; empty when there is none."""
    return next((stage.params for stage in kind.stages.all() if stage.kind == "nominate"), {})


@dataclass(frozen=True)
class Wanted:
    """A piece of evidence the scheme names; without it, if ``required``, the paper is not complete."""

    label: str
    required: bool = True
    clause: str = ""
    sealed: bool = False


def wanted_evidence(kind: PostKind) -> list[Wanted]:
    """The pieces of evidence of the kind and of its nomination stage."""
    of_kind = [
        Wanted(piece["label"], bool(piece.get("required")), piece.get("clause") or "", bool(piece.get("sealed")))
        for piece in kind.rules.get("evidence") or []
    ]
    return of_kind + [Wanted(label) for label in opening_params(kind).get("attachments") or []]


def _clause(kind: PostKind, key: str) -> str:
    clauses = kind.rules.get("clauses") or {}
    return clauses.get(key, "") if isinstance(clauses, dict) else ""


def _unit_problems(nomination: Nomination) -> Iterator[Problem]:
    kind, unit = nomination.post_kind, nomination.org_unit
    allowed = kind.rules.get("allowed_units") or []
    if allowed and unit.kind not in allowed:
        names = _(", ").join(str(UnitKind(code).label) for code in allowed)
        yield Problem(
            _("“%(kind)s” may be created by: %(allowed)s. %(unit)s is a unit of the kind “%(have)s”")
            % {"kind": kind, "allowed": names, "unit": unit, "have": unit.get_kind_display()},
            "org_unit",
            _clause(kind, "allowed_units"),
        )
    joined = list(nomination.campaign.units.values_list("path", flat=True)) or [nomination.campaign.owner.path]
    if not any(unit.path.startswith(path) for path in joined):
        yield Problem(_("%(unit)s does not take part in this campaign") % {"unit": unit}, "org_unit")


def _field_problems(nomination: Nomination) -> Iterator[Problem]:
    kind = nomination.post_kind
    for name in required_fields(kind):
        value = getattr(nomination, name)
        if value is None or value == "" or (isinstance(value, str) and not value.strip()):
            field: Any = Nomination._meta.get_field(name)  # noqa: SLF001  public API by another name
            yield Problem(_("“%(field)s” is still empty") % {"field": field.verbose_name}, name)
    categories = kind.rules.get("categories") or []
    if nomination.category and categories and nomination.category not in categories:
        yield Problem(
            _("The category must be one of: %(list)s") % {"list": _(", ").join(categories)},
            "category",
            _clause(kind, "categories"),
        )


def _evidence_problems(nomination: Nomination) -> Iterator[Problem]:
    wanted = [piece for piece in wanted_evidence(nomination.post_kind) if piece.required]
    have = set(nomination.evidence.values_list("purpose", "sealed")) if wanted else set()
    for piece in wanted:
        if (piece.label, True) in have or ((piece.label, False) in have and not piece.sealed):
            continue
        text = _("Evidence is missing: %(what)s")
        if piece.sealed:
            text = _("Evidence with the official seal is missing: %(what)s")
        yield Problem(text % {"what": piece.label}, "evidence", piece.clause)


def _number_problems(kind: PostKind, people: list[NominationMember]) -> Iterator[Problem]:
    yield from _too_few(kind, people)
    most = rule(kind, "max_members")
    if most and len(people) > most:
        yield Problem(
            _("“%(kind)s” has at most %(most)s members; there are %(have)s")
            % {"kind": kind, "most": most, "have": len(people)},
            "members",
            _clause(kind, "max_members"),
        )


def _too_few(kind: PostKind, people: list[NominationMember]) -> Iterator[Problem]:
    least, have = rule(kind, "min_party") or 0, sum(1 for person in people if person.member_id)
    if have < least:
        yield Problem(
            _("“%(kind)s” needs at least %(least)s Party members; there are %(have)s")
            % {"kind": kind, "least": least, "have": have},
            "members",
            _clause(kind, "min_party"),
        )


def _person_problems(nomination: Nomination, people: list[NominationMember]) -> Iterator[Problem]:
    kind, today = nomination.post_kind, timezone.localdate()
    allowed = _members_at_hand(nomination, people)
    for person in people:
        member = person.member
        if member is None:
            if rule(kind, "all_party"):
                text = _("Everybody in “%(kind)s” must be a Party member; %(name)s is not")
                yield Problem(text % {"kind": kind, "name": person}, "members", _clause(kind, "all_party"))
            continue
        if rule(kind, "full_members_only") and not member.is_full:
            text = _("Only full members may hold “%(kind)s”; %(name)s is a probationary member")
            yield Problem(text % {"kind": kind, "name": person}, "members", _clause(kind, "full_members_only"))
        protected = kind.rules.get("not_under_sanction", True)
        if protected and member.sanction_until and member.sanction_until >= today:
            text = _("%(name)s is under a sanction until %(day)s and cannot be nominated before")
            clause = _clause(kind, "not_under_sanction")
            yield Problem(text % {"name": person, "day": member.sanction_until}, "members", clause)
        if member.pk not in allowed:
            text = _("%(name)s is not on the roster of %(unit)s any more")
            yield Problem(text % {"name": person, "unit": nomination.org_unit}, "members")


def _members_at_hand(nomination: Nomination, people: list[NominationMember]) -> set[int]:
    from posts.domain.members import roster_of  # noqa: PLC0415  members asks here whether enough are left

    chosen = [person.member_id for person in people if person.member_id]
    return set(roster_of(nomination.org_unit).filter(pk__in=chosen).values_list("pk", flat=True))


def _other_post_problems(nomination: Nomination, people: list[NominationMember]) -> Iterator[Problem]:
    """One post a person: nominations on their way (drafts bind nobody) and titles held in the same campaign."""
    kind = nomination.post_kind
    if not (rule(kind, "one_post_per_person") or opening_params(kind).get("one_per_person")):
        return
    chosen = [person.member_id for person in people if person.member_id]
    nominated = NominationMember.objects.filter(
        member__in=chosen,
        dropped_at__isnull=True,
        nomination__campaign=nomination.campaign_id,
        nomination__status__in=COUNTING,
    ).exclude(nomination=nomination)
    held = Holder.objects.filter(
        member__in=chosen,
        until_on__isnull=True,
        conferral__campaign=nomination.campaign_id,
        conferral__status__in=LIVE_CONFERRALS,
    ).exclude(conferral__nomination=nomination)
    clause = _clause(kind, "one_post_per_person")
    for row in nominated.select_related("nomination"):
        text = _("%(name)s is in the nomination “%(post)s” already; each person holds one post")
        yield Problem(text % {"name": row.name, "post": row.nomination}, "members", clause)
    for holder in held.select_related("conferral"):
        text = _("%(name)s holds the post “%(post)s” already; each person holds one post")
        yield Problem(text % {"name": holder.name, "post": holder.conferral}, "members", clause)


def _ban_problems(nomination: Nomination, people: list[NominationMember]) -> Iterator[Problem]:
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

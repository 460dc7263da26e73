"""May this post be nominated with these people? Every rule of the kind is data; every problem names its clause."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaigns.models import PostKind, UnitKind
from posts.domain.member_rules import (
    Problem,
    clause_of,
    number_problems,
    opening_params,
    person_problems,
    too_few,
)
from posts.models import Nomination, NominationMember

REQUIRED = ("name", "duties", "reasons")


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
        *number_problems(nomination.post_kind, people),
        *person_problems(nomination, people),
        *(problem for requirement in submission_requirements for problem in requirement(nomination)),
    ]


def minimum_problem(nomination: Nomination) -> str:
    """Why the people left no longer suffice for this kind of post; empty when they do."""
    people = people_of(nomination)
    return next((str(problem) for problem in too_few(nomination.post_kind, people)), "")


def people_of(nomination: Nomination) -> list[NominationMember]:
    """The people in the post now, dropped ones left out."""
    return list(nomination.members.filter(dropped_at__isnull=True).select_related("member__branch"))


def required_fields(kind: PostKind) -> list[str]:
    """The fields of the paper that must be filled in."""
    fields = [*(kind.rules.get("required_fields") or REQUIRED)]
    if kind.rules.get("categories"):
        fields.append("category")
    return list(dict.fromkeys(fields))


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


def _unit_problems(nomination: Nomination) -> Iterator[Problem]:
    kind, unit = nomination.post_kind, nomination.org_unit
    allowed = kind.rules.get("allowed_units") or []
    if allowed and unit.kind not in allowed:
        names = _(", ").join(str(UnitKind(code).label) for code in allowed)
        yield Problem(
            _("“%(kind)s” may be created by: %(allowed)s. %(unit)s is a unit of the kind “%(have)s”")
            % {"kind": kind, "allowed": names, "unit": unit, "have": unit.get_kind_display()},
            "org_unit",
            clause_of(kind, "allowed_units"),
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
            clause_of(kind, "categories"),
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

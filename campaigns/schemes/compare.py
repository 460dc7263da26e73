"""Two schemes side by side: the same subjects in the same order, each row marked where they differ.

Made from what the schemes say of themselves (``explain`` and ``traits``), so that a new key is compared without a word
here. Where something is written in the source is shown, and makes no difference.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from campaigns.schemes.explain import Section, explain_kind, explain_rest, explain_way
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Line
from campaigns.schemes.traits import traits_of


@dataclass(frozen=True)
class Row:
    """One point: what the left scheme says, what the right one; either may be silent."""

    left: Line | None
    right: Line | None
    subject: str = ""

    @property
    def differs(self) -> bool:
        return _said(self.left) != _said(self.right)


@dataclass
class Subject:
    """A heading with its rows; ``steps`` says that they follow each other."""

    title: str
    rows: list[Row] = field(default_factory=list)
    steps: bool = False

    @property
    def differences(self) -> int:
        return sum(row.differs for row in self.rows)


def compare_schemes(left: Scheme, right: Scheme) -> list[Subject]:
    """All subjects, also those about which the schemes agree."""
    subjects = [Subject(_("At a glance"), _glance(left, right))]
    for one, other in _pairs(left.kinds, right.kinds):
        title = " / ".join(dict.fromkeys(kind.label for kind in (one, other) if kind))
        sides = [(kind and replace(kind, label=title), scheme) for kind, scheme in ((one, left), (other, right))]
        rules = [explain_kind(kind, scheme).lines if kind else [] for kind, scheme in sides]
        ways = [explain_way(kind, scheme).lines if kind else [] for kind, scheme in sides]
        subjects.append(Subject(_("%(kind)s: who may hold it") % {"kind": title}, _aligned(*rules, key=_opening)))
        steps = _aligned(*ways, key=lambda line: line.kind)
        subjects.append(Subject(_("%(kind)s: the way to the plaque") % {"kind": title}, steps, steps=True))
    subjects += _rest(explain_rest(left), explain_rest(right))
    return [subject for subject in subjects if subject.rows]


def _glance(left: Scheme, right: Scheme) -> list[Row]:
    sides = [{trait.subject: Line(trait.text) for trait in traits_of(scheme)} for scheme in (left, right)]
    subjects = [trait.subject for scheme in (left, right) for trait in traits_of(scheme)]
    return [Row(sides[0].get(name), sides[1].get(name), name) for name in dict.fromkeys(subjects)]


def _pairs(left: Sequence[Kind], right: Sequence[Kind]) -> list[tuple[Kind | None, Kind | None]]:
    """Kinds that belong together: held by the same, in their order; what is left stands alone."""
    free, pairs = list(right), []
    for kind in left:
        same = [other for other in free if other.holder == kind.holder]
        other = next((other for other in same if other.label == kind.label), same[0] if same else None)
        if other is not None:
            free.remove(other)
        pairs.append((kind, other))
    return [*pairs, *((None, kind) for kind in free)]


def _rest(left: list[Section], right: list[Section]) -> list[Subject]:
    titles = list(dict.fromkeys(section.title for section in (*left, *right)))
    subjects = []
    for title in titles:
        lines = [[line for s in side if s.title == title for line in s.lines] for side in (left, right)]
        subjects.append(Subject(title, _aligned(*lines, key=_opening)))
    return subjects


def _opening(line: Line) -> str:
    """What a sentence is about: its rule; else everything before its colon or its first figure."""
    if line.kind:
        return line.kind
    text = line.text.split("：")[0]
    return next((text[:i] for i, letter in enumerate(text) if letter.isdigit() and i), text)[:12]


def _aligned(left: list[Line], right: list[Line], *, key: Callable[[Line], Any]) -> list[Row]:
    """Rows in the order of both sides; lines of the same kind stand beside each other."""
    rows = []
    matcher = SequenceMatcher(None, [key(line) for line in left], [key(line) for line in right], autojunk=False)
    for _tag, start, end, other_start, other_end in matcher.get_opcodes():
        ours, theirs = left[start:end], right[other_start:other_end]
        if _tag == "equal":
            rows += [Row(one, other) for one, other in zip(ours, theirs, strict=True)]
        else:
            rows += [Row(line, None) for line in ours] + [Row(None, line) for line in theirs]
    return rows


def _said(line: Line | None) -> Any:
    return line and (line.text, line.details)

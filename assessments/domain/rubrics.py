"""The arithmetic of a rubric 考核细则: exact, without a database, the same for an assessment and for a review.

The points of the items count; a section's stated head is only shown beside their sum (domain F16). An item that does
not apply scores 0, unless the rubric is pro rata (F17). The bonus is capped and stays beside the base: it never makes
up for a base below the pass mark (F20).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from campaigns.schemes.afterwards import Rubric, RubricItem, RubricSection

MEAN, TRIMMED_MEAN = "mean", "trimmed_mean"
#: With fewer sheets there would be nothing left after the highest and the lowest are dropped.
LEAST_TO_TRIM = 3


@dataclass(frozen=True)
class Entry:
    """What one person writes beside one item: ``found`` of a veto, ``satisfied`` of ``valid`` where it wants a rate."""

    number: str
    points: Decimal | int | None = None
    not_applicable: bool = False
    found: bool = False
    reason: str = ""
    evidence: str = ""
    satisfied: int | None = None
    valid: int | None = None


@dataclass(frozen=True)
class SectionScore:
    """What a section brought; ``full`` is the sum of its items, ``stated`` what its head says."""

    label: str
    stated: int | None
    full: int
    is_bonus: bool
    points: Fraction
    is_veto: bool = False


@dataclass(frozen=True)
class Score:
    """A sheet added up, or several sheets combined."""

    sections: tuple[SectionScore, ...]
    base: Fraction
    bonus: Fraction
    vetoes: tuple[str, ...] = ()  # numbers of the vetoes that were found

    @property
    def total(self) -> Fraction:
        """Base and bonus: for ranking only."""
        return self.base + self.bonus


def read_rubric(raw: Mapping[str, Any]) -> Rubric:
    """The rubric as it stands in ``Campaign.rules``."""
    sections = [
        RubricSection(**{**section, "items": tuple(RubricItem(**item) for item in section["items"])})
        for section in raw["sections"]
    ]
    return Rubric(**{**raw, "sections": tuple(sections)})


def add_up(rubric: Rubric, entries: Iterable[Entry]) -> Score:
    """The score of one sheet. Items without an entry, without points or not applicable count 0."""
    by_number = {entry.number: entry for entry in entries}
    sections = tuple(
        SectionScore(
            label=section.label,
            stated=section.stated,
            full=section.total,
            is_bonus=section.bonus,
            points=sum((points_of(by_number.get(item.number)) for item in section.items), Fraction(0)),
            is_veto=section.veto,
        )
        for section in rubric.sections
    )
    raw = sum((section.points for section in sections if not section.is_bonus), Fraction(0))
    vetoes = tuple(item.number for item in rubric.veto_items if by_number.get(item.number, Entry("")).found)
    bonus = sum((section.points for section in sections if section.is_bonus), Fraction(0))
    return Score(sections, _pro_rated(rubric, by_number, raw), min(bonus, Fraction(rubric.bonus_limit)), vetoes)


def points_of(entry: Entry | None) -> Fraction:
    """The points an entry brings."""
    if entry is None or entry.points is None or entry.not_applicable:
        return Fraction(0)
    return Fraction(entry.points)


def _pro_rated(rubric: Rubric, by_number: Mapping[str, Entry], raw: Fraction) -> Fraction:
    """What the applicable items brought, raised to the whole, where the rubric says so (F17)."""
    if not rubric.pro_rata:
        return raw
    skipped = {number for number, entry in by_number.items() if entry.not_applicable}
    applicable = sum(item.points or 0 for item in rubric.base_items if item.number not in skipped)
    return raw * rubric.base_total / applicable if applicable else Fraction(0)


def combine(scores: Sequence[Score], *, aggregate: str) -> Score | None:
    """The mean of several sheets; trimmed, the sheets with the highest and the lowest total are left out first.

    None without a sheet. With fewer than three sheets nothing is left out.
    """
    if not scores:
        return None
    kept = sorted(scores, key=lambda score: (score.total, score.base))
    if aggregate == TRIMMED_MEAN and len(kept) >= LEAST_TO_TRIM:
        kept = kept[1:-1]
    sections = tuple(
        SectionScore(
            label=section.label,
            stated=section.stated,
            full=section.full,
            is_bonus=section.is_bonus,
            points=mean([score.sections[i].points for score in kept]),
            is_veto=section.is_veto,
        )
        for i, section in enumerate(kept[0].sections)
    )
    found = {number for score in scores for number in score.vetoes}  # one who saw it is enough to have it verified
    return Score(
        sections, mean([score.base for score in kept]), mean([score.bonus for score in kept]), tuple(sorted(found))
    )


def mean(values: Sequence[Fraction]) -> Fraction:
    """The exact mean of at least one value."""
    return sum(values, Fraction(0)) / len(values)


def passes(rubric: Rubric, base: Fraction, *, vetoes: tuple[str, ...] = ()) -> bool | None:
    """Whether the base reaches the pass mark; None where the rubric has none. With a veto found never."""
    if vetoes:
        return False
    return None if rubric.pass_mark is None else base >= rubric.pass_mark


def is_excellent(rubric: Rubric, base: Fraction) -> bool:
    """Whether the base reaches the mark for excellent."""
    return rubric.excellent_mark is not None and base >= rubric.excellent_mark


def mark_of(entry: Entry | None) -> str:
    """The points of an entry as people write them; empty where nothing is written."""
    if entry is not None and entry.found:
        return _("found")
    if entry is None or (entry.points is None and not entry.not_applicable):
        return ""
    return _("n/a") if entry.not_applicable else shown(Fraction(entry.points))


def remark_of(entry: Entry) -> str:
    """What stands beside the points: the rate as it was counted, the evidence, the reason."""
    parts = [entry.evidence, entry.reason]
    if entry.satisfied is not None and entry.valid is not None:
        text = _("%(satisfied)s of %(valid)s valid answers satisfied")
        parts.insert(0, text % {"satisfied": entry.satisfied, "valid": entry.valid})
    return _("; ").join(part for part in parts if part)


def shown(value: Fraction | None) -> str:
    """A score with at most two decimals, cut off and never rounded up: 79.996 has not reached 80."""
    if value is None:
        return ""
    sign, hundredths = ("-" if value < 0 else ""), int(abs(value) * 100)
    text = f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
    return sign + text if hundredths else text


def shown_score(score: Score, rubric: Rubric) -> str:
    """``86``, or ``86 + 5`` where the rubric knows a bonus."""
    return f"{shown(score.base)} + {shown(score.bonus)}" if rubric.bonus_limit else shown(score.base)

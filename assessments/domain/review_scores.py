"""The arithmetic of a review: exact, without a database. It proposes; people decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.review_rules import GRAVITY, IMPORTANT, MAIN


@dataclass(frozen=True)
class Weighed:
    """A total of 0 to 100, with the weights that brought it; what was absent has no part."""

    value: Fraction
    parts: tuple[tuple[str, int, Fraction], ...]  # voice, weight, its score
    absent: tuple[tuple[str, int], ...]  # voice, the weight that falls to the others

    @property
    def weight(self) -> int:
        """The sum of the weights that were heard."""
        return sum(weight for _voice, weight, _score in self.parts)


def mean_grade(counts: Mapping[str, int], points: Mapping[str, int]) -> Fraction | None:
    """The exact mean of grades that were counted; None without any."""
    number = sum(counts.values())
    return Fraction(sum(points[grade] * n for grade, n in counts.items()), number) if number else None


def percent_of(part: Fraction | int, whole: Fraction | int) -> Fraction:
    """A part of a whole, as 0 to 100."""
    return Fraction(100 * Fraction(part), whole)


def weigh(scores: Mapping[str, Fraction | None], weights: Mapping[str, int]) -> Weighed | None:
    """The weighted mean of the voices that were heard; None when none of those with a weight was."""
    parts = tuple(
        (voice, weight, score) for voice, weight in weights.items() if (score := scores.get(voice)) is not None
    )
    absent = tuple((voice, weight) for voice, weight in weights.items() if scores.get(voice) is None)
    whole = sum(weight for _voice, weight, _score in parts)
    if not whole:
        return None
    return Weighed(sum((weight * score for _voice, weight, score in parts), Fraction(0)) / whole, parts, absent)


def by_marks(total: Fraction, marks: Mapping[str, int], outcomes: Iterable[str]) -> str:
    """The mildest outcome whose mark the total reaches, else the gravest; empty without marks."""
    allowed = _in_order(outcomes)
    if not marks or not allowed:
        return ""
    return next((outcome for outcome in allowed if outcome in marks and total >= marks[outcome]), allowed[-1])


def propose(
    *,
    outcomes: Sequence[str],
    by_total: str,
    is_satisfied: bool | None,
    satisfaction: str,
    has_veto: bool,
) -> str:
    """The outcome the numbers propose; empty when they say nothing.

    ``by_total``: what the total or the pass mark says. ``is_satisfied``: whether the survey reached its threshold; as
    the main basis it decides alone, as an important one the graver of the two. A veto found is never passed.
    """
    allowed = _in_order(outcomes)
    if not allowed:
        return ""
    failing = next((outcome for outcome in allowed if outcome != "pass"), allowed[-1])
    if has_veto:
        return allowed[-1] if allowed[-1] != "pass" else ""
    by_rate = "" if is_satisfied is None else allowed[0] if is_satisfied else failing
    if satisfaction == MAIN and by_rate:
        return by_rate
    if satisfaction == IMPORTANT and by_rate:
        return max((by_rate, by_total or by_rate), key=GRAVITY.index)
    return by_total


def _in_order(outcomes: Iterable[str]) -> list[str]:
    named = set(outcomes)
    return [outcome for outcome in GRAVITY if outcome in named]

"""What a scheme compares 比技能、比作风、比业绩: every voice judges each aspect singly, besides the post as a whole.

The whole counts in the total, as the scheme weighs the voices; the aspects show where a post is strong or weak.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.domain.review_rules import VoiceRules
from assessments.domain.review_scores import mean_grade, percent_of
from assessments.models import Grade, PeerTally, Statement, Survey, Voice
from campaigns.domain.errors import DomainError

Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class AspectScore:
    """What the voices say of one aspect, each on 0 to 100; None where nobody was asked or heard."""

    aspect: str
    scores: dict[str, Fraction | None]


def field_of(number: int, grade: str = "") -> str:
    """The name of an aspect's field on a form."""
    return f"aspect_{number}" + (f"_{grade}" if grade else "")


def clean_aspects(rules: VoiceRules, given: Mapping[str, str] | None) -> dict[str, str]:
    """One grade for each aspect of the scheme; raises DomainError at the first that is missing."""
    given = given or {}
    for number, aspect in enumerate(rules.aspects):
        if given.get(aspect) not in Grade.values:
            text = _("Choose a grade for “%(aspect)s”.")
            raise DomainError(text % {"aspect": aspect}, field=field_of(number))
    return {aspect: given[aspect] for aspect in rules.aspects}


def clean_counts(rules: VoiceRules, given: Counts | None, papers: int) -> dict[str, dict[str, int]]:
    """How many papers gave which grade, by aspect; a paper may leave one out, but not give two."""
    counted = {}
    for number, aspect in enumerate(rules.aspects):
        row = {grade: (given or {}).get(aspect, {}).get(grade, 0) for grade in Grade.values}
        if min(row.values()) < 0 or sum(row.values()) > papers:
            text = _("“%(aspect)s”: at most one grade a paper, so at most %(n)s.")
            raise DomainError(text % {"aspect": aspect, "n": papers}, field=field_of(number, Grade.EXCELLENT))
        counted[aspect] = row
    return counted


def with_one_more(counts: Counts, given: Mapping[str, str]) -> dict[str, dict[str, int]]:
    """The counts with the grades of one more fellow member."""
    return {
        aspect: {**counts.get(aspect, {}), grade: counts.get(aspect, {}).get(grade, 0) + 1}
        for aspect, grade in given.items()
    }


@dataclass(frozen=True)
class Said:
    """What was said so far in a review, as rows."""

    statements: tuple[Statement, ...]
    peers: PeerTally | None
    counted: Survey | None


def aspect_scores(rules: VoiceRules, said: Said) -> tuple[AspectScore, ...]:
    """Each aspect of the scheme with what every voice says of it."""
    return tuple(
        AspectScore(aspect, {voice: _score(voice, aspect, rules, said) for voice in rules.voices})
        for aspect in rules.aspects
    )


def _score(voice: str, aspect: str, rules: VoiceRules, said: Said) -> Fraction | None:
    if voice == Voice.MASS:
        lines = said.counted.result.lines if said.counted else []
        line = next((line for line in lines if line["label"] == aspect), None)
        return percent_of(line["positive"], line["valid"]) if line and line["valid"] else None
    if voice == Voice.PEER:
        return mean_grade(said.peers.aspects.get(aspect, {}) if said.peers else {}, rules.grades)
    grades = [row.aspects[aspect] for row in said.statements if row.voice == voice and aspect in row.aspects]
    return mean_grade({grade: grades.count(grade) for grade in grades}, rules.grades)

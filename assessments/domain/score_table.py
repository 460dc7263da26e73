"""The table of a rubric's scores: section by section the self-score, the official one and their difference."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.assessment_results import ScoreState
from assessments.domain.rubrics import Score, shown


@dataclass(frozen=True)
class SectionLine:
    """A section with what its head states, what its items add up to, and what it brought, as text."""

    label: str
    stated: int | None
    full: int
    is_bonus: bool
    own: str
    official: str
    difference: str

    @property
    def differs(self) -> bool:
        """Whether the source's own head is wrong (domain F16); both are shown."""
        return self.stated is not None and self.stated != self.full


@dataclass(frozen=True)
class ScoreTable:
    """The sections and the last line, for a reader who may see the self-score and, perhaps, the official one."""

    state: ScoreState
    shows_official: bool

    @property
    def own(self) -> Score | None:
        return self.state.own.score if self.state.own else None

    @property
    def official(self) -> Score | None:
        return self.state.official if self.shows_official else None

    @property
    def lines(self) -> list[SectionLine]:
        """The sections."""
        return list(section_lines(self.state, self.own, self.official))

    @property
    def totals(self) -> dict[str, str]:
        """The last line of the table."""
        own, official = self.own, self.official
        return {
            "own": shown(own.base) if own else "",
            "own_bonus": shown(own.bonus) if own else "",
            "official": shown(official.base) if official else "",
            "official_bonus": shown(official.bonus) if official else "",
            "difference": signed(official.base - own.base) if own and official else "",
        }


def section_lines(state: ScoreState, own: Score | None, official: Score | None) -> Iterator[SectionLine]:
    """One line a section; a score that is not known yet, or not for this reader, leaves its place empty."""
    for i, section in enumerate(state.rubric.sections):
        mine = own.sections[i].points if own else None
        theirs = official.sections[i].points if official else None
        if section.veto:
            continue
        both = mine is not None and theirs is not None
        yield SectionLine(
            label=section.label,
            stated=section.stated,
            full=section.total,
            is_bonus=section.bonus,
            own=shown(mine),
            official=shown(theirs),
            difference=signed(theirs - mine) if both else "",
        )


def signed(value: Fraction) -> str:
    """A difference with its sign."""
    return f"+{shown(value)}" if value > 0 else shown(value)

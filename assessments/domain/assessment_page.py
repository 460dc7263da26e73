"""What of an assessment a person may see, and in which shape: the panel, the file of the case and the printed sheet.

Assessors score without having seen each other's sheets; the person concerned and his branch see the official score
once it is concluded, never who gave what.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assessments.domain.assessment_results import ScoreState, score_state, what_is_missing
from assessments.domain.rubrics import Score, shown
from assessments.models import Assessment, AssessmentRecord, AssessmentState, Method, ScoreSheet
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.rights import is_concerned, may
from posts.models import StageRun
from posts.stages.base import logic_of


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
class AssessmentPage:
    """An assessment for one reader."""

    assessment: Assessment
    records: list[AssessmentRecord]
    to_record: list[tuple[str, str, bool]]  # method, its name, whether a record is there
    state: ScoreState | None
    own_sheet: ScoreSheet | None  # the reader's own
    is_insider: bool
    shows_sheets: bool
    missing: list[str]

    @property
    def shows_official(self) -> bool:
        """Whether the official score may be shown: to insiders while it grows, to everybody once it is concluded."""
        return self.state is not None and bool(self.state.submitted) and (self.shows_sheets or self.is_concluded)

    @property
    def is_concluded(self) -> bool:
        return self.assessment.state == AssessmentState.CONCLUDED

    @property
    def lines(self) -> list[SectionLine]:
        """The sections, with the self-score and the official one as far as they may be seen."""
        if self.state is None:
            return []
        own = self.state.own.score if self.state.own else None
        official = self.state.official if self.shows_official else None
        return list(section_lines(self.state, own, official))

    @property
    def totals(self) -> dict[str, str]:
        """The last line of the table."""
        own = self.state.own.score if self.state.own else None
        official = self.state.official if self.shows_official else None
        return {
            "own": shown(own.base) if own else "",
            "own_bonus": shown(own.bonus) if own else "",
            "official": shown(official.base) if official else "",
            "official_bonus": shown(official.bonus) if official else "",
            "difference": signed(official.base - own.base) if own and official else "",
        }


def page_of(assessment: Assessment, user: User) -> AssessmentPage:
    """The assessment as this user may see it. ``assessment.run`` and its nomination should be loaded."""
    run = assessment.run
    insider = is_insider(user, run)
    own = assessment.sheets.filter(assessor=user).first()
    is_waiting = assessment.state == AssessmentState.OPEN and may(user, "score", run)
    records = assessment.records.select_related("recorded_by").prefetch_related("files")
    have = {record.method for record in records}
    methods = [Method(code) for code in logic_of(run).params.method if code != Method.RUBRIC]
    return AssessmentPage(
        assessment=assessment,
        records=list(records),
        to_record=[(method.value, str(method.label), method.value in have) for method in methods],
        state=score_state(assessment),
        own_sheet=own,
        is_insider=insider,
        shows_sheets=insider and not (is_waiting and not (own and own.is_submitted)),
        missing=what_is_missing(assessment) if assessment.state == AssessmentState.OPEN else [],
    )


def is_insider(user: User, run: StageRun) -> bool:
    """Whether the user belongs to the side that assesses: oversees the acting unit, and it is not his own case."""
    return may_on_unit(user, "view_unit", run.actor_unit) and not is_concerned(user, run.nomination)


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

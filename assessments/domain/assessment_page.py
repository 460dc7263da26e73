"""What of an assessment a person may see, and in which shape: the panel, the file of the case and the printed sheet.

Assessors score without having seen each other's sheets; the person concerned and his branch see the official score
once it is concluded, never who gave what.
"""

from dataclasses import dataclass

from assessments.domain.assessment_results import ScoreState, score_state, what_is_missing
from assessments.domain.score_table import ScoreTable, SectionLine
from assessments.models import Assessment, AssessmentRecord, AssessmentState, Method, ScoreSheet
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.rights import is_concerned, may
from posts.models import StageRun
from posts.stages.base import logic_of


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
        return self._table.lines if self.state is not None else []

    @property
    def totals(self) -> dict[str, str]:
        """The last line of the table."""
        return self._table.totals

    @property
    def _table(self) -> ScoreTable:
        return ScoreTable(self.state, self.shows_official)


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

"""The scoring of a review in the shape of an assessment's page, so that one table shows both."""

from dataclasses import dataclass

from assessments.domain.assessment_results import ScoreState
from assessments.domain.score_table import ScoreTable
from assessments.models import Review, ReviewStatus
from campaigns.models import User


@dataclass(frozen=True)
class ScorePage(ScoreTable):
    """A rubric's sections with self-score, official score and difference, for one reader."""

    is_insider: bool
    shows_sheets: bool


def score_page(review: Review, state: ScoreState | None, user: User, *, is_insider: bool) -> ScorePage | None:
    """The table for this reader: assessors score without having seen each other's sheets."""
    if state is None:
        return None
    done = review.status == ReviewStatus.DONE
    mine = any(row.sheet.assessor_id == user.pk for row in state.submitted)
    shows = is_insider and (done or mine or not state.submitted)
    official = bool(state.submitted) and (shows or done)
    return ScorePage(state, official, is_insider=is_insider, shows_sheets=shows)

"""The scoring of a review in the shape of an assessment's page, so that one table shows both."""

from dataclasses import dataclass

from assessments.domain.assessment_page import SectionLine, section_lines, signed
from assessments.domain.assessment_results import ScoreState
from assessments.domain.rubrics import shown
from assessments.models import Review, ReviewStatus
from campaigns.models import User


@dataclass(frozen=True)
class ScorePage:
    """A rubric's sections with self-score, official score and difference, for one reader."""

    state: ScoreState
    is_insider: bool
    shows_sheets: bool
    shows_official: bool

    @property
    def lines(self) -> list[SectionLine]:
        """The sections."""
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


def score_page(review: Review, state: ScoreState | None, user: User, *, is_insider: bool) -> ScorePage | None:
    """The table for this reader: assessors score without having seen each other's sheets."""
    if state is None:
        return None
    done = review.status == ReviewStatus.DONE
    mine = any(row.sheet.assessor_id == user.pk for row in state.submitted)
    shows = is_insider and (done or mine or not state.submitted)
    return ScorePage(state, is_insider, shows, bool(state.submitted) and (shows or done))

from assessments.models.incident import (
    OPEN_INCIDENTS,
    Incident,
    IncidentFinding,
    IncidentMeasure,
    IncidentSource,
    IncidentStatus,
)
from assessments.models.proposal import Proposal, ProposalStatus, ProposedEnd
from assessments.models.rectification import Rectification, RectificationStatus
from assessments.models.review import MissedAction, Review, ReviewOutcome, ReviewStatus
from assessments.models.survey import (
    BallotCode,
    CodeBatch,
    Comment,
    OpenedBallot,
    Option,
    RollEntry,
    SealedBallot,
    Stratum,
    Survey,
    SurveyLine,
    SurveyResult,
    SurveyState,
    Verdict,
)

__all__ = [
    "OPEN_INCIDENTS",
    "BallotCode",
    "CodeBatch",
    "Comment",
    "Incident",
    "IncidentFinding",
    "IncidentMeasure",
    "IncidentSource",
    "IncidentStatus",
    "MissedAction",
    "OpenedBallot",
    "Option",

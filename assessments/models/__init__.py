from assessments.models.incident import Incident, IncidentFinding, IncidentSource, IncidentStatus
from assessments.models.review import Rectification, RectificationStatus, Review, ReviewOutcome, ReviewStatus
from assessments.models.survey import (
    BallotCode,
    CodeBatch,
    Comment,
    OpenedBallot,
    RollEntry,
    SealedBallot,
    Survey,
    SurveyLine,
    SurveyResult,
    SurveyState,
)

__all__ = [
    "BallotCode",
    "CodeBatch",
    "Comment",
    "Incident",
    "IncidentFinding",
    "IncidentSource",
    "IncidentStatus",
    "OpenedBallot",
    "Rectification",
    "RectificationStatus",
    "Review",
    "ReviewOutcome",
    "ReviewStatus",
    "RollEntry",
    "SealedBallot",
    "Survey",
    "SurveyLine",
    "SurveyResult",
    "SurveyState",
]

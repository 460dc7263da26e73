from posts.models.conferral import (
    Ban,
    Conferral,
    ConferralStatus,
    Holder,
    Plaque,
    PlaqueKind,
    PlaqueSeries,
    PlaqueStatus,
)
from posts.models.decision import (
    Decision,
    DecisionEffect,
    DecisionItem,
    DecisionOutcome,
    DecisionStatus,
    Endorsement,
    EndorsementResult,
)
from posts.models.meeting import Consent, ConsentAnswer, Meeting
from posts.models.nomination import Evidence, Nomination, NominationMember, NominationStatus
from posts.models.notice import (
    Notice,
    NoticeItem,
    Objection,
    ObjectionChannel,
    ObjectionEffect,
    ObjectionStatus,
)
from posts.models.stage_run import RunStatus, StageRun, Transition

__all__ = [
    "Ban",
    "Conferral",
    "ConferralStatus",
    "Consent",
    "ConsentAnswer",
    "Decision",
    "DecisionEffect",
    "DecisionItem",
    "DecisionOutcome",
    "DecisionStatus",
    "Endorsement",
    "EndorsementResult",
    "Evidence",
    "Holder",
    "Meeting",
    "Nomination",
    "NominationMember",
    "NominationStatus",
    "Notice",
    "NoticeItem",
    "Objection",
    "ObjectionChannel",
    "ObjectionEffect",
    "ObjectionStatus",
    "Plaque",
    "PlaqueKind",
    "PlaqueSeries",
    "PlaqueStatus",
    "RunStatus",
    "StageRun",
    "Transition",
]

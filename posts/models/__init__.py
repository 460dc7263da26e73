from posts.models.blank import Blank
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
from posts.models.emblem import Emblem
from posts.models.meeting import Consent, ConsentAnswer, LeaveOutReason, LeftOut, Meeting
from posts.models.nomination import Evidence, Nomination, NominationMember, NominationStatus
from posts.models.notice import (
    Notice,
    NoticeItem,
    Objection,
    ObjectionChannel,
    ObjectionEffect,
    ObjectionStatus,
)
from posts.models.official import (
    DocumentNumber,
    DocumentStatus,
    IssuedPaper,
    NumberSeries,
    OfficialDocument,
)
from posts.models.print_job import AT_WORK, PrintJob, PrintState, prints_root
from posts.models.repair import (
    Adjustment,
    AdjustmentLine,
    AdjustmentStatus,
    RepairStatus,
    RepairTask,
    SanctionMatter,
)
from posts.models.revocation import Renaming, Revocation
from posts.models.stage_run import RunStatus, StageRun, Transition
from posts.models.zone import ResultPublication, TaskResult, ZoneTask

__all__ = [
    "AT_WORK",
    "Adjustment",
    "AdjustmentLine",
    "AdjustmentStatus",
    "Ban",
    "Blank",
    "Conferral",
    "ConferralStatus",
    "Consent",
    "ConsentAnswer",
    "Decision",
    "DecisionEffect",
    "DecisionItem",
    "DecisionOutcome",
    "DecisionStatus",
    "DocumentNumber",
    "DocumentStatus",
    "Emblem",
    "Endorsement",
    "EndorsementResult",
    "Evidence",
    "Holder",
    "IssuedPaper",
    "LeaveOutReason",
    "LeftOut",
    "Meeting",
    "Nomination",
    "NominationMember",
    "NominationStatus",
    "Notice",
    "NoticeItem",
    "NumberSeries",
    "Objection",
    "ObjectionChannel",
    "ObjectionEffect",
    "ObjectionStatus",
    "OfficialDocument",
    "Plaque",
    "PlaqueKind",
    "PlaqueSeries",
    "PlaqueStatus",
    "PrintJob",
    "PrintState",
    "Renaming",
    "RepairStatus",
    "RepairTask",
    "ResultPublication",
    "Revocation",
    "RunStatus",
    "SanctionMatter",
    "StageRun",
    "TaskResult",
    "Transition",
    "ZoneTask",
    "prints_root",
]

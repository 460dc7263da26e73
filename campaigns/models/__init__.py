from campaigns.models.advice import AdviceNote
from campaigns.models.appointment import Appointment, Role
from campaigns.models.appraisal import DOUBTFUL_GRADES, Appraisal, Grade
from campaigns.models.campaign import Campaign, CampaignStatus
from campaigns.models.clock import DueItem, DueState, Heartbeat, KeyMark
from campaigns.models.holiday import Holiday
from campaigns.models.import_job import ImportJob, ImportKind, ImportState
from campaigns.models.journal import JournalCheck, JournalEntry, JournalHead
from campaigns.models.member import LeaveReason, Member, MemberStatus
from campaigns.models.message import Channel, Delivery, DeliveryState, Message, MessageChoice, Pace
from campaigns.models.milestone import MilestoneRecord
from campaigns.models.org_unit import OrgUnit, OrgUnitGroupObjectPermission, OrgUnitUserObjectPermission, UnitKind
from campaigns.models.plan import DateMove
from campaigns.models.rules import HolderKind, Phase, PostKind, Quota, ReviewRule, Stage, VetoGround
from campaigns.models.scheme import Scheme, SchemeDraft
from campaigns.models.session import Session
from campaigns.models.user import SignInLink, User

__all__ = [
    "DOUBTFUL_GRADES",
    "AdviceNote",
    "Appointment",
    "Appraisal",
    "Campaign",
    "CampaignStatus",
    "Channel",
    "DateMove",
    "Delivery",
    "DeliveryState",
    "DueItem",
    "DueState",
    "Grade",
    "Heartbeat",
    "HolderKind",
    "Holiday",
    "ImportJob",
    "ImportKind",
    "ImportState",
    "JournalCheck",
    "JournalEntry",
    "JournalHead",
    "KeyMark",
    "LeaveReason",
    "Member",
    "MemberStatus",
    "Message",
    "MessageChoice",
    "MilestoneRecord",
    "OrgUnit",
    "OrgUnitGroupObjectPermission",
    "OrgUnitUserObjectPermission",
    "Pace",
    "Phase",
    "PostKind",
    "Quota",
    "ReviewRule",
    "Role",
    "Scheme",
    "SchemeDraft",
    "Session",
    "SignInLink",
    "Stage",
    "UnitKind",
    "User",
    "VetoGround",
]

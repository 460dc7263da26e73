"""What asks somebody to act is not sent to him any more once he has, or once nobody waits for it."""

from campaigns.domain.outbox import still_open
from campaigns.models import Message
from posts.models import (
    Adjustment,
    AdjustmentLine,
    Consent,
    ConsentAnswer,
    Nomination,
    NominationStatus,
    Objection,
    RepairStatus,
    RepairTask,
    RunStatus,
    SanctionMatter,
    StageRun,
)
from posts.models.repair import AdjustmentStatus


def _number(message: Message) -> int:
    """The object that a key names first: ``consent:17``."""
    return int(message.key.split(":")[1])


@still_open("consent")
def _awaits_consent(message: Message) -> bool:
    waiting = Consent.objects.filter(answer=ConsentAnswer.WAITING, run__status=RunStatus.OPEN)
    return waiting.filter(pk=_number(message)).exists()


@still_open("join")
def _awaits_joining(message: Message) -> bool:
    waiting = AdjustmentLine.objects.filter(consent=ConsentAnswer.WAITING, adjustment__status=AdjustmentStatus.OPEN)
    return waiting.filter(pk=_number(message)).exists()


@still_open("returned")
def _awaits_correction(message: Message) -> bool:
    returned = Nomination.objects.filter(status=NominationStatus.RETURNED)
    return returned.filter(runs=_number(message)).exists()


@still_open("step-due")
def _awaits_step(message: Message) -> bool:
    _prefix, _when, campaign, unit, kind, position = message.key.split(":")[:6]
    runs = StageRun.objects.filter(
        status=RunStatus.OPEN,
        nomination__campaign=campaign,
        actor_unit=None if unit == "None" else unit,
        kind=kind,
        position=position,
    )
    asked = Consent.objects.filter(run__in=runs, person__member__user=message.user_id)
    return runs.exists() and (not asked.exists() or asked.filter(answer=ConsentAnswer.WAITING).exists())


@still_open("objection")
def _awaits_verification(message: Message) -> bool:
    return Objection.objects.open().filter(pk=_number(message)).exists()


@still_open("repair")
def _awaits_repair(message: Message) -> bool:
    return RepairTask.objects.filter(pk=_number(message), status=RepairStatus.OPEN).exists()


@still_open("adjustment_ready")
def _awaits_confirmation(message: Message) -> bool:
    return Adjustment.objects.open().filter(pk=_number(message)).exists()


@still_open("sanction")
def _awaits_settlement(message: Message) -> bool:
    return SanctionMatter.objects.open().filter(pk=_number(message)).exists()

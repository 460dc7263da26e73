"""What asks somebody to act is not sent to him any more once he has, or once nobody waits for it."""

from datetime import date

from assessments.domain.incident_clock import UNVERIFIED, verifiers_of
from assessments.domain.review_clock import OPEN as REVIEWS_OPEN
from assessments.domain.review_clock import REMIND as REVIEWS_REMIND
from assessments.domain.rotation_clock import OPEN as ROTATION_OPEN
from assessments.domain.voice_waits import REMIND as VOICES_REMIND
from assessments.domain.voice_waits import awaited
from assessments.models import (
    Commendation,
    CommendationStatus,
    Extension,
    Hearing,
    Incident,
    IncidentStatus,
    Proposal,
    ProposalStatus,
    Rectification,
    RectificationStatus,
    RequestState,
    Review,
    RollEntry,
    Rotation,
    SurveyState,
)
from campaigns.domain.outbox import still_open
from campaigns.models import Message, ReviewRule


def _parts(message: Message) -> list[str]:
    """What stands behind the first colon of a key."""
    return message.key.split(":")[1:]


@still_open("survey-open")
@still_open("survey-remind")
@still_open("survey-extended")
def _may_still_vote(message: Message) -> bool:
    right = RollEntry.objects.unused().filter(survey=_parts(message)[0], member__user=message.user_id)
    return right.filter(survey__state=SurveyState.OPEN).exists()


@still_open(REVIEWS_OPEN)
def _has_reviews(message: Message) -> bool:
    rule, _period, unit, due_on = _parts(message)
    return _open_reviews(rule, unit, due_on)


@still_open(REVIEWS_REMIND)
def _still_has_reviews(message: Message) -> bool:
    rule, due_on, _ahead, unit = _parts(message)
    return _open_reviews(rule, unit, due_on)


@still_open(VOICES_REMIND)
def _has_still_to_speak(message: Message) -> bool:
    rule, until, _ahead = _parts(message)
    found = ReviewRule.objects.select_related("campaign__owner").get(pk=rule)
    return any(True for _awaited in awaited(found, date.fromisoformat(until), only=message.user))


@still_open("reviews_called")
def _has_review_on_call(message: Message) -> bool:
    return Review.objects.open().filter(pk=_parts(message)[0]).exists()


def _open_reviews(rule: str, unit: str, due_on: str) -> bool:
    waiting = Review.objects.open().filter(rule=rule, reviewer_unit=unit, due_on=date.fromisoformat(due_on))
    return waiting.exists()


@still_open("rectification")
def _awaits_proof(message: Message) -> bool:
    """Of a reminder (its key names the day); what only tells that something happened stays true."""
    number, *event = _parts(message)
    return len(event) < 2 or _is_unmended(number)


@still_open("rectification_check")
def _awaits_checker(message: Message) -> bool:
    """What asks whoever looks again: something handed in, something overdue, a request for more time."""
    number, event = _parts(message)[:2]
    if event == "overdue":
        return _is_unmended(number)
    if event.startswith("extension"):
        return Extension.objects.filter(rectification=number, state=RequestState.ASKED).exists()
    return Rectification.objects.filter(pk=number, status=RectificationStatus.SUBMITTED).exists()


def _is_unmended(number: str) -> bool:
    return Rectification.objects.filter(pk=number, status=RectificationStatus.OPEN).exists()


@still_open("incident")
def _awaits_next_step(message: Message) -> bool:
    number, *event = _parts(message)
    if event[:1] in (["found"], ["decide"]):
        wanted = [IncidentStatus.VERIFIED]
    elif event[:1] == ["confirm"]:
        wanted = [IncidentStatus.TO_CONFIRM]
    elif len(event) >= 2:
        wanted = list(UNVERIFIED)
    else:
        return True
    return Incident.objects.filter(pk=number, status__in=wanted).exists()


@still_open("verifier-missing")
def _lacks_a_verifier(message: Message) -> bool:
    waiting = Incident.objects.filter(status__in=UNVERIFIED).select_related("conferral__org_unit")
    return any(not verifiers_of(incident) for incident in waiting)


@still_open("statement")
def _awaits_statement(message: Message) -> bool:
    return Hearing.objects.waiting().filter(pk=_parts(message)[0]).exists()


@still_open("proposal")
def _awaits_decision(message: Message) -> bool:
    return Proposal.objects.filter(pk=_parts(message)[0], status=ProposalStatus.OPEN).exists()


@still_open(ROTATION_OPEN)
def _awaits_rotation(message: Message) -> bool:
    return Rotation.objects.open().filter(pk=_parts(message)[0]).exists()


@still_open("commendation")
def _awaits_choice(message: Message) -> bool:
    """Until somebody is on the list or it is released."""
    empty = Commendation.objects.filter(status=CommendationStatus.OPEN, items__isnull=True)
    return empty.filter(pk=_parts(message)[0]).exists()

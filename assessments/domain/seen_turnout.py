"""How many have voted, as it may be shown while a survey is open (votes-and-trust 2.6)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from assessments.domain.closing import turnout_of
from assessments.models import Survey, TurnoutSeen


@dataclass(frozen=True)
class SeenTurnout:
    """The turnout as it may be shown; ``at`` None: too few have voted for any figure."""

    roll: int
    codes: int
    roll_voted: int = 0
    codes_used: int = 0
    ballots: int = 0
    at: datetime | None = None


@transaction.atomic
def seen_turnout(survey: Survey) -> SeenTurnout:
    """The turnout of an open survey as of some time ago: a counter that moves with each ballot tells who just voted.

    The picture is taken when somebody looks, and lasts for ``turnout_minutes``.
    """
    small = survey.rules["small_group"]
    seen = TurnoutSeen.objects.select_for_update().filter(survey=survey).first()
    fresh = timezone.now() - timedelta(minutes=small["turnout_minutes"])
    if seen is None or seen.at <= fresh:
        now = turnout_of(survey)
        figures = {"roll_voted": now.roll_voted, "codes_used": now.codes_used, "at": timezone.now()}
        seen, _created = TurnoutSeen.objects.update_or_create(survey=survey, defaults=figures)
    roll, codes = survey.roll.count(), survey.codes.filter(voided=False).count()
    ballots = seen.roll_voted + seen.codes_used
    if ballots < small["min_turnout"]:
        return SeenTurnout(roll, codes)
    return SeenTurnout(roll, codes, seen.roll_voted, seen.codes_used, ballots, seen.at)

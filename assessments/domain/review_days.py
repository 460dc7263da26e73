"""The days of a review: until when it is due, until when its voices are waited for."""

from datetime import date, timedelta

from assessments.domain.review_rules import voice_rules
from campaigns.domain.calendar import WORKING, add_working_days, last_day
from campaigns.models import ReviewRule

DUE_DAYS = 10


def due_date(rule: ReviewRule, opens_on: date, *, exceptions: dict[date, bool] | None = None) -> date:
    """The last day for a review that opens on a day; that day does not count."""
    days, kind = int(rule.params.get("due_days", DUE_DAYS)), rule.params.get("due_day_kind", WORKING)
    if kind == WORKING:
        return add_working_days(opens_on, days, exceptions)
    return last_day(opens_on + timedelta(days=1), days=days, day_kind=kind)


def voices_until(rule: ReviewRule, opens_on: date, due_on: date) -> date | None:
    """The last day on which the voices of the scheme are waited for; None where it asks for none."""
    rules = voice_rules(rule)
    if not rules.voices:
        return None
    if rule.params.get("due_day_kind", WORKING) == WORKING:
        return min(due_on, add_working_days(opens_on, rules.voice_days))
    return min(due_on, opens_on + timedelta(days=rules.voice_days))

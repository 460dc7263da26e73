"""The reviews and rotations to come, for the page of a campaign."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from assessments.domain.periods import periods_from
from assessments.domain.review_clock import due_date
from assessments.domain.rotation_clock import DUE_DAYS, interval_of
from campaigns.domain.actors import describe_actors
from campaigns.domain.calendar import exceptions_between
from campaigns.domain.rules import rotation_rules
from campaigns.domain.timeline import Event, timeline_source
from campaigns.models import Campaign

SHOWN_A_RULE = 12


@timeline_source
def reviews(campaign: Campaign, first: date, last: date) -> Iterator[Event]:
    """When each review opens and is due, from the planned naming to the end of the campaign."""
    exceptions = exceptions_between(first, last + timedelta(days=366))
    for rule in campaign.review_rules.select_related("campaign"):
        for number, period in enumerate(periods_from(rule, first, last)):
            if number == SHOWN_A_RULE:
                break
            title = _("%(review)s for %(period)s") % {"review": rule.label, "period": period.code}
            due = due_date(rule, period.opens_on, exceptions=exceptions)
            yield Event(period.opens_on, title, "review", due, describe_actors(rule.reviewer))


@timeline_source
def rotations(campaign: Campaign, first: date, last: date) -> Iterator[Event]:
    """When the plaques are due to rotate, counted from the planned naming; the real days follow the first display."""
    rules = rotation_rules(campaign)
    for number in range(1, SHOWN_A_RULE + 1):
        if rules is None or (day := interval_of(first, number, months=rules.interval_months).opens_on) > last:
            return
        title = _("Rotation of the plaques: who keeps one, who hands it on")
        yield Event(day, title, "rotation", day + timedelta(days=DUE_DAYS))

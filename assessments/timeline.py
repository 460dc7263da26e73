"""What the calendar of a campaign knows of assessments: reviews and rotations to come, surveys that run."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.periods import periods_from
from assessments.domain.review_days import due_date
from assessments.domain.rotation_clock import DUE_DAYS, interval_of
from assessments.models import Survey, SurveyState
from campaigns.domain.actors import describe_actors
from campaigns.domain.calendar import exceptions_between
from campaigns.domain.planning import stays_source
from campaigns.domain.rules import rotation_rules
from campaigns.domain.timeline import Event, timeline_source
from campaigns.models import Campaign

SHOWN_A_RULE = 12


@timeline_source
def reviews(campaign: Campaign, first: date, last: date) -> Iterator[Event]:
    """When each review opens and is due, from the planned naming to the end of the campaign."""
    exceptions = exceptions_between(first, last + timedelta(days=366))
    for rule in campaign.review_rules.order_by("pk"):
        for number, period in enumerate(periods_from(rule, first, last)):
            if number == SHOWN_A_RULE:
                break
            title = _("%(review)s for %(period)s") % {"review": rule.label, "period": period.code}
            due = due_date(rule, period.opens_on, exceptions=exceptions)
            yield Event(period.opens_on, title, "review", due, describe_actors(rule.reviewer), rule.label)


@timeline_source
def rotations(campaign: Campaign, first: date, last: date) -> Iterator[Event]:
    """When the plaques are due to rotate, counted from the planned naming; the real days follow the first display."""
    rules = rotation_rules(campaign)
    for number in range(1, SHOWN_A_RULE + 1):
        if rules is None or (day := interval_of(first, number, months=rules.interval_months).opens_on) > last:
            return
        title = _("Rotation of the plaques: who keeps one, who hands it on")
        yield Event(day, title, "rotation", day + timedelta(days=DUE_DAYS))


@stays_source
def open_surveys(campaign: Campaign) -> Iterator[str]:
    """An open survey closes when its voters were told it would."""
    running = Survey.objects.filter(run__nomination__campaign=campaign, state=SurveyState.OPEN)
    for survey in running.select_related("run__nomination"):
        yield _("The survey about “%(post)s” closes on %(day)s as announced.") % {
            "post": survey.run.nomination,
            "day": timezone.localdate(survey.closes_at),
        }

"""One reminder a day before a survey closes, to those on its roll who have not voted; sent by the system only."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Survey, SurveyState
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.messages import tell
from campaigns.models import DueItem, User

REMIND = "survey_remind"
AHEAD = timedelta(days=1)


def schedule_reminder(survey: Survey) -> None:
    """Nobody is reminded of a survey that is open for less than two days."""
    if survey.closes_at - survey.opens_at >= 2 * AHEAD:
        schedule(REMIND, survey.pk, due_at=survey.closes_at - AHEAD)


@on_due(REMIND, gettext_lazy("reminder of a survey"))
def remind_voters(item: DueItem) -> None:
    """Nobody learns who was reminded: a list of those who have not voted would be a means of pressure."""
    survey = Survey.objects.get(pk=item.subject_id)
    if survey.state != SurveyState.OPEN or survey.closes_at <= timezone.now():
        return
    waiting = User.objects.filter(is_active=True, member__in=survey.roll.unused().values("member"))
    tell(
        waiting,
        key=f"survey-remind:{survey.pk}",
        title=_("Your vote is still open: %s") % survey.title,
        body=_("The survey closes at %s.") % timezone.localtime(survey.closes_at).strftime("%Y-%m-%d %H:%M"),
        url=reverse("assessments:vote", args=[survey.public_id]),
    )

"""Surveys on the page of a nomination."""

from assessments.models import Survey, SurveyState
from campaigns.models import User
from posts.domain.dossier import section
from posts.models import Nomination


def finished_surveys(nomination: Nomination, _user: User) -> list[Survey] | None:
    """The surveys that are over, oldest first; None when there are none."""
    over = Survey.objects.filter(run__nomination=nomination, state__in=(SurveyState.CLOSED, SurveyState.VOID))
    return list(over.select_related("result").order_by("pk")) or None


section("assessments/_nomination_surveys.html", finished_surveys, order=20)

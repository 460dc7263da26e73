"""Surveys on the page of a nomination."""

from assessments.models import Survey, SurveyState
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.dossier import section
from posts.models import Nomination


def finished_surveys(nomination: Nomination, user: User) -> list[tuple[Survey, bool]] | None:
    """The surveys that are over, oldest first, each with whether the user may open its page; None without any."""
    over = Survey.objects.filter(run__nomination=nomination, state__in=(SurveyState.CLOSED, SurveyState.VOID))
    surveys = over.select_related("result", "org_unit").order_by("pk")
    return [(survey, may_on_unit(user, "view_unit", survey.org_unit)) for survey in surveys] or None


section("assessments/_nomination_surveys.html", finished_surveys, order=20)

"""What ends with a result: whom one still waits for, the survey that runs, the vetoes that were found."""

from django.utils.translation import gettext as _

from assessments.domain.incidents import Reporter, report_incident
from assessments.domain.review_sheets import found_vetoes
from assessments.domain.review_state import ReviewState
from assessments.domain.surveys import abandon_survey
from assessments.models import IncidentSource, Survey, SurveyState
from campaigns.domain.errors import OutOfOrderError
from campaigns.models import User


def require_heard(state: ReviewState) -> None:
    """Raise OutOfOrderError while somebody may still be heard."""
    if reason := why_not_yet(state):
        raise OutOfOrderError(reason)


def why_not_yet(state: ReviewState) -> str:
    """Whom the result still waits for; empty when nobody. Past its day an absent voice does not block."""
    if until := state.waits_until:
        text = _(
            "Until %(day)s these are still waited for: %(voices)s. Afterwards the result is recorded without them."
        )
        return text % {"day": until, "voices": "、".join(voice.name for voice in state.absent)}
    survey = state.survey
    if survey is not None and survey.state == SurveyState.OPEN and not state.review.is_overdue:
        return _("The survey of this review is open. Record the result when it is counted.")
    return ""


def end_voices(state: ReviewState, *, actor: User) -> None:
    """Destroy an uncounted survey unread, and have every veto that was found verified. Needs a transaction."""
    review = state.review
    for survey in Survey.objects.filter(review=review, state__in=(SurveyState.DRAFT, SurveyState.OPEN)):
        abandon_survey(survey, reason=_("The result of the review was recorded before the survey was counted."))
    if state.scoring is None:
        return
    for number, text in found_vetoes(state.scoring):
        said = _("%(review)s %(period)s, item %(number)s: %(text)s")
        facts = {"review": review.rule.label, "period": review.period, "number": number, "text": text}
        report_incident(
            review.conferral,
            text=(said % facts)[:2000],
            source=IncidentSource.INSPECTION,
            reporter=Reporter(name=actor.name, user=actor),
        )

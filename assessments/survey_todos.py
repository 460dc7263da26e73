"""What surveys ask of people: members to vote, secretaries to open, or to repeat a void one."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import RollEntry, SurveyState
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from posts.domain.rights import waiting_runs


@todo_provider
def surveys_to_vote_in(user: User) -> Iterator[Todo]:
    """Open surveys on whose roll the user stands without having voted."""
    rights = RollEntry.objects.filter(member__user=user, voted=False, survey__state=SurveyState.OPEN)
    for right in rights.select_related("survey__org_unit"):
        survey = right.survey
        if survey.closes_at > timezone.now():
            yield Todo(
                title=_("Please vote: %s") % survey.title,
                url=reverse("assessments:vote", args=[survey.public_id]),
                action=_("Vote"),
                icon="vote",
                meta=str(survey.org_unit),
                due_on=timezone.localdate(survey.closes_at),
                section="surveys",
            )


@todo_provider
def surveys_to_run(user: User) -> Iterator[Todo]:
    """Surveys in preparation, and void ones, of the user's units."""
    for run in waiting_runs(user, "survey", own_units=True).prefetch_related("surveys"):
        survey = max(run.surveys.all(), key=lambda survey: survey.pk, default=None)
        if survey is None or survey.state not in (SurveyState.DRAFT, SurveyState.VOID):
            continue
        is_void = survey.state == SurveyState.VOID
        title = _("Void, to be repeated: %s") if is_void else _("Open the survey: %s")
        yield Todo(
            title=title % survey.title,
            url=reverse("assessments:survey_detail", args=[survey.pk]),
            action=_("Hold again") if is_void else _("Open"),
            icon="vote",
            meta=str(run.actor_unit),
            section="surveys",
        )

"""What surveys ask of people: members to vote, secretaries to open, or to repeat a void one."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.paper import COUNTERS, may_count
from assessments.models import PaperSheet, RollEntry, SurveyState
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from campaigns.permissions import paths_for
from posts.domain.rights import waiting_runs


@todo_provider
def surveys_to_vote_in(user: User) -> Iterator[Todo]:
    """Open surveys on whose roll the user stands without having voted."""
    rights = RollEntry.objects.unused().filter(member__user=user, survey__state=SurveyState.OPEN)
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


@todo_provider
def papers_to_count(user: User) -> Iterator[Todo]:
    """Paper ballots of the user's units that are out; each person is asked for one count."""
    waiting = PaperSheet.objects.filter(is_agreed=False, survey__state=SurveyState.OPEN)
    units = Q(pk__in=[])
    for permission in COUNTERS:
        for path in paths_for(user, permission):
            units |= Q(survey__org_unit__path=path)
    for sheet in waiting.filter(units).exclude(counts__counter=user).select_related("survey__org_unit", "survey__run"):
        if may_count(user, sheet.survey):
            yield Todo(
                title=_("Count the paper ballots: %s") % sheet.survey.title,
                url=reverse("assessments:paper_count", args=[sheet.survey_id, sheet.pk]),
                action=_("Enter a count"),
                icon="calculator",
                meta=str(sheet.survey.org_unit),
                due_on=timezone.localdate(sheet.survey.closes_at),
                section="surveys",
            )

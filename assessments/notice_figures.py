"""The result of a survey for the public notice: its figures, as far as small groups allow (domain F7)."""

from django.utils.translation import gettext as _

from assessments.domain.tallies import told_verdict
from assessments.models import Survey, SurveyState
from posts.domain.figures import declare_survey_figures
from posts.models import Nomination, RunStatus


@declare_survey_figures
def result_of_survey(nomination: Nomination) -> list[str]:
    """How many voted, then each line; people who are no longer in the post are left out."""
    survey = (
        Survey.objects.filter(run__nomination=nomination, run__status=RunStatus.PASSED, state=SurveyState.CLOSED)
        .select_related("result")
        .order_by("-run__position", "-run__attempt", "-pk")
        .first()
    )
    if survey is None:
        return []
    result = survey.result
    dropped = set(nomination.members.filter(dropped_at__isnull=False).values_list("pk", flat=True))
    told = [_("%(n)s ballots of %(issued)s") % {"n": result.n_ballots, "issued": result.n_issued}]
    for line in result.lines:
        if line["person"] not in dropped:
            verdict = told_verdict(line, n_ballots=result.n_ballots, rules=survey.rules)
            told.append(_("%(line)s: %(sum)s") % {"line": line["label"], "sum": verdict})
    return told

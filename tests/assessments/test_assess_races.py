"""Two people at once: the row lock lets one after the other, and nothing is written twice."""

import pytest

from assessments.domain.assessing import conclude_assessment, save_score_sheet
from assessments.models import AssessmentState, ScoreSheet
from campaigns.domain.errors import OutOfOrderError
from posts.models import RunStatus
from tests.assessments.scoring import entries, make_assessors, make_run
from tests.threads import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_assessors_submit_at_once(committee, branch):
    run = make_run(committee, branch, method=["rubric"], min_assessors=2)
    users = make_assessors(committee, 4)

    at_once(*[lambda user=user: save_score_sheet(run, actor=user, entries=entries(), submit=True) for user in users])

    assert ScoreSheet.objects.filter(assessment__run=run, submitted_at__isnull=False).count() == 4


def test_one_assessor_in_two_windows_saves_once(committee, branch):
    run = make_run(committee, branch, method=["rubric"])
    user = make_assessors(committee, 1)[0]
    call = lambda: save_score_sheet(run, actor=user, entries=entries(), submit=True, version=0)  # noqa: E731

    found = at_once(call, call, call)

    assert sorted(type(one).__name__ for one in found) == ["ScoreSheet", "StaleError", "StaleError"]
    assert ScoreSheet.objects.get().version == 1


def test_two_conclude_at_once(committee, branch):
    run = make_run(committee, branch, method=["rubric"])
    one, other = make_assessors(committee, 2)
    save_score_sheet(run, actor=one, entries=entries(), submit=True)

    found = at_once(
        lambda: conclude_assessment(run, actor=one, passed=True, conclusion="同意。"),
        lambda: conclude_assessment(run, actor=other, passed=False, conclusion="不同意。"),
    )

    run.refresh_from_db()
    assert [isinstance(answer, OutOfOrderError) for answer in found].count(True) == 1
    assert run.assessment.state == AssessmentState.CONCLUDED
    assert run.status == (RunStatus.PASSED if run.assessment.passed else RunStatus.FAILED)

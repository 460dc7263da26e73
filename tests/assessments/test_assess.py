"""The assessment before the decision: records, sheets, conclusion, return."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.domain.assessing import conclude_assessment, record_assessment, save_score_sheet
from assessments.domain.assessment_results import score_state
from assessments.models import AssessmentState
from campaigns.domain.appointments import appoint
from campaigns.domain.blockers import find_blockers
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import history_of
from campaigns.models import Member, Role
from posts.domain.nominations import return_nomination
from posts.domain.pipeline import mark_submitted, withdraw
from posts.models import NominationStatus, RunStatus
from posts.stages.base import logic_of
from tests.assessments.scoring import entries, make_assessors, make_kind, make_run
from tests.posts.cases import open_run

pytestmark = pytest.mark.django_db

SCORED = {"method": ["rubric"]}


@pytest.fixture
def assessors(committee):
    return make_assessors(committee, 3)


def record(run, actor, method="inspection", **fields):
    values = {"held_on": timezone.localdate(), "text": "到岗到位。", **fields}
    return record_assessment(run, actor=actor, method=method, **values)


def conclude(run, actor, *, passed=True, **fields):
    return conclude_assessment(run, actor=actor, passed=passed, **{"conclusion": "同意上报。", **fields})


def score(run, actor, *numbers, submit=True, **fields):
    return save_score_sheet(run, actor=actor, entries=entries(*numbers, **fields), submit=submit)


def test_an_assessment_is_an_inspection_where_the_scheme_is_silent(committee, branch, assessors):
    run = make_run(committee, branch)
    with pytest.raises(DomainError, match="实地考评"):
        conclude(run, assessors[0])
    record(run, assessors[0], place="综合窗口", people="督查组二人")

    assessment = conclude(run, assessors[1])

    run.refresh_from_db()
    assert (assessment.state, assessment.score, run.status) == (AssessmentState.CONCLUDED, {}, RunStatus.PASSED)
    assert open_run(run.nomination).kind == "decide"


def test_every_method_wants_a_record(committee, branch, assessors):
    run = make_run(committee, branch, method=["hearing", "opinion", "report"])
    for method in ("hearing", "opinion"):
        record(run, assessors[0], method)
    with pytest.raises(DomainError, match="书面考察报告"):
        conclude(run, assessors[0])
    record(run, assessors[0], "report", document_number="示督〔2026〕1号")

    assert conclude(run, assessors[0]).passed


def test_a_conclusion_ends_the_nomination_with_its_sentence(committee, branch, assessors):
    run = make_run(committee, branch)
    record(run, assessors[0])

    conclude(run, assessors[0], passed=False, conclusion="台账不全，暂不具备条件。")

    run.nomination.refresh_from_db()
    assert run.nomination.status == NominationStatus.NOT_PASSED
    assert run.nomination.outcome_reason == "台账不全，暂不具备条件。"


def test_who_does_not_pass_is_told_his_score(committee, branch, assessors):
    run = make_run(committee, branch, rules={"pass_mark": 80}, **SCORED)
    score(run, assessors[0], "9.5")

    conclude(run, assessors[0], passed=False, conclusion="未达到合格线。")

    run.nomination.refresh_from_db()
    assert run.nomination.outcome_reason == "得分79.5；未达到合格线。"


def test_enough_sheets_are_enough(committee, branch, assessors):
    run = make_run(committee, branch, min_assessors=2, **SCORED)
    score(run, assessors[0])
    score(run, assessors[1], submit=False)
    with pytest.raises(DomainError, match="须有2份评分表，已提交1份"):
        conclude(run, assessors[0])
    score(run, assessors[1], "20")

    conclude(run, assessors[0])

    run.refresh_from_db()
    assert run.assessment.score["base"] == "95"
    assert run.reason == "得分95"


@pytest.mark.parametrize(("numbers", "verdict"), [(("30", "30", "14.5", "5"), False), (("30", "30", "15", "5"), True)])
def test_the_pass_mark_is_compared_exactly(committee, branch, assessors, numbers, verdict):
    run = make_run(committee, branch, rules={"pass_mark": 80}, **SCORED)
    score(run, assessors[0], *numbers)
    assert score_state(run.assessment).proposed is verdict

    with pytest.raises(DomainError) as error:
        conclude(run, assessors[0], passed=not verdict)
    assert error.value.field == "reason"
    assessment = conclude(run, assessors[0], passed=not verdict, reason="领导小组集体研究。")

    assert (assessment.passed, assessment.contrary_reason) == (not verdict, "领导小组集体研究。")


def test_a_reason_is_kept_only_where_the_conclusion_differs(committee, branch, assessors):
    run = make_run(committee, branch, rules={"pass_mark": 80}, **SCORED)
    score(run, assessors[0])

    assert conclude(run, assessors[0], reason="多余的话").contrary_reason == ""


def test_a_sheet_may_be_changed_and_submitted_again_until_the_conclusion(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    first = score(run, assessors[0])
    again = score(run, assessors[0], "10.5")

    assert (again.pk, again.version) == (first.pk, 2)
    assert str(score_state(run.assessment).official.base) == "161/2"
    events = [entry for entry in history_of(run.nomination) if entry.kind == "score_submitted"]
    assert ['"again":true' in entry.body for entry in events] == [False, True]
    conclude(run, assessors[0])
    with pytest.raises(OutOfOrderError):
        score(run, assessors[0])


def test_a_sheet_taken_back_no_longer_counts(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    score(run, assessors[0])
    score(run, assessors[0], submit=False)

    assert score_state(run.assessment).submitted == []
    with pytest.raises(DomainError):
        conclude(run, assessors[0])


def test_two_windows_of_one_assessor_do_not_undo_each_other(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    sheet = save_score_sheet(run, actor=assessors[0], entries=entries(), submit=False, version=0)
    save_score_sheet(run, actor=assessors[0], entries=entries(), submit=False, version=sheet.version)

    with pytest.raises(StaleError):
        save_score_sheet(run, actor=assessors[0], entries=entries("1"), submit=True, version=sheet.version)


def test_nobody_assesses_his_own_case(committee, branch, member):
    appoint(member, org_unit=committee, role=Role.ASSESSOR, actor=None)
    run = make_run(committee, branch, members=[Member.objects.get(user=member)], method=["rubric", "inspection"])

    for call in (score, record, conclude):
        with pytest.raises(NotAllowedError):
            call(run, member)


def test_only_who_assesses_for_the_unit_may(committee, branch, secretary, stranger):
    run = make_run(committee, branch, method=["rubric", "inspection"])

    for user in (secretary, stranger):
        for call in (score, record, conclude):
            with pytest.raises(NotAllowedError):
                call(run, user)


def test_a_returned_nomination_is_assessed_anew_and_the_old_sheets_stay(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    score(run, assessors[0], "10")
    return_nomination(run, actor=assessors[0], reason="补充台账。")
    run.assessment.refresh_from_db()
    assert run.assessment.state == AssessmentState.DROPPED
    with pytest.raises(OutOfOrderError):
        score(run, assessors[0])

    mark_submitted(run.nomination, actor=run.nomination.proposer)
    fresh = open_run(run.nomination)
    assert score_state(fresh.assessment).sheets == []
    score(fresh, assessors[0])
    conclude(fresh, assessors[0])

    fresh.refresh_from_db()
    assert (fresh.reason, fresh.attempt, run.assessment.sheets.count()) == ("得分100", 2, 1)


def test_nothing_is_scored_while_the_paper_lies_with_its_author(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    return_nomination(run, actor=assessors[0], reason="补充台账。")

    with pytest.raises(OutOfOrderError):
        score(open_run(run.nomination), assessors[0])


def test_a_withdrawn_nomination_leaves_its_assessment_unfinished(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    withdraw(run.nomination, actor=run.nomination.proposer, reason="人员调动")

    run.assessment.refresh_from_db()
    assert run.assessment.state == AssessmentState.DROPPED


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"method": "hearing"}, "method"),
        ({"method": "rubric"}, "method"),
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "held_on"),
        ({"text": " "}, "text"),
    ],
)
def test_a_record_is_of_the_step_and_of_the_past(committee, branch, assessors, fields, field):
    run = make_run(committee, branch, method=["inspection", "rubric"])

    with pytest.raises(DomainError) as error:
        record(run, assessors[0], **fields)
    assert error.value.field == field


def test_a_conclusion_is_a_sentence(committee, branch, assessors):
    run = make_run(committee, branch)
    record(run, assessors[0])

    with pytest.raises(DomainError) as error:
        conclude(run, assessors[0], conclusion="  ")
    assert error.value.field == "conclusion"


def test_a_step_without_a_rubric_is_not_scored(committee, branch, assessors):
    run = make_run(committee, branch)

    with pytest.raises(DomainError, match="评分表"):
        score(run, assessors[0])


def test_a_campaign_opens_only_with_enough_assessors(committee, branch):
    kind = make_kind(committee, branch, min_assessors=3, **SCORED)
    kind.campaign.status = "draft"
    kind.campaign.save()
    make_assessors(committee, 2)
    assert [blocker.text for blocker in find_blockers(kind.campaign) if "考核评分" in blocker.text] == [
        "“考核评分”需要“中共示例县青样镇委员会”有3人办理，现在只有2人可以办理，请再任命。"
    ]

    make_assessors(committee, 1)

    assert not [blocker for blocker in find_blockers(kind.campaign) if "考核评分" in blocker.text]


def test_a_missing_rubric_keeps_the_step_closed_with_a_reason(committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    run.nomination.campaign.rules = {}

    assert len(logic_of(run).entry_blockers()) == 1

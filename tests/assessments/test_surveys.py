"""A survey from its preparation to its verdict."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from assessments.domain.ballots import make_code_batch, right_of_code, void_batch
from assessments.domain.closing import BallotsDoNotMatchError, turnout_of
from assessments.domain.rules import explain_rules
from assessments.domain.surveys import (
    close_survey,
    eligible_voters,
    open_survey,
    recused_members,
    repeat_survey,
)
from assessments.models import OpenedBallot, SealedBallot, Survey, SurveyLine
from assessments.stages.survey import SurveyStage
from assessments.views.presenters import ballot_lines
from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import verify_journal
from campaigns.models import JournalEntry, Member, Message, OrgUnit
from posts.domain import pipeline
from tests.assessments.helpers import (
    make_nomination,
    make_open_survey,
    make_voters,
    survey_of,
    vote,
    vote_counts,
)
from tests.factories import CampaignFactory, MemberFactory


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def test_nomination_that_reaches_the_stage_gets_a_draft_with_lines_and_rules(branch):
    people = [MemberFactory(branch=branch, name="蒋样甲"), MemberFactory(branch=branch, name="沈样甲")]

    survey = survey_of(make_nomination(branch, people=people))

    assert list(SurveyLine.objects.filter(survey=survey).values_list("label", flat=True)) == [
        "岗位：窗口服务示范岗",
        "成员：蒋样甲",
        "成员：沈样甲",
    ]
    assert (survey.state, survey.rules["threshold"], survey.rules["clause"]) == ("draft", 80, "第七条")


def test_eligible_voters_are_active_members_of_the_subtree_without_the_posts_own(branch, other_branch):
    holder = MemberFactory(branch=branch)
    voter = MemberFactory(branch=branch, status="probationary")
    MemberFactory(branch=branch, left_on=timezone.localdate())
    MemberFactory(branch=other_branch)

    survey = survey_of(make_nomination(branch, people=[holder]))

    assert list(eligible_voters(survey)) == [voter]
    assert recused_members(survey) == [holder.name]


def test_eligible_voters_include_the_holders_when_the_rules_say_so(branch):
    holder = MemberFactory(branch=branch)

    survey = survey_of(make_nomination(branch, people=[holder], params={"recuse_holders": False}))

    assert list(eligible_voters(survey)) == [holder]


def test_open_survey_freezes_rules_and_roll_and_tells_the_voters(branch, secretary):
    survey = make_open_survey(branch, secretary, voters=11)

    assert survey.state == "open"
    assert survey.roll.count() == 12
    assert (len(survey.rules_sha256), len(survey.roll_sha256)) == (64, 64)
    assert Message.objects.filter(key=f"survey-open:{survey.pk}").count() == 12


@pytest.mark.parametrize("hours", [-1, 0.5, 31 * 24])
def test_open_survey_refuses_a_bad_closing_time(branch, secretary, hours):
    make_voters(branch, 12)
    survey = survey_of(make_nomination(branch))

    with pytest.raises(DomainError) as caught:
        open_survey(survey, actor=secretary, closes_at=in_hours(hours))

    assert caught.value.field == "closes_at"


def test_open_survey_asks_before_a_small_group_votes(branch, secretary):
    make_voters(branch, 5)
    survey = survey_of(make_nomination(branch))

    with pytest.raises(DomainError) as caught:
        open_survey(survey, actor=secretary, closes_at=in_hours(5))

    assert caught.value.field == "accept_small_group"
    assert survey.roll.count() == 0


@pytest.mark.parametrize(("voters", "few"), [(8, True), (9, False)])
def test_voters_are_warned_only_when_few_can_vote(branch, secretary, voters, few):
    survey = make_open_survey(branch, secretary, voters=voters)

    assert survey.rules["accepted_small_group"] is few


def test_open_survey_refuses_when_nobody_could_vote(branch, secretary):
    survey = survey_of(make_nomination(branch, params={"electorate": ["masses"]}))

    with pytest.raises(DomainError, match="投票码"):
        open_survey(survey, actor=secretary, closes_at=in_hours(5), accept_small_group=True)


def test_open_survey_refuses_a_second_time(branch, secretary):
    survey = make_open_survey(branch, secretary)

    with pytest.raises(OutOfOrderError):
        open_survey(survey, actor=secretary, closes_at=in_hours(5))


@pytest.mark.parametrize("who", ["member", "other_secretary", "committee_member", "stranger"])
def test_open_survey_refuses_those_without_the_right(branch, request, who):
    make_voters(branch, 12)
    survey = survey_of(make_nomination(branch))

    with pytest.raises(NotAllowedError):
        open_survey(survey, actor=request.getfixturevalue(who), closes_at=in_hours(5))


def test_open_survey_refuses_a_secretary_who_is_a_member_of_the_post(branch, secretary):
    survey = survey_of(make_nomination(branch, people=[secretary.member]))

    with pytest.raises(NotAllowedError, match="本人"):
        open_survey(survey, actor=secretary, closes_at=in_hours(5))


def test_close_survey_opens_counts_and_moves_the_nomination_on(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=40, dissatisfied=10, unknown=2, blank=1)

    with time_machine.travel(in_hours(49)):
        close_survey(survey)

    survey = Survey.objects.get()
    assert (survey.state, survey.result.verdict, survey.result.n_ballots) == ("closed", "passed", 53)
    assert survey.result.lines[0]["counts"] == {
        "satisfied": 40,
        "basically_satisfied": 0,
        "dissatisfied": 10,
        "unknown": 2,
        "": 1,
    }
    assert survey.result.reason == "岗位：窗口服务示范岗：满意 40 ÷ 有效 50 = 80 %，达到 80 %"
    assert (SealedBallot.objects.count(), OpenedBallot.objects.count()) == (0, 53)
    assert survey.run.nomination.status == "completed"


def test_close_survey_below_the_threshold_fails_the_nomination_with_the_sum(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=39, dissatisfied=10)

    with time_machine.travel(in_hours(49)):
        close_survey(survey)

    nomination = Survey.objects.get().run.nomination
    assert nomination.status == "not_passed"
    assert nomination.outcome_reason == "岗位：窗口服务示范岗：满意 39 ÷ 有效 49，未达到 80 %"


def test_close_survey_twice_changes_nothing(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=12)

    with time_machine.travel(in_hours(49)):
        close_survey(survey)
        before = list(JournalEntry.objects.values_list("hash", flat=True))
        close_survey(survey)

    assert list(JournalEntry.objects.values_list("hash", flat=True)) == before


def test_clock_closes_the_survey_when_its_time_has_come(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, hours=2)
    vote_counts(survey, officer, satisfied=12)

    with time_machine.travel(in_hours(1.9)):
        tick()
        assert Survey.objects.get().state == "open"
    with time_machine.travel(in_hours(2.1)):
        tick()
        tick()

    assert Survey.objects.get().state == "closed"


def test_close_survey_by_hand_waits_for_everybody(branch, secretary):
    survey = make_open_survey(branch, secretary, voters=1)
    voters = [entry.member for entry in survey.roll.select_related("member__user")]
    vote(survey, voters[0], "satisfied")

    with pytest.raises(DomainError, match="尚有人未投票"):
        close_survey(survey, actor=secretary)
    vote(survey, voters[1], "satisfied")
    close_survey(survey, actor=secretary)

    assert Survey.objects.get().state == "closed"


def test_close_survey_stops_when_a_ballot_is_missing(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=12)
    SealedBallot.objects.first().delete()

    with time_machine.travel(in_hours(49)), pytest.raises(BallotsDoNotMatchError):
        close_survey(survey)

    assert (Survey.objects.get().state, OpenedBallot.objects.count()) == ("open", 0)


def test_void_survey_leaves_the_step_open_and_can_be_repeated_once(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, params={"min_turnout_percent": 50})
    vote_counts(survey, officer, satisfied=30)
    with time_machine.travel(in_hours(49)):
        survey = close_survey(survey)

    assert (survey.state, survey.void_reason) == ("void", "参评 0 人，应到 13 人，参评率低于 50 %。")
    assert pipeline.current_run(survey.run.nomination) == survey.run
    fresh = repeat_survey(survey, actor=secretary)
    assert (fresh.state, fresh.run) == ("draft", survey.run)
    with pytest.raises(OutOfOrderError):
        repeat_survey(survey, actor=secretary)


def test_survey_that_is_not_void_cannot_be_repeated(branch, secretary):
    survey = make_open_survey(branch, secretary)

    with pytest.raises(OutOfOrderError):
        repeat_survey(survey, actor=secretary)


def test_withdrawn_nomination_abandons_its_open_survey_and_its_ballots(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=3)

    pipeline.withdraw(survey.run.nomination, actor=secretary, reason="撤回")

    survey.refresh_from_db()
    assert (survey.state, SealedBallot.objects.count(), OpenedBallot.objects.count()) == ("void", 0, 0)
    with time_machine.travel(in_hours(49)):
        tick()
    survey.refresh_from_db()
    assert survey.state == "void"


def test_returned_nomination_gets_a_fresh_survey_on_the_way_back(branch, secretary):
    survey = survey_of(make_nomination(branch))

    pipeline.return_for_correction(survey.run, actor=secretary, reason="材料不全")

    survey.refresh_from_db()
    assert survey.state == "void"
    assert survey.run.nomination.runs.get(status="open").surveys.get().state == "draft"


def test_codes_are_made_one_level_above_before_a_witness(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)

    codes = make_code_batch(survey, n=20, actor=officer, witness="孙样甲")

    assert len({*codes}) == 20
    assert {len(code) for code in codes} == {24}
    assert turnout_of(survey).codes == 20
    assert right_of_code(codes[0].lower()[:12] + " - " + codes[0][12:]).survey == survey


@pytest.mark.parametrize("who", ["secretary", "committee_member", "stranger"])
def test_codes_are_refused_to_the_branch_and_to_others(branch, secretary, request, who):
    survey = make_open_survey(branch, secretary)

    with pytest.raises(NotAllowedError):
        make_code_batch(survey, n=20, actor=request.getfixturevalue(who), witness="孙样甲")


@pytest.mark.parametrize(
    ("n", "witness", "field"),
    [
        (0, "孙样甲", "n"),
        (2001, "孙样甲", "n"),
        (5, "  ", "witness"),
        (5, "吴样甲", "witness"),
        (5, "蒋样甲", "witness"),
    ],
)
def test_codes_need_a_number_and_a_witness_without_a_stake(branch, secretary, officer, n, witness, field):
    survey = make_open_survey(branch, secretary, people=[MemberFactory(branch=branch, name="蒋样甲")])

    with pytest.raises(DomainError) as caught:
        make_code_batch(survey, n=n, actor=officer, witness=witness)

    assert caught.value.field == field


def test_codes_are_refused_when_only_the_roll_votes(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, params={"electorate": ["members"]})

    with pytest.raises(DomainError, match="投票码"):
        make_code_batch(survey, n=5, actor=officer, witness="孙样甲")


def test_voided_batch_no_longer_votes_and_is_not_issued(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    codes = make_code_batch(survey, n=5, actor=officer, witness="孙样甲")

    void_batch(survey.batches.get(), actor=officer)

    assert turnout_of(survey).codes == 0
    with pytest.raises(DomainError):
        right_of_code(codes[0])


def test_journal_tells_no_vote_and_holds(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    before = JournalEntry.objects.count()
    rights = make_voters(branch, 0)
    assert rights == []
    vote(survey, survey.roll.first().member, "satisfied")

    assert JournalEntry.objects.count() == before
    assert list(verify_journal()) == []


@pytest.mark.parametrize(
    "params",
    [
        {"positive": ["unknown"]},
        {"positive": ["satisfied"], "options": ["dissatisfied"]},
        {"not_valid": ["dissatisfied"], "options": ["satisfied", "unknown"]},
        {"threshold": 101},
        {"threshhold": 80},
        {"days": 0},
        {"electorate": []},
    ],
)
def test_params_of_the_stage_are_checked(params):
    with pytest.raises(ValidationError):
        SurveyStage.clean_params(params)


def test_params_without_a_threshold_are_for_information():
    clean = SurveyStage.clean_params({"options": ["satisfied", "dissatisfied"]})

    assert (clean["threshold"], clean["not_valid"], clean["min_turnout_percent"]) == (None, [], 50)
    assert "不设达标线，结果供决定时参考。" in SurveyStage.explain({})


def test_people_outside_the_party_in_a_post_leave_the_roll_as_it_is(branch, secretary):
    """A name without a member is a NULL, and SQL's NOT IN with a NULL finds nobody."""
    make_voters(branch, 11)
    nomination = make_nomination(branch, proposer=secretary)
    nomination.members.create(name="样职工", member=None)

    survey = survey_of(nomination)

    assert eligible_voters(survey).count() == Member.objects.filter(branch=branch).count()


def test_clock_reminds_only_those_who_have_not_voted_and_once(branch, secretary, member):
    survey = make_open_survey(branch, secretary, voters=1, hours=72)
    vote(survey, member.member, "satisfied")

    for hours in (47, 49, 50):
        with time_machine.travel(in_hours(hours)):
            tick()

    told = Message.objects.filter(key=f"survey-remind:{survey.pk}").values_list("user", flat=True)
    assert set(told) == {entry.member.user_id for entry in survey.roll.filter(voted=False).select_related("member")}
    assert len(told) == 2


def test_the_ballot_speaks_the_words_of_the_scheme(branch, secretary):
    campaign = CampaignFactory(owner=OrgUnit.objects.get_root(branch))
    campaign.rules = {
        "survey": {
            "title": "岗位测评票",
            "instruction": "请如实填写。",
            "options": {"satisfied": "赞成", "unknown": "弃权"},
            "keep_openings_days": 30,
        }
    }
    campaign.save()
    survey = make_open_survey(branch, secretary, params={"options": ["satisfied", "dissatisfied"], "not_valid": []})

    assert survey.rules["words"] == {"satisfied": "赞成"}  # what is no option of this ballot is not on it
    assert ballot_lines(survey, [""])[0]["options"] == [
        {"code": "satisfied", "label": "赞成", "checked": False},
        {"code": "dissatisfied", "label": "不满意", "checked": False},
    ]
    assert explain_rules(survey.rules)[0] == "计为满意票：赞成。"
    assert (survey.rules["ballot_title"], survey.rules["instruction"]) == ("岗位测评票", "请如实填写。")
    assert survey.rules["keep_openings_days"] == 30

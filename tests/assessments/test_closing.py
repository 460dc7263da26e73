"""What a close means for the nomination: members dropped, posts failed, figures kept back."""

import pytest

from assessments.domain.ballots import cast_ballot
from assessments.domain.surveys import close_survey
from assessments.domain.tallies import shown_lines
from assessments.models import Survey
from posts.domain.members import drop_member
from tests.assessments.helpers import make_code_rights, make_open_survey, vote_counts
from tests.factories import MemberFactory


def test_reason_that_goes_out_tells_no_figures_of_a_small_group(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=25, dissatisfied=1)

    close_survey(survey)

    survey.refresh_from_db()
    assert survey.result.reason == "岗位：窗口服务示范岗：达到 80 %（人数较少，不列票数）"
    assert survey.run.nomination.runs.get(kind="survey").reason == survey.result.reason


def cast_lines(survey, officer, *ballots):
    for right, choices in zip(make_code_rights(survey, officer, len(ballots)), ballots, strict=True):
        cast_ballot(survey, right=right, choices=list(choices))


def test_member_whose_line_failed_is_dropped_and_the_post_goes_on(branch, secretary, officer):
    people = [MemberFactory(branch=branch, name="蒋样甲"), MemberFactory(branch=branch, name="沈样甲")]
    survey = make_open_survey(branch, secretary, people=people)
    good, bad = ("satisfied", "satisfied", "satisfied"), ("satisfied", "satisfied", "dissatisfied")
    cast_lines(survey, officer, *[good] * 7, *[bad] * 3)

    close_survey(survey)

    nomination = Survey.objects.get().run.nomination
    dropped = nomination.members.get(dropped_at__isnull=False)
    assert (dropped.name, dropped.drop_reason) == ("沈样甲", "测评：满意 7 ÷ 有效 10，未达到 80 %")
    assert nomination.status == "completed"


def test_post_that_falls_below_its_minimum_fails_with_the_reason(branch, secretary, officer):
    people = [MemberFactory(branch=branch, name="蒋样甲"), MemberFactory(branch=branch, name="沈样甲")]
    survey = make_open_survey(branch, secretary, people=people, rules={"min_party": 2})
    good, bad = ("satisfied", "satisfied", "satisfied"), ("satisfied", "satisfied", "dissatisfied")
    cast_lines(survey, officer, *[good] * 7, *[bad] * 3)

    close_survey(survey)

    survey.refresh_from_db()
    assert (survey.result.verdict, survey.run.nomination.status) == ("failed", "not_passed")
    assert survey.result.reason.startswith("未达标：成员：沈样甲；岗位因此不能通过：")


def test_post_line_below_the_threshold_drops_nobody(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, people=[MemberFactory(branch=branch)])
    cast_lines(survey, officer, *[("dissatisfied", "dissatisfied")] * 10)

    close_survey(survey)

    nomination = Survey.objects.get().run.nomination
    assert (nomination.status, nomination.members.filter(dropped_at__isnull=False).count()) == ("not_passed", 0)


def test_survey_without_a_threshold_informs_and_goes_on(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, params={"threshold": None})
    vote_counts(survey, officer, satisfied=2, dissatisfied=10)

    close_survey(survey)

    survey.refresh_from_db()
    assert (survey.result.verdict, survey.run.nomination.status) == ("informative", "completed")


def test_member_who_left_the_post_during_the_survey_keeps_his_own_reason(branch, secretary, officer):
    people = [MemberFactory(branch=branch, name="蒋样甲"), MemberFactory(branch=branch, name="沈样甲")]
    survey = make_open_survey(branch, secretary, people=people)
    left = survey.run.nomination.members.get(name="沈样甲")
    drop_member(left, actor=secretary, reason="本人退出")
    cast_lines(survey, officer, *[("satisfied", "satisfied", "dissatisfied")] * 10)

    close_survey(survey)

    left.refresh_from_db()
    assert left.drop_reason == "本人退出"


@pytest.mark.parametrize("n", [3, 14])
def test_stored_tally_is_read_in_exactly_one_question(branch, secretary, officer, django_assert_num_queries, n):
    """Counted once at the close: afterwards no ballot is looked at again, however many there are."""
    survey = make_open_survey(branch, secretary)
    codes = make_code_rights(survey, officer, n)
    for number, code in enumerate(codes):
        cast_ballot(survey, right=code, choices=["satisfied" if number else "dissatisfied"])
    close_survey(survey)

    with django_assert_num_queries(1):
        stored = Survey.objects.for_list().get(pk=survey.pk)
        lines = shown_lines(stored.result.lines, n_ballots=stored.result.n_ballots, rules=stored.rules, full=True)
    assert (stored.result.n_ballots, lines[0]["valid"], lines[0]["positive"]) == (n, n, n - 1)

"""What is not told because few people voted, and that the limits are those of the opening."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments.domain.ballots import NotOpenError, cast_ballot, make_code_batch
from assessments.domain.closing import close_survey
from assessments.domain.paper import hand_out_to_members
from assessments.domain.rules import hash_rules
from assessments.domain.seen_turnout import seen_turnout
from assessments.domain.small_groups import explain_limits
from assessments.domain.surveys import open_survey
from assessments.models import Stratum, Survey, TurnoutSeen
from assessments.verify_bulletin import verify
from campaigns.domain.errors import DomainError
from campaigns.models import DueItem, Message
from tests.assessments.helpers import (
    make_nomination,
    make_open_survey,
    make_voters,
    survey_of,
    vote,
    vote_counts,
)


def in_hours(hours):
    return timezone.now() + timedelta(hours=hours)


def draft(branch, voters):
    make_voters(branch, voters)
    return survey_of(make_nomination(branch))


# --- The limits -------------------------------------------------------------------------------------------------------


def test_the_limits_of_the_settings_are_frozen_when_the_survey_opens(branch, secretary, settings):
    survey = draft(branch, 12)
    settings.SURVEY_MIN_ELECTORATE, settings.SURVEY_MIN_CELL = 7, 4

    survey = open_survey(survey, actor=secretary, closes_at=in_hours(5))
    settings.SURVEY_MIN_ELECTORATE, settings.SURVEY_MIN_CELL = 10, 3

    survey = Survey.objects.get(pk=survey.pk)
    assert survey.rules["small_group"] == {
        "min_electorate": 7, "few_by_phone": True, "min_ballots": 10, "min_cell": 4,
        "min_percent": 50, "min_turnout": 10, "turnout_minutes": 60,
    }  # fmt: skip
    assert hash_rules(survey) == survey.rules_sha256


def test_the_limits_stand_on_the_page_and_in_the_bulletin(client, branch, secretary, officer, settings):
    settings.SURVEY_MIN_BALLOTS = 12
    survey = make_open_survey(branch, secretary)
    client.force_login(officer)
    sentence = "收回选票不足 12 张时，只说明是否达标，不公布票数。"
    assert sentence in client.get(reverse("assessments:survey_detail", args=[survey.pk])).text

    vote_counts(survey, officer, satisfied=20)
    close_survey(survey)

    assert sentence in client.get(reverse("assessments:bulletin", args=[survey.public_id])).text
    content = json.loads(survey.bulletins.get().text)
    assert content["frozen"]["rules"]["small_group"]["min_ballots"] == 12


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"min_ballots": 40}, "公布票数：收回不少于 40 张"),
        ({"min_cell": 9}, "没有单独公布少于 9 票的其他选项"),
    ],
)
def test_the_checker_finds_figures_that_the_frozen_limits_forbid(client, branch, secretary, officer, changes, problem):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=20, basically_satisfied=5, dissatisfied=5)
    close_survey(survey)
    answer = client.get(reverse("assessments:bulletin_file", args=[survey.public_id]))
    document = json.loads(b"".join(answer.streaming_content))
    assert not verify(document).failed

    content = json.loads(document["content"])
    content["frozen"]["rules"]["small_group"] |= changes
    document["content"] = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    assert [line for line in verify(document).lines if line.startswith("不符") and problem in line] != []


# --- Few people: on paper ---------------------------------------------------------------------------------------------


def test_few_people_are_offered_the_vote_on_paper(client, branch, secretary):
    survey = draft(branch, 4)
    client.force_login(secretary)
    page = client.get(reverse("assessments:survey_detail", args=[survey.pk]))
    assert page.context["form"].initial["paper_only"] is True

    with pytest.raises(DomainError) as caught:
        open_survey(survey, actor=secretary, closes_at=in_hours(5))
    assert "在会议上用纸质票表决" in str(caught.value)

    survey = open_survey(survey, actor=secretary, closes_at=in_hours(72), paper_only=True)
    assert (survey.rules["paper_only"], survey.rules["accepted_small_group"]) == (True, False)
    assert not DueItem.objects.filter(kind="survey_remind", subject_id=survey.pk).exists()
    assert {m.body.startswith("在会议上") for m in Message.objects.filter(key=f"survey-open:{survey.pk}")} == {True}


def test_few_people_do_not_vote_by_phone_whoever_accepts_it(client, branch, secretary, settings):
    """As votes-and-trust 2.6 has it, unless the site says otherwise; frozen with the rules."""
    settings.SURVEY_FEW_BY_PHONE = False
    survey = draft(branch, 7)
    with pytest.raises(DomainError) as caught:
        open_survey(survey, actor=secretary, closes_at=in_hours(5), accept_small_group=True)
    assert caught.value.field == "paper_only"

    client.force_login(secretary)
    address = reverse("assessments:survey_detail", args=[survey.pk])
    page = client.get(address).content.decode()
    assert 'name="paper_only"' in page
    assert "accept_small_group" not in page
    fields = {"closes_at": f"{timezone.localtime(in_hours(72)):%Y-%m-%d %H:%M}", "accept_small_group": "on"}
    answer = client.post(reverse("assessments:survey_open", args=[survey.pk]), fields)
    assert answer.context["form"].errors.keys() == {"paper_only"}
    survey.refresh_from_db()
    assert (survey.state, survey.roll.count()) == ("draft", 0)

    make_voters(branch, 5)
    survey = open_survey(survey, actor=secretary, closes_at=in_hours(5))
    settings.SURVEY_FEW_BY_PHONE = True
    assert Survey.objects.get(pk=survey.pk).rules["small_group"]["few_by_phone"] is False
    assert "，或者" not in explain_limits(survey.rules)[0]


def test_nobody_votes_by_phone_in_a_survey_on_paper(client, branch, secretary, officer):
    survey = open_survey(draft(branch, 4), actor=secretary, closes_at=in_hours(5), paper_only=True)
    right = survey.roll.exclude(member__user=None).first()

    with pytest.raises(NotOpenError):
        cast_ballot(survey, right=right, choices=["satisfied"])
    with pytest.raises(DomainError):
        make_code_batch(survey, n=3, actor=officer, witness="孙样甲")
    client.force_login(right.member.user)
    assert "会议上用纸质票" in client.get(reverse("assessments:vote", args=[survey.public_id])).text
    assert survey.sealed_ballots.count() == 0

    issue = hand_out_to_members(survey, actor=secretary, members=[right.member])
    assert [issue.given, issue.refused] == [[right.member], []]
    assert survey.paper_sheets.get().stratum == Stratum.MEMBERS


def test_many_people_are_not_asked_about_paper(client, branch, secretary):
    survey = draft(branch, 12)
    client.force_login(secretary)

    page = client.get(reverse("assessments:survey_detail", args=[survey.pk]))

    assert page.context["form"].initial["paper_only"] is False


# --- Turnout while open -----------------------------------------------------------------------------------------------


@pytest.fixture
def voters(branch):
    return make_voters(branch, 14)


@pytest.fixture
def survey(branch, secretary, voters):
    return make_open_survey(branch, secretary, voters=0)


@pytest.mark.django_db(transaction=True)
def test_turnout_shows_from_ten_ballots_on_and_moves_once_an_hour(survey, voters):
    for member in voters[:9]:
        vote(survey, member, "satisfied")
    assert (seen_turnout(survey).at, seen_turnout(survey).ballots) == (None, 0)

    vote(survey, voters[9], "satisfied")
    assert seen_turnout(survey).at is None  # the picture of nine is not an hour old
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        assert (seen_turnout(survey).ballots, seen_turnout(survey).roll_voted) == (10, 10)
        vote(survey, voters[10], "satisfied")
        assert seen_turnout(survey).ballots == 10
    with time_machine.travel(timezone.now() + timedelta(minutes=122), tick=False):
        assert seen_turnout(survey).ballots == 11
    assert TurnoutSeen.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_page_of_an_open_survey_shows_no_counter_of_few(client, survey, voters, secretary):
    for member in voters[:3]:
        vote(survey, member, "satisfied")
    client.force_login(secretary)

    page = client.get(reverse("assessments:survey_detail", args=[survey.pk]))

    assert page.context["turnout"].ballots == 0
    assert "投票满 10 张以后才显示人数" in page.text
    assert "张选票在票箱" not in page.text

"""Who has to speak in a review is reminded before the day: who has not spoken, and nobody of an unannounced one."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.domain.periods import period_of
from assessments.domain.review_clock import open_period, schedule_reminders
from assessments.domain.voice_waits import awaited, schedule_voice_reminders
from assessments.domain.voices import assess_as_peer, count_peers, give_statement
from assessments.models import Review, Voice
from campaigns.domain.clock import tick
from campaigns.domain.messages import choose_channels
from campaigns.domain.todos import todos_for
from campaigns.models import DueItem, Message
from tests.assessments.hearing import FOUR, make_fellows, make_heard_review
from tests.assessments.titles import at, make_review, make_rule, make_title, run_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

#: The voices end on Wednesday 11 November; today is the 4th.
UNTIL = date(2026, 11, 11)


@pytest.fixture
def four(title):
    review = make_heard_review(title, **FOUR)
    schedule_voice_reminders(review.rule, review.voices_until)
    return review


def reminded(day):
    run_clock(day, day)
    told = Message.objects.filter(key__startswith="voices_remind:", key__endswith=f":{(UNTIL - day).days}")
    return {message.user for message in told.select_related("user")}


def test_those_who_have_not_spoken_are_reminded_the_day_before_and_on_the_day(
    four, member, secretary, committee_secretary, branch
):
    spoken, silent = make_fellows(branch, 2)
    assess_as_peer(four, actor=spoken, grade="excellent")

    assert reminded(date(2026, 11, 9)) == set()
    assert reminded(date(2026, 11, 10)) == {member, secretary, silent}

    give_statement(four, voice="self", actor=member, grade="excellent", text="履职良好。")
    give_statement(four, voice="leader", actor=committee_secretary, grade="excellent", text="好。")
    assert reminded(date(2026, 11, 11)) == {secretary, silent}
    said = Message.objects.get(user=silent, key__endswith=":0")
    assert (said.title, said.url) == (
        "“综合窗口岗”的党员互评请于2026-11-11前完成",
        reverse("assessments:voice_give", args=[four.pk, "peer"]),
    )


def test_papers_of_a_meeting_remind_no_fellow_any_more(four, secretary, branch):
    fellows = make_fellows(branch, 3)
    count_peers(four, actor=secretary, held_on=date(2026, 11, 4), place="会议室", counts={"excellent": 3})

    assert not reminded(date(2026, 11, 10)) & set(fellows)


def test_many_reviews_of_a_rule_are_one_message_a_person(campaign, branch, four):
    fellow = make_fellows(branch, 1)[0]
    second = make_title(campaign, branch)
    make_review(second, four.rule, due_on=four.due_on, voices_until=four.voices_until)

    assert fellow in reminded(date(2026, 11, 10))
    told = Message.objects.get(user=fellow)
    assert (told.title, told.url) == ("季度考核：还有2项评议请于2026-11-11前完成", "/")


def test_the_reminded_are_those_who_have_a_to_do(four, member, secretary, committee_secretary, officer, branch):
    people = {member, secretary, committee_secretary, officer, *make_fellows(branch, 2)}
    assess_as_peer(four, actor=make_fellows(branch, 1)[0], grade="excellent")

    spoken_of = {Voice.SELF, Voice.PEER, Voice.LEADER}
    wanted = {(user, voice) for user, _review, voice in awaited(four.rule, UNTIL) if voice in spoken_of}

    addresses = {reverse("assessments:voice_give", args=[four.pk, voice]): voice for voice in spoken_of}
    shown = {(user.pk, addresses[todo.url]) for user in people for todo in todos_for(user) if todo.url in addresses}
    assert {pair for pair in wanted if pair[0] in {user.pk for user in people}} == shown
    for user in people:
        mine = {(pk, voice) for pk, _review, voice in awaited(four.rule, UNTIL, only=user) if voice in spoken_of}
        assert mine == {pair for pair in wanted if pair[0] == user.pk}


def test_a_post_without_accounts_is_reminded_through_its_unit(campaign, branch, secretary, officer, committee):
    title = make_title(campaign, branch)
    review = make_heard_review(title, reviewer="committee", reviewer_unit=committee, **FOUR)

    assert [user for user, _r, voice in awaited(review.rule, UNTIL) if voice == Voice.SELF] == [secretary.pk]


def test_an_unannounced_or_settled_review_reminds_nobody(four, branch):
    make_fellows(branch, 2)
    Review.objects.update(unannounced=True)
    assert list(awaited(four.rule, UNTIL)) == []
    Review.objects.update(unannounced=False, status="missed")
    assert list(awaited(four.rule, UNTIL)) == []


def test_the_masses_are_reminded_by_the_survey_and_its_opener_by_the_clock(title, secretary):
    review = make_heard_review(title, assessments=[], weights={}, marks={})

    assert [(user, voice) for user, _r, voice in awaited(review.rule, UNTIL)] == [(secretary.pk, Voice.MASS)]


def test_a_member_of_the_post_is_not_asked_as_its_fellow_or_leader(campaign, branch, secretary):
    own = make_title(campaign, branch, secretary.member)
    review = make_heard_review(own, **FOUR)

    assert {voice for user, _r, voice in awaited(review.rule, UNTIL) if user == secretary.pk} == {Voice.SELF}


def test_the_clock_enters_the_reminders_with_the_period(campaign, branch, today):
    rule = make_rule(campaign, **FOUR)
    make_title(campaign, branch)
    today.move_to(at(date(2026, 11, 1)))
    open_period(rule, period_of(rule, date(2026, 10, 1)))
    until = Review.objects.get().voices_until

    assert set(DueItem.objects.filter(kind="voices_remind").values_list("period", flat=True)) == {
        f"{until}:1",
        f"{until}:0",
    }


def test_a_rule_without_voices_enters_none(campaign):
    rule = make_rule(campaign)

    schedule_reminders(rule, date(2026, 11, 17), None)

    assert not DueItem.objects.filter(kind="voices_remind").exists()


def test_an_overtaken_reminder_is_left_out(four, today, branch):
    make_fellows(branch, 1)
    today.move_to(at(UNTIL, 9))

    tick()

    assert set(Message.objects.filter(key__startswith="voices").values_list("key", flat=True)) == {
        f"voices_remind:{four.rule_id}:{UNTIL}:0"
    }


def test_who_speaks_before_the_mail_goes_out_gets_none(four, branch, settings, today):
    settings.EMAIL_URL, settings.DIGEST_MINUTES = "smtp://127.0.0.1:25", 10
    early, late = make_fellows(branch, 2)
    for user in (early, late):
        choose_channels(user, by_email=True, email=f"{user.username}@example.org")
    today.move_to(at(date(2026, 11, 10), 8))
    tick()
    assess_as_peer(four, actor=early, grade="qualified")
    today.move_to(at(date(2026, 11, 10), 8, 10))

    tick()

    assert [address for each in mail.outbox for address in each.to] == [f"{late.username}@example.org"]


def test_the_reminders_of_many_posts_cost_the_same_queries(campaign, branch, four, secretary):
    with CaptureQueriesContext(connection) as one:
        list(awaited(four.rule, UNTIL))
    for number in range(3):
        title = make_title(campaign, branch, make_fellows(branch, 1)[0].member, name=f"岗位{number}")
        make_review(title, four.rule, due_on=four.due_on, voices_until=four.voices_until)
    with CaptureQueriesContext(connection) as many:
        assert len({review for _user, review, _voice in awaited(four.rule, UNTIL)}) == 4

    assert len(one) == len(many) <= 21

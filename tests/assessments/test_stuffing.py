"""Signs that a vote was stuffed: an alarm for the level above, and nothing that leads to a ballot."""

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assessments import stuffing
from assessments.domain.ballots import make_code_batch
from assessments.domain.closing import close_survey
from assessments.domain.outside_numbers import comparisons, state_number
from assessments.models import SurveyAlarm
from campaigns.domain.errors import DomainError, NotAllowedError
from tests.assessments.helpers import make_code_rights, make_open_survey, vote_counts


@pytest.fixture(autouse=True)
def fresh_memory():
    stuffing._watches.clear()
    yield
    stuffing._watches.clear()


@pytest.fixture
def survey(branch, secretary):
    return make_open_survey(branch, secretary)


@pytest.fixture
def clock(monkeypatch):
    """The seconds between two ballots, in the hands of the test."""
    now = [1000.0]
    monkeypatch.setattr(stuffing.time, "monotonic", lambda: now[0])
    return now


def arrive(survey, clock, *, network, after=60):
    clock[0] += after
    request = RequestFactory().post("/v/", REMOTE_ADDR=network)
    stuffing.note_public_ballot(request, survey)


def kinds(survey):
    return [alarm.kind for alarm in survey.alarms.all()]


def test_a_crowd_from_many_places_raises_no_alarm(survey, clock):
    for number in range(60):
        arrive(survey, clock, network=f"10.0.{number % 12}.7")

    assert kinds(survey) == []


@pytest.mark.parametrize(("collected", "expected"), [(4, []), (5, ["one_network"])])
def test_more_than_a_fifth_from_one_network_is_an_alarm(survey, clock, collected, expected):
    """Of twenty-one: four are 19 percent, five are 23."""
    for number in range(21 - collected):
        arrive(survey, clock, network=f"10.0.{number}.1")
    for number in range(collected):
        arrive(survey, clock, network=f"10.9.9.{number}")

    assert kinds(survey) == expected


def test_more_than_a_fifth_within_five_seconds_is_an_alarm(survey, clock):
    for number in range(16):
        arrive(survey, clock, network=f"10.0.{number}.1", after=5)
    assert kinds(survey) == []
    for number in range(5):
        arrive(survey, clock, network=f"10.1.{number}.1", after=4.9)

    assert kinds(survey) == ["close_together"]


def test_few_ballots_are_no_sign(survey, clock):
    for _number in range(19):
        arrive(survey, clock, network="10.0.0.1", after=1)

    assert kinds(survey) == []


def test_an_alarm_is_written_once_and_holds_neither_time_nor_network(survey, clock):
    for _number in range(40):
        arrive(survey, clock, network="10.0.0.1", after=1)

    assert kinds(survey) == ["close_together", "one_network"]
    assert [field.name for field in SurveyAlarm._meta.get_fields()] == ["id", "survey", "kind"]


def test_a_ballot_that_raises_no_alarm_asks_the_database_nothing(survey, clock):
    with CaptureQueriesContext(connection) as queries:
        arrive(survey, clock, network="10.0.0.1")

    assert len(queries) == 0


def test_networks_are_kept_under_a_key_of_the_survey_only(branch, secretary, clock, survey):
    other = make_open_survey(branch, secretary)
    for one in (survey, other):
        arrive(one, clock, network="10.0.0.1")

    seen = [stuffing._watches[one.pk].networks for one in (survey, other)]
    assert [sum(counter.values()) for counter in seen] == [1, 1]
    assert set(seen[0]) & set(seen[1]) == set()
    assert b"10.0.0" not in b"".join([*seen[0], *seen[1]])


def test_key_and_counters_are_thrown_away_when_the_time_is_over(client, survey, clock, officer):
    arrive(survey, clock, network="10.0.0.1")
    assert list(stuffing._watches) == [survey.pk]

    with time_machine.travel(survey.closes_at + timedelta(seconds=1), tick=False):
        client.force_login(officer)
        assert client.get(reverse("assessments:survey_detail", args=[survey.pk])).status_code == 200

    assert stuffing._watches == {}


@pytest.mark.django_db(transaction=True)
def test_a_vote_with_a_code_is_counted_and_a_members_vote_is_not(survey, officer, secretary, branch):
    code_page = reverse("assessments:vote_entry")
    code = make_code_batch(survey, n=1, actor=officer, witness="孙样甲")[0]
    voter = Client()
    confirm = voter.post(code_page, {"code": code, "step": "confirm", "line0": "satisfied"})
    done = voter.post(code_page, {"code": code, "step": "cast", "ticket": confirm.context["ticket"]})

    assert 'class="receipt"' in done.content.decode()
    assert {pk: watch.n for pk, watch in stuffing._watches.items()} == {survey.pk: 1}

    member = Client()
    member.force_login(survey.roll.exclude(member__user=None).first().member.user)
    address = reverse("assessments:vote", args=[survey.public_id])
    confirm = member.post(address, {"step": "confirm", "line0": "satisfied"})
    member.post(address, {"step": "cast", "ticket": confirm.context["ticket"]})
    assert Counter({pk: watch.n for pk, watch in stuffing._watches.items()}) == {survey.pk: 1}


def test_the_alarm_is_shown_to_the_level_above_and_to_nobody_else(client, survey, officer, secretary):
    SurveyAlarm.objects.create(survey=survey, kind="one_network")
    page = reverse("assessments:survey_detail", args=[survey.pk])
    shown = []
    for user in (officer, secretary):
        client.force_login(user)
        shown.append("来自同一网络" in client.get(page).text)

    assert shown == [True, False]


# --- Codes and numbers ------------------------------------------------------------------------------------------------


def test_unused_codes_are_void_in_public_from_the_close_on(client, survey, officer):
    make_code_rights(survey, officer, 7)
    vote_counts(survey, officer, satisfied=13)
    close_survey(survey)

    page = client.get(reverse("assessments:bulletin", args=[survey.public_id])).text

    assert "印制 20 = 已用 13 + 未用 7 + 作废 0" in page.replace("投票码印制", "印制")
    assert "未用的投票码自截止时起作废" in page


@pytest.mark.parametrize(
    ("number", "is_off"), [(20, False), (19, False), (22, False), (23, True), (18, True), (200, True)]
)
def test_a_number_from_outside_is_flagged_beyond_ten_percent(survey, officer, number, is_off):
    make_code_rights(survey, officer, 20)

    state_number(survey, actor=officer, stratum="public", number=number, source="上月末登记居民")

    assert [(row.given, row.is_off) for row in comparisons(survey)] == [(20, is_off)]


def test_only_the_level_above_states_a_number(client, survey, secretary, officer):
    with pytest.raises(NotAllowedError):
        state_number(survey, actor=secretary, stratum="public", number=20, source="自己数的")
    address = reverse("assessments:outside_number", args=[survey.pk])
    answers = []
    for user in (secretary, officer):
        client.force_login(user)
        answers.append(client.get(address).status_code)
    assert answers == [403, 200]

    client.post(address, {"stratum": "members", "number": "13", "source": "上月在册党员"})
    assert [(row.stated.number, row.given, row.is_off) for row in comparisons(survey)] == [(13, 13, False)]


@pytest.mark.parametrize(
    ("changes", "field"), [({"number": 0}, "number"), ({"source": " "}, "source"), ({"stratum": "other"}, "stratum")]
)
def test_a_number_needs_a_group_a_size_and_a_source(survey, officer, changes, field):
    with pytest.raises(DomainError) as caught:
        state_number(survey, actor=officer, **{"stratum": "public", "number": 5, "source": "登记", **changes})

    assert caught.value.field == field
    assert timezone.now() < survey.closes_at

"""Naming rounds (S6: 七一 and year end): the next one, the missed one, and what people see of both."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.domain.todos import todos_for
from campaigns.models import Message
from posts.domain.decisions import propose_decisions
from posts.domain.pipeline import stop
from posts.domain.rounds import missed_round, next_round, round_of
from posts.stages.base import logic_of
from tests.factories import CampaignFactory, MemberFactory
from tests.posts.cases import DECIDE, make_kind, make_nomination, open_run

ROUNDS = [
    {"code": "july", "label": "七一", "by": "07-01"},
    {"code": "year_end", "label": "年底", "by": "12-31"},
    {"code": "spring", "label": "次年春", "by": "03-05+1"},
    {"code": "first", "label": "首批", "by": None},
]
BOTH = ["july", "year_end"]


@pytest.fixture
def campaign(committee):
    return CampaignFactory(owner=committee, year=2026, rules={"rounds": ROUNDS})


@pytest.fixture
def kind(committee, campaign):
    return make_kind(committee, DECIDE | {"params": {"rounds": BOTH}}, campaign=campaign)


def at(*day):
    return time_machine.travel(date(*day), tick=False)


@pytest.mark.parametrize(
    ("on", "code", "by"),
    [
        (date(2026, 1, 1), "july", date(2026, 7, 1)),
        (date(2026, 7, 1), "july", date(2026, 7, 1)),  # its last day belongs to it
        (date(2026, 7, 2), "year_end", date(2026, 12, 31)),
        (date(2026, 12, 31), "year_end", date(2026, 12, 31)),
        (date(2027, 1, 1), "july", date(2027, 7, 1)),  # after the last one: next year's same day
        (date(2029, 8, 1), "year_end", date(2029, 12, 31)),
        (date(2025, 3, 1), "july", date(2026, 7, 1)),  # the campaign's year is the first
    ],
)
def test_the_next_round_is_the_first_that_is_not_over(campaign, on, code, by):
    found = next_round(campaign, BOTH, on=on)

    assert (found.code, found.by) == (code, by)


def test_a_round_of_the_year_after_counts_by_its_own_day(campaign):
    assert next_round(campaign, ["spring", "july"], on=date(2026, 7, 2)).by == date(2027, 3, 5)


def test_a_round_without_a_day_stands_alone(campaign):
    found = next_round(campaign, ["first"], on=date(2026, 7, 2))

    assert (found.label, found.by) == ("首批", None)
    assert next_round(campaign, [], on=date(2026, 7, 2)) is None
    assert next_round(campaign, ["first", "july"], on=date(2026, 7, 2)).by == date(2027, 7, 1)


def test_what_lay_open_when_a_round_passed_has_missed_it(kind, branch):
    with at(2026, 6, 20):
        run = open_run(make_nomination(kind, branch))
    with at(2026, 7, 1):
        assert missed_round(run) is None
        assert logic_of(run).due_on() == date(2026, 7, 1)
    with at(2026, 7, 2):
        assert (missed_round(run).code, round_of(run).code) == ("july", "year_end")
        assert logic_of(run).due_on() == date(2026, 12, 31)
    with at(2027, 2, 1):
        assert (missed_round(run).code, round_of(run).by) == ("year_end", date(2027, 7, 1))


def test_what_came_after_a_round_has_missed_nothing(kind, branch):
    with at(2026, 7, 2):
        run = open_run(make_nomination(kind, branch))
    with at(2026, 9, 1):
        assert missed_round(run) is None


def test_the_body_is_reminded_before_its_round_and_told_when_it_passed(kind, branch, committee_member):
    with at(2026, 6, 1):
        for name in ("窗口岗", "巡线岗"):
            make_nomination(kind, branch, name=name)
    mine = Message.objects.filter(user=committee_member)
    with at(2026, 6, 25):
        tick()
        assert not mine.exists()
    for day in ((2026, 6, 26), (2026, 7, 2), (2026, 7, 3)):
        with at(*day):
            tick()
    assert [(m.title, m.body) for m in mine.order_by("pk")] == [
        ("党委审批：2个岗位待办", "请于2026-07-01前办理这一步。"),
        ("党委审批：2个岗位待办", "未赶上批次“七一（2026-07-01前）”，现归入“年底（2026-12-31前）”。"),
    ]


def test_nobody_is_reminded_of_a_step_that_is_over(kind, branch, committee_member):
    with at(2026, 6, 1):
        run = open_run(make_nomination(kind, branch))
        stop(run.nomination, actor=None, reason="另案")
    with at(2026, 7, 3):
        tick()
    assert not Message.objects.filter(user=committee_member).exists()


def test_the_waiting_list_is_grouped_by_round_and_says_what_is_late(
    client, kind, committee, campaign, branch, committee_member
):
    yearly = make_kind(committee, DECIDE | {"params": {"rounds": ["year_end"]}}, campaign=campaign, code="yearly")
    plain = make_kind(committee, DECIDE, campaign=campaign, code="plain")
    with at(2026, 6, 1):
        make_nomination(plain, branch, name="无批次岗")
        make_nomination(yearly, branch, name="年底岗")
        make_nomination(kind, branch, name="七一岗")
    client.force_login(committee_member)
    with at(2026, 6, 20):
        page = client.get(reverse("posts:decision_waiting")).content.decode()
        todos = [(todo.title, todo.due_on) for todo in todos_for(committee_member) if todo.section == "decisions"]
    order = [
        page.index(text) for text in ("七一（2026-07-01前）", "七一岗", "年底（2026-12-31前）", "年底岗", "无批次岗")
    ]
    assert order == sorted(order)
    assert "未赶上批次" not in page
    assert todos == [
        ("有1个岗位等待审批", date(2026, 7, 1)),
        ("有1个岗位等待审批", date(2026, 12, 31)),
        ("有1个岗位等待审批", None),
    ]
    with at(2026, 7, 2):
        page = client.get(reverse("posts:decision_waiting")).content.decode()
    assert page.count("未赶上批次") == 1


def test_a_decision_keeps_the_round_for_which_it_was_made(kind, branch, committee_member):
    with at(2026, 6, 20):
        run = open_run(make_nomination(kind, branch, members=[MemberFactory(branch=branch)]))
        decision = propose_decisions([run], outcome="approved", actor=committee_member)

    assert decision.round_label == "七一（2026-07-01前）"

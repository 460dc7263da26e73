"""The remark and the day of a step reach those who act in it."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.domain.todos import todos_for
from campaigns.models import Message
from posts.domain.endorsements import endorse
from posts.domain.nominations import submit_nomination
from posts.domain.pipeline import return_for_correction
from posts.stages.base import logic_of
from tests.factories import MemberFactory, make_kind, make_nomination
from tests.posts.cases import open_run

DAY = date(2026, 6, 15)
REMARK = "请对照名额审核"


def at(day):
    return time_machine.travel(date(2026, 6, day), tick=False)


@pytest.fixture
def nomination(campaign, branch, secretary):
    kind = make_kind(
        campaign,
        {"kind": "nominate", "due_on": date(2026, 6, 5)},
        {"kind": "endorse", "label": "审核", "actor": ["committee"], "note": REMARK, "due_on": DAY},
    )
    with at(1):
        return make_nomination(kind, branch, secretary, MemberFactory(branch=branch))


@pytest.fixture
def submitted(nomination, secretary):
    with at(2):
        return submit_nomination(nomination, actor=secretary)


def titles(user):
    return [message.title for message in Message.objects.filter(user=user, key__startswith="step-due").order_by("pk")]


def test_a_run_carries_the_remark_and_the_day_of_its_step(client, submitted, committee_member):
    run = open_run(submitted)
    assert (run.note, logic_of(run).due_on()) == (REMARK, DAY)
    client.force_login(committee_member)
    page = client.get(reverse("posts:nomination_detail", args=[submitted.pk])).content.decode()
    assert REMARK in page
    assert [todo.due_on for todo in todos_for(committee_member)] == [DAY]


def test_a_further_attempt_keeps_them(submitted, committee_member):
    with at(3):
        return_for_correction(open_run(submitted), actor=committee_member, reason="写具体些")

    run = submitted.runs.get(position=2, attempt=2)
    assert (run.note, run.due_on) == (REMARK, DAY)


def test_who_acts_is_reminded_once_before_and_once_after(submitted, committee_member, secretary):
    for day in (9, 10, 12, 15):
        with at(day):
            tick()
    assert len(titles(committee_member)) == 1
    for day in (16, 20):
        with at(day):
            tick()
    assert titles(committee_member) == ["审核：便民服务中心综合窗口岗"] * 2
    assert titles(secretary) == []


def test_a_draft_reminds_its_author(nomination, secretary, committee_member):
    with at(6):
        tick()

    assert titles(secretary) == ["nominate：便民服务中心综合窗口岗"]
    assert titles(committee_member) == []


def test_a_step_that_is_done_reminds_nobody(submitted, committee_member):
    with at(3):
        endorse(open_run(submitted), actor=committee_member, result="agreed", opinion="同意。")
    with at(20):
        tick()

    assert titles(committee_member) == []


def test_a_day_that_was_moved_is_reminded_of_on_the_new_day(submitted, committee_member):
    run = open_run(submitted)
    run.due_on = date(2026, 6, 25)
    run.save(update_fields=["due_on"])
    with at(10):
        tick()
    assert titles(committee_member) == []
    with at(20):
        tick()
    assert len(titles(committee_member)) == 1


def test_a_step_that_opens_late_says_so_in_the_work_list_only(campaign, branch, secretary, committee_member):
    kind = make_kind(campaign, {"kind": "endorse", "actor": ["committee"], "due_on": DAY})
    with at(20):
        make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True)
        tick()
        assert [todo.is_overdue for todo in todos_for(committee_member)] == [True]
    assert titles(committee_member) == []

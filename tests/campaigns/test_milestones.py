"""Milestones that each unit records: to-dos before the day, a list of who owes what, one record for each unit."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.milestones import owed_records, record_milestone
from campaigns.domain.schemes import examine_scheme
from campaigns.domain.todos import todos_for
from tests.assessments.titles import at
from tests.campaigns.test_everything import TEXT
from tests.factories import CampaignFactory, make_unit

pytestmark = pytest.mark.django_db

PLAN = {"label": "制定实施方案", "on": "04-30", "who": ["branch"], "record": True, "clause": "四(一)"}
SUMMARY = {"label": "年度总结", "on": "12-31", "who": ["branch", "committee"], "record": True}
REMINDER = {"label": "报送名单", "on": "06-15", "who": ["branch"], "record": False}


@pytest.fixture
def campaign(committee, branch, other_branch):
    campaign = CampaignFactory(owner=committee, rules={"milestones": [PLAN, SUMMARY, REMINDER]})
    campaign.units.add(branch, other_branch)
    return campaign


@pytest.fixture(autouse=True)
def april():
    with time_machine.travel(at(date(2026, 4, 20)), tick=False) as clock:
        yield clock


def test_each_unit_owes_one_record_of_each_milestone(campaign, branch, other_branch, committee):
    assert [(owed.label, owed.unit) for owed in owed_records(campaign)] == [
        ("制定实施方案", branch),
        ("制定实施方案", other_branch),
        ("年度总结", committee),
        ("年度总结", branch),
        ("年度总结", other_branch),
    ]


def test_a_record_is_written_by_the_unit_and_may_be_corrected(campaign, branch, secretary):
    record_milestone(
        campaign, number=0, unit=branch, actor=secretary, text="已印发方案。", document_number="支〔2026〕1号"
    )
    record_milestone(campaign, number=0, unit=branch, actor=secretary, text="已印发并张贴方案。")

    written = [owed.record for owed in owed_records(campaign) if owed.record]
    assert [(mark.text, mark.document_number, mark.recorded_by) for mark in written] == [
        ("已印发并张贴方案。", "", secretary)
    ]


def test_nobody_records_for_another_unit(campaign, branch, other_secretary, secretary):
    with pytest.raises(NotAllowedError):
        record_milestone(campaign, number=0, unit=branch, actor=other_secretary, text="已办。")
    with pytest.raises(DomainError):
        record_milestone(campaign, number=2, unit=branch, actor=secretary, text="已办。")
    with pytest.raises(DomainError):
        record_milestone(campaign, number=0, unit=branch, actor=secretary, text="  ")


def test_nothing_is_recorded_before_the_campaign_is_open(campaign, branch, secretary):
    campaign.status = "draft"
    campaign.save()

    with pytest.raises(OutOfOrderError):
        record_milestone(campaign, number=0, unit=branch, actor=secretary, text="已办。")


def todo_titles(user):
    return [todo.title for todo in todos_for(user) if "登记" in todo.title]


def test_the_work_list_asks_two_weeks_before_until_it_is_recorded(campaign, branch, secretary, officer, april):
    april.move_to(at(date(2026, 4, 15)))
    assert todo_titles(secretary) == []
    april.move_to(at(date(2026, 4, 16)))
    assert todo_titles(secretary) == ["登记：制定实施方案"]
    assert todo_titles(officer) == []  # the branch's own task

    record_milestone(campaign, number=0, unit=branch, actor=secretary, text="已印发方案。")

    assert todo_titles(secretary) == []


def test_the_list_shows_what_is_missing_and_the_form_records_it(campaign, branch, secretary, client, april):
    april.move_to(at(date(2026, 5, 4)))
    client.force_login(secretary)
    assert "2026-04-30" in client.get(reverse("campaigns:milestone_list", args=[campaign.pk])).content.decode()
    address = reverse("campaigns:milestone_record", args=[campaign.pk, 0, branch.pk])

    assert client.post(address, {"text": ""}).status_code == 400
    answer = client.post(address, {"text": "已印发方案。", "document_number": "支〔2026〕1号"}, follow=True)

    assert "支〔2026〕1号" in answer.content.decode()


def test_only_the_unit_itself_gets_the_form(campaign, branch, other_branch, secretary, stranger, client):
    client.force_login(secretary)
    foreign = reverse("campaigns:milestone_record", args=[campaign.pk, 0, other_branch.pk])
    nothing = reverse("campaigns:milestone_record", args=[campaign.pk, 2, branch.pk])
    assert [client.get(url).status_code for url in (foreign, nothing)] == [403, 404]

    client.force_login(stranger)
    assert client.get(reverse("campaigns:milestone_list", args=[campaign.pk])).status_code == 404


def test_the_list_costs_the_same_for_many_units(
    campaign, committee, officer, client, django_assert_num_queries, quiet_menu
):
    client.force_login(officer)
    address = reverse("campaigns:milestone_list", args=[campaign.pk])
    client.get(address)
    with django_assert_num_queries(7):
        client.get(address)
    for _unused in range(3):
        campaign.units.add(make_unit("branch", parent=committee))
    with django_assert_num_queries(7):
        client.get(address)


def test_a_recorded_milestone_names_who_records_it_and_has_its_own_label():
    day = '\n[[milestones]]\nlabel = "{}"\non = "12-31"\nrecord = true\n{}'

    nobody = examine_scheme(TEXT + day.format("总结", ""))
    himself = examine_scheme(TEXT + day.format("总结", 'who = "holder"\n'))
    twice = examine_scheme(TEXT + day.format("总结", 'who = "branch"\n') * 2)

    assert [problem.key for problem in nobody.problems] == ["milestones[2].who"]
    assert [problem.key for problem in himself.problems] == ["milestones[2].who"]
    assert [problem.key for problem in twice.problems] == ["milestones[3].label"]

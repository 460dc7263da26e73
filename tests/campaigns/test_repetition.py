"""Phases, milestones and the next year: who is reminded when, and what the next year's campaign is made of."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.campaign_navigation import campaign_todos
from campaigns.domain.campaigns import create_campaign, duplicate_campaign, open_campaign
from campaigns.domain.errors import DomainError
from campaigns.domain.planning import apply_move, plan_move
from campaigns.domain.progress import carried_over
from campaigns.models import Campaign, DueItem, Message
from campaigns.permissions import forget_grants
from campaigns.presenters import phase_rows
from posts.domain.bans import ban_people
from tests.assessments.titles import make_rule, make_title, run_clock
from tests.campaigns.test_schemes import SMALL
from tests.factories import MemberFactory

YEARLY = (
    SMALL.replace('honour = "示范岗"', 'honour = "示范岗"\nyearly = true')
    + """
[[phases]]
label = "启动"
starts = "04-19"
ends = "04-30"
text = "动员部署"

[[phases]]
label = "实施"
starts = "05-01"
ends = "11-30"
clause = "四（二）"

[[milestones]]
label = "各支部上报名单"
on = "05-20"
who = "branch"
"""
)
DATES = {"starts_on": date(2026, 4, 19), "nominations_until": date(2026, 5, 22), "ends_on": date(2026, 12, 31)}

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(officer, committee, branch, secretary, committee_member):
    """Opened on 10 April."""
    details = {"basis_document": "青示委发〔2026〕1号", "approving_body": "县委", "scope": "全体党员", **DATES}
    with time_machine.travel("2026-04-10 09:00+08:00", tick=False):
        draft = create_campaign(YEARLY, owner=committee, actor=officer, year=2026, **details)
        draft = open_campaign(draft, actor=officer)
    Message.objects.all().delete()
    return draft


def told(user):
    return list(user.messages.filter(key__startswith="campaign_day").order_by("pk").values_list("title", flat=True))


def test_the_office_hears_of_each_phase_on_its_first_and_last_day(campaign, officer, secretary):
    run_clock(date(2026, 4, 11), date(2026, 5, 2))

    assert told(officer) == [
        "“启动”阶段开始，至2026-04-30",
        "“启动”阶段2026-04-30结束",
        "“实施”阶段开始，至2026-11-30",
    ]
    assert told(secretary) == []


def test_a_milestone_reminds_those_it_names_a_week_before_and_on_the_day(campaign, officer, secretary, member):
    run_clock(date(2026, 5, 12), date(2026, 5, 12))
    before = told(secretary)
    run_clock(date(2026, 5, 13), date(2026, 5, 21))

    assert before == []
    assert told(secretary) == ["2026-05-20：各支部上报名单"] * 2
    assert told(officer)[-2:] == ["2026-05-20：各支部上报名单"] * 2
    assert told(member) == []


def test_a_clock_that_was_off_tells_nothing_of_what_is_long_over(campaign, officer):
    run_clock(date(2026, 7, 1), date(2026, 7, 1))

    assert told(officer) == []
    assert not DueItem.objects.filter(kind="campaign_day", state="pending", due_at__date__lte=date(2026, 7, 1)).exists()


def test_a_closed_campaign_reminds_of_nothing_but_the_next_year(campaign, officer):
    Campaign.objects.update(status="closed")
    run_clock(date(2026, 4, 19), date(2026, 4, 19))
    run_clock(date(2026, 12, 1), date(2026, 12, 1))

    assert told(officer) == ["方案规定每年开展：请筹备2027年度活动"]


def test_a_moved_end_moves_the_reminder_of_the_next_year(campaign, officer):
    with time_machine.travel("2026-06-01 09:00+08:00", tick=False):
        move = plan_move(campaign, "end", date(2026, 10, 31))
        apply_move(campaign, what="end", to=date(2026, 10, 31), actor=officer, version=move.version, reason="提前。")
    run_clock(date(2026, 10, 1), date(2026, 10, 1))
    run_clock(date(2026, 12, 1), date(2026, 12, 1))

    assert told(officer).count("方案规定每年开展：请筹备2027年度活动") == 1


@pytest.mark.parametrize(
    ("day", "states"),
    [
        (date(2026, 4, 18), ["later", "later"]),
        (date(2026, 4, 19), ["current", "later"]),
        (date(2026, 4, 30), ["current", "later"]),
        (date(2026, 5, 1), ["past", "current"]),
        (date(2026, 11, 30), ["past", "current"]),
        (date(2026, 12, 1), ["past", "past"]),
    ],
)
def test_the_current_phase(campaign, day, states):
    with time_machine.travel(day, tick=False):
        assert [row.state for row in phase_rows(campaign, None)] == states


def test_the_page_names_the_current_phase_with_what_the_scheme_says(client, campaign, officer):
    client.force_login(officer)
    with time_machine.travel("2026-04-20 09:00+08:00", tick=False):
        page = client.get(reverse("campaigns:campaign_detail", args=[campaign.pk])).content.decode()

    for part in ("当前：启动", "动员部署", "四（二）"):
        assert part in page, part


@pytest.mark.parametrize(
    ("day", "asked"),
    [(date(2026, 11, 30), False), (date(2026, 12, 1), True), (date(2027, 12, 31), True), (date(2028, 1, 2), False)],
)
def test_the_office_is_asked_for_the_next_year_near_the_end(campaign, officer, day, asked):
    with time_machine.travel(day, tick=False):
        forget_grants(officer)
        titles = [todo.title for todo in campaign_todos(officer)]

    assert ("筹备2027年度“示范岗”活动" in titles) is asked


def test_nobody_is_asked_once_the_next_year_is_prepared_or_where_it_is_not_yearly(campaign, officer):
    with time_machine.travel("2026-12-10 09:00+08:00", tick=False):
        duplicate_campaign(campaign, actor=officer, year=2027)
        forget_grants(officer)
        assert "筹备2027年度" not in str([todo.title for todo in campaign_todos(officer)])
        Campaign.objects.filter(year=2027).delete()
        Campaign.objects.update(rules={})
        assert "筹备2027年度" not in str([todo.title for todo in campaign_todos(officer)])


def test_days_move_to_working_days_and_phases_keep_theirs(campaign, officer):
    """The 22nd of May 2027 is a Saturday."""
    stage = campaign.kinds.get().stages.first()
    type(stage).objects.filter(pk=stage.pk).update(due_on=date(2026, 5, 22))
    copy = duplicate_campaign(campaign, actor=officer, year=2027)

    assert (copy.starts_on, copy.nominations_until, copy.ends_on) == (
        date(2027, 4, 19), date(2027, 5, 24), date(2027, 12, 31),
    )  # fmt: skip
    assert copy.kinds.get().stages.first().due_on == date(2027, 5, 24)
    first = copy.phases.get(label="启动")
    assert (first.starts_on, first.ends_on) == (date(2027, 4, 19), date(2027, 4, 30))


def test_a_year_gets_one_copy(campaign, officer):
    duplicate_campaign(campaign, actor=officer, year=2027)
    with pytest.raises(DomainError) as error:
        duplicate_campaign(campaign, actor=officer, year=2027)
    assert error.value.field == "year"


def test_the_page_says_what_goes_on(client, campaign, officer, branch):
    campaign.rules["rotation"] = {"enabled": True}
    campaign.save()
    make_rule(campaign, after_campaign=True)
    make_rule(campaign, cadence="quarterly")
    with time_machine.travel("2026-12-10 09:00+08:00", tick=False):
        make_title(campaign, branch, MemberFactory(branch=branch))
        ended = make_title(campaign, branch, MemberFactory(branch=branch), status="revoked", ended_on=date(2026, 9, 1))
        ban_people(ended, actor=officer, reason="不符合标准。")
        sentences = carried_over(campaign)
        client.force_login(officer)
        page = client.get(reverse("campaigns:campaign_copy", args=[campaign.pk])).content.decode()

    assert sentences == [
        "1个称号继续留在本活动名下，直到终止；不占新活动的名额。",
        "1项当年限制对所有活动有效，至当年年底。",
        "活动结束后继续进行：月度考核。",
        "活动结束之日起不再进行：季度考核。",
        "标牌继续流动；本活动关闭后，接替者从新活动的申报中产生。",
    ]
    assert all(sentence in page for sentence in sentences)
    assert "2027-05-24" in page

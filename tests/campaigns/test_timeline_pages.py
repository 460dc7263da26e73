"""The page of a timeline and the page on which a date is moved."""

import re
from datetime import date
from urllib.parse import urlencode

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.campaigns import create_campaign, open_campaign
from campaigns.domain.planning import plan_move
from campaigns.models import Campaign
from campaigns.timeline_page import timeline_page
from posts.models import Notice
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.campaigns.test_campaigns import DETAILS, SCHEMES
from tests.factories import MemberFactory, make_nomination

WHO = ("officer", "secretary", "member", "stranger", None)


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(date(2026, 4, 2), tick=True):
        yield


@pytest.fixture
def draft(officer, committee, branch, secretary, committee_member):
    return create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, **DETAILS)


@pytest.fixture
def running(draft, officer):
    return open_campaign(draft, actor=officer)


def timeline(campaign):
    return reverse("campaigns:campaign_timeline", args=[campaign.pk])


def mover(campaign, **query):
    return reverse("campaigns:date_move", args=[campaign.pk]) + "?" + urlencode(query)


@pytest.mark.parametrize(
    ("address", "statuses"),
    [(timeline, (200, 200, 200, 404, 302)), (lambda c: mover(c, what="end"), (200, 403, 403, 404, 302))],
    ids=["timeline", "move"],
)
def test_who_sees_what(client, request, running, address, statuses):
    for who, status in zip(WHO, statuses, strict=True):
        client.logout()
        if who:
            client.force_login(request.getfixturevalue(who))
        assert client.get(address(running)).status_code == status, who


def test_a_draft_is_for_the_office_alone(client, secretary, draft):
    client.force_login(secretary)

    assert client.get(timeline(draft)).status_code == 404


def test_the_page_has_chart_months_and_dates(client, officer, draft):
    client.force_login(officer)
    text = client.get(timeline(draft)).content.decode()

    assert re.findall(r'<h3 class="month">(.*?)</h3>', text)[:3] == [
        "2026年4月",
        "2026年5月",
        "2026年7月",
    ]
    assert text.count('class="g-stage"') == 12  # six steps of two kinds
    assert 'class="g-today"' in text
    assert "style=" not in text
    assert "活动准备中：各项日期都可以调整" in text


def test_without_a_first_day_the_page_says_what_to_do(client, officer, draft):
    Campaign.objects.update(starts_on=None, nominations_until=None, ends_on=None)
    client.force_login(officer)
    text = client.get(timeline(draft)).content.decode()

    assert "还没有填写开始日期" in text
    assert reverse("campaigns:campaign_edit", args=[draft.pk]) in text
    assert '<svg class="gantt"' not in text


def test_a_member_is_offered_no_moves(client, member, running):
    client.force_login(member)
    text = client.get(timeline(running)).content.decode()

    assert "/timeline/move/" not in text


def test_the_real_state_stands_beside_the_plan(client, officer, secretary, branch, running):
    kind = running.kinds.get(code="person")
    make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True, commitment="承诺", place="大厅")
    client.force_login(officer)
    text = client.get(timeline(running)).content.decode()

    assert "岗前测评 （在办1个）" in text
    assert "支部推荐 （已过1个）" in text
    assert "实际2026-04-02开始（在办1个）" in text


def test_a_late_step_says_so(running, officer, secretary, branch):
    kind = running.kinds.get(code="person")
    make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True, commitment="承诺", place="大厅")
    with time_machine.travel(date(2026, 5, 7)):
        page = timeline_page(running, officer)
    late = [real for month in page["months"] for row in month.rows for real in row.real if real.is_late]

    assert [real.text for real in late] == ["（在办1个、比计划晚10天）"]  # planned until 27 April


def test_a_date_is_moved_on_the_page_and_moved_back(client, officer, running):
    client.force_login(officer)
    url = mover(running, what="nominations", to="2026-04-29")
    preview = client.get(url)
    text = preview.content.decode()
    assert "2026-04-21 – 2026-04-27" in text
    assert "2026-04-30 – 2026-05-09" in text
    version = preview.context["move"].version

    assert client.post(url, {"version": version, "reason": ""}).status_code == 400
    done = client.post(url, {"version": version, "reason": "农忙推迟"}, follow=True)
    running.refresh_from_db()
    assert running.nominations_until == date(2026, 4, 29)
    text = done.content.decode()
    assert "最近一次调整：推荐截止，2026-04-20 → 2026-04-29" in text
    assert "农忙推迟" in text
    assert mover(running, what="nominations", to="2026-04-20").replace("&", "&amp;") in text


def test_a_stale_preview_comes_back_with_the_new_state(client, officer, draft):
    client.force_login(officer)
    version = plan_move(draft, "nominations", date(2026, 4, 29)).version
    Campaign.objects.update(ends_on=date(2026, 11, 30))
    response = client.post(mover(draft, what="nominations", to="2026-04-29"), {"version": version})

    assert response.status_code == 400
    assert "请重新查看调整的影响" in response.content.decode()
    draft.refresh_from_db()
    assert draft.nominations_until == date(2026, 4, 20)


@pytest.mark.parametrize("to", ["", "morgen", "2026-13-01", "0001-01-01", "9999-12-31", "-5"])
def test_a_nonsense_day_is_told_at_its_field(client, officer, draft, to):
    client.force_login(officer)

    assert client.get(mover(draft, what="nominations", to=to)).status_code == 400


@pytest.mark.parametrize("what", ["", "start", "nonsense", "length:x"])
def test_what_cannot_be_moved_leads_back_to_the_list(client, officer, running, what):
    client.force_login(officer)
    response = client.get(mover(running, what=what, to="2026-05-08"))

    assert (response.status_code, response.url) == (302, timeline(running))


def test_an_impossible_move_has_no_button(client, officer, draft):
    client.force_login(officer)
    text = client.get(mover(draft, what="end", to="2026-04-03")).content.decode()

    assert "活动结束日期早于推荐截止日期" in text
    assert "确认调整" not in text


def test_a_running_notice_is_listed_as_fixed(running, officer, secretary, branch):
    kind = running.kinds.get(code="person")
    nomination = make_nomination(
        kind, branch, secretary, MemberFactory(branch=branch), submit=True, commitment="承诺", place="大厅"
    )
    notice = Notice.objects.create(
        campaign=running, org_unit=branch, title="关于拟命名的公示", text="", object="members", days=5,
        day_kind="working", starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 8), published_by=secretary,
    )  # fmt: skip
    notice.items.create(run=nomination.runs.get(kind="notice"))
    looked = plan_move(running, "nominations", date(2026, 4, 29))

    assert looked.stays == ["已发布的公示“关于拟命名的公示”仍按公布的期限到2026-04-08为止。"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_nominations(
    running, officer, secretary, branch, rows, django_assert_num_queries
):
    kind = running.kinds.get(code="person")
    for _unused in range(rows):
        make_nomination(kind, branch, secretary, MemberFactory(branch=branch), commitment="承诺", place="大厅")
    with django_assert_num_queries(9):
        page = timeline_page(running, officer)
        assert len(page["moves"]) == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_fit_and_are_accessible(size, request, live_server, running, officer):
    page = request.getfixturevalue(size)
    sign_in(page, officer, live_server)
    for path in (timeline(running), mover(running, what="nominations", to="2026-07-29")):
        page.goto(live_server.url + path)
        assert_accessible(page)
        assert_fits(page)
        assert page.locator("svg.gantt").count() == (1 if path == timeline(running) else 0)
        assert page.locator(".gantt-card:visible").count() == (
            1 if path == timeline(running) and size == "desktop" else 0
        )

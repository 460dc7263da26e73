"""Rotation, bans, reviews on call, commendations and the next year, looked at with a browser on desk and phone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessments.domain.commendations import choose_posts, open_commendation
from assessments.domain.incidents import report_incident
from assessments.domain.rewards import record_reward
from assessments.domain.rotation import decide_rotation
from assessments.domain.rotation_clock import Interval, open_rotation
from assessments.domain.verification import record_finding, take_up
from campaigns.models import Phase
from posts.domain.bans import ban_people
from tests.assessments.titles import make_campaign, make_review, make_rule, make_title
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.factories import MemberFactory, StageFactory
from tests.posts.cases import DECIDE, PLAQUE, make_nomination
from tests.site import leftovers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page, url):
    page.goto(url)
    assert_accessible(page)
    assert_fits(page)
    assert leftovers(page.inner_text("main")) == []


@pytest.fixture
def posts(committee, branch, other_branch, officer):
    """Three posts that hang; the third is under rectification."""
    today = timezone.localdate()
    rules = {
        "scheme": {"yearly": True},
        "rotation": {"enabled": True},
        "rewards": [{"kind": "commendation", "text": "每年七一和年底前予以表彰", "clause": "五、4"}],
    }
    campaign = make_campaign(
        committee, rules=rules, year=today.year, starts_on=date(today.year, 1, 5), ends_on=date(today.year, 12, 31),
        nominations_until=date(today.year, 3, 31), opened_at=timezone.now(),
    )  # fmt: skip
    campaign.units.add(branch, other_branch)
    for position, stage in enumerate((DECIDE, PLAQUE), 1):
        StageFactory(post_kind=campaign.kinds.get(), position=position, **stage)
    first = today - timedelta(days=40)
    for position, (label, days) in enumerate((("启动", 10), ("实施", 200)), 1):
        Phase.objects.create(
            campaign=campaign, position=position, label=label, starts_on=first, ends_on=first + timedelta(days=days)
        )
        first += timedelta(days=days + 1)
    hung = today - timedelta(days=200)
    titles = [
        make_title(campaign, branch, MemberFactory(branch=branch), displayed_on=hung, name="综合窗口岗"),
        make_title(campaign, other_branch, MemberFactory(branch=other_branch), displayed_on=hung, name="网格服务岗"),
        make_title(
            campaign, branch, MemberFactory(branch=branch), displayed_on=hung, name="热线岗", status="rectifying"
        ),
    ]
    rule = make_rule(campaign, cadence="quarterly")
    span = {"period_starts_on": today - timedelta(days=100), "period_ends_on": today - timedelta(days=5)}
    make_review(titles[0], rule, period="2026-Q3", status="done", outcome="pass", done_by=officer, **span)
    return titles


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_turn_is_decided_and_released(
    size, request, live_server, posts, branch, committee_member, committee_secretary
):
    page, today = request.getfixturevalue(size), timezone.localdate()
    kind = posts[0].post_kind
    make_nomination(kind, branch, name="导办岗")
    turn = open_rotation(kind, Interval(today - timedelta(days=180), today - timedelta(days=1)))[0]
    first, second, third = turn.items.order_by("pk")
    decide_rotation(first, actor=committee_member, hold=True, reason="履职良好。")
    sign_in(page, committee_secretary, live_server)
    look(page, f"{live_server.url}/rotations/")
    look(page, f"{live_server.url}/rotations/items/{second.pk}/")
    page.get_by_label("轮换，交出标牌").check()
    page.get_by_label("理由").fill("让新岗位挂牌。")
    page.get_by_label("接替者").select_option(label="导办岗（青样镇便民服务中心党支部）")
    page.get_by_role("button", name="记录审批意见").click()
    page.wait_for_url(f"**/rotations/{turn.pk}/")
    page.get_by_role("checkbox", name=third.conferral.name).check()
    page.get_by_placeholder("理由").fill("整改后表现稳定。")
    page.get_by_role("button", name="连任", exact=True).click()
    look(page, f"{live_server.url}/rotations/{turn.pk}/")
    page.get_by_label("发文字号").fill("9号")
    page.get_by_role("button", name="发布本轮结果").click()
    page.wait_for_url(f"**/rotations/{turn.pk}/")
    look(page, page.url)
    turn.refresh_from_db()
    assert turn.status == "released"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_offices_pages(size, request, live_server, posts, branch, officer, committee_member, discipline):
    page, campaign, url = request.getfixturevalue(size), posts[0].campaign, live_server.url
    make_rule(campaign, cadence="none")
    other = make_title(campaign, branch, MemberFactory(branch=branch), status="revoked", ended_on=timezone.localdate())
    ban = ban_people(other, actor=officer, reason="服务态度生硬，查证属实。", members=[other.holders.get().member_id])[
        0
    ]
    occasion = open_commendation(campaign, actor=officer, label="年度表彰")
    choose_posts(occasion, actor=committee_member, conferrals=[posts[0]], reason="群众公认。")
    entry = {"kind": "annual_appraisal", "text": "年度考核优先评优", "given_on": timezone.localdate()}
    record_reward(campaign, actor=officer, conferrals=[posts[1]], **entry)
    sign_in(page, officer, live_server)
    for path in (
        f"campaigns/{campaign.pk}/",
        f"campaigns/{campaign.pk}/copy/",
        "bans/",
        f"bans/{ban.pk}/lift/",
        "reviews/call/",
        f"commendations/{occasion.pk}/",
        f"commendations/new/{campaign.pk}/",
        "commendations/",
        "rewards/",
        f"rewards/new/{campaign.pk}/",
        f"posts/{posts[1].pk}/",
    ):
        look(page, f"{url}/{path}")
    incident = report_incident(posts[0], text="多次反映中午窗口无人值守。")
    take_up(incident, actor=discipline)
    facts = {"finding": "verified", "finding_text": "属实。", "statement": "承认。"}
    incident = record_finding(incident, actor=discipline, **facts)
    sign_in(page, committee_member, live_server)
    look(page, f"{url}/incidents/{incident.pk}/")
    look(page, f"{url}/incidents/{incident.pk}/close/")

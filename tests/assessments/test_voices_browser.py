"""A review with five voices from the first word to the recorded result, on the desk and on the phone."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain.voices import assess_as_peer
from assessments.models import Review
from campaigns.models import Member
from tests.assessments.hearing import FIVE, make_fellows
from tests.assessments.scoring import item, make_assessors, raw_rubric, section
from tests.assessments.test_voices import hold_survey
from tests.assessments.titles import make_campaign, make_review, make_rule, make_title
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.site import leftovers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


ASPECTS = ["比技能", "比作风", "比业绩"]


def judge(page, grade):
    """A grade for each aspect and for the whole, and off it goes."""
    for name in (*ASPECTS, "总体评价"):
        page.get_by_role("group", name=name).get_by_label(grade, exact=True).check()
    page.get_by_role("button", name="提交").click()
    check(page)


def look(page, url):
    page.goto(url)
    check(page)


def check(page):
    assert_accessible(page)
    assert_fits(page)
    assert leftovers(page.inner_text("main")) == []


@pytest.fixture
def review(committee, branch, member):
    """A quarterly review by the branch that asks five voices; a month old post with a commitment."""
    today = timezone.localdate()
    campaign = make_campaign(committee, year=today.year)
    title = make_title(
        campaign,
        branch,
        Member.objects.get(user=member),
        displayed_on=today - timedelta(days=90),
        name="综合窗口岗",
        commitment="当日事项当日办结；中午不断岗。",
    )
    rule = make_rule(campaign, "quarterly", **FIVE, aspects=ASPECTS, names={"mass": "群众评议"})
    return make_review(
        title, rule, period="2026-Q3", due_on=today + timedelta(days=10), voices_until=today + timedelta(days=5)
    )


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_review_of_five_voices(
    size, request, live_server, review, branch, secretary, officer, committee_secretary, member
):
    page, address = request.getfixturevalue(size), live_server.url
    detail = f"{address}/reviews/{review.pk}/"
    fellows = make_fellows(branch, 4)
    for user, voice, text in (
        (member, "self", "本季度办件五百六十件，无超时；一件因资料不全退回。"),
        (committee_secretary, "leader", "服务态度好，希望把做法整理出来。"),
    ):
        sign_in(page, user, live_server)
        look(page, f"{detail}voice/{voice}/")
        page.get_by_label("评语").fill(text)
        judge(page, "优秀")
    sign_in(page, fellows[0], live_server)
    look(page, f"{detail}voice/peer/")
    page.get_by_label("意见").fill("中午值班再衔接一下。")
    judge(page, "合格")
    page.get_by_text("您已评完").wait_for()
    check(page)
    for fellow in fellows[1:]:
        assess_as_peer(review, actor=fellow, grade="excellent", aspects=dict.fromkeys(ASPECTS, "excellent"))
    hold_survey(review, officer, secretary, satisfied=44, basically_satisfied=4, unknown=2)
    sign_in(page, secretary, live_server)
    look(page, f"{detail}voice/organisation/")
    page.get_by_label("评语").fill("查阅台账和回访记录，情况属实。")
    judge(page, "优秀")
    page.get_by_text("按数字建议").wait_for()
    assert page.get_by_label("合格", exact=True).is_checked()
    page.get_by_label("履职情况").first.fill("承诺事项全部办结。")
    page.get_by_role("button", name="提交考核结论").click()
    page.get_by_role("link", name="考核结果通知").wait_for()
    check(page)
    look(page, f"{detail}notice/")

    done = Review.objects.get(pk=review.pk)
    assert (done.outcome, done.score["proposed"]) == ("pass", "pass")
    assert all(voice["heard"] >= voice["least"] for voice in done.score["voices"])


def test_the_rubric_of_a_review_and_the_count_of_papers_fit_a_phone(phone, live_server, review, committee, secretary):
    veto = section("一票否决", item("21", None)) | {"veto": True}
    campaign = review.conferral.campaign
    campaign.rules = {"rubrics": [raw_rubric(*raw_rubric()["sections"], veto)]}
    campaign.save()
    review.rule.params = {"rubric": "points", "assessments": ["peer"], "outcomes": ["pass", "rectify"]}
    review.rule.save()
    assessor = make_assessors(review.conferral.org_unit, 1)[0]
    sign_in(phone, assessor, live_server)
    look(phone, live_server.url + reverse("assessments:review_score", args=[review.pk]))
    sign_in(phone, secretary, live_server)
    look(phone, f"{live_server.url}/reviews/{review.pk}/peers/")
    look(phone, f"{live_server.url}/reviews/{review.pk}/")

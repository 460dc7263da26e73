"""A month as people see it: five voices score a post, its rectification fails, another post falls by a veto.

The clock runs between the pages: it opens the reviews, reminds, and opens none for what has ended.
"""

import io
from datetime import date

import pytest
import time_machine
from PIL import Image

from assessments.domain.review_clock import schedule_reviews
from assessments.domain.voices import assess_as_peer
from assessments.models import Incident, Proposal, Rectification, ReportPhoto, Review
from campaigns.domain.journal import verify_journal
from campaigns.models import Member, Message
from posts.models import Ban, Conferral
from tests.assessments.hearing import FIVE, make_fellows
from tests.assessments.test_veto_browser import fill, hear, look
from tests.assessments.test_voices import hold_survey
from tests.assessments.titles import at, make_campaign, make_ground, make_rule, make_title, run_clock
from tests.browser import sign_in
from tests.factories import MemberFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ASPECTS = ["比技能", "比作风", "比业绩"]
TEXT = "十一月以来窗口中午多次无人值守，见照片。"


@pytest.fixture
def clock(settings, tmp_path):
    """The day may be moved; within a day time passes."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(at(date(2026, 10, 30))) as traveller:
        yield traveller


@pytest.fixture
def posts(clock, committee, branch, member, secretary, officer, committee_secretary, committee_member, discipline):
    """Two posts of the branch that hang since summer, reviewed each month by five voices on three aspects."""
    campaign = make_campaign(committee, rules={"rectify": {"public": True}})
    rule = FIVE | {"aspects": ASPECTS, "outcomes": ["pass", "rectify", "adjust", "revoke"]}
    make_rule(campaign, "monthly", **rule)
    make_ground(campaign, text="群众反映强烈，经查证情况属实的", requires_verification=True)
    people = [Member.objects.get(user=member), MemberFactory(branch=branch)]
    titles = [
        make_title(campaign, branch, person, name=name)
        for person, name in zip(people, ("综合窗口岗", "热线岗"), strict=True)
    ]
    for title in titles:
        title.displayed_on = date(2026, 10, 8)
        title.save()
        schedule_reviews(title)
    return titles


def to(clock, day, *, since=None):
    """Let the clock tick each morning until a day, and stay there."""
    if since:
        run_clock(since, day)
    clock.move_to(at(day, 10))


def judge(page, grade, **fields):
    """Every aspect and the whole, then the words."""
    for name in (*ASPECTS, "总体评价"):
        page.get_by_role("group", name=name).get_by_label(grade, exact=True).check()
    fill(page, **fields)
    page.click("main form button.btn-primary")
    page.wait_for_load_state()


def speak(page, live_server, review, branch, *, member, leader, secretary, officer):
    """Five voices, none of them enthusiastic."""
    voice = f"{live_server.url}/reviews/{review.pk}/voice"
    fellows = make_fellows(branch, 3)
    for user, name, fields in (
        (member, "self", {"text": "午间值班没有衔接好，已调整。"}),
        (leader, "leader", {"text": "台账和值班都要改。"}),
        (secretary, "organisation", {"text": "抽查四次，两次无人。"}),
        (fellows[0], "peer", {"remark": "中午常没有人。"}),
    ):
        sign_in(page, user, live_server)
        page.goto(f"{voice}/{name}/")
        if name in ("self", "peer"):
            look(page, f"month-{name}")
        judge(page, "基本合格", **fields)
    for fellow in fellows[1:]:
        judged = dict.fromkeys(ASPECTS, "basically_qualified")
        assess_as_peer(review, actor=fellow, grade="basically_qualified", aspects=judged)
    hold_survey(review, officer, secretary, satisfied=24, dissatisfied=6)


def record_result(page, live_server, review, secretary):
    """The numbers propose a rectification; the secretary orders it."""
    sign_in(page, secretary, live_server)
    page.goto(f"{live_server.url}/reviews/{review.pk}/")
    look(page, "month-review")
    assert "按数字建议：限期整改" in page.inner_text("main")
    fill(page, performance="承诺三项完成一项。", problems="中午无人值守，台账缺两周。", reasons="五方评议偏低。")
    page.check("input[name=outcome][value=rectify]")
    fill(page, requirement="安排午间轮班并补齐台账。", responsible="陈样甲", rectify_by="2026-11-16")
    page.click("button:has-text('提交考核结论')")
    page.get_by_role("link", name="考核结果通知").click()
    look(page, "month-notice")


def fail_to_mend(page, live_server, clock, post, *, member, secretary, committee_secretary):
    """Handed in on the last day, looked at again, found wanting, ended by the deciding body."""
    address = f"{live_server.url}/rectifications/{Rectification.objects.get().pk}/"
    sign_in(page, member, live_server)
    page.goto(address)
    fill(page, proof="已补齐一周台账。")
    page.click("button:has-text('提交')")
    page.goto(f"{live_server.url}/p/{post.public_id}/")
    assert "整改中" in page.inner_text("main")
    to(clock, date(2026, 11, 17))
    sign_in(page, secretary, live_server)
    page.goto(address)
    page.check("input[name=passed][value='0']")
    fill(page, opinion="午间仍无人，台账仍缺一周。")
    page.select_option("select[name=proposed_end]", "adjust")
    look(page, "month-check")
    page.click("button:has-text('记录复查结论')")
    sign_in(page, committee_secretary, live_server)
    page.goto(f"{live_server.url}/proposals/{Proposal.objects.get().pk}/")
    page.check("input[name=accept][value='1']")
    fill(page, decision_text="同意调整。")
    page.click("main form.card button.btn-primary")
    page.wait_for_load_state()


def report_with_photo(page, live_server, post):
    """Somebody scans the plaque, writes and sends a photograph."""
    picture = io.BytesIO()
    Image.new("RGB", (640, 480), "gray").save(picture, "JPEG")
    page.context.clear_cookies()
    page.goto(f"{live_server.url}/p/{post.public_id}/report/")
    fill(page, text=TEXT, name="孙样甲")
    photo = {"name": "孙样甲.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}
    page.set_input_files("input[name=photos]", photo)
    look(page, "month-public-report")
    page.click(".submitbar button")
    page.wait_for_selector(".receipt")


@pytest.mark.timeout(150)
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_month(
    size, request, live_server, posts, clock, branch,
    member, secretary, officer, committee_secretary, committee_member, discipline,
):  # fmt: skip
    page, (first, second) = request.getfixturevalue(size), posts
    to(clock, date(2026, 11, 2), since=date(2026, 10, 31))
    review = Review.objects.get(conferral=first)
    assert (review.period, review.voices_until, review.due_on) == (
        "2026-10",
        date(2026, 11, 6),
        date(2026, 11, 13),
    )
    speak(
        page,
        live_server,
        review,
        branch,
        member=member,
        leader=committee_secretary,
        secretary=secretary,
        officer=officer,
    )
    record_result(page, live_server, review, secretary)
    to(clock, date(2026, 11, 16), since=date(2026, 11, 3))
    assert reminders(member) == [date(2026, 11, day) for day in (9, 13, 15, 16)]
    fail_to_mend(
        page, live_server, clock, first, member=member, secretary=secretary, committee_secretary=committee_secretary
    )
    assert Conferral.objects.get(pk=first.pk).status == "adjusted"

    to(clock, date(2026, 11, 18))
    report_with_photo(page, live_server, second)
    address = f"{live_server.url}/incidents/{Incident.objects.get().pk}/"
    second.holders.update(member=Member.objects.get(user=member), name="陈样甲")
    hear(page, live_server, address, discipline, member)
    page.goto(address)
    photo = page.locator(".photo-row img")
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") == 640
    look(page, "month-incident")
    to(clock, date(2026, 11, 24))
    sign_in(page, committee_member, live_server)
    page.goto(address)
    assert page.locator(".photo-row").count() == 0
    page.click("main a[href$='/veto/']")
    fill(page, decision_text="撤销称号。", document_number="青示委发〔2026〕9号")
    page.click("main form button.btn-primary")
    page.wait_for_url(address)
    page.goto(f"{live_server.url}/p/{second.public_id}/")
    look(page, "month-revoked")
    assert "已撤销" in page.inner_text("main")

    to(clock, date(2026, 12, 2), since=date(2026, 11, 25))
    assert Conferral.objects.get(pk=second.pk).status == "revoked"
    assert (Ban.objects.filter(year=2026).exists(), ReportPhoto.objects.count()) == (True, 1)
    assert not Review.objects.filter(period="2026-11").exists()
    assert list(verify_journal()) == []


def reminders(user):
    """The days on which the person was reminded of the rectification."""
    told = Message.objects.filter(user=user, key__regex=r"^rectification:\d+:2026-11-16:")
    return sorted(message.created_at.date() for message in told)

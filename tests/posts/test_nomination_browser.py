"""The paper, the steps and the consent in a real browser."""

import pytest
from django.urls import reverse

from posts.domain.pipeline import current_run
from posts.models import Consent, Nomination, NominationStatus
from tests.browser import PHONE, assert_accessible, assert_fits, sign_in, watched_context
from tests.factories import MemberFactory, make_nomination

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = {
    "name": "证书.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
}


def check(page):
    assert_accessible(page)
    assert_fits(page)


def show(page, live_server, name, *args):
    page.goto(live_server.url + reverse(f"posts:{name}", args=args))
    check(page)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_secretary_writes_and_submits_a_paper(size, request, live_server, person_kind, branch, secretary):
    page = request.getfixturevalue(size)
    holder = MemberFactory(branch=branch, name="冯样乙")
    sign_in(page, secretary, live_server)
    show(page, live_server, "nomination_list")
    page.get_by_role("link", name="新建申报").click()
    check(page)
    page.get_by_role("link", name="选择").click()
    check(page)
    page.get_by_role("button", name="开始填写").click()
    page.get_by_label("岗位名称").fill("综合窗口岗")
    page.get_by_text("已保存").wait_for()
    nomination = Nomination.objects.get()
    assert (nomination.name, nomination.version) == ("综合窗口岗", 2)
    check(page)

    page.get_by_label("岗位职责").fill("受理申请。")
    page.get_by_label("申报理由").fill("上年度办理事项三千二百余件。")
    page.get_by_label("在名册中查找").fill("冯样")
    assert page.locator("#roster > li:visible").count() == 1
    page.get_by_label("冯样乙", exact=False).first.check()
    page.get_by_text("材料齐全，可以提交。").wait_for()
    page.locator("#id_upload").set_input_files(PDF)
    page.get_by_role("button", name="上传").click()
    page.get_by_role("link", name="证书.pdf").wait_for()
    check(page)
    page.get_by_role("button", name="提交申报").click()
    page.get_by_text("申报已提交。").wait_for()
    check(page)
    nomination.refresh_from_db()
    assert (nomination.status, nomination.members.get().member) == (NominationStatus.IN_PROGRESS, holder)


def test_two_windows_lose_nothing(desktop, live_server, person_kind, branch, secretary):
    nomination = make_nomination(person_kind, branch, secretary, MemberFactory(branch=branch))
    sign_in(desktop, secretary, live_server)
    show(desktop, live_server, "nomination_edit", nomination.pk)
    other = desktop.context.new_page()
    show(other, live_server, "nomination_edit", nomination.pk)
    other.get_by_label("岗位名称").fill("另一窗口的岗名")
    other.get_by_role("button", name="保存草稿").click()
    other.get_by_text("草稿已保存。").wait_for()

    desktop.get_by_label("岗位名称").fill("这个窗口的岗名")
    desktop.get_by_text("已在另一个窗口保存过").wait_for()
    desktop.get_by_role("button", name="保存草稿").click()
    desktop.locator("#main").get_by_text("两份内容均已列出").wait_for()
    assert desktop.get_by_label("岗位名称").input_value() == "这个窗口的岗名"
    check(desktop)
    desktop.get_by_role("button", name="保存草稿").click()
    desktop.get_by_text("草稿已保存。").wait_for()
    nomination.refresh_from_db()
    assert nomination.name == "这个窗口的岗名"


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_office_returns_and_endorses(size, request, live_server, person_kind, branch, secretary, officer):
    page = request.getfixturevalue(size)
    nomination = make_nomination(person_kind, branch, secretary, MemberFactory(branch=branch), submit=True)
    sign_in(page, officer, live_server)
    show(page, live_server, "nomination_detail", nomination.pk)
    page.get_by_role("link", name="退回修改").click()
    check(page)
    page.get_by_role("button", name="岗位职责与岗位不符").click()
    assert "岗位职责与岗位不符" in page.get_by_label("需要修改的内容").input_value()
    show(page, live_server, "run_endorse", current_run(nomination).pk)
    page.get_by_label("同意", exact=True).check()
    page.get_by_label("意见", exact=False).last.fill("同意。")
    page.get_by_role("button", name="提交意见").click()
    page.get_by_text("意见已登记。").wait_for()
    check(page)
    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.COMPLETED


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_branch_records_a_meeting(size, request, live_server, meeting_kind, branch, secretary):
    page = request.getfixturevalue(size)
    nomination = make_nomination(meeting_kind, branch, secretary, MemberFactory(branch=branch), submit=True)
    sign_in(page, secretary, live_server)
    show(page, live_server, "nomination_detail", nomination.pk)
    page.get_by_role("link", name="登记会议").click()
    check(page)
    for label, number in (("应到会人数", 15), ("实到会人数", 8), ("赞成", 8), ("反对", 0), ("弃权", 0)):
        page.get_by_label(label, exact=False).first.fill(str(number))
    page.get_by_label("会议记录").fill("讨论情况。")
    page.get_by_role("button", name="登记").click()
    page.get_by_text("会议情况已登记。").wait_for()
    check(page)
    assert current_run(nomination).kind == "endorse"


def test_a_member_consents_on_his_phone_without_javascript(chromium, live_server, team_kind, branch, secretary, member):
    nomination = make_nomination(
        team_kind,
        branch,
        secretary,
        member.member,
        MemberFactory(branch=branch),
        MemberFactory(branch=branch),
        submit=True,
    )
    consent = Consent.objects.get(person__member__user=member)
    with watched_context(chromium, **PHONE) as context:
        page = context.new_page()
        sign_in(page, member, live_server)
        show(page, live_server, "consent_answer", consent.pk)
    with watched_context(chromium, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        sign_in(page, member, live_server)
        page.goto(live_server.url + reverse("posts:consent_answer", args=[consent.pk]))
        with page.expect_navigation():
            page.get_by_role("button", name="我同意").click()
        assert page.get_by_text("您已于").is_visible()
    consent.refresh_from_db()
    assert (consent.answer, current_run(nomination).kind) == ("agreed", "consent")

"""A document from its draft to its issue in a real browser, on the desktop and on a phone."""

import hashlib

import pytest

from posts.models import OfficialDocument
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.posts.papers import make_running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def check(page):
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_office_drafts_edits_and_issues(size, request, live_server, committee, officer):
    page, campaign = request.getfixturevalue(size), make_running(committee)
    page.set_default_timeout(90_000)  # each preview makes the paper: a busy machine needs its time
    sign_in(page, officer, live_server)
    page.goto(f"{live_server.url}/campaigns/{campaign.pk}/")
    page.get_by_role("button", name="起草活动通知").click()
    check(page)
    page.get_by_label("发文机关代字").fill("青示委发")
    text = page.get_by_label("正文")
    text.fill(text.input_value().replace("{依据}", ""))
    page.get_by_role("button", name="保存并预览").click()
    page.get_by_text("正文缺少事实“依据”").first.wait_for()
    check(page)
    text.fill("根据{依据}，" + text.input_value())
    page.get_by_role("button", name="保存并预览").click()
    page.get_by_alt_text("第 1 页").wait_for()
    check(page)
    page.goto(live_server.url)
    page.get_by_role("link", name="核对印发").first.click()
    page.get_by_role("link", name="印发", exact=True).click()
    check(page)
    today = page.get_by_label("成文日期").input_value()
    page.get_by_label("成文日期").fill("2099-01-01")
    page.get_by_role("button", name="确认印发").click()
    page.get_by_text("成文日期不能晚于今天").first.wait_for()
    check(page)
    page.get_by_label("成文日期").fill(today)
    page.get_by_role("button", name="确认印发").click()
    page.get_by_text("公文已印发并固定").wait_for()
    check(page)
    document = OfficialDocument.objects.get()
    assert document.status == "issued"
    assert page.get_by_text(document.sha256).is_visible()
    file = page.context.request.get(
        live_server.url + page.get_by_role("link", name="打印（PDF）").get_attribute("href")
    )
    assert hashlib.sha256(file.body()).hexdigest() == document.sha256
    page.goto(f"{live_server.url}/document-numbers/")
    page.get_by_text(document.number).first.wait_for()
    check(page)
    page.goto(f"{live_server.url}/documents/")
    check(page)
    page.goto(f"{live_server.url}/ledgers/documents/?state=issued")
    page.get_by_text(document.number).first.wait_for()
    check(page)

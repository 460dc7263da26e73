"""Notices and objections in a real browser, with and without JavaScript."""

import pytest

from posts.domain.notices import publish_notice
from posts.domain.objections import file_objection
from posts.domain.pipeline import current_run
from posts.models import Notice, Objection
from tests.browser import PHONE, assert_accessible, assert_fits, sign_in, watched_context

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "反映该岗位上月两次中午无人值班。"


def check(page):
    assert_accessible(page)
    assert_fits(page)


def test_somebody_objects_on_a_phone_without_javascript(chromium, live_server, publishable, secretary):
    notice = publish_notice([current_run(publishable())], actor=secretary)
    with watched_context(chromium, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/n/")
        page.get_by_role("link", name=notice.title).click()
        page.get_by_label("反映内容").fill(TEXT)
        with page.expect_navigation():
            page.get_by_role("button", name="提交").click()
        assert page.get_by_label("反映内容").input_value() == TEXT
        page.get_by_label("匿名反映").check()
        with page.expect_navigation():
            page.get_by_role("button", name="提交").click()
        number = Objection.objects.get().public_id
        assert page.get_by_text(number).is_visible()


def test_the_public_pages_are_accessible_and_fit(phone, live_server, publishable, secretary):
    notice = publish_notice([current_run(publishable())], actor=secretary)
    objection = file_objection(notice.items.get(), text=TEXT)
    for path in ("n/", f"n/{notice.public_id}/", f"n/o/{objection.public_id}/"):
        phone.goto(f"{live_server.url}/{path}")
        check(phone)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_office_publishes_and_settles(size, request, live_server, publishable, officer):
    page = request.getfixturevalue(size)
    publishable("窗口岗")
    publishable("热线岗")
    sign_in(page, officer, live_server)
    page.goto(f"{live_server.url}/notices/")
    check(page)
    page.get_by_role("button", name="拟写公示").click()
    check(page)
    page.get_by_role("button", name="发布公示").click()
    page.get_by_text("公示已发布").wait_for()
    check(page)
    notice = Notice.objects.get()
    assert notice.items.count() == 2

    objection = file_objection(notice.items.first(), text=TEXT)
    page.goto(f"{live_server.url}/notices/objections/")
    check(page)
    page.get_by_role("link", name="窗口岗").click()
    check(page)
    page.get_by_role("button", name="受理并核查").click()
    page.get_by_label("不属实").check()
    page.get_by_label("核查情况").fill("调阅值班表，未发现脱岗。")
    page.get_by_label("给反映人的答复").fill("经核查不属实。")
    check(page)
    page.get_by_role("button", name="办结").click()
    page.get_by_text("该反映已办结").wait_for()
    check(page)
    objection.refresh_from_db()
    assert objection.status == "not_upheld"

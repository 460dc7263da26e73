"""The downloads in a real browser: ordered, watched, called off, tried again, taken along; also without scripts."""

from pathlib import Path

import pytest

from campaigns.domain.clock import tick
from campaigns.models import DueItem
from posts.domain.print_jobs import order_print
from posts.models import PrintJob
from tests.browser import PHONE, assert_accessible, assert_fits, sign_in, watched_context
from tests.posts.printing import KIND

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture(params=["desktop", "phone"])
def page(request, live_server, secretary):
    """A page of the secretary that looks again when the test says so (``look_again``) and not while the clock works."""
    page = request.getfixturevalue(request.param)
    page.looks = []
    page.route("**/prints/**", lambda route: pass_on(route, page.looks))
    sign_in(page, secretary, live_server)
    return page


def pass_on(route, looks):
    """What a script asks for is answered with nothing new, unless a look is due; the rest goes its way."""
    if "hx-request" not in route.request.headers:
        route.continue_()
    elif looks:
        looks.pop()
        route.continue_()
    else:
        route.fulfill(status=204)


def look_again(page):
    """Once, by itself, as a page does every few seconds."""
    page.looks.append("now")


def check(page):
    assert_accessible(page)
    assert_fits(page)


def order(user, kind=KIND, title="便民服务中心党支部：示范岗花名册", **params):
    return order_print(kind, actor=user, params=params, title=title)


def address(live_server, job):
    return f"{live_server.url}/prints/{job.pk}/"


def taken(page) -> Path:
    with page.expect_download() as download:
        page.locator("main a[href$='/file/']").click()
    assert download.value.suggested_filename == "计数.txt"
    return download.value.path()


def test_a_job_is_watched_until_it_is_there_and_taken_along(page, live_server, secretary):
    page.goto(f"{live_server.url}/prints/")
    page.get_by_text("这里还没有文件").wait_for()
    check(page)
    job = order(secretary, parts=3, killed=2)
    page.goto(address(live_server, job))
    page.get_by_text("马上开始生成文件").wait_for()
    page.get_by_role("button", name="取消").focus()
    with pytest.raises(SystemExit):  # the worker is killed at its third part
        tick()
    look_again(page)
    page.get_by_text("2 / 3").wait_for()
    assert page.locator("progress").get_attribute("value") == "66"
    assert page.evaluate("document.activeElement.id") == "cancel"  # the keyboard stays where it was
    check(page)

    PrintJob.objects.update(params={"parts": 3})
    DueItem.objects.update(leased_until=None)
    tick()
    look_again(page)
    page.get_by_text("计数.txt").wait_for()
    check(page)
    assert taken(page).read_text() == "页0\n页1\n页2\n"
    job.refresh_from_db()
    assert page.get_by_text(job.sha256).is_visible()

    page.goto(f"{live_server.url}/prints/")
    page.get_by_text("已生成").wait_for()
    check(page)
    assert taken(page).read_text() == "页0\n页1\n页2\n"
    page.get_by_role("link", name=job.title).click()
    page.get_by_role("button", name="删除").click()
    page.get_by_text("文件已删除").wait_for()
    assert not job.path.exists()


def test_the_list_follows_what_is_being_made(page, live_server, secretary):
    order(secretary)
    page.goto(f"{live_server.url}/prints/")
    page.get_by_text("排队中").wait_for()
    check(page)
    tick()
    look_again(page)
    page.get_by_text("已生成").wait_for()


def test_a_job_is_called_off_and_ordered_again(page, live_server, secretary):
    job = order(secretary)
    page.goto(address(live_server, job))
    page.get_by_role("button", name="取消").click()
    page.get_by_text("打印任务已取消").first.wait_for()
    check(page)
    page.get_by_role("button", name="再试一次").click()
    page.get_by_text("马上开始生成文件").wait_for()
    tick()
    look_again(page)
    assert taken(page).read_text() == "页0\n页1\n页2\n"


def test_what_cannot_be_made_says_why_in_a_sentence(page, live_server, secretary):
    job = order(secretary, "dossier", conferral=0)
    tick()
    page.goto(address(live_server, job))
    page.get_by_text("文件未能生成").wait_for()
    page.get_by_text("您已不能查看这个岗位。").wait_for()
    check(page)


def test_everything_works_without_scripts(chromium, live_server, secretary):
    with watched_context(chromium, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        sign_in(page, secretary, live_server)
        job = order(secretary)
        page.goto(address(live_server, job))
        assert page.locator("meta[http-equiv=refresh]").count() == 1
        page.get_by_role("button", name="取消").click()
        page.get_by_role("button", name="再试一次").wait_for()
        assert page.locator("meta[http-equiv=refresh]").count() == 0
        page.get_by_role("button", name="再试一次").click()
        page.get_by_text("马上开始生成文件").wait_for()
        page.goto("about:blank")
        tick()
        page.goto(address(live_server, job))
        assert page.locator("meta[http-equiv=refresh]").count() == 0
        assert taken(page).read_text() == "页0\n页1\n页2\n"

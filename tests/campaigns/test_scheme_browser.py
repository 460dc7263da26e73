"""The library and the editor in Chromium: with a script and without, on a desktop and on a phone."""

import time

import pytest
from playwright.sync_api import expect

from campaigns.domain.library import find_entry, shipped_files
from campaigns.domain.scheme_drafts import raw_of, start_draft
from campaigns.models import Scheme, SchemeDraft
from tests.browser import DESKTOP, PHONE, assert_accessible, assert_fits, sign_in, watched_context

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("schemes")]
LONGEST = max(shipped_files(), key=lambda path: path.stat().st_size).stem


@pytest.fixture(params=["script", "no-script"])
def officer_page(request, chromium, officer, live_server):
    """A desktop of the officer, with and without JavaScript."""
    with watched_context(chromium, **DESKTOP, java_script_enabled=request.param == "script") as context:
        page = context.new_page()
        sign_in(page, officer, live_server)
        yield page


def press(page, button):
    with page.expect_navigation():
        button.click()


def test_a_scheme_is_copied_changed_mended_and_stored(officer_page, live_server):
    page = officer_page
    page.goto(f"{live_server.url}/schemes/default/")
    press(page, page.get_by_role("button", name="复制后修改"))
    page.get_by_label("方案名称").fill("我们的方案")
    press(page, page.get_by_role("button", name="一票否决"))
    before = page.locator(".form-rows > li").count()
    press(page, page.locator("button[value='add:veto']"))
    assert page.locator(".form-rows > li").count() == before + 1

    press(page, page.get_by_role("button", name="检查并存入方案库"))
    assert "有1处错误" in page.locator("#summary").inner_text()
    with page.expect_navigation():
        page.locator("#summary a").click()
    field = page.locator(f"[id='f-veto.{before}.text']")
    assert "请填写。" in page.locator(f"[id='e-veto.{before}.text']").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    field.fill("弄虚作假的")
    press(page, page.locator(f"button[value='up:veto/{before}']"))
    press(page, page.get_by_role("button", name="检查并存入方案库"))

    assert page.url.split("#")[0] == f"{live_server.url}/schemes/default_own/"
    scheme = find_entry("default_own").scheme
    assert scheme.scheme.title == "我们的方案"
    assert scheme.veto[before - 1].text == "弄虚作假的"


def test_a_step_of_another_kind_shows_its_own_fields(officer_page, officer, live_server):
    page = officer_page
    draft = start_draft(actor=officer, entry=find_entry("default"))
    way, steps = next(iter(raw_of(draft)["pipelines"].items()))
    number = next(i for i, step in enumerate(steps) if step["kind"] == "notice")
    page.goto(f"{live_server.url}/schemes/drafts/{draft.pk}/pipelines/{way}/{number + 1}/")
    kind = page.locator(f"[id='f-pipelines.{way}.{number}.kind']")
    again = page.locator("#again")

    with page.expect_navigation():
        kind.select_option("survey")
        if again.is_visible():
            again.click()

    assert page.locator(f"[id='f-pipelines.{way}.{number}.params.threshold']").count() == 1
    assert page.get_by_role("button", name="找回刚才删除的内容").count() == 1


def test_what_is_typed_is_kept_without_pressing_anything(desktop, officer, live_server):
    sign_in(desktop, officer, live_server)
    draft = start_draft(actor=officer, entry=find_entry("default"))
    desktop.goto(f"{live_server.url}/schemes/drafts/{draft.pk}/")

    desktop.get_by_label("方案名称").press_sequentially("！")
    expect(desktop.locator("#live input")).to_have_value(str(draft.version + 1))

    assert raw_of(SchemeDraft.objects.get())["scheme"]["title"].startswith("！")
    press(desktop, desktop.get_by_role("button", name="检查并存入方案库"))
    assert Scheme.objects.count() == 1


def test_a_form_that_is_being_sent_does_not_save_itself_once_more(desktop, officer, live_server):
    """The answer to the button takes longer than the pause before a save: the draft may be gone by then."""
    sign_in(desktop, officer, live_server)
    draft = start_draft(actor=officer, entry=find_entry("default"))
    desktop.goto(f"{live_server.url}/schemes/drafts/{draft.pk}/")
    saves = []

    def answer_slowly(route):
        if route.request.method == "POST" and "hx-request" in route.request.headers:
            saves.append(route.request.url)
        elif route.request.method == "POST":
            time.sleep(4)
        route.continue_()

    desktop.route("**/schemes/drafts/**", answer_slowly)
    desktop.get_by_label("方案名称").press_sequentially("！")
    press(desktop, desktop.get_by_role("button", name="检查并存入方案库"))

    assert Scheme.objects.get().title.startswith("！")
    assert saves == []


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_fit_and_are_accessible(chromium, officer, live_server, options):
    draft = start_draft(actor=officer, entry=find_entry(LONGEST))
    way = next(iter(raw_of(draft)["pipelines"]))
    editor = [
        f"/schemes/drafts/{draft.pk}/{where}" for where in ("", "kinds/1/", f"pipelines/{way}/", "veto/", "rest/")
    ]
    with watched_context(chromium, **options) as context:
        page = context.new_page()
        sign_in(page, officer, live_server)
        for path in ("/schemes/", f"/schemes/{LONGEST}/", f"/schemes/compare/?a=default&b={LONGEST}", *editor):
            page.goto(live_server.url + path)
            assert_fits(page)
            assert_accessible(page)


def test_a_printed_scheme_is_a_document_without_the_shell(desktop, officer, live_server):
    sign_in(desktop, officer, live_server)
    desktop.goto(f"{live_server.url}/schemes/{LONGEST}/")
    desktop.emulate_media(media="print")

    assert desktop.locator(".scheme-doc h2").is_visible()
    assert [desktop.locator(part).first.is_visible() for part in (".toc", ".sidenav", ".page-actions .btn")] == [
        False
    ] * 3

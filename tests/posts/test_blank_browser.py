"""The print menu and the pages of blanks on the screens that people have."""

import os

import pytest
from django.urls import reverse

from posts.domain.blanks import keep_blank
from posts.models import Blank
from tests.browser import DESKTOP, PHONE, assert_accessible, assert_fits, sign_in, watched_context
from tests.posts import cases
from tests.posts.words import upload, word

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page, name):
    assert_accessible(page)
    assert_fits(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_an_officer_uploads_a_blank_and_finds_it_in_the_print_menu(
    chromium, live_server, committee, branch, committee_member, officer, options, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    kind = cases.make_kind(committee)
    conferral = cases.make_conferral(kind, branch, decider=committee_member, releaser=officer)
    keep_blank(committee, actor=officer, kind="notice", title="公示底稿", upload=upload(word("{{ 标题 }}")))
    with watched_context(chromium, **options) as context:
        page = context.new_page()
        sign_in(page, officer, live_server)
        page.goto(live_server.url + reverse("posts:blank_list"))
        look(page, "blank-list")
        page.goto(live_server.url + reverse("posts:blank_fields", args=["post"]))
        look(page, "blank-fields")
        page.goto(live_server.url + reverse("posts:blank_create"))
        for name, content in (("wrong", word("第一段", "{{ 电话号码 }} {{ 岗位 }}")), ("good", word("{{ 岗位名称 }}"))):
            page.locator("[name=kind]").select_option("post")
            page.locator("[name=title]").fill("履岗卡")
            file = {"name": "履岗卡.docx", "mimeType": "application/octet-stream", "buffer": content}
            page.locator("[name=upload]").set_input_files(file)
            page.locator("form .btn-primary").click()
            page.wait_for_load_state()
            look(page, f"blank-{name}")
        assert Blank.objects.active().filter(title="履岗卡").exists()
        page.goto(live_server.url + reverse("posts:conferral_detail", args=[conferral.pk]))
        page.locator(".print-menu summary").focus()
        page.keyboard.press("Enter")
        assert page.get_by_role("link", name="履岗卡 (Word)").is_visible()
        look(page, "print-menu")

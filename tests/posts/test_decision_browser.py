"""Deciding, releasing, handing over and checking a plaque, in a real browser."""

import pytest

from posts.domain.decisions import propose_decisions
from posts.domain.plaques import hand_over, recall_plaque
from posts.domain.revocations import revoke_title
from posts.models import Conferral, Decision
from tests.browser import PHONE, assert_accessible, assert_fits, sign_in, watched_context
from tests.posts.cases import make_conferral, make_kind, make_nomination, open_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def check(page):
    assert_accessible(page)
    assert_fits(page)


@pytest.fixture
def kind(committee):
    kind = make_kind(committee)
    kind.campaign.quotas.create(code="all", scope="campaign", params={"max": 3})
    return kind


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_batch_is_decided_released_and_handed_over(
    size, request, live_server, kind, branch, committee_member, officer
):
    page = request.getfixturevalue(size)
    for name in ("综合窗口", "社保窗口"):
        make_nomination(kind, branch, name=name)
    sign_in(page, committee_member, live_server)
    page.goto(f"{live_server.url}/decisions/waiting/")
    check(page)
    page.get_by_role("checkbox", name="综合窗口").check()
    page.get_by_role("button", name="通过", exact=True).click()
    check(page)
    page.get_by_label("会议").fill("党委会议（2026年第9次）")
    page.get_by_label("发文字号").fill("青示委发〔2026〕7号")
    page.get_by_role("button", name="记录审批意见").click()
    page.wait_for_url("**/decisions/*/")
    assert Decision.objects.get().items.get().run.nomination.name == "综合窗口"
    assert not Conferral.objects.exists()

    sign_in(page, officer, live_server)
    page.reload()
    check(page)
    page.get_by_role("button", name="发布1项").click()
    page.get_by_text("决定已发布").wait_for()
    check(page)
    page.goto(f"{live_server.url}/plaques/?status=to_print")
    check(page)
    page.get_by_role("link", name="发放", exact=True).click()
    check(page)
    page.get_by_label("摆放位置").fill("一楼3号窗口")
    page.get_by_role("button", name="发放标牌").click()
    page.wait_for_url("**/posts/*/")
    check(page)
    assert Conferral.objects.get().displayed_on is not None


def test_the_lists_and_sheets_are_accessible_and_fit(
    desktop, phone, live_server, kind, branch, committee_member, committee_secretary, officer
):
    first = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    second = make_conferral(kind, branch, decider=committee_member, releaser=officer, name="社保窗口")
    recall_plaque(hand_over(first.plaques.get(), actor=officer, received_by="陈样甲"), actor=officer, reason="破损")
    revoke_title(second, actor=committee_secretary, reason="收取红包")
    propose_decisions(
        [open_run(make_nomination(kind, branch, name="待决窗口"))],
        outcome="refused",
        reasons="名额已满。",
        actor=committee_member,
    )
    pending, released = Decision.objects.pending().get(), first.decision
    for page in (desktop, phone):
        sign_in(page, officer, live_server)
        for path in (
            "decisions/",
            "decisions/?status=released",
            "decisions/waiting/sheet/",
            f"decisions/{pending.pk}/",
            f"decisions/{pending.pk}/edit/",
            f"decisions/{released.pk}/",
            f"decisions/{released.pk}/sheet/",
            "posts/",
            f"posts/{first.pk}/",
            f"posts/{first.pk}/end/",
            f"posts/{second.pk}/",
            "plaques/",
            "plaques/?status=recalled",
            "plaques/pick-up/",
            f"plaques/{first.plaques.get().pk}/return/",
        ):
            page.goto(f"{live_server.url}/{path}")
            check(page)


def test_the_public_page_works_without_javascript(
    chromium, live_server, kind, branch, committee_member, committee_secretary, officer
):
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    hand_over(post.plaques.get(), actor=officer, received_by="陈样甲", place="一楼3号窗口")
    with watched_context(chromium, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/p/{post.public_id}/")
        assert page.get_by_role("status").get_by_text("有效", exact=True).is_visible()
        assert page.get_by_text("一楼3号窗口").is_visible()
        revoke_title(post, actor=committee_secretary, reason="收取红包")
        page.reload()
        assert page.get_by_role("status").get_by_text("已撤销", exact=True).is_visible()
        page.get_by_role("link", name="反映问题").click()
        assert page.url.endswith(f"/p/{post.public_id}/report/")


def test_the_public_page_is_accessible_in_every_state(
    phone, live_server, kind, branch, committee_member, committee_secretary, officer
):
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    phone.goto(f"{live_server.url}/p/{post.public_id}/")
    check(phone)
    revoke_title(post, actor=committee_secretary, reason="收取红包")
    phone.reload()
    check(phone)

"""A zone's tasks and a change of members on the screens that people have, the phone above all."""

import os

import pytest
from django.urls import reverse

from campaigns.domain.members import let_member_leave
from posts.domain.adjustments import propose_adjustment
from posts.domain.members import Chosen
from posts.domain.zones import publish_results, record_result
from posts.models import TaskResult
from tests.browser import DESKTOP, PHONE, assert_accessible, assert_fits, sign_in, watched_context
from tests.factories import MemberFactory
from tests.posts.cases import make_conferral, make_kind
from tests.posts.holders import ZONE_WAY, member_at, named_team, today

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RULES = {"tasks": [{"text": "入户走访", "target": 10, "unit": "户", "cadence": "monthly"}], "publish_results": True}


def look(page, live_server, name, argument):
    page.goto(live_server.url + reverse(f"posts:{name}", args=[argument]))
    assert_accessible(page)
    assert_fits(page)
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_secretary_records_what_a_zone_did(chromium, live_server, committee, branch, secretary, options):
    kind = make_kind(committee, *ZONE_WAY, code="zone", label="党员责任区", holder="zone", rules=RULES)
    zone = make_conferral(
        kind,
        branch,
        decider=secretary,
        releaser=secretary,
        name="上样村一组责任区",
        area="一组四十二户",
        own_tasks="代办事项",
    )
    record_result(zone.tasks.first(), actor=secretary, on=today(), done=3, note="三户")
    publish_results(zone, actor=secretary, evaluation="走访到位，群众满意。")
    with watched_context(chromium, **options) as context:
        page = context.new_page()
        sign_in(page, secretary, live_server)
        look(page, live_server, "zone_tasks", zone.pk)
        page.locator("input[name$='-done']").first.fill("4")
        page.locator("form button.btn-primary").first.click()
        page.wait_for_url("**/tasks/")
        assert page.locator(".tag").first.inner_text().startswith("7 / 10户")
        look(page, live_server, "conferral_detail", zone.pk)
        look(page, live_server, "public_post", zone.public_id)

    assert TaskResult.objects.count() == 2


@pytest.mark.parametrize("options", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_branch_repairs_its_post(
    chromium, live_server, committee, branch, secretary, officer, committee_member, options
):
    team = named_team(committee, branch, decider=committee_member, releaser=officer, people=2, min_party=2)
    let_member_leave(member_at(team, 0), on=today(), actor=officer)
    with watched_context(chromium, **options) as context:
        page = context.new_page()
        sign_in(page, secretary, live_server)
        look(page, live_server, "conferral_adjust", team.pk)
        coming = [Chosen(member=MemberFactory(branch=branch).pk)]
        change = propose_adjustment(team, actor=secretary, coming=coming, going=[], reason="补足党员人数。")
        look(page, live_server, "adjustment_detail", change.pk)

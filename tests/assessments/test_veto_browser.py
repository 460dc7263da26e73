"""A rectification that fails, a veto, and the veto set aside: on a desktop and on a phone."""

import os

import pytest
from django.utils import timezone

from assessments.domain.rectifications import open_rectification
from assessments.models import Incident, Proposal
from campaigns.models import Member
from posts.models import Conferral, Revocation
from tests.assessments.titles import make_campaign, make_ground, make_rule, make_title
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.factories import MemberFactory
from tests.site import leftovers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TEXT = "十月以来窗口中午多次无人值守，有照片。"


@pytest.fixture
def title(committee, branch, member):
    campaign = make_campaign(committee, rules={"rectify": {"public": True}}, opened_at=timezone.now())
    make_rule(campaign, outcomes=["pass", "rectify", "adjust", "revoke"])
    make_ground(campaign, text="群众反映强烈，经查证情况属实的", requires_verification=True)
    return make_title(
        campaign, branch, Member.objects.get(user=member), MemberFactory(branch=branch), name="综合窗口岗"
    )


def look(page, name):
    """Accessible, within the width, nothing left untranslated; ``SHOTS`` names a folder for pictures to look at."""
    if folder := os.environ.get("SHOTS"):
        page.wait_for_load_state()
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)
    assert_accessible(page)
    assert_fits(page)
    assert leftovers(page.inner_text("main")) == []


def fill(page, **fields):
    for name, value in fields.items():
        page.fill(f"main [name={name}]:visible", value)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_rectification_that_fails(size, request, live_server, title, officer, secretary, member, committee_secretary):
    """The post asks for time and hands in; the second check finds it wanting; the deciding body ends the title."""
    page, url = request.getfixturevalue(size), live_server.url
    rectification = open_rectification(
        title, actor=officer, finding="台账不完整。", requirement="补齐台账。", responsible="陈样甲",
        checking_unit=title.org_unit,
    )  # fmt: skip
    address = f"{url}/rectifications/{rectification.pk}/"
    sign_in(page, member, live_server)
    page.goto(address)
    look(page, "rectification")
    page.click("summary:has-text('申请延期')")
    fill(page, reason="设备未到。")
    look(page, "extension")
    page.click("button:has-text('提出')")
    fill(page, proof="已补齐一部分。")
    page.click("button:has-text('提交')")
    page.goto(f"{url}/p/{title.public_id}/")
    assert "整改中" in page.inner_text("main")
    look(page, "public-rectifying")
    sign_in(page, secretary, live_server)
    page.goto(f"{url}/rectifications/")
    look(page, "list")
    page.goto(address)
    page.check("input[name=passed][value='0']")
    fill(page, opinion="承诺仍未重新公示。")
    page.select_option("select[name=proposed_end]", "adjust")
    look(page, "check")
    page.click("button:has-text('记录复查结论')")
    sign_in(page, committee_secretary, live_server)
    page.goto(f"{url}/proposals/{Proposal.objects.get().pk}/")
    page.check("input[name=accept][value='1']")
    fill(page, decision_text="同意调整。")
    look(page, "proposal")
    page.click("main form.card button.btn-primary")
    page.wait_for_load_state()
    assert Conferral.objects.get().status == "adjusted"


def report(page, url, title):
    """Somebody who scanned the plaque reports, with his name."""
    page.goto(f"{url}/p/{title.public_id}/")
    page.click("a:has-text('反映问题')")
    fill(page, text=TEXT, name="孙样甲")
    page.click("main button.btn-primary, .submitbar button")
    page.wait_for_selector(".receipt")
    return f"{url}/incidents/{Incident.objects.get().pk}/"


def hear(page, live_server, address, discipline, member):
    """The verifier asks, the person answers; the verifier records what was found."""
    sign_in(page, discipline, live_server)
    page.goto(address)
    look(page, "report")
    page.click("button:has-text('受理并核查')")
    page.click("a:has-text('请本人作出说明')")
    look(page, "ask")
    page.select_option("select[name=holder]", label="陈样甲")
    fill(page, matter="请说明十月份午间值班安排。")
    page.click("main form button.btn-primary")
    page.wait_for_url(address)
    sign_in(page, member, live_server)
    page.goto(live_server.url)
    page.click("main a:has-text('答复')")
    look(page, "statement")
    assert TEXT not in page.content()
    fill(page, text="轮班牌没有及时更换。")
    page.click("main form button.btn-primary")
    page.wait_for_load_state()
    sign_in(page, discipline, live_server)
    page.goto(address + "finding/")
    page.check("input[name=finding][value=verified]")
    fill(page, finding_text="核查属实。")
    page.check("input[name=ground]:not([value=''])")
    look(page, "finding")
    page.click("main form button.btn-primary")
    page.wait_for_url(address)


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_a_veto_and_its_setting_aside(
    size, request, live_server, title, discipline, member, committee_member, committee_secretary, officer
):
    """From the public page to the revocation, and the revocation put right by another member of the body."""
    page, url = request.getfixturevalue(size), live_server.url
    address = report(page, url, title)
    hear(page, live_server, address, discipline, member)

    sign_in(page, committee_member, live_server)
    page.goto(address)
    assert "孙样甲" not in page.content()
    page.click("main a[href$='/veto/']")
    fill(page, decision_text="撤销称号。", document_number="青示委发〔2026〕9号")
    look(page, "veto")
    page.click("main form button.btn-primary")
    page.wait_for_url(address)
    page.goto(f"{url}/p/{title.public_id}/")
    assert "已撤销" in page.inner_text("main")

    sign_in(page, committee_secretary, live_server)
    page.goto(f"{url}/posts/{title.pk}/")
    look(page, "revoked")
    page.click("a:has-text('纠正撤销决定')")
    fill(page, reason="照片系其他岗位。", document="青示委发〔2026〕12号")
    look(page, "set-aside")
    page.click("main form button.btn-primary")
    page.wait_for_url(f"{url}/posts/{title.pk}/")
    look(page, "given-back")
    page.goto(f"{url}/p/{title.public_id}/")
    look(page, "public-given-back")
    assert "撤销决定有误" in page.inner_text("main")
    assert (Conferral.objects.get().status, Revocation.objects.get().set_aside_by) == ("active", committee_secretary)

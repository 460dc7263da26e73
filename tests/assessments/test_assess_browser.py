"""The score sheet in Chromium: it adds up while one types, works on a phone, and is readable for everybody."""

import os
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assessments.domain.assessing import record_assessment, save_score_sheet, save_self_score
from campaigns.models import Member
from posts.domain.nominations import submit_nomination
from tests.assessments.scoring import entries, item, make_assessors, make_kind, section
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.factories import make_nomination
from tests.posts.cases import open_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

LONG = "建立岗位目标管理制度，严格执行首问负责制、服务承诺制，台账、记录齐全，按时报送材料并及时反馈。"
SECTIONS = [
    section(
        "人员素质高",
        item("1", 30, text=LONG),
        item("2", 30, text="岗内党员在学习、宣传、实践中起骨干作用。"),
        stated=59,
    ),
    section(
        "社会反响好", item("3", 25, text=LONG), item("17", 15, text="群众满意率在90%以上。", satisfaction=90), stated=41
    ),
    section(
        "加分项", item("18", 5, text="当年获市级以上荣誉。"), item("19", None, text="创造性地开展工作。"), bonus=True
    ),
]
NOMINATE = {"kind": "nominate", "label": "个人申报", "actor": ["branch"], "params": {"self_score": True}}


@pytest.fixture
def nomination(committee, branch, secretary, member):
    rules = {"sections": SECTIONS, "pass_mark": 80, "bonus_cap": 5}
    kind = make_kind(
        committee, branch, rules=rules, before=[NOMINATE], method=["rubric", "inspection"], min_assessors=2
    )
    return make_nomination(kind, branch, secretary, Member.objects.get(user=member))


def keep(page, name):
    """A picture for whoever wants to look: SHOTS=folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def check(page, name):
    assert_accessible(page)
    assert_fits(page)
    keep(page, name)


def test_an_assessor_scores_and_the_server_adds_up(desktop, live_server, nomination, committee, member, secretary):
    save_self_score(nomination, actor=member, entries=entries(), submit=True)
    submit_nomination(nomination, actor=secretary)
    run, assessor = open_run(nomination), make_assessors(committee, 2)[0]
    sign_in(desktop, assessor, live_server)
    desktop.goto(live_server.url + reverse("assessments:score", args=[run.pk]))
    for name, value in {"points-0": "28.5", "points-1": "29", "points-2": "20", "points-4": "3"}.items():
        desktop.locator(f"[name={name}]").fill(value)
    expect(desktop.locator("#totals strong")).to_have_text("合计 77.5 + 3")
    desktop.locator("[name=points-3]").fill("15")
    desktop.locator("[name=satisfied-3]").fill("88")
    desktop.locator("[name=valid-3]").fill("100")
    expect(desktop.locator("#totals strong")).to_have_text("合计 92.5 + 3")
    check(desktop, "sheet-desktop")

    desktop.get_by_role("button", name="提交评分表").click()
    expect(desktop.get_by_text("有效票100张中满意88张").first).to_be_visible()
    check(desktop, "sheet-desktop-fault")
    desktop.locator("[name=points-3]").fill("13")
    desktop.get_by_role("button", name="提交评分表").click()

    expect(desktop.get_by_text("评分表已提交。")).to_be_visible()
    check(desktop, "panel-desktop")


def test_the_sheet_is_usable_on_a_phone(phone, live_server, nomination, member):
    sign_in(phone, member, live_server)
    phone.goto(live_server.url + reverse("assessments:self_score", args=[nomination.pk]))
    phone.locator("[name=points-0]").fill("12.5")
    expect(phone.locator("#totals strong")).to_have_text("合计 12.5 + 0")
    check(phone, "sheet-phone")


@pytest.mark.parametrize("device", ["desktop", "phone"])
def test_record_conclusion_and_paper_are_clean(request, device, live_server, nomination, committee, member, secretary):
    page = request.getfixturevalue(device)
    save_self_score(nomination, actor=member, entries=entries(), submit=True)
    submit_nomination(nomination, actor=secretary)
    run, assessors = open_run(nomination), make_assessors(committee, 2)
    for user, points in zip(assessors, ("22.5", "25"), strict=True):
        save_score_sheet(run, actor=user, entries=entries(points), submit=True)
    sign_in(page, assessors[0], live_server)
    page.goto(live_server.url + reverse("assessments:record_create", args=[run.pk]))
    check(page, f"record-{device}")
    values = {"held_on": timezone.localdate(), "place": "综合窗口", "people": "督查组二人", "text": LONG}
    record_assessment(run, actor=assessors[0], method="inspection", **values)
    page.goto(live_server.url + reverse("assessments:assessment_conclude", args=[run.pk]))
    check(page, f"assessment_conclude-{device}")
    page.goto(live_server.url + reverse("posts:nomination_detail", args=[nomination.pk]))
    check(page, f"detail-{device}")

"""What the sheets of a nomination, a notice and a post say, and to whom."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Appraisal
from posts.documents.form_sheet import form_pdf
from posts.domain.meetings import record_meeting
from posts.domain.notices import publish_notice
from posts.domain.objections import file_objection
from posts.domain.pipeline import current_run
from posts.domain.sheet_kinds import find_sheet_kind, menu_of
from posts.models import Meeting, Nomination, NominationMember, NoticeItem
from posts.sheets.opinions import opinion_boxes
from tests.factories import MemberFactory, make_kind, make_nomination
from tests.posts import cases
from tests.sheets import assert_inside_margins, printed


def labels(page, user):
    return [entry.label for entry in menu_of(page, user)]


def url(code, case):
    return reverse("posts:sheet", args=[code, case.pk])


def pdf_url(code, case):
    return reverse("posts:sheet_pdf", args=[code, case.pk])


@pytest.fixture
def zhao(branch):
    person = MemberFactory(
        name="赵样喆", branch=branch, gender="female", position="窗口负责人", joined_on=date(2010, 7, 1)
    )
    Appraisal.objects.create(member=person, year=2025, grade="excellent")
    return person


@pytest.fixture
def nomination(meeting_kind, branch, secretary, zhao):
    """One that stands in the general meeting of its branch."""
    text = {"commitment": "首问负责，一次办结。", "place": "一楼大厅3号窗", "contact_phone": "0000-7654321"}
    made = cases.make_nomination(
        meeting_kind, branch, members=[zhao], name="综合窗口示范岗", reasons="办理三千二百件。"
    )
    Nomination.objects.filter(pk=made.pk).update(**text, number="QY-2026-0007")
    return Nomination.objects.select_related("campaign__owner", "post_kind", "org_unit").get(pk=made.pk)


def hold(nomination, secretary, **fields):
    minutes = {"chair": "李样甲", "recorder": "孙样甲", "minutes": "逐人评议。", "in_favour": 2, "against": 0}
    run = nomination.runs.get(kind="deliberate")
    counts = {"should_attend": 2, "present": 2, "abstained": 0, "held_on": timezone.localdate(), "agreed": True}
    return record_meeting(run, actor=secretary, **{**minutes, **counts, **fields})


def test_an_application_says_what_the_paper_and_the_roster_say(nomination, secretary):
    text = printed("application", nomination, secretary)

    for word in (
        "2026年度“党员示范岗”申报表", "QY-2026-0007", "赵样喆", "女", "窗口负责人", "2010年7月1日", "综合窗口示范岗",
        "一楼大厅3号窗", "0000-7654321", "首问负责，一次办结。", "办理三千二百件。", "2025优秀", "民族", "出生年月",
        "青样镇便民服务中心党支部",
    ):  # fmt: skip
        assert word in text


def test_the_opinion_boxes_are_those_of_the_schemes_way(nomination, secretary):
    boxes = list(opinion_boxes(nomination, secretary))

    assert [(box.label, box.unit, box.text) for box in boxes] == [
        ("党员大会意见", "青样镇便民服务中心党支部", ""),
        ("审核意见", "中共示例县青样镇委员会", ""),
    ]


def test_the_opinion_of_a_meeting_gives_its_figures(nomination, secretary):
    hold(nomination, secretary)

    first = next(opinion_boxes(nomination, secretary))
    assert "应到2人，实到2人" in first.text
    assert "赞成2票，反对0票，弃权0票" in first.text
    assert first.day == timezone.localdate()


def test_the_recommendation_of_the_branch_is_the_paper_it_handed_in(publishable, secretary):
    made = publishable()

    assert [(box.label, box.text, box.day) for box in opinion_boxes(made, secretary)] == [
        ("支部推荐意见", "同意推荐。", timezone.localdate()),
        ("审核意见", "", None),
    ]


def test_a_draft_is_recommended_by_nobody_yet(person_kind, branch, secretary):
    made = cases.make_nomination(person_kind, branch, members=[MemberFactory(branch=branch)])
    Nomination.objects.filter(pk=made.pk).update(submitted_at=None)

    assert [box.text for box in opinion_boxes(Nomination.objects.get(pk=made.pk), secretary)] == ["", ""]


def test_a_collective_lists_its_members_and_who_is_not_in_the_party(campaign, branch, secretary):
    kind = make_kind(
        campaign, {"kind": "endorse", "actor": ["committee"], "label": "审核"}, code="team", holder="team", label="集体"
    )
    people = [MemberFactory(branch=branch, name=f"钱样{n}") for n in "甲乙"]
    made = cases.make_nomination(kind, branch, members=people, staff_total=5)
    NominationMember.objects.create(nomination=made, name="周群众", duty="引导", position=9)

    text = printed("application", made, secretary)
    for word in ("钱样甲", "钱样乙", "周群众", "群众", "引导", "岗位总人数5", "2人（正式2）"):
        assert word in text


def test_the_longest_allowed_texts_are_printed_whole_and_inside_the_margins(nomination, secretary):
    fields = {"name": 60, "category": 40, "place": 120, "contact_phone": 40}
    texts = {"duties": 1000, "commitment": 600, "reasons": 3000}
    for name, length in fields.items():
        setattr(nomination, name, "岗" * length)
    for name, length in texts.items():
        setattr(nomination, name, "".join(f"事{n}项" for n in range(length))[:length])
    sheets = find_sheet_kind("application").make_sheets(nomination, secretary)

    assert_inside_margins(form_pdf(sheets))
    text = printed("application", nomination, secretary)
    for name in texts:
        last = getattr(nomination, name)[-12:]
        assert last in text
    assert text.count("岗") >= sum(fields.values())


def test_the_blank_application_names_nobody_and_keeps_the_seals(nomination, secretary):
    text = printed("application", nomination, secretary, blank=True)

    assert "赵样喆" not in text
    assert "首问负责" not in text
    for word in (
        "姓名",
        "岗位职责",
        "党员大会",
        "意见",
        "审核意见",
        "中共示例县青样镇委员会（盖章）",
        "负责人（签字）",
    ):
        assert word in text


def test_minutes_give_attendance_votes_and_resolution(nomination, secretary):
    meeting = hold(nomination, secretary, place="支部活动室")

    text = printed("minutes", meeting, secretary)
    for word in (
        "应到2",
        "实到2",
        "赞成2",
        "李样甲",
        "孙样甲",
        "支部活动室",
        "逐人评议。",
        "同意推荐。",
        "综合窗口示范岗",
    ):
        assert word in text


def test_minutes_for_the_room_know_the_post_and_who_should_attend(nomination, secretary):
    text = printed("minutes-form", nomination, secretary)

    assert "应到2" in text  # the secretary and the nominated member
    assert "综合窗口示范岗" in text
    assert "李样甲" not in text


def test_the_menu_of_a_nomination_goes_with_its_way(nomination, secretary):
    assert labels(nomination, secretary) == ["申报表", "会议记录（现场填写）"]
    hold(nomination, secretary)
    assert labels(nomination, secretary) == ["申报表", "会议记录"]


def test_two_meetings_are_told_apart_in_the_menu(nomination, secretary):
    for _unused in range(2):
        meeting = hold(nomination, secretary)
        Meeting.objects.filter(pk=meeting.pk).update(run=nomination.runs.get(kind="deliberate"))
        nomination.runs.filter(kind="endorse").update(status="pending")
        nomination.runs.filter(kind="deliberate").update(status="open", closed_at=None)
    found = [label for label in labels(nomination, secretary) if label.startswith("会议记录：")]
    assert len(found) == 2


def test_the_summary_has_a_line_for_each_paper_of_the_unit(
    nomination, meeting_kind, branch, other_branch, secretary, officer
):
    cases.make_nomination(meeting_kind, other_branch, name="别处的岗")
    make_nomination(meeting_kind, branch, secretary, name="还在写的岗")

    mine = printed("summary", nomination.campaign, secretary)
    assert "综合窗口示范岗" in mine
    assert "推荐单位：青样镇便民服务中心党支部" in mine
    assert "共1个岗位" in mine
    assert "别处的岗" not in mine
    whole = printed("summary", nomination.campaign, officer)
    assert "别处的岗" in whole
    assert "还在写的岗" not in whole
    assert "推荐单位：中共示例县青样镇委员会" in whole


@pytest.mark.parametrize("number", [1, 3])
def test_a_summary_takes_the_same_queries_for_any_number_of_papers(
    number, campaign, meeting_kind, branch, officer, django_assert_num_queries
):
    for n in range(number):
        cases.make_nomination(meeting_kind, branch, name=f"岗{n}")
    kind = find_sheet_kind("summary")
    kind.make_sheets(campaign, officer)

    with django_assert_num_queries(3):
        kind.make_sheets(campaign, officer)


@pytest.fixture
def contested(publishable, secretary, discipline):
    """An objection with a name to it, raised while the notice hangs."""
    made = publishable()
    publish_notice([current_run(made)], actor=secretary)
    return file_objection(
        NoticeItem.objects.get(run__nomination=made), text="反映其上月缺岗。", is_anonymous=False, name="样居民",
        contact="0000-7654321",
    )  # fmt: skip


def test_an_objection_sheet_says_who_raised_it_to_who_handles_it(contested, discipline):
    text = printed("objection", contested, discipline)

    for word in ("反映其上月缺岗。", "样居民", "0000-7654321", "核查结论", "登记人"):
        assert word in text


def test_an_anonymous_objection_has_no_name_on_its_sheet(contested, discipline):
    contested.is_anonymous = True

    text = printed("objection", contested, discipline)
    assert "匿名" in text
    assert "样居民" not in text
    assert "0000-7654321" not in text


def test_the_branch_reads_of_no_objection_on_its_application(contested, secretary, discipline):
    made = contested.item.run.nomination
    notice = contested.item.notice
    notice.starts_on = notice.ends_on = date(2026, 1, 5)
    notice.save()

    application = find_sheet_kind("application")
    assert "公示期间收到异议1件" in str(application.make_sheets(made, discipline))
    assert "异议" not in str(application.make_sheets(made, secretary))


def test_an_empty_register_sheet_waits_at_the_notice_for_who_handles_objections(contested, secretary, discipline):
    notice = contested.item.notice

    assert labels(notice, discipline) == ["异议登记表（空白）"]
    assert labels(notice, secretary) == []
    assert "反映其上月缺岗" not in printed("objection-form", notice, discipline)


@pytest.fixture
def conferral(committee, branch, committee_member, officer, zhao):
    kind = cases.make_kind(committee)
    return cases.make_conferral(
        kind, branch, decider=committee_member, releaser=officer, members=[zhao], commitment="首问负责。"
    )


def test_a_pledge_has_duties_commitment_and_room_to_sign(conferral, secretary):
    text = printed("pledge", conferral, secretary)

    for word in ("履岗责任书", "受理", "首问负责。", "赵样喆", "中共示例县青样镇委员会（盖章）", "签字"):
        assert word in text


def test_a_post_without_a_called_back_plaque_has_no_register_of_returns(conferral, secretary, client):
    assert labels(conferral, secretary) == ["履岗责任书"]
    client.force_login(secretary)
    assert client.get(url("plaque-returns", conferral)).status_code == 404


#: Who gets which sheet; a stranger and another branch never learn that there is a case.
TABLE = {
    "application": {"secretary": 200, "officer": 200, "discipline": 200, "other_secretary": 404, "stranger": 404},
    "minutes-form": {"secretary": 200, "officer": 200, "discipline": 200, "other_secretary": 404, "stranger": 404},
    "summary": {"secretary": 200, "officer": 200, "discipline": 200, "other_secretary": 200, "stranger": 404},
    "objection": {"secretary": 404, "officer": 200, "discipline": 200, "other_secretary": 404, "stranger": 404},
    "objection-form": {"secretary": 404, "officer": 200, "discipline": 200, "other_secretary": 404, "stranger": 404},
    "pledge": {"secretary": 200, "officer": 200, "discipline": 200, "other_secretary": 404, "stranger": 404},
}


@pytest.mark.parametrize("code", TABLE)
def test_sheets_are_for_those_who_see_the_case(
    code, client, request, nomination, contested, conferral, secretary, officer, discipline, other_secretary, stranger
):
    case = {
        "application": nomination,
        "minutes-form": nomination,
        "summary": nomination.campaign,
        "objection": contested,
        "objection-form": contested.item.notice,
        "pledge": conferral,
    }[code]
    found = {}
    for name in TABLE[code]:
        client.force_login(request.getfixturevalue(name))
        answer = client.get(url(code, case))
        found[name] = answer.status_code
        if answer.status_code == 200:
            printed_one = client.get(pdf_url(code, case))
            assert printed_one["Content-Type"] == "application/pdf"
            assert printed_one["Content-Disposition"].startswith("inline")
        else:
            assert client.get(pdf_url(code, case)).status_code == 404
    assert found == TABLE[code]


def test_a_sheet_of_no_known_kind_is_not_found(client, secretary, nomination):
    client.force_login(secretary)
    assert client.get(f"/sheets/nothing/{nomination.pk}/").status_code == 404


def test_nobody_without_an_account_gets_a_sheet(client, nomination):
    assert client.get(url("application", nomination)).status_code == 302


def test_a_rare_character_is_named_beside_the_preview_of_a_sheet(client, nomination, secretary):
    client.force_login(secretary)

    filled, blank = (client.get(url("application", nomination), query) for query in ({}, {"blank": 1}))

    assert "“喆”（U+5586）" in filled.content.decode()
    assert blank.context["warnings"] == []  # nobody's name stands on it

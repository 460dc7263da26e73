"""Public notices: the period, the frozen text, what may not be published, and what waits."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import DueItem, Holiday
from posts.domain.endorsements import endorse
from posts.domain.nominations import submit_nomination
from posts.domain.notices import draft_notice, publish_notice, result_sentence, runs_to_publish, withdraw_notice
from posts.domain.pipeline import current_run, return_for_correction
from posts.models import Notice, NoticeItem, RunStatus
from posts.stages.notice import PublicNotice
from tests.factories import CampaignFactory, MemberFactory, make_kind, make_nomination

HOLIDAYS_2026 = ["05-01", "05-04", "05-05", "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07"]
WORKED_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def holidays(db):
    Holiday.objects.all().delete()
    days = [(day, False) for day in HOLIDAYS_2026] + [(day, True) for day in WORKED_2026]
    Holiday.objects.bulk_create(Holiday(date=date.fromisoformat(f"2026-{d}"), is_workday=w) for d, w in days)


def run_of(nomination):
    return current_run(nomination)


@pytest.mark.usefixtures("holidays")
@pytest.mark.parametrize(
    ("published", "last"),
    [
        ("2026-09-21", "2026-09-28"),  # 25 September is Mid-Autumn
        ("2026-12-25", "2026-12-31"),
        ("2026-05-08", "2026-05-13"),  # Saturday 9 May is worked
        ("2026-05-11", "2026-05-15"),
        ("2026-05-16", "2026-05-22"),  # published on a Saturday: counting begins on Monday
    ],
)
def test_five_working_days_count_the_first_day(published, last, publishable, secretary, time_machine):
    time_machine.move_to(shanghai(f"{published}T09:00"))

    notice = publish_notice([run_of(publishable())], actor=secretary)

    assert (notice.starts_on.isoformat(), notice.ends_on.isoformat()) == (published, last)


@pytest.mark.usefixtures("holidays")
def test_calendar_days_end_in_a_holiday_with_a_warning(campaign, branch, secretary, time_machine):
    time_machine.move_to(shanghai("2026-09-30T09:00"))
    kind = make_kind(
        campaign,
        {"kind": "nominate", "actor": ["branch"]},
        {"kind": "notice", "actor": ["branch"], "params": {"days": 5, "day_kind": "calendar", "object": "final_list"}},
        code="calendar",
    )
    nomination = make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True)

    draft = draft_notice([run_of(nomination)])

    assert draft.ends_on == date(2026, 10, 4)
    assert len(draft.warnings) == 1
    assert "2026-10-04" in draft.warnings[0]


def test_a_year_without_holidays_is_said(publishable, time_machine):
    time_machine.move_to(shanghai("2027-03-01T09:00"))

    assert "2027" in draft_notice([run_of(publishable())]).warnings[0]


@pytest.mark.usefixtures("holidays")
def test_the_last_second_still_belongs_to_the_notice(publishable, secretary, time_machine):
    time_machine.move_to(shanghai("2026-05-11T09:00"))
    nomination = publishable()
    run = run_of(nomination)
    publish_notice([run], actor=secretary)

    time_machine.move_to(shanghai("2026-05-15T23:59:59"))
    tick()
    run.refresh_from_db()
    assert run.status == RunStatus.OPEN

    time_machine.move_to(shanghai("2026-05-16T00:00:00"))
    tick()
    run.refresh_from_db()
    assert run.status == RunStatus.PASSED
    assert run_of(nomination).kind == "endorse"
    assert DueItem.objects.filter(state="pending", due_at__lte=shanghai("2026-05-16T00:00:00")).count() == 0


def test_several_nominations_go_onto_one_notice(publishable, secretary):
    runs = [run_of(publishable(name)) for name in ("窗口岗", "热线岗", "巡查岗")]

    notice = publish_notice(runs, actor=secretary)

    assert [item.snapshot["post"] for item in notice.items.all()] == ["窗口岗", "热线岗", "巡查岗"]
    assert list(runs_to_publish(secretary)) == []


def test_the_snapshot_is_an_allow_list(publishable, secretary):
    nomination = publishable(contact_phone="13800138000", reasons="本人身份证110101199003077777")

    notice = publish_notice([run_of(nomination)], actor=secretary)

    item = notice.items.get()
    assert item.snapshot == {
        "post": "综合窗口示范岗",
        "kind": "个人示范岗",
        "unit": "青样镇便民服务中心党支部",
        "members": ["赵样甲"],
        "duties": "受理申请。",
        "position": "窗口负责人",
    }


def test_the_text_is_drafted_and_frozen(publishable, secretary, campaign):
    nomination = publishable()
    notice = publish_notice([run_of(nomination)], actor=secretary)
    text = notice.text

    nomination.name, campaign.title = "改了名", "改了题"
    nomination.save()
    campaign.save()

    notice.refresh_from_db()
    assert notice.text == text
    assert notice.items.get().snapshot["post"] == "综合窗口示范岗"
    assert "支部推荐" in text
    assert "5个工作日" in text
    assert notice.title == "关于2026年度拟命名“党员示范岗”的公示"


def test_the_head_of_the_journal_is_remembered(publishable, secretary):
    notice = publish_notice([run_of(publishable())], actor=secretary)

    seq, beginning = notice.anchor.split()
    assert seq.isdigit()
    assert len(beginning) == 16


@pytest.mark.parametrize(
    "duties",
    [
        "证号110101199003077777",
        "证号 110101 19900307 777X",
        "证号１１０１０１１９９００３０７７７７７",
        "电话13800138000",
        "电话 138-0013-8000",
        "卡号6222021234567890128",
    ],
)
def test_personal_numbers_are_not_published(duties, publishable, secretary):
    nomination = publishable(duties=duties)

    with pytest.raises(DomainError, match="综合窗口示范岗"):
        publish_notice([run_of(nomination)], actor=secretary)
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("duties", ["2026-05-11 2026-05-15 两次", "热线0000-1234567", "办理三千二百余件，计32001234件"])
def test_ordinary_numbers_are_published(duties, publishable, secretary):
    assert publish_notice([run_of(publishable(duties=duties))], actor=secretary).items.count() == 1


def test_a_start_in_the_past_is_refused(publishable, secretary):
    run = run_of(publishable())

    with pytest.raises(DomainError) as caught:
        publish_notice([run], actor=secretary, starts_on=date(2020, 1, 1))
    assert caught.value.field == "starts_on"
    with pytest.raises(DomainError):
        publish_notice([run], actor=secretary, starts_on=date(2206, 1, 1))


def test_a_notice_is_never_shorter_than_the_scheme_says(publishable, secretary):
    run = run_of(publishable())

    with pytest.raises(DomainError) as caught:
        publish_notice([run], actor=secretary, days=4)
    assert caught.value.field == "days"
    assert publish_notice([run], actor=secretary, days=7).days == 7


def test_nobody_is_put_on_notice_twice(publishable, secretary):
    run = run_of(publishable())
    publish_notice([run], actor=secretary)

    with pytest.raises(OutOfOrderError):
        publish_notice([run], actor=secretary)


def test_nominations_of_two_units_need_two_notices(publishable, notice_kind, other_branch, other_secretary, officer):
    other = make_nomination(notice_kind, other_branch, other_secretary, MemberFactory(branch=other_branch), submit=True)
    with pytest.raises(DomainError, match="单位"):
        publish_notice([run_of(publishable()), run_of(other)], actor=officer)


def test_nominations_of_two_campaigns_need_two_notices(publishable, branch, committee, secretary):
    other = make_kind(
        CampaignFactory(owner=committee),
        {"kind": "nominate", "actor": ["branch"]},
        {"kind": "notice", "actor": ["branch"]},
    )
    second = make_nomination(other, branch, secretary, MemberFactory(branch=branch), submit=True)

    with pytest.raises(DomainError, match="活动"):
        publish_notice([run_of(publishable()), run_of(second)], actor=secretary)


def test_strangers_and_people_concerned_publish_nothing(
    publishable, notice_kind, branch, secretary, other_secretary, stranger, discipline
):
    run = run_of(publishable())
    for user in (other_secretary, stranger, discipline):
        with pytest.raises(NotAllowedError):
            publish_notice([run], actor=user)
    own = make_nomination(notice_kind, branch, secretary, secretary.member, submit=True)
    with pytest.raises(NotAllowedError):
        publish_notice([run_of(own)], actor=secretary)


def test_a_withdrawn_notice_can_be_published_anew(publishable, secretary, stranger):
    nomination = publishable()
    notice = publish_notice([run_of(nomination)], actor=secretary)

    with pytest.raises(DomainError):
        withdraw_notice(notice, actor=secretary, reason=" ")
    with pytest.raises(PermissionDenied):
        withdraw_notice(notice, actor=stranger, reason="名单有误")
    withdraw_notice(notice, actor=secretary, reason="名单有误")
    again = publish_notice([run_of(nomination)], actor=secretary)

    assert again.pk != notice.pk
    assert NoticeItem.objects.live().count() == 1
    with pytest.raises(OutOfOrderError):
        withdraw_notice(notice, actor=secretary, reason="再撤一次")


def test_a_second_notice_after_a_correction_may_be_short(publishable, secretary):
    nomination = publishable()
    run = run_of(nomination)
    first = publish_notice([run], actor=secretary)
    return_for_correction(run, actor=secretary, reason="年度写错")
    assert first.items.live().count() == 0

    nomination.refresh_from_db()
    submit_nomination(nomination, actor=secretary)
    second = publish_notice([run_of(nomination)], actor=secretary)

    assert (first.days, second.days) == (5, 3)


def test_nothing_is_said_about_objections_before_there_is_something_to_say(publishable, secretary):
    assert result_sentence(publish_notice([run_of(publishable())], actor=secretary)) == ""


def test_survey_figures_are_shown_only_where_the_scheme_wants_them(campaign, branch, secretary):
    kind = make_kind(
        campaign,
        {"kind": "nominate", "actor": ["branch"], "label": "推荐"},
        {"kind": "endorse", "actor": ["branch"], "label": "初步确定"},
        {"kind": "notice", "actor": ["branch"], "params": {"object": "survey_result"}},
        code="figures",
    )
    nomination = make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True)
    endorse(current_run(nomination), actor=secretary, result="agreed", opinion="同意。")
    nomination.runs.filter(kind="endorse").update(kind="survey", reason="满意20÷有效22=90.9%")

    notice = publish_notice([current_run(nomination)], actor=secretary)

    assert notice.items.get().snapshot["survey"] == "满意20÷有效22=90.9%"
    assert "测评结果" in notice.title


def test_the_parameters_are_explained_and_checked():
    sentences = PublicNotice.explain({"days": 5, "day_kind": "calendar", "channels": ["党务公开栏"], "scope": "branch"})

    assert sentences == [
        "公示岗位拟上岗党员，期限5个自然日，首日计入。",
        "范围：本支部范围内。",
        "渠道：党务公开栏。",
        "收到异议后10个工作日内核查；未办结前不进入下一环节。",
    ]
    for wrong in ({"days": 0}, {"object": "nothing"}, {"day_kind": "lunar"}, {"hours": 3}, {"channels": 5}):
        with pytest.raises(ValidationError):
            PublicNotice.clean_params(wrong)

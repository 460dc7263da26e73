"""Objections: who may raise and handle them, and that nothing moves while one is open."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.history import entries_of, page_for
from campaigns.models import JournalEntry, Message
from posts.domain.nominations import submit_nomination
from posts.domain.notices import publish_notice, result_sentence, withdraw_notice
from posts.domain.objections import (
    accept_objection,
    decline_objection,
    file_objection,
    may_handle,
    postpone_objection,
    settle_objection,
    waiting_objections,
)
from posts.domain.pipeline import current_run
from posts.models import Nomination, NominationStatus, Objection, ObjectionStatus, RunStatus
from tests.factories import MemberFactory

TEXT = "反映该岗位上月两次中午无人值班。"
SETTLEMENT = {
    "outcome": ObjectionStatus.PARTLY_UPHELD,
    "finding": "谈话两人，调阅值班表，情况部分属实。",
    "reply": "已更新轮班牌。",
    "effect": "continue",
}


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(shanghai("2026-05-11T09:00"))


@pytest.fixture
def nomination(publishable):
    return publishable()


@pytest.fixture
def item(nomination, secretary):
    return publish_notice([current_run(nomination)], actor=secretary).items.get()


def pass_the_period(time_machine):
    time_machine.move_to(shanghai("2026-05-16T00:01"))
    tick()


def test_an_objection_blocks_until_it_is_settled(item, nomination, officer, time_machine):
    objection = file_objection(item, text=TEXT)
    pass_the_period(time_machine)
    item.run.refresh_from_db()
    assert item.run.status == RunStatus.OPEN

    settle_objection(accept_objection(objection, actor=officer), actor=officer, **SETTLEMENT)

    item.run.refresh_from_db()
    assert item.run.status == RunStatus.PASSED
    assert item.run.reason == "公示期间收到反映1件，均已办结。"
    assert current_run(nomination).kind == "endorse"


def test_a_settled_objection_does_not_end_the_notice_early(item, officer):
    objection = file_objection(item, text=TEXT)

    settle_objection(accept_objection(objection, actor=officer), actor=officer, **SETTLEMENT)

    item.run.refresh_from_db()
    assert item.run.status == RunStatus.OPEN


def test_two_objections_both_have_to_be_settled(item, officer, discipline, time_machine):
    first, second = file_objection(item, text=TEXT), file_objection(item, text="另一件")
    pass_the_period(time_machine)
    decline_objection(first, actor=discipline, reason="无具体线索。")
    item.run.refresh_from_db()
    assert item.run.status == RunStatus.OPEN
    assert result_sentence(item.notice) == "公示期间收到反映2件，尚有1件正在核查。"

    settle_objection(accept_objection(second, actor=officer), actor=officer, **SETTLEMENT)

    item.run.refresh_from_db()
    assert item.run.status == RunStatus.PASSED


def test_the_deadline_counts_working_days(item):
    assert file_objection(item, text=TEXT).due_on == date(2026, 5, 25)


def test_a_late_one_is_kept_as_a_report_and_blocks_nothing(item, nomination, discipline, time_machine):
    pass_the_period(time_machine)

    late = file_objection(item, text=TEXT)

    assert (late.status, late.due_on) == (ObjectionStatus.LATE, None)
    assert current_run(nomination).kind == "endorse"
    assert result_sentence(item.notice) == "公示期间未收到异议。"
    assert Message.objects.filter(user=discipline, key=f"objection:{late.pk}").count() == 1


def test_a_letter_counts_by_its_postmark(item, officer, time_machine):
    file_objection(item, text="第一件")
    pass_the_period(time_machine)

    posted = file_objection(item, text=TEXT, channel="letter", received_on=date(2026, 5, 15), actor=officer)
    too_late = file_objection(item, text=TEXT, channel="letter", received_on=date(2026, 5, 16), actor=officer)

    assert (posted.status, too_late.status) == (ObjectionStatus.REGISTERED, ObjectionStatus.LATE)
    with pytest.raises(DomainError):
        file_objection(item, text=TEXT, received_on=date(2026, 5, 17), actor=officer)


def test_an_upheld_objection_can_stop_the_nomination(item, nomination, officer):
    objection = accept_objection(file_objection(item, text=TEXT), actor=officer)

    settle_objection(objection, actor=officer, **{**SETTLEMENT, "outcome": "upheld", "effect": "drop"})

    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.NOT_PASSED
    assert item.notice.items.live().count() == 0
    assert TEXT not in nomination.outcome_reason


def test_a_correction_is_published_again_for_a_short_time(item, nomination, officer, secretary, time_machine):
    objection = accept_objection(file_objection(item, text="获奖年度写错"), actor=officer)
    settle_objection(objection, actor=officer, **{**SETTLEMENT, "effect": "correct"})
    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.RETURNED

    submit_nomination(nomination, actor=secretary)
    second = publish_notice([current_run(nomination)], actor=secretary)

    assert (second.days, second.ends_on) == (3, date(2026, 5, 13))
    time_machine.move_to(shanghai("2026-05-14T00:00"))
    tick()
    assert current_run(nomination).kind == "endorse"


def test_an_open_objection_outlives_the_correction(item, nomination, officer, secretary, time_machine):
    wrong, other = file_objection(item, text="获奖年度写错"), file_objection(item, text=TEXT)
    settle_objection(accept_objection(wrong, actor=officer), actor=officer, **{**SETTLEMENT, "effect": "correct"})
    nomination.refresh_from_db()
    submit_nomination(nomination, actor=secretary)
    publish_notice([current_run(nomination)], actor=secretary)
    time_machine.move_to(shanghai("2026-05-20T00:00"))
    tick()
    assert current_run(nomination).kind == "notice"

    settle_objection(accept_objection(other, actor=officer), actor=officer, **SETTLEMENT)

    assert current_run(nomination).kind == "endorse"


def test_what_is_not_true_has_no_consequence(item, officer):
    objection = accept_objection(file_objection(item, text=TEXT), actor=officer)

    with pytest.raises(DomainError) as caught:
        settle_objection(objection, actor=officer, **{**SETTLEMENT, "outcome": "not_upheld", "effect": "drop"})
    assert caught.value.field == "effect"


@pytest.mark.parametrize("missing", ["finding", "reply", "outcome", "effect"])
def test_a_settlement_is_complete_or_refused(missing, item, officer):
    objection = accept_objection(file_objection(item, text=TEXT), actor=officer)

    with pytest.raises(DomainError) as caught:
        settle_objection(objection, actor=officer, **{**SETTLEMENT, missing: " "})
    assert caught.value.field == missing


def test_an_objection_is_accepted_before_it_is_settled_and_only_once(item, officer, discipline):
    objection = file_objection(item, text=TEXT)
    with pytest.raises(OutOfOrderError):
        settle_objection(objection, actor=officer, **SETTLEMENT)
    accept_objection(objection, actor=officer)
    with pytest.raises(OutOfOrderError):
        accept_objection(objection, actor=discipline)
    with pytest.raises(OutOfOrderError):
        decline_objection(objection, actor=discipline, reason="无线索")


@pytest.mark.parametrize(
    ("wishes", "field"),
    [
        ({"text": "  "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"text": TEXT, "is_anonymous": False}, "name"),
        ({"text": TEXT, "is_anonymous": False, "name": "样居民"}, "contact"),
    ],
)
def test_bad_objections_say_what_is_missing(wishes, field, item):
    with pytest.raises(DomainError) as caught:
        file_objection(item, **wishes)
    assert caught.value.field == field
    assert Objection.objects.count() == 0


def test_an_anonymous_objection_keeps_no_name(item):
    objection = file_objection(item, text=TEXT, is_anonymous=True, name="样居民", contact="0000-7654321")

    assert (objection.name, objection.contact) == ("", "")


def test_a_withdrawn_notice_takes_nothing_more(item, secretary):
    withdraw_notice(item.notice, actor=secretary, reason="名单有误")

    with pytest.raises(OutOfOrderError):
        file_objection(item, text=TEXT)


def test_the_branch_never_sees_objections_and_never_handles_them(item, secretary, member, stranger):
    objection = file_objection(item, text=TEXT, is_anonymous=False, name="样居民", contact="0000-7654321")

    for user in (secretary, member, stranger):
        assert list(waiting_objections(user)) == []
        assert not may_handle(user, objection)
        with pytest.raises(NotAllowedError):
            accept_objection(objection, actor=user)
    assert not Message.objects.filter(user=secretary, key__startswith="objection:").exists()


def test_nobody_handles_what_is_said_about_himself(item, nomination, officer, branch, discipline):
    MemberFactory(branch=branch, user=officer, name=officer.name)
    nomination.members.create(member=officer.member, name=officer.name, dropped_at=timezone.now())
    objection = file_objection(item, text=TEXT)

    assert list(waiting_objections(officer)) == []
    assert list(waiting_objections(discipline)) == [objection]
    with pytest.raises(NotAllowedError):
        accept_objection(objection, actor=officer)


def test_the_secretary_is_told_the_result_and_nothing_else(item, secretary, officer):
    objection = file_objection(item, text=TEXT, is_anonymous=False, name="样居民", contact="0000-7654321")
    settle_objection(accept_objection(objection, actor=officer), actor=officer, **SETTLEMENT)

    message = Message.objects.get(user=secretary, key=f"objection-settled:{objection.pk}")
    assert "部分属实" in message.body
    assert "样居民" not in message.title + message.body
    assert TEXT not in message.title + message.body


def test_the_journal_holds_no_word_of_it(item, officer):
    objection = file_objection(item, text=TEXT, is_anonymous=False, name="样居民", contact="0000-7654321")
    settle_objection(accept_objection(objection, actor=officer), actor=officer, **SETTLEMENT)

    bodies = "".join(JournalEntry.objects.values_list("body", flat=True))
    assert [word for word in (TEXT, "样居民", "0000-7654321", SETTLEMENT["finding"]) if word in bodies] == []


def test_the_time_for_the_verification_can_be_longer(item, officer):
    objection = file_objection(item, text=TEXT)

    assert postpone_objection(objection, actor=officer, due_on=date(2026, 6, 1)).due_on == date(2026, 6, 1)
    for day in (date(2026, 5, 11), date(2026, 5, 11) + timedelta(days=90)):
        with pytest.raises(DomainError):
            postpone_objection(objection, actor=officer, due_on=day)


def kinds_in_history(nomination, user):
    return {entry.kind for entry in entries_of(page_for(Nomination), nomination, user)[0]}


def test_history_of_a_post_tells_of_objections_to_those_who_handle_them_only(
    item, nomination, officer, secretary, client
):
    objection = file_objection(item, text=TEXT)
    settle_objection(accept_objection(objection, actor=officer), actor=officer, **SETTLEMENT)
    told = {"objection_filed", "objection_accepted", "objection_settled"}

    assert told & kinds_in_history(nomination, officer) == told
    assert told & kinds_in_history(nomination, secretary) == set()
    pages = []
    for user in (officer, secretary):
        client.force_login(user)
        page = client.get(reverse("campaigns:history", args=["nomination", nomination.pk]))
        pages.append({line.text for line in page.context["lines"]})
    assert len(pages[0] - pages[1]) == 3
    assert pages[1] - pages[0] == set()

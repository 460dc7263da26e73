"""Official documents: drafted from cases, edited around fixed facts, issued once and for good, withdrawn by another."""

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import history_of
from posts.domain.document_issue import hindrances_of, issue_document
from posts.domain.document_numbers import gaps_of, next_number, note_number, parse_number
from posts.domain.document_papers import kept_pdf
from posts.domain.drafting import BLANK, Fact, fill_in
from posts.domain.official_documents import case_of, discard_document, save_document, start_document
from posts.domain.setting_aside import set_aside_revocation
from posts.models import DocumentNumber, IssuedPaper, NumberSeries, OfficialDocument
from tests.factories import MemberFactory
from tests.posts.papers import decision_of, issue, make_named, make_notice, make_revocation, make_running

pytestmark = pytest.mark.django_db
TEXT = {"basis": "《条例》", "honour": "党员示范岗"}


@pytest.fixture
def campaign(committee):
    return make_running(committee)


@pytest.fixture
def named(campaign, branch, committee_member, officer):
    return make_named(
        campaign, branch, decider=committee_member, releaser=officer, document_number="青示委发〔2026〕3号"
    )


@pytest.fixture
def draft(campaign, officer):
    return start_document(campaign, kind="notification", actor=officer)


def edited(document, actor, **fields):
    return save_document(document, actor=actor, version=document.version, fields=fields)


FACTS = [Fact("依据", "《条例》"), Fact("称号", "示范岗"), Fact("电话", "", is_needed=False)]


def test_facts_are_filled_in_where_the_text_calls_them():
    assert fill_in("根据{依据}，命名｛称号｝。", FACTS).text == "根据《条例》，命名示范岗。"


def test_paragraph_of_nothing_but_empty_facts_is_left_out():
    assert fill_in("根据{依据}{称号}。\n电话：{电话}\n完", FACTS).text == "根据《条例》示范岗。\n完"


def test_missing_and_unknown_facts_are_named():
    filled = fill_in("根据{依据}和{别的}。", FACTS)
    assert (filled.missing, filled.unknown) == (["称号"], ["别的"])


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("青示委发〔2026〕12号", "青示委发〔2026〕12号"),
        ("青示委发[2026]12号", "青示委发〔2026〕12号"),
        ("青示委发（2026）第 12号", "青示委发〔2026〕12号"),
        ("2026-12", None),
        ("", None),
    ],
)
def test_numbers_are_read_whatever_the_brackets(typed, read):
    assert (str(parse_number(typed)) if parse_number(typed) else None) == read


def test_same_case_gives_the_same_draft(draft, campaign, officer):
    assert start_document(campaign, kind="notification", actor=officer) == draft


def test_editor_may_not_leave_a_needed_fact_out(draft, officer):
    with pytest.raises(DomainError, match="正文缺少事实“依据”"):
        edited(draft, officer, text="只写一句话。")


def test_editor_may_not_call_an_unknown_fact(draft, officer):
    with pytest.raises(DomainError, match="没有“校长”这项事实"):
        edited(draft, officer, text=draft.text + "\n{校长}")


def test_facts_follow_the_case_until_the_issue(draft, campaign, officer):
    edited(draft, officer, code="青示委发")
    campaign.basis_document = "《中共示例县委通知》"
    campaign.save()
    issued = issue_document(draft, actor=officer)
    campaign.basis_document = "《后来的文件》"
    campaign.save()
    issued.refresh_from_db()
    assert "根据《中共示例县委通知》" in issued.final_text
    assert {"name": "依据", "value": "《中共示例县委通知》"} in issued.facts


def test_two_windows_do_not_undo_each_other(draft, officer):
    edited(draft, officer, title="第一个窗口")
    with pytest.raises(StaleError):
        edited(draft, officer, title="第二个窗口")
    draft.refresh_from_db()
    assert draft.title == "第一个窗口"


def test_issue_freezes_text_file_and_checksum(named, officer):
    document = issue(decision_of(named), "naming", officer)
    pdf = kept_pdf(document)
    assert document.sha256 == hashlib.sha256(pdf).hexdigest()
    assert document.number == "青示委发〔2026〕3号"
    for call in (
        lambda: edited(document, officer, title="另一个标题"),
        lambda: issue_document(document, actor=officer),
        lambda: discard_document(document, actor=officer),
        lambda: start_document(decision_of(named), kind="naming", actor=officer),
    ):
        with pytest.raises(OutOfOrderError):
            call()
    named.name = "改了名的岗位"
    named.save()
    assert kept_pdf(OfficialDocument.objects.get(pk=document.pk)) == pdf


def test_issue_is_told_in_the_journal_and_to_the_units(named, officer, secretary, campaign, branch):
    campaign.units.add(branch)
    document = issue(decision_of(named), "naming", officer)
    assert [entry.kind for entry in history_of(document)] == ["document_drafted", "document_issued"]
    assert secretary.messages.filter(key=f"document:{document.pk}").count() == 1


def test_decision_that_is_not_released_is_not_issued(campaign, branch, committee_member, officer):
    from posts.domain.decisions import propose_decisions
    from tests.posts.cases import make_kind, make_nomination, open_run

    kind = make_kind(campaign.owner, campaign=campaign)
    decision = propose_decisions(
        [open_run(make_nomination(kind, branch))], outcome="approved", actor=committee_member, document_number="7号"
    )
    document = edited(start_document(decision, kind="naming", actor=officer), officer, code="青示委发")
    with pytest.raises(DomainError, match="决定尚未公布"):
        issue_document(document, actor=officer)
    assert DocumentNumber.objects.count() == 0


def test_numbers_run_on_and_gaps_are_listed(campaign, branch, committee_member, officer, draft):
    year = timezone.localdate().year
    first = issue_document(edited(draft, officer, code="青示委函"), actor=officer)
    named = make_named(campaign, branch, decider=committee_member, releaser=officer)
    kept = start_document(make_revocation(named, committee_member), kind="revocation", actor=officer)
    second = issue_document(edited(kept, officer, code="青示委函"), actor=officer, serial=5)
    assert [d.number for d in (first, second)] == [f"青示委函〔{year}〕1号", f"青示委函〔{year}〕5号"]
    series = NumberSeries.objects.get(code="青示委函", year=year)
    assert [str(gap) for gap in gaps_of(series)] == ["2–4"]
    note_number(campaign.owner, actor=officer, code="青示委函", year=year, serial=3, note="关于值班的通知")
    assert [str(gap) for gap in gaps_of(series)] == ["2", "4"]


def test_number_that_a_decision_carries_is_kept_for_its_paper(named, draft, officer):
    assert named.decision.document_number == "青示委发〔2026〕3号"
    owner = named.campaign.owner
    note_number(owner, actor=officer, code="青示委发", year=2026, serial=2, note="关于值班的通知")
    assert next_number(owner, "青示委发", 2026) == 4
    assert issue(decision_of(named), "naming", officer).number == "青示委发〔2026〕3号"


def test_number_that_was_given_is_refused_for_ever(draft, campaign, officer):
    document = issue_document(edited(draft, officer, code="青示委发"), actor=officer)
    withdrawal = start_document(document, kind="withdrawal", actor=officer)
    withdrawal = edited(withdrawal, officer, code="青示委发", text=withdrawal.text.replace(BLANK, "内容有误。"))
    issue_document(withdrawal, actor=officer)
    again = edited(start_document(campaign, kind="notification", actor=officer), officer, code="青示委发")
    with pytest.raises(DomainError, match="已经用过"):
        issue_document(again, actor=officer, serial=1)
    year = timezone.localdate().year
    with pytest.raises(DomainError, match="已经用过"):
        note_number(campaign.owner, actor=officer, code="青示委发", year=year, serial=1, note="别的文件")
    assert issue_document(again, actor=officer).number == f"青示委发〔{year}〕3号"


def test_failed_issue_uses_no_number(draft, officer):
    document = edited(draft, officer, code="青示委发", text=draft.text + "\n\ue999")
    with pytest.raises(DomainError, match="字体"):
        issue_document(document, actor=officer)
    assert (DocumentNumber.objects.count(), IssuedPaper.objects.count()) == (0, 0)


def test_only_another_document_withdraws_and_both_show_it(draft, officer):
    document = issue_document(edited(draft, officer, code="青示委发"), actor=officer)
    withdrawal = start_document(document, kind="withdrawal", actor=officer)
    assert hindrances_of(withdrawal)[-1].startswith("正文还有空白处") or BLANK in withdrawal.text
    withdrawal = edited(withdrawal, officer, code="青示委发", text=withdrawal.text.replace(BLANK, "内容有误。"))
    document.refresh_from_db()
    assert document.status == "issued"
    withdrawal = issue_document(withdrawal, actor=officer)
    document.refresh_from_db()
    assert (document.status, document.withdrawn_by, withdrawal.withdraws) == ("withdrawn", withdrawal, document)
    assert f"《{document.title}》（{document.number}）" in withdrawal.final_text
    with pytest.raises(DomainError, match="不再撤回"):
        start_document(withdrawal, kind="withdrawal", actor=officer)


def test_correction_withdraws_the_paper_of_the_revocation(
    campaign, branch, committee_member, committee_secretary, officer
):
    named = make_named(campaign, branch, decider=committee_member, releaser=officer)
    kept = make_revocation(named, committee_member)
    paper = issue(kept, "revocation", officer)
    set_aside_revocation(named, actor=committee_secretary, reason="认定有误", document="青示委发〔2026〕88号")
    correction = issue(type(kept).objects.get(pk=kept.pk), "set_aside", officer)
    paper.refresh_from_db()
    assert (paper.status, paper.withdrawn_by) == ("withdrawn", correction)


def test_revocation_without_a_number_gets_that_of_its_paper(campaign, branch, committee_member, officer):
    kept = make_revocation(make_named(campaign, branch, decider=committee_member, releaser=officer), committee_member)
    document = issue(kept, "revocation", officer)
    kept.refresh_from_db()
    assert kept.document == document.number


def test_public_notice_refuses_private_numbers(campaign, branch, secretary):
    notice = make_notice(campaign, branch, secretary)
    document = start_document(notice, kind="public_notice", actor=secretary)
    edited(document, secretary, text=document.text + "\n请致电13800138000。")
    with pytest.raises(DomainError, match="手机"):
        issue_document(document, actor=secretary)


def test_report_waits_until_the_notice_is_over(campaign, branch, secretary):
    notice = make_notice(campaign, branch, secretary)
    with pytest.raises(DomainError, match="期满后再写报告"):
        start_document(notice, kind="notice_report", actor=secretary)


def test_database_keeps_what_was_issued(draft, officer, settings):
    settings.GUARDS_MAY_BE_EMPTIED = False
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL shifangang.emptying = 'off'")
    document = issue_document(edited(draft, officer, code="青示委发"), actor=officer)
    for change in (
        lambda: IssuedPaper.objects.filter(document=document).update(pdf=b"x"),
        lambda: IssuedPaper.objects.filter(document=document).delete(),
        lambda: OfficialDocument.objects.filter(pk=document.pk).update(final_text="x"),
        lambda: OfficialDocument.objects.filter(pk=document.pk).update(number="x"),
        lambda: DocumentNumber.objects.filter(document=document).update(serial=99),
        lambda: DocumentNumber.objects.filter(document=document).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_date_lies_neither_in_the_future_nor_far_back(draft, officer):
    document, today = edited(draft, officer, code="青示委发"), timezone.localdate()
    for day in (today + timedelta(days=1), today - timedelta(days=61)):
        with pytest.raises(DomainError) as refused:
            issue_document(document, actor=officer, day=day)
        assert refused.value.field == "day"


def test_nobody_issues_a_paper_about_his_own_post(campaign, branch, committee_member, officer, committee_secretary):
    own = MemberFactory(branch=branch, user=officer, name=officer.name)
    named = make_named(campaign, branch, decider=committee_member, releaser=committee_secretary, members=[own])
    kept = make_revocation(named, committee_member)
    with pytest.raises(NotAllowedError, match="本人"):
        start_document(kept, kind="revocation", actor=officer)


@pytest.mark.parametrize("missing", [{"starts_on": None}, {"ends_on": None}, {"nominations_until": None}])
def test_notification_calls_only_days_that_are_fixed(committee, officer, missing):
    draft = start_document(make_running(committee, **missing), kind="notification", actor=officer)
    assert fill_in(draft.text, case_of(draft).facts).problems == []


def test_every_first_text_calls_all_its_facts(campaign, named, officer, committee_member):
    kept = make_revocation(named, committee_member)
    for source, kind in ((campaign, "notification"), (named.decision, "naming"), (kept, "revocation")):
        draft = start_document(source, kind=kind, actor=officer)
        assert fill_in(draft.text, case_of(draft).facts).problems == [], kind


def test_plain_sheet_takes_no_number_unless_the_office_wants_one(campaign, branch, secretary, officer, draft):
    issue_document(edited(draft, officer, code="青示委发"), actor=officer)
    notice = make_notice(campaign, branch, secretary)
    assert issue(notice, "public_notice", secretary).number == ""

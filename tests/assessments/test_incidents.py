from datetime import date

import pytest
from django.db import IntegrityError

from assessments.domain.incident_rights import may_see_reporter, why_not_decide, why_not_verify
from assessments.domain.incidents import Reporter, report_incident
from assessments.domain.rectifications import open_rectification
from assessments.domain.statements import ask_statement
from assessments.domain.verification import (
    confirm_closing,
    dismiss_incident,
    record_finding,
    send_back,
    suspend_display,
    take_up,
)
from assessments.domain.vetoes import close_without_veto, decide_veto, preview_veto, why_no_veto
from assessments.models import Incident, IncidentStatus, Rectification, Review
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import verify_journal
from campaigns.domain.todos import todos_for
from campaigns.models import DueItem, DueState, JournalEntry, Member, Message, Role
from posts.domain import conferrals
from posts.models import Ban, Conferral, ConferralStatus
from tests.assessments.titles import at, make_campaign, make_ground, make_review, run_clock
from tests.factories import MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TEXT = "同一窗口一月内被投诉五次，核查四次属实。"
FINDING = {"finding": "verified", "finding_text": "五次投诉中四次属实。", "statement": "本人承认。"}


@pytest.fixture
def incident(title):
    return report_incident(title, text=TEXT, reporter=Reporter(name="孙样甲", contact="0000-7654321"))


@pytest.fixture
def proven(incident, discipline, ground):
    take_up(incident, actor=discipline)
    return record_finding(incident, actor=discipline, ground=ground, **FINDING)


def status_of(conferral):
    return Conferral.objects.get(pk=conferral.pk).status


def test_a_report_alone_changes_nothing(discipline, incident, title, committee_member):
    assert status_of(title) == ConferralStatus.ACTIVE
    assert (incident.status, incident.verify_due_on) == ("reported", date(2026, 11, 18))
    with pytest.raises(OutOfOrderError):
        decide_veto(incident, actor=committee_member, decision_text="撤销。")
    assert Message.objects.filter(user=discipline).count() == 1


def test_a_repeated_click_is_one_report(title):
    first = report_incident(title, text=TEXT, public_id="a" * 22)
    assert report_incident(title, text=TEXT, public_id="a" * 22) == first
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   短   ", "长" * 2001])
def test_a_report_needs_substance(title, text):
    with pytest.raises(DomainError) as error:
        report_incident(title, text=text)
    assert error.value.field == "text"


def test_a_flood_is_held_back(title):
    for _n in range(30):
        report_incident(title, text=TEXT)
    with pytest.raises(DomainError):
        report_incident(title, text=TEXT)
    report_incident(title, text=TEXT, source="inspection")


def test_who_may_verify(incident, title, branch, committee, discipline, member, secretary, officer):
    assert why_not_verify(discipline, incident) == ""
    for user in (member, secretary, officer, UserFactory()):
        assert why_not_verify(user, incident)
    appoint(member, org_unit=committee, role=Role.DISCIPLINE, actor=None)
    assert why_not_verify(member, incident)  # he is a member of the post
    appoint(secretary, org_unit=committee, role=Role.DISCIPLINE, actor=None)
    assert why_not_verify(secretary, incident)  # the post is of his branch
    reporter = UserFactory()
    appoint(reporter, org_unit=committee, role=Role.DISCIPLINE, actor=None)
    incident.reporter.user = reporter
    incident.reporter.save()
    assert why_not_verify(reporter, incident)


def test_the_retaliation_guard(incident, title, committee, discipline, committee_member, officer, member, secretary):
    seen = {user: Incident.objects.visible_to(user).exists() for user in (discipline, committee_member)}
    assert seen == {discipline: True, committee_member: True}
    # Even with the verifying and the deciding role above, the person and his secretary see nothing.
    for user in (member, secretary):
        appoint(user, org_unit=committee, role=Role.DISCIPLINE, actor=None)
        appoint(user, org_unit=committee, role=Role.COMMITTEE_MEMBER, actor=None)
        assert not Incident.objects.visible_to(user).exists()
        assert not may_see_reporter(user, incident)
    assert may_see_reporter(discipline, incident)
    assert not may_see_reporter(committee_member, incident)
    assert not may_see_reporter(officer, incident)
    told = "".join(f"{m.title}{m.body}" for m in Message.objects.all())
    kept = "".join(JournalEntry.objects.values_list("body", flat=True))
    for secret in ("孙样甲", "0000-7654321", "五次"):
        assert secret not in told + kept


def test_the_journal_names_no_reporter(title, discipline):
    reporter = UserFactory()
    incident = report_incident(title, text=TEXT, reporter=Reporter(user=reporter))

    assert not JournalEntry.objects.filter(subject_id=str(incident.pk), actor=reporter).exists()


def test_who_was_a_holder_stays_concerned(incident, title, committee, member):
    title.holders.update(until_on=date(2026, 11, 1))
    appoint(member, org_unit=committee, role=Role.DISCIPLINE, actor=None)

    assert not Incident.objects.visible_to(member).exists()


def test_the_verifier_does_not_decide(proven, discipline, committee, committee_member):
    appoint(discipline, org_unit=committee, role=Role.COMMITTEE_MEMBER, actor=None)

    assert why_not_decide(discipline, proven)
    assert why_not_decide(committee_member, proven) == ""
    with pytest.raises(NotAllowedError):
        decide_veto(proven, actor=discipline, decision_text="撤销。")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"finding": "perhaps"}, "finding"),
        ({"finding_text": " "}, "finding_text"),
        ({"statement": ""}, "statement"),
    ],
)
def test_a_finding_with_a_gap_is_refused(incident, discipline, change, field):
    take_up(incident, actor=discipline)
    with pytest.raises(DomainError) as error:
        record_finding(incident, actor=discipline, **{**FINDING, **change})
    assert error.value.field == field


def test_a_ground_demands_its_evidence_and_its_own_scheme(incident, discipline, campaign, committee):
    take_up(incident, actor=discipline)
    needs = make_ground(campaign, code="punished", evidence_needed="处分决定")
    foreign = make_ground(make_campaign(committee), code="other")
    for ground, field in ((needs, "evidence_reference"), (foreign, "ground")):
        with pytest.raises(DomainError) as error:
            record_finding(incident, actor=discipline, ground=ground, **FINDING)
        assert error.value.field == field
    record_finding(incident, actor=discipline, ground=needs, evidence_reference="纪〔2026〕3号", **FINDING)


def test_a_report_that_is_not_true_is_closed_by_a_second_person(incident, discipline, committee_member, title):
    take_up(incident, actor=discipline)
    record_finding(incident, actor=discipline, finding="not_verified", finding_text="系前一日剪辑。")
    incident.refresh_from_db()
    assert (incident.status, incident.is_open) == (IncidentStatus.TO_CONFIRM, True)
    with pytest.raises(NotAllowedError):
        confirm_closing(incident, actor=discipline)
    confirm_closing(incident, actor=committee_member)

    incident.refresh_from_db()
    assert (incident.verifier, incident.decided_by) == (discipline, committee_member)
    assert (incident.status, incident.measure, incident.ground) == (IncidentStatus.CLOSED, "none", None)
    assert status_of(title) == ConferralStatus.ACTIVE
    assert not DueItem.objects.filter(kind="incident_remind", state=DueState.PENDING).exists()


def test_a_report_without_a_clue_is_registered_and_closed(incident, discipline, secretary, committee_member):
    with pytest.raises(NotAllowedError):
        dismiss_incident(incident, actor=secretary, reason="无线索。")
    with pytest.raises(DomainError):
        dismiss_incident(incident, actor=discipline, reason="")
    dismiss_incident(incident, actor=discipline, reason="无具体线索，登记后不予受理。")
    confirm_closing(incident, actor=committee_member)
    incident.refresh_from_db()
    assert (incident.status, incident.decision_text) == (IncidentStatus.CLOSED, "无具体线索，登记后不予受理。")


def test_the_second_look_may_send_a_report_back(incident, discipline, committee_member, today):
    take_up(incident, actor=discipline)
    record_finding(incident, actor=discipline, finding="cannot_verify", finding_text="无法核实。")
    with pytest.raises(DomainError) as error:
        send_back(incident, actor=committee_member, reason=" ")
    assert error.value.field == "reason"
    today.move_to(at(date(2026, 11, 20)))
    sent = send_back(incident, actor=committee_member, reason="调阅十月录像。")

    assert (sent.status, sent.finding, sent.second_look) == (IncidentStatus.VERIFYING, "", "调阅十月录像。")
    assert sent.verify_due_on == date(2026, 12, 4)
    assert [todo.action for todo in todos_for(discipline)] == ["核查"]
    record_finding(incident, actor=discipline, finding="not_verified", finding_text="录像中无此事。")
    assert [todo.action for todo in todos_for(committee_member)] == ["确认"]
    assert todos_for(discipline) == []


def test_the_database_refuses_a_report_closed_by_its_verifier(incident, discipline):
    with pytest.raises(IntegrityError):
        Incident.objects.filter(pk=incident.pk).update(status="closed", verifier=discipline, decided_by=discipline)


def test_partly_true_carries_no_veto_where_the_scheme_demands_verification(
    incident, discipline, campaign, committee_member
):
    take_up(incident, actor=discipline)
    strict = make_ground(campaign, code="strict", requires_verification=True)
    found = record_finding(
        incident,
        actor=discipline,
        ground=strict,
        finding="partly_verified",
        finding_text="部分属实。",
        statement="无异议。",
    )
    assert why_no_veto(found)
    with pytest.raises(DomainError):
        decide_veto(found, actor=committee_member, decision_text="撤销。")


def test_a_veto_does_everything_at_once(proven, title, rule, committee_member, member, discipline, secretary):
    review = make_review(title, rule)
    open_rectification(
        title, actor=secretary, finding="x", requirement="y", responsible="z", checking_unit=title.org_unit
    )
    preview = preview_veto(proven)
    assert (preview.open_reviews, preview.running_rectifications, preview.ban_year) == (1, 1, 2026)
    assert len(preview.barred) == 2

    decide_veto(proven, actor=committee_member, decision_text="撤销称号。", document_number="青示委发〔2026〕9号")

    title.refresh_from_db()
    assert (title.status, title.ended_on, title.end_document) == ("revoked", date(2026, 11, 4), "青示委发〔2026〕9号")
    assert Ban.objects.filter(conferral=title, year=2026).count() == 2
    assert Review.objects.get(pk=review.pk).status == "cancelled"
    assert Rectification.objects.get().status == "cancelled"
    assert Message.objects.filter(user=member, key__contains="ended").exists()
    assert Incident.objects.get().status == IncidentStatus.REVOKED
    assert list(verify_journal()) == []
    with pytest.raises(OutOfOrderError):
        decide_veto(proven, actor=committee_member, decision_text="撤销称号。")


def test_a_veto_that_fails_half_way_leaves_nothing(proven, title, rule, committee_member, monkeypatch):
    make_review(title, rule)

    def breaks(_conferral):
        raise RuntimeError("the last step")

    monkeypatch.setattr(conferrals, "on_ended", [*conferrals.on_ended, breaks])
    entries = JournalEntry.objects.count()
    with pytest.raises(RuntimeError):
        decide_veto(proven, actor=committee_member, decision_text="撤销。")

    assert status_of(title) == ConferralStatus.ACTIVE
    assert Incident.objects.get().status == IncidentStatus.VERIFIED
    assert Review.objects.get().status == "open"
    assert not Ban.objects.exists()
    assert JournalEntry.objects.count() == entries


def test_a_true_report_may_end_in_a_rectification(proven, title, committee_member, officer):
    with pytest.raises(DomainError):
        close_without_veto(proven, actor=committee_member, measure="rectify", reason="情节轻微。")
    close_without_veto(
        proven,
        actor=committee_member,
        measure="rectify",
        reason="情节轻微。",
        requirement="对投诉人逐一回访并书面答复",
        responsible="陈样甲",
    )

    rectification = Rectification.objects.get()
    assert rectification.incident == proven
    assert TEXT not in rectification.finding
    assert status_of(title) == ConferralStatus.RECTIFYING


def test_a_suspended_display_comes_back_with_the_end_of_the_report(incident, discipline, committee_member, title):
    take_up(incident, actor=discipline)
    with pytest.raises(OutOfOrderError):
        suspend_display(incident, actor=discipline)  # nobody of the post knows of anything yet
    ask_statement(incident, actor=discipline, name="刘样甲", matter="请说明窗口值班情况。")
    suspend_display(incident, actor=discipline)
    title.refresh_from_db()
    assert title.suspended_at is not None
    with pytest.raises(OutOfOrderError):
        suspend_display(incident, actor=discipline)

    dismiss_incident(Incident.objects.get(), actor=discipline, reason="查无实据。")
    title.refresh_from_db()
    assert title.suspended_at is not None
    confirm_closing(Incident.objects.get(), actor=committee_member)
    title.refresh_from_db()
    assert title.suspended_at is None


def days_of(user):
    return [m.created_at.day for m in Message.objects.filter(user=user).order_by("pk")]


def test_an_overdue_verification_is_told_to_the_deciding_body_too_and_to_nobody_else(
    title, discipline, secretary, officer, committee_member, member, today
):
    report_incident(title, text=TEXT)
    run_clock(date(2026, 11, 5), date(2026, 11, 30))

    assert days_of(discipline) == [4, 15, 17, 18, 19, 25]
    assert days_of(committee_member) == [19, 25]
    assert "已逾期（期限 2026-11-18）" in Message.objects.filter(user=committee_member).first().title
    assert not Message.objects.exclude(user__in=[discipline, committee_member]).exists()


def test_a_deciding_person_sees_an_overdue_verification_on_his_home_page(incident, committee_member, today):
    assert todos_for(committee_member) == []
    today.move_to(at(date(2026, 11, 19)))

    assert [(todo.action, todo.due_on) for todo in todos_for(committee_member)] == [("查看", date(2026, 11, 18))]


def test_a_report_that_nobody_may_verify_goes_up_and_the_office_learns_only_of_the_gap(
    title, branch, committee_member, officer, today
):
    report_incident(title, text=TEXT)

    assert days_of(committee_member) == [4]
    told = Message.objects.get(user=officer)
    assert told.title == "有一件反映无人可以核查：请任命纪检委员"
    assert str(title) not in told.title + told.body + told.url
    run_clock(date(2026, 11, 5), date(2026, 11, 19))
    assert days_of(officer) == [4, 19]


def test_who_decides_and_who_looks_again_are_reminded_while_they_do_not(
    committee_member, discipline, proven, title, today
):
    told = Message.objects.filter(user=committee_member)
    assert [m.created_at.day for m in told] == [4]
    run_clock(date(2026, 11, 5), date(2026, 11, 30))
    assert days_of(committee_member) == [4, 5, 6, 11]

    close_without_veto(proven, actor=committee_member, measure="talk", reason="情节轻微。")
    other = report_incident(title, text=TEXT)
    take_up(other, actor=discipline)
    record_finding(other, actor=discipline, finding="not_verified", finding_text="查无此事。")
    send_back(other, actor=committee_member, reason="再查。")
    record_finding(other, actor=discipline, finding="not_verified", finding_text="仍查无此事。")
    waiting = DueItem.objects.filter(subject_id=other.pk, state=DueState.PENDING)
    assert set(waiting.values_list("kind", flat=True)) == {"incident_next"}
    confirm_closing(other, actor=committee_member)
    assert not waiting.exists()


def test_a_report_about_another_post_of_his_is_hidden_too(title, campaign, committee):
    """A committee member who sits in a post is barred from that post's reports only."""
    judge = UserFactory()
    appoint(judge, org_unit=committee, role=Role.COMMITTEE_MEMBER, actor=None)
    MemberFactory(branch=title.org_unit, user=judge)
    report_incident(title, text=TEXT)
    assert Incident.objects.visible_to(judge).count() == 1

    title.holders.create(member=Member.objects.get(user=judge), name="x", from_on=date(2026, 6, 1))
    assert Incident.objects.visible_to(judge).count() == 0

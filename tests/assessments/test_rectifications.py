"""More time, files that show something, the escalation by the clock, and what the public reads of it."""

import hashlib
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.urls import reverse

from assessments.domain.extensions import answer_extension, ask_extension, why_no_extension
from assessments.domain.proposals import decide_proposal, propose_end
from assessments.domain.rectifications import (
    add_evidence,
    check_rectification,
    open_rectification,
    submit_rectification,
)
from assessments.models import CaseFile, Extension, Proposal, Rectification, RectificationStatus
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.todos import todos_for
from campaigns.models import DueItem, DueState, Message
from posts.domain.document_issue import issue_document
from posts.domain.official_documents import start_document
from posts.domain.public_state import public_state
from posts.domain.revocations import revoke_title
from posts.domain.setting_aside import set_aside_revocation
from posts.models import Conferral, ConferralStatus
from tests.assessments.titles import at, make_review, run_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

DUE = date(2026, 12, 4)  # thirty days from the Wednesday on which these tests begin
ASK = {"until": date(2026, 12, 19), "reason": "设备到货推迟。"}
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def rectification(title, secretary, officer):
    return open_rectification(
        title, actor=officer, finding="台账不完整。", requirement="补齐台账。", responsible="陈样甲",
        checking_unit=title.org_unit,
    )  # fmt: skip


@pytest.fixture
def extension(rectification, member):
    return ask_extension(rectification, actor=member, **ASK)


def picture(name="现场.png", more=b""):
    return SimpleUploadedFile(name, PNG + more, content_type="image/png")


def fresh(obj):
    return type(obj).objects.get(pk=obj.pk)


def set_rule(campaign, **values):
    campaign.rules = {**campaign.rules, "rectify": values}
    campaign.save()


def test_an_extension_moves_the_day_and_its_reminders(rectification, extension, secretary, member):
    assert fresh(rectification).due_on == DUE
    answer_extension(extension, actor=secretary, granted=True, answer="同意。")

    assert fresh(rectification).due_on == date(2026, 12, 19)
    run_clock(date(2026, 11, 5), date(2026, 12, 20))
    told = Message.objects.filter(user=member, key__contains="2026-12-").order_by("pk")
    assert [m.created_at.day for m in told] == [12, 16, 18, 19, 20]
    assert fresh(rectification).status == RectificationStatus.OPEN


def test_a_refused_extension_leaves_the_day(rectification, extension, secretary):
    answer_extension(extension, actor=secretary, granted=False, answer="原期限足够。")
    assert (fresh(rectification).due_on, fresh(extension).answer) == (DUE, "原期限足够。")


def test_nobody_grants_what_he_asked_for(rectification, secretary, member, officer, other_secretary, discipline):
    asked = ask_extension(rectification, actor=secretary, **ASK)
    for user in (secretary, member, other_secretary, discipline):
        with pytest.raises(NotAllowedError):
            answer_extension(asked, actor=user, granted=True, answer="同意。")
    answer_extension(asked, actor=officer, granted=True, answer="同意。")
    with pytest.raises(IntegrityError):
        Extension.objects.update(settled_by=secretary)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"until": DUE}, "until"),
        ({"until": date(2026, 12, 20)}, "until"),
        ({"reason": " "}, "reason"),
    ],
)
def test_a_request_outside_the_scheme_is_refused(rectification, member, change, field):
    with pytest.raises(DomainError) as error:
        ask_extension(rectification, actor=member, **{**ASK, **change})
    assert error.value.field == field


def test_the_scheme_says_how_often_and_by_how_much(rectification, campaign, member, secretary, discipline):
    set_rule(campaign, extensions=0)
    assert why_no_extension(fresh(rectification))
    set_rule(campaign, extensions=2, extension_days=5)
    with pytest.raises(NotAllowedError):
        ask_extension(rectification, actor=discipline, until=DUE + timedelta(days=1), reason="x")
    for number in (1, 2):
        asked = ask_extension(rectification, actor=member, until=DUE + timedelta(days=5 * number), reason="x")
        with pytest.raises(OutOfOrderError):
            ask_extension(rectification, actor=member, until=DUE + timedelta(days=5 * number), reason="x")
        answer_extension(asked, actor=secretary, granted=True, answer="同意。")
    with pytest.raises(OutOfOrderError):
        ask_extension(rectification, actor=member, until=DUE + timedelta(days=12), reason="x")


def test_after_the_deadline_nobody_asks_for_more(rectification, member, today):
    today.move_to(at(DUE))
    assert not why_no_extension(fresh(rectification))
    today.move_to(at(DUE + timedelta(days=1)))
    with pytest.raises(OutOfOrderError):
        ask_extension(rectification, actor=member, **ASK)


def test_the_clock_puts_it_before_the_deciding_body_and_people_decide(rectification, title, committee_secretary):
    run_clock(date(2026, 11, 5), DUE + timedelta(days=2))
    assert fresh(rectification).status == RectificationStatus.OPEN
    run_clock(DUE + timedelta(days=3), DUE + timedelta(days=3))

    proposal = Proposal.objects.get()
    assert (fresh(rectification).status, fresh(title).status) == ("lapsed", "rectifying")
    assert (proposal.end, proposal.proposed_by, proposal.rectification) == ("adjust", None, rectification)
    assert [todo.action for todo in todos_for(committee_secretary)] == ["决定"]
    decide_proposal(proposal, actor=committee_secretary, accept=True, decision_text="同意调整。")
    assert fresh(title).status == ConferralStatus.ADJUSTED


def test_what_was_handed_in_is_not_escalated_but_its_check_is_reminded(rectification, member, secretary):
    submit_rectification(rectification, actor=member, proof="已补齐。")
    run_clock(date(2026, 11, 5), DUE + timedelta(days=10))

    told = Message.objects.filter(user=secretary, key__startswith="rectification_check:").order_by("pk")
    assert [m.created_at.day for m in told] == [4, 7, 11]
    assert not Message.objects.filter(user=member, key__startswith=f"rectification:{rectification.pk}:2026").exists()
    assert not Proposal.objects.exists()


def test_a_request_that_waits_holds_the_clock(rectification, title, secretary, today):
    asked = ask_extension(rectification, actor=rectification.opened_by, **ASK)
    run_clock(date(2026, 11, 5), DUE + timedelta(days=5))
    assert fresh(rectification).status == RectificationStatus.OPEN
    today.move_to(at(DUE + timedelta(days=6)))
    answer_extension(asked, actor=secretary, granted=False, answer="不同意。")
    assert (fresh(rectification).status, Proposal.objects.get().end) == (RectificationStatus.LAPSED, "adjust")


def test_a_second_proposal_is_not_made_while_one_waits(rectification, title, officer):
    propose_end(title, end="adjust", reasons="人员变动。", actor=officer)
    run_clock(DUE, DUE + timedelta(days=4))
    assert (fresh(rectification).status, Proposal.objects.count()) == (RectificationStatus.LAPSED, 1)


def test_handing_in_settles_a_request_for_time(rectification, extension, member, secretary):
    submit_rectification(rectification, actor=member, proof="已补齐。")
    with pytest.raises(OutOfOrderError):
        answer_extension(extension, actor=secretary, granted=True, answer="同意。")
    assert fresh(extension).state == "done"


def test_files_show_what_was_found_and_what_was_done(rectification, member, secretary, officer, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    add_evidence(rectification, actor=officer, uploads=[picture("检查.png")])
    submit_rectification(
        rectification, actor=member, proof="已补齐。", uploads=[picture(more=b"1"), picture(more=b"2")]
    )
    check_rectification(rectification, actor=secretary, passed=True, opinion="到位。", uploads=[picture(more=b"3")])

    kept = CaseFile.objects.order_by("pk")
    assert [(file.purpose, file.uploaded_by) for file in kept] == [
        ("finding", officer), ("proof", member), ("proof", member), ("check", secretary)
    ]  # fmt: skip
    assert kept[0].sha256 == hashlib.sha256(PNG).hexdigest()
    with pytest.raises(OutOfOrderError):
        add_evidence(rectification, actor=officer, uploads=[picture(more=b"4")])


def test_a_wrong_file_refuses_the_whole_act(rectification, member, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with pytest.raises(DomainError) as error:
        submit_rectification(
            rectification, actor=member, proof="已补齐。", uploads=[SimpleUploadedFile("a.png", b"MZ\x90\0")]
        )
    assert error.value.field == "upload"
    assert fresh(rectification).status == RectificationStatus.OPEN


def test_a_file_leaves_for_whoever_sees_its_case(rectification, officer, member, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = add_evidence(rectification, actor=officer, uploads=[picture()])[0]
    url = reverse("assessments:case_file", args=[file.pk])
    client.force_login(member)
    answer = client.get(url)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content) == PNG
    answer.close()


def test_strangers_get_no_file(rectification, officer, other_secretary, stranger, client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = add_evidence(rectification, actor=officer, uploads=[picture()])[0]
    for user in (other_secretary, stranger):
        client.force_login(user)
        assert client.get(reverse("assessments:case_file", args=[file.pk])).status_code == 404


@pytest.mark.parametrize("public", [True, False])
def test_the_public_page_says_it_where_the_scheme_says_so(rectification, campaign, title, public):
    set_rule(campaign, public=public)
    state = public_state(fresh(title))
    assert state.code == ("rectifying" if public else "active")
    assert f"|{state.code}|" in state.line


def test_a_title_given_back_goes_on_with_its_rectification_and_reviews(
    rectification, title, rule, committee_secretary, committee_member, today
):
    """Ten of the thirty days were gone when it was revoked; the other twenty are left when it comes back."""
    review = make_review(title, rule)
    today.move_to(at(date(2026, 11, 14)))
    revoke_title(title, actor=committee_secretary, reason="x")
    assert not DueItem.objects.filter(kind__startswith="rectify", state=DueState.PENDING).exists()
    today.move_to(at(date(2026, 11, 20)))
    set_aside_revocation(title, actor=committee_member, reason="有误。", document="12号")

    assert (fresh(rectification).status, fresh(rectification).due_on) == ("open", date(2026, 12, 10))
    assert (fresh(title).status, fresh(review).status) == ("rectifying", "missed")
    assert DueItem.objects.filter(kind="rectify_remind", state=DueState.PENDING).count() == 5
    assert DueItem.objects.filter(kind="rectify_escalate", state=DueState.PENDING).count() == 1


def test_given_back_on_the_same_day_its_reminders_are_there_again(
    rectification, title, committee_secretary, committee_member
):
    revoke_title(title, actor=committee_secretary, reason="x")
    set_aside_revocation(title, actor=committee_member, reason="有误。", document="12号")

    assert fresh(rectification).due_on == DUE
    assert DueItem.objects.filter(kind="rectify_remind", state=DueState.PENDING).count() == 5
    assert Conferral.objects.get().status == ConferralStatus.RECTIFYING


def test_the_list_is_narrowed(client, rectification, officer):
    client.force_login(officer)
    url = reverse("assessments:rectification_list")
    for query, n in (("q=陈样甲", 1), ("q=无此", 0), (f"campaign={rectification.conferral.campaign_id}", 1)):
        assert len(client.get(f"{url}?{query}").context["rectifications"]) == n


def test_the_order_is_issued_as_a_document(client, rectification, member, officer):
    """The office drafts and issues it; the people of the post read the file, and the facts are those of the case."""
    document = issue_document(start_document(rectification, kind="rectification", actor=officer), actor=officer)
    assert rectification.finding.strip("。") in document.final_text
    assert rectification.responsible in document.final_text
    client.force_login(member)
    paper = client.get(reverse("posts:document_file", args=[document.pk]))
    assert (paper["Content-Type"], hashlib.sha256(paper.content).hexdigest()) == ("application/pdf", document.sha256)


def test_more_time_is_asked_for_and_granted_on_the_page(client, rectification, member, secretary):
    url = reverse("assessments:rectification_detail", args=[rectification.pk])
    client.force_login(member)
    assert client.post(url + "extend/", {"until": "2026-12-30", "reason": "x"}).status_code == 400
    assert client.post(url + "extend/", {"until": "2026-12-19", "reason": "设备未到。"}).status_code == 302
    asked = Extension.objects.get()
    answer = reverse("assessments:extension_answer", args=[rectification.pk, asked.pk])
    assert client.post(answer, {"granted": "1", "answer": "同意。"}).status_code == 403
    assert {todo.icon for todo in todos_for(secretary)} == {"wrench", "calendar-plus"}
    client.force_login(secretary)
    assert client.post(answer, {"granted": "1", "answer": ""}).status_code == 400
    assert client.post(answer, {"granted": "1", "answer": "同意。"}).status_code == 302
    assert Rectification.objects.get().due_on == date(2026, 12, 19)

"""The pages of a nomination: what they show, who reaches them, and that no typed text is lost."""

import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import load_workbook

from campaigns.domain import todos
from campaigns.models import Message
from posts.domain.consents import answer_consent
from posts.domain.endorsements import endorse
from posts.domain.meetings import record_meeting
from posts.domain.nominations import save_draft
from posts.domain.pipeline import current_run
from posts.models import Consent, NominationStatus
from posts.todos import consent_todos, nomination_todos
from tests.factories import MemberFactory, make_kind, make_nomination, make_unit

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def holder(branch):
    return MemberFactory(branch=branch)


@pytest.fixture
def draft(person_kind, branch, secretary, holder):
    return make_nomination(person_kind, branch, secretary, holder)


@pytest.fixture
def submitted(person_kind, branch, secretary, holder):
    return make_nomination(person_kind, branch, secretary, holder, submit=True)


def paper(nomination, **changes):
    """What the browser sends for the paper as it stands."""
    data = {
        "name": nomination.name,
        "duties": nomination.duties,
        "reasons": nomination.reasons,
        "members": [str(pk) for pk in nomination.members.values_list("member", flat=True)],
        "version": nomination.version,
        "window": "w1",
    }
    return {**data, **changes}


@pytest.mark.parametrize("tab", ["todo", "all", "ended"])
def test_list_shows_the_tabs(client, secretary, draft, tab):
    client.force_login(secretary)
    response = client.get(reverse("posts:nomination_list"), {"tab": tab})

    assert response.status_code == 200
    assert ("便民服务中心综合窗口岗" in response.content.decode()) is (tab != "ended")


@pytest.mark.parametrize(("tab", "expected"), [("all", 19), ("todo", 25)])
@pytest.mark.usefixtures("counted_menu")
def test_list_query_count(client, campaign, officer, monkeypatch, *, tab, expected):
    """The number holds for the list, its menu and the work list of this area, whatever other areas add."""
    monkeypatch.setattr(todos, "_providers", [nomination_todos, consent_todos])
    client.force_login(officer)
    counts = []
    for n in range(3):
        kind = make_kind(campaign, {"kind": "nominate"}, {"kind": "endorse", "actor": ["committee"]}, code=f"k{n}")
        unit = make_unit(parent=campaign.owner)
        campaign.units.add(unit)
        make_nomination(kind, unit, officer, MemberFactory(branch=unit), submit=True)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("posts:nomination_list"), {"tab": tab})
        counts.append(len(queries))

    assert (counts[0], counts[2]) == (expected, expected)


def test_start_opens_a_draft(client, secretary, person_kind, branch):
    client.force_login(secretary)
    url = reverse("posts:nomination_create")

    assert client.get(url).status_code == 200
    assert client.get(url, {"kind": person_kind.pk}).status_code == 200
    response = client.post(url, {"kind": person_kind.pk, "org_unit": branch.pk})
    nomination = person_kind.nominations.get()
    assert response.url == reverse("posts:nomination_edit", args=[nomination.pk])
    assert client.get(response.url).status_code == 200


def test_start_offers_nothing_to_a_stranger(client, stranger, person_kind, branch):
    client.force_login(stranger)
    response = client.post(reverse("posts:nomination_create"), {"kind": person_kind.pk, "org_unit": branch.pk})

    assert response.status_code == 400
    assert not person_kind.nominations.exists()


def test_edit_saves_and_submits(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    client.post(url, paper(draft, name="综合窗口岗", save="1"))
    draft.refresh_from_db()
    assert (draft.name, draft.status) == ("综合窗口岗", NominationStatus.DRAFT)

    response = client.post(url, paper(draft, submit="1"))
    draft.refresh_from_db()
    assert draft.status == NominationStatus.IN_PROGRESS
    assert response.url == reverse("posts:nomination_detail", args=[draft.pk])


def test_submission_that_is_refused_still_saves_the_text(client, secretary, draft):
    client.force_login(secretary)
    response = client.post(reverse("posts:nomination_edit", args=[draft.pk]), paper(draft, duties="", submit="1"))
    draft.refresh_from_db()

    assert response.status_code == 400
    assert "“岗位职责”尚未填写" in response.content.decode()
    assert (draft.duties, draft.status) == ("", NominationStatus.DRAFT)


def test_two_windows_show_both_texts(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    old = paper(draft, name="第二个窗口的岗名", window="w2", save="1")
    client.post(url, paper(draft, name="第一个窗口的岗名", save="1"))
    response = client.post(url, old)
    text = response.content.decode()

    assert response.status_code == 409
    assert "第一个窗口的岗名" in text
    assert 'value="第二个窗口的岗名"' in text
    draft.refresh_from_db()
    assert draft.name == "第一个窗口的岗名"
    client.post(url, {**old, "version": draft.version})
    draft.refresh_from_db()
    assert draft.name == "第二个窗口的岗名"


def test_autosave_answers_with_the_boxes_only(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    response = client.post(url, paper(draft, name="x"), headers={"HX-Request": "true"})
    text = response.content.decode()
    draft.refresh_from_db()

    assert draft.name == "x"
    assert "<html" not in text
    assert f'value="{draft.version}" id="id_version" hx-swap-oob="true"' in text


def test_the_button_after_an_autosave_of_the_same_window_is_no_conflict(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    client.post(url, paper(draft, name="x"), headers={"HX-Request": "true"})
    response = client.post(url, paper(draft, name="xy", save="1"))
    draft.refresh_from_db()

    assert (response.status_code, draft.name) == (302, "xy")


def test_a_late_autosave_does_not_undo_the_button(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    client.post(url, paper(draft, name="new", save="1"))
    client.post(url, paper(draft, name="old"), headers={"HX-Request": "true"})
    draft.refresh_from_db()

    assert draft.name == "new"


def test_search_keeps_what_was_chosen(client, secretary, draft, branch, holder):
    other = MemberFactory(branch=branch, name="吴样寅")
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    text = client.post(url, paper(draft, q="吴样寅", search="1")).content.decode()

    assert (holder.name in text, other.name in text) == (True, True)
    assert f'value="{holder.pk}" id="m{holder.pk}" checked' in text


def test_evidence_travels_with_the_paper(client, secretary, officer, stranger, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    upload = SimpleUploadedFile("../获奖\u202e证书.exe", PDF)
    client.post(url, {**paper(draft, name="改过的岗名", add="1"), "upload": upload})
    draft.refresh_from_db()
    file = draft.evidence.get()

    assert (draft.name, file.name, file.content_type) == ("改过的岗名", "获奖证书.pdf", "application/pdf")
    response = client.get(reverse("posts:evidence_download", args=[file.pk]))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Disposition"].startswith("attachment;")
    assert b"".join(response.streaming_content) == PDF
    client.force_login(stranger)
    assert client.get(reverse("posts:evidence_download", args=[file.pk])).status_code == 404
    client.force_login(secretary)
    draft.refresh_from_db()
    client.post(url, paper(draft, remove=file.pk))
    assert not draft.evidence.exists()


def test_detail_shows_the_step_and_the_history(client, officer, secretary, submitted):
    client.force_login(officer)
    text = client.get(reverse("posts:nomination_detail", args=[submitted.pk])).content.decode()

    assert "QY-2026-0001" in text
    assert reverse("posts:run_endorse", args=[current_run(submitted).pk]) in text
    client.force_login(secretary)
    text = client.get(reverse("posts:nomination_detail", args=[submitted.pk])).content.decode()
    assert reverse("posts:run_endorse", args=[current_run(submitted).pk]) not in text


def test_endorsing_in_the_browser(client, officer, submitted):
    client.force_login(officer)
    url = reverse("posts:run_endorse", args=[current_run(submitted).pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"result": "agreed", "opinion": ""}).status_code == 400
    assert client.post(url, {"result": "agreed", "opinion": "同意命名。"}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.COMPLETED
    assert client.get(url).status_code == 409


def test_returning_in_the_browser(client, officer, submitted):
    client.force_login(officer)
    url = reverse("posts:run_return", args=[current_run(submitted).pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": "请补充数据。"}).status_code == 302
    submitted.refresh_from_db()
    assert submitted.status == NominationStatus.RETURNED


def test_a_meeting_in_the_browser(client, secretary, meeting_kind, branch, holder):
    nomination = make_nomination(meeting_kind, branch, secretary, holder, submit=True)
    client.force_login(secretary)
    url = reverse("posts:meeting_create", args=[current_run(nomination).pk])
    numbers = {"should_attend": 15, "excused": 0, "present": 8, "in_favour": 8, "against": 0, "abstained": 0}
    data = {**numbers, "held_on": "2026-01-05", "minutes": "讨论情况。"}

    assert client.get(url).status_code == 200
    response = client.post(url, {**data, "present": 9})
    assert response.status_code == 400
    assert "讨论情况。" in response.content.decode()
    assert client.post(url, data).status_code == 302
    assert current_run(nomination).kind == "endorse"


def test_consent_on_the_phone(client, secretary, member, team_kind, branch, holder):
    nomination = make_nomination(team_kind, branch, secretary, member.member, holder, submit=True)
    consent = Consent.objects.get(person__member__user=member)
    client.force_login(member)
    url = reverse("posts:consent_answer", args=[consent.pk])
    response = client.get(url)

    assert (response.status_code, len(response.content) < 50_000) == (200, True)
    assert Message.objects.filter(user=member).count() == 1
    client.post(url, {"answer": "agreed"})
    consent.refresh_from_db()
    assert consent.answer == "agreed"
    client.force_login(secretary)
    other = nomination.runs.get(kind="consent").consents.get(person__member=holder)
    client.post(reverse("posts:consent_record", args=[other.pk]), {"answer": "agreed"})
    assert current_run(nomination).kind == "endorse"
    client.force_login(member)
    assert client.get(url).status_code == 200


def test_withdrawing_in_the_browser(client, secretary, submitted):
    client.force_login(secretary)
    url = reverse("posts:nomination_withdraw", args=[submitted.pk])

    assert client.get(url).status_code == 200
    assert client.post(url, {"reason": ""}).status_code == 400
    assert client.post(url, {"reason": "人员变动。"}).status_code == 302


def test_the_list_as_excel(client, officer, submitted):
    client.force_login(officer)
    response = client.get(reverse("posts:nomination_list"), {"export": "xlsx"})
    rows = load_workbook(io.BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[1][1] == "QY-2026-0001"


def test_saving_is_refused_for_a_stale_version_of_another_window(draft, secretary):
    saved = save_draft(draft, actor=secretary, version=draft.version, fields={"name": "a"}, window="w1")

    assert saved.edited_in == "w1"


def test_detail_keeps_minutes_wishes_and_opinions(client, secretary, officer, campaign, branch, member):
    stages = [
        {"kind": "deliberate", "label": "酝酿"},
        {"kind": "consent", "actor": ["holder"]},
        {"kind": "endorse", "actor": ["committee"]},
    ]
    kind = make_kind(campaign, *stages)
    nomination = make_nomination(kind, branch, secretary, member.member, submit=True)
    minutes = {"held_on": date(2026, 1, 5), "should_attend": 9, "present": 6, "agreed": True, "minutes": "一致同意。"}
    record_meeting(current_run(nomination), actor=secretary, **minutes)
    answer_consent(Consent.objects.get(), actor=member, answer="agreed")
    endorse(current_run(nomination), actor=officer, result="agreed", opinion="材料属实，同意。")
    client.force_login(officer)
    text = client.get(reverse("posts:nomination_detail", args=[nomination.pk])).content.decode()

    assert all(part in text for part in ("一致同意。", "材料属实，同意。", "陈样甲"))


def test_pressing_submit_twice_ends_on_the_page_of_the_nomination(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    data = paper(draft, submit="1")
    answers = [client.post(url, data) for _unused in range(2)]

    assert [response.status_code for response in answers] == [302, 302]
    assert answers[1].url == reverse("posts:nomination_detail", args=[draft.pk])


def test_text_typed_after_the_submission_elsewhere_is_shown_again(client, secretary, draft):
    client.force_login(secretary)
    url = reverse("posts:nomination_edit", args=[draft.pk])
    client.post(url, paper(draft, submit="1"))
    response = client.post(url, paper(draft, name="迟到的岗名", save="1", window="w2"))

    assert response.status_code == 409
    assert 'value="迟到的岗名"' in response.content.decode()

"""The person concerned is heard, and until then knows of nothing."""

import re
from datetime import date

import pytest
from django.urls import reverse

from assessments.domain.incidents import Reporter, report_incident
from assessments.domain.statements import ask_statement, give_statement, take_down_statement
from assessments.domain.verification import confirm_closing, record_finding, take_up
from assessments.domain.vetoes import decide_veto
from assessments.message_checks import _awaits_next_step, _awaits_statement
from assessments.models import Hearing, Incident, IncidentReporter
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.todos import todos_for
from campaigns.models import JournalEntry, Message
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TEXT = "同一窗口一月内被投诉五次，核查四次属实。"
MATTER = "请说明十月份窗口接待群众的情况。"


@pytest.fixture
def incident(title, discipline):
    found = report_incident(title, text=TEXT, reporter=Reporter(name="孙样甲", contact="0000-7654321"))
    return take_up(found, actor=discipline)


@pytest.fixture
def holder(title, member):
    return title.holders.get(member__user=member)


@pytest.fixture
def statement(incident, discipline, holder):
    return ask_statement(incident, actor=discipline, holder=holder, matter=MATTER)


def everything_shown(client, user, title):
    """All that somebody can open: his home page, messages, post, register, its export, the public page."""
    client.force_login(user)
    urls = [
        reverse("campaigns:home"),
        reverse("campaigns:message_list"),
        reverse("posts:conferral_detail", args=[title.pk]),
        reverse("posts:conferral_list"),
        reverse("posts:nomination_detail", args=[title.nomination_id]),
        reverse("posts:public_post", args=[title.public_id]),
        reverse("assessments:rectification_list"),
        reverse("assessments:review_list"),
        reverse("assessments:incident_list"),
    ]
    return {url: client.get(url).content.decode() for url in urls}


def scrubbed(pages):
    """Without what differs between two readings anyway: tokens, and the minute of the signed line."""

    return {url: re.sub(r'(csrf\w*" value|nonce|content|signature)="[^"]*"', "", text) for url, text in pages.items()}


@pytest.mark.parametrize("who", ["member", "secretary"])
def test_a_report_leaves_no_trace_before_the_statement_is_asked_for(client, request, who, title, discipline):
    user = request.getfixturevalue(who)
    before = scrubbed(everything_shown(client, user, title))
    found = report_incident(title, text=TEXT, reporter=Reporter(name="孙样甲", contact="0000-7654321"))
    take_up(found, actor=discipline)

    assert scrubbed(everything_shown(client, user, title)) == before
    assert not Message.objects.filter(user=user).exists()
    assert todos_for(user) == []


@pytest.mark.parametrize("who", ["member", "secretary", "officer", "other_secretary", "stranger"])
def test_an_address_of_a_report_is_like_one_that_never_was(client, request, who, incident):
    client.force_login(request.getfixturevalue(who))
    for name in ("incident_detail", "incident_finding", "incident_veto", "incident_close", "statement_ask"):
        seen = []
        for pk in (incident.pk, incident.pk + 999):
            page = client.get(reverse(f"assessments:{name}", args=[pk]))
            seen.append((page.status_code, len(page.content.replace(f"/incidents/{pk}/".encode(), b""))))
        assert seen[0] == seen[1]
        assert seen[0][0] == 404


def test_who_is_asked_reads_the_matter_and_nothing_of_the_report(client, statement, member, secretary):
    client.force_login(member)
    page = client.get(reverse("assessments:statement_detail", args=[statement.pk])).content.decode()

    assert MATTER in page
    for secret in (TEXT, "孙样甲", "0000-7654321", f"/incidents/{statement.incident_id}/"):
        assert secret not in page
    assert [todo.url for todo in todos_for(member)] == [reverse("assessments:statement_detail", args=[statement.pk])]
    assert not Message.objects.filter(user=secretary).exists()
    client.force_login(secretary)
    assert client.get(reverse("assessments:statement_detail", args=[statement.pk])).status_code == 404


def test_he_answers_once_and_the_verifier_reads_it(statement, member, discipline, incident):
    with pytest.raises(DomainError) as error:
        give_statement(statement, actor=member, text=" ")
    assert error.value.field == "text"
    give_statement(statement, actor=member, text="确有两次中午离岗。")
    with pytest.raises(OutOfOrderError):
        give_statement(statement, actor=member, text="再补充。")

    found = record_finding(incident, actor=discipline, finding="verified", finding_text="属实。")
    assert found.statement == "陈样甲：确有两次中午离岗。"


def test_nobody_answers_for_another(statement, secretary, discipline, officer):
    for user in (secretary, discipline, officer):
        with pytest.raises(NotAllowedError):
            give_statement(statement, actor=user, text="没有此事。")
    with pytest.raises(NotAllowedError):
        take_down_statement(statement, actor=officer, text="没有此事。")
    assert take_down_statement(statement, actor=discipline, text="当面说明。").recorded_by == discipline


@pytest.mark.parametrize(
    "change",
    [
        {"matter": " "},
        {"matter": "有人反映同一窗口一月内被投诉五次，核查四次属实。"},
        {"matter": "孙样甲说你离岗。"},
        {"holder": None},
    ],
)
def test_a_request_that_would_betray_or_names_nobody_is_refused(incident, discipline, holder, change):
    values = {"holder": holder, "matter": MATTER, **change}
    with pytest.raises(DomainError) as error:
        ask_statement(incident, actor=discipline, **values)
    assert error.value.field == next(iter(change))
    assert not Hearing.objects.exists()


def test_somebody_without_an_account_is_heard_too(incident, discipline):
    statement = ask_statement(incident, actor=discipline, name="刘样甲", matter=MATTER, due_on=date(2026, 11, 10))
    take_down_statement(statement, actor=discipline, text="书面说明。")
    assert (statement.name, statement.due_on) == ("刘样甲", date(2026, 11, 10))


def test_the_facts_found_never_name_who_reported(incident, discipline):
    with pytest.raises(DomainError) as error:
        record_finding(
            incident, actor=discipline, finding="verified", finding_text="孙样甲所述属实。", statement="无异议。"
        )
    assert error.value.field == "finding_text"


def test_the_end_of_a_report_takes_the_request_back(statement, incident, discipline, committee_member, ground, member):

    found = record_finding(
        incident, actor=discipline, ground=ground, finding="verified", finding_text="属实。", statement_note="未答复。"
    )
    decide_veto(found, actor=committee_member, decision_text="撤销。")

    assert not Hearing.objects.get().is_waiting
    assert todos_for(member) == []


def test_the_reporter_is_for_the_verifying_role(incident, discipline, committee_member, officer, member, secretary):
    seen = IncidentReporter.objects.visible_to
    assert seen(discipline).count() == 1
    for user in (committee_member, officer, member, secretary, UserFactory()):
        assert seen(user).count() == 0


def test_no_list_of_reports_carries_the_reporter_along(incident):
    fields = {field.name for field in Incident._meta.get_fields() if getattr(field, "column", None)}
    assert not {name for name in fields if name.startswith("report") and name not in ("reported_at",)}
    kept = "".join(JournalEntry.objects.values_list("body", flat=True))
    told = "".join(f"{m.title}{m.body}" for m in Message.objects.all())
    for secret in ("孙样甲", "0000-7654321", TEXT):
        assert secret not in kept + told


def test_who_is_asked_something_is_not_told_any_more_once_it_is_settled(
    statement, incident, discipline, committee_member, member
):
    asked = Message.objects.get(key=f"statement:{statement.pk}")
    assert _awaits_statement(asked)
    give_statement(statement, actor=member, text="确有两次中午离岗。")
    assert not _awaits_statement(asked)
    record_finding(incident, actor=discipline, finding="not_verified", finding_text="查无此事。")
    look = Message.objects.get(key__contains=":confirm:", user=committee_member)
    assert _awaits_next_step(look)
    confirm_closing(incident, actor=committee_member)
    assert not _awaits_next_step(look)

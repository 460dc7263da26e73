"""The history of every object: in words, for who may see the object, and never a word of who must not be named."""

import ast
from itertools import chain
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.demo.story import tell_story
from assessments.domain.incidents import Reporter, report_incident
from assessments.models import Incident
from campaigns.domain.history import all_pages, entries_of, known_kinds, page_for, recent_lines, told
from campaigns.domain.journal import record
from campaigns.domain.members import transfer_member
from campaigns.models import JournalEntry, User
from posts.models import AdjustmentStatus, Conferral, RepairStatus, RunStatus
from tests.assessments.titles import make_campaign, make_title
from tests.factories import MemberFactory

ROOT = Path(__file__).resolve().parent.parent
#: Events whose kind is put together when they are written: the call, and what may come out.
COMPUTED = {
    "'stage_' + status": {f"stage_{status}" for status in RunStatus.values if status != RunStatus.PENDING},
    "f'repair_{status}'": {f"repair_{status}" for status in RepairStatus.values if status != RepairStatus.OPEN},
    "f'adjustment_{status}'": {
        f"adjustment_{status}" for status in AdjustmentStatus.values if status != AdjustmentStatus.OPEN
    },
}


def recorded_kinds():
    """Every kind that some ``record(…)`` in the code writes; names stand for the texts bound to them in the file."""
    found = set()
    for path in chain.from_iterable((ROOT / app).rglob("*.py") for app in ("campaigns", "posts", "assessments")):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                found |= kinds_of(node.args[0], tree)
    return found


def kinds_of(argument, tree):
    if isinstance(argument, ast.Constant):
        return {argument.value}
    if isinstance(argument, ast.IfExp):
        return kinds_of(argument.body, tree) | kinds_of(argument.orelse, tree)
    if isinstance(argument, ast.Name):
        bound = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and [getattr(t, "id", "") for t in node.targets] == [argument.id]
        ]
        return set().union(*(kinds_of(value, tree) for value in bound if isinstance(value, (ast.IfExp, ast.Constant))))
    return COMPUTED[ast.unparse(argument)]


def test_every_event_of_the_code_has_words_and_every_word_an_event():
    assert known_kinds() == recorded_kinds()


@pytest.mark.django_db(transaction=True)
def test_the_demonstration_is_told_in_words_to_those_who_may_see_and_to_nobody_else(client, django_user_model):
    """For every kind of object the door of the object is the door of its history, and no event is left in code."""
    tell_story()
    users = [*User.objects.filter(username__startswith="demo-"), django_user_model.objects.create(username="nobody")]
    wrong, told_of = [], set()
    for page in all_pages():
        subject = page.model._default_manager.order_by("pk").first()
        for user in users if subject else ():
            client.force_login(user)
            may = page.visible(user).filter(pk=subject.pk).exists()
            answer = client.get(reverse("campaigns:history", args=[page.slug, subject.pk]))
            lines = answer.context["lines"] if may else []
            leftover = "%s" in answer.text or any(line.text in known_kinds() for line in lines)
            if answer.status_code != (200 if may else 404) or leftover:
                wrong.append((page.slug, user.username, answer.status_code, leftover))
            told_of |= {page.slug} if lines else set()
    assert wrong == []
    assert told_of >= {"campaign", "unit", "nomination", "notice", "decision", "post", "plaque", "survey", "review"}
    assert set(JournalEntry.objects.values_list("kind", flat=True)) <= known_kinds()


def test_an_unknown_kind_of_object_is_not_found(client, officer):
    client.force_login(officer)

    assert client.get("/history/secrets/1/").status_code == 404


def test_an_object_without_events_says_so(client, officer, branch):
    member = MemberFactory(branch=branch)
    client.force_login(officer)

    answer = client.get(reverse("campaigns:history", args=["member", member.pk]))

    assert answer.context["lines"] == []
    assert "还没有记录" in answer.text


def test_an_event_is_told_with_its_facts_its_author_and_its_check_sum(branch, other_branch, officer):
    member = MemberFactory(branch=branch)
    transfer_member(member, to=other_branch, actor=officer)

    line = recent_lines(member, officer)[0]

    entry = JournalEntry.objects.get(seq=line.seq)
    assert (line.text, line.who, line.mark) == ("转到另一支部", officer.name, entry.hash[:16])
    assert line.facts == [f"从 {branch.name}", f"到 {other_branch.name}"]


def write_events(member, actor, n):
    for phone in range(n):
        record("member_changed", member, actor=actor, fields=["name"], n=phone)


@pytest.mark.parametrize("n", [1, 3])
def test_a_page_of_events_costs_the_same_whatever_their_number(client, officer, branch, quiet_menu, n):
    member = MemberFactory(branch=branch)
    write_events(member, officer, n)
    client.force_login(officer)
    address = reverse("campaigns:history", args=["member", member.pk])
    client.get(address)

    with CaptureQueriesContext(connection) as queries:
        assert len(client.get(address).context["lines"]) == n
    assert len(queries) == 7


def test_a_long_history_is_paged(client, officer, branch):
    member = MemberFactory(branch=branch)
    write_events(member, officer, 60)
    client.force_login(officer)
    address = reverse("campaigns:history", args=["member", member.pk])

    first, second = (client.get(address, {"page": page}).context["lines"] for page in (1, 2))

    assert (len(first), len(second)) == (50, 10)
    assert [line.seq for line in first + second] == sorted((line.seq for line in first + second), reverse=True)


# --- Who must not be named, what must not be read ---------------------------------------------------------------------


def test_a_reporter_is_never_named(branch, committee, discipline, secretary, officer):
    conferral = make_title(make_campaign(committee), branch)
    reporter = officer
    words = {"text": "上班时间窗口无人值守", "source": "member"}
    incident = report_incident(conferral, **words, reporter=Reporter(user=reporter))
    with transaction.atomic():
        record("incident_reported", incident, actor=reporter)  # were it ever written with his name

    lines = recent_lines(incident, discipline)

    assert [(line.text, line.who) for line in lines if line.text == "收到反映"] == [("收到反映", "")] * 2
    assert reporter.name not in str(told(*entries_of(page_for(Conferral), conferral, secretary)))
    assert {line.text for line in recent_lines(conferral, secretary)} & {"收到反映", "受理反映"} == set()


def test_the_branch_learns_of_no_report_by_its_post(client, branch, committee, secretary, discipline):
    conferral = make_title(make_campaign(committee), branch)
    incident = report_incident(conferral, text="上班时间窗口无人值守")

    client.force_login(secretary)
    assert client.get(reverse("campaigns:history", args=["incident", incident.pk])).status_code == 404
    client.force_login(discipline)
    assert client.get(reverse("campaigns:history", args=["incident", incident.pk])).status_code == 200
    assert Incident.objects.count() == 1

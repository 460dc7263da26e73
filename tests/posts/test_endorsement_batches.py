"""One opinion on many nominations, and what is also reported upwards (S9, F12)."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.todos import todos_for
from posts.domain.endorsements import endorse, endorse_many
from posts.models import Endorsement
from tests.factories import MemberFactory, make_kind, make_nomination
from tests.posts.cases import open_run


@pytest.fixture
def kind(campaign):
    return make_kind(
        campaign,
        {"kind": "nominate", "label": "申报"},
        {"kind": "endorse", "actor": ["committee"], "label": "综合评审", "params": {"report_to": "县委组织部"}},
        {"kind": "endorse", "actor": ["branch"], "label": "支部意见"},
    )


@pytest.fixture
def runs(kind, branch, secretary):
    return [
        open_run(make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True, name=f"岗{n}"))
        for n in range(3)
    ]


def states(runs):
    return [type(run).objects.get(pk=run.pk).status for run in runs]


def as_(user):
    client = Client()
    client.force_login(user)
    return client


AGREED = {"result": "agreed", "opinion": "同意上报。"}


def test_one_opinion_moves_all_of_them(runs, committee_member):
    assert endorse_many(runs, actor=committee_member, **AGREED) == 3
    assert states(runs) == ["passed"] * 3
    assert set(Endorsement.objects.values_list("opinion", flat=True)) == {"同意上报。"}


def test_all_or_none(runs, committee_member):
    endorse(runs[2], actor=committee_member, **AGREED)

    with pytest.raises(OutOfOrderError):
        endorse_many(runs, actor=committee_member, **AGREED)
    assert states(runs) == ["open", "open", "passed"]


def test_different_steps_are_not_mixed(runs, committee_member, secretary):
    endorse(runs[0], actor=committee_member, **AGREED)
    other = open_run(runs[0].nomination)

    for chosen in ([other, runs[1]], []):
        with pytest.raises(DomainError):
            endorse_many(chosen, actor=committee_member, **AGREED)
    with pytest.raises(NotAllowedError):
        endorse_many([runs[1]], actor=secretary, **AGREED)


def test_the_report_upwards_is_recorded_and_never_waited_for(client, runs, committee_member):
    endorse(runs[0], actor=committee_member, **AGREED)
    endorse(runs[1], actor=committee_member, **AGREED, reported_on=date(2026, 6, 1), report_document="青示〔2026〕3号")
    assert states(runs[:2]) == ["passed", "passed"]
    future = timezone.localdate() + timedelta(days=1)
    with pytest.raises(DomainError) as error:
        endorse(runs[2], actor=committee_member, **AGREED, reported_on=future)
    assert error.value.field == "reported_on"
    client.force_login(committee_member)
    page = client.get(reverse("posts:nomination_detail", args=[runs[1].nomination_id])).content.decode()
    assert "青示〔2026〕3号" in page
    form = client.get(reverse("posts:run_endorse", args=[runs[2].pk])).content.decode()
    assert "县委组织部" in form


def test_a_step_that_reports_to_nobody_does_not_ask(client, runs, committee_member, secretary):
    endorse(runs[0], actor=committee_member, **AGREED)
    client.force_login(secretary)
    page = client.get(reverse("posts:run_endorse", args=[open_run(runs[0].nomination).pk]))

    assert "reported_on" not in page.context["form"].fields


def test_many_are_one_line_of_the_work_list_and_one_page(runs, committee_member):
    assert [(t.title, t.url) for t in todos_for(committee_member)] == [
        ("综合评审：3个岗位待办", reverse("posts:endorsement_list"))
    ]
    client = as_(committee_member)
    page = client.get(reverse("posts:endorsement_list"))
    assert [len(group) for group in page.context["groups"]] == [3]
    preview = client.post(reverse("posts:endorsement_batch"), {"run": [runs[0].pk, runs[1].pk]})
    assert (preview.status_code, states(runs)) == (200, ["open"] * 3)
    sent = {"run": [runs[0].pk, runs[1].pk], "confirm": "1", **AGREED, "report_document": "3号"}
    assert client.post(reverse("posts:endorsement_batch"), sent).status_code == 302
    assert states(runs) == ["passed", "passed", "open"]
    assert len(todos_for(committee_member)) == 1


def test_nobody_endorses_what_is_not_his(runs, secretary, stranger):
    for user in (secretary, stranger):
        client = as_(user)
        assert client.get(reverse("posts:endorsement_list")).context["groups"] == []
        client.post(reverse("posts:endorsement_batch"), {"run": runs[0].pk, "confirm": "1", **AGREED})
    assert states(runs) == ["open"] * 3


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    rows, client, kind, branch, secretary, committee_member, quiet_menu, django_assert_num_queries
):
    for n in range(rows):
        people = MemberFactory.create_batch(1, branch=branch)
        make_nomination(kind, branch, secretary, *people, submit=True, name=f"岗{n}")
    client.force_login(committee_member)
    with django_assert_num_queries(5):
        client.get(reverse("posts:endorsement_list"))

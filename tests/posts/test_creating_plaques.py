"""Creating, then named (S6, F23): two decisions, two plaques, and the first comes back when the second goes out."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.calendar import add_working_days
from campaigns.models import UnitKind
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.nominations import withdraw_nomination
from posts.domain.plaques import hand_over, issuer_name, recall_plaque
from posts.models import ConferralStatus, PlaqueStatus
from tests.factories import CampaignFactory, MemberFactory, make_unit
from tests.posts.cases import DECIDE, PLAQUE, make_kind, make_nomination, open_run


def way(per="post", **named):
    return (
        {**DECIDE, "params": {"effect": "admit"}},
        {**PLAQUE, "label": "创建标牌", "params": {"plaque_kind": "creating", "per": per}},
        DECIDE,
        {**PLAQUE, "params": {"per": per, **named}},
    )


@pytest.fixture
def decide(committee_member, officer):
    numbers = iter(range(1, 20))

    def make(nomination):
        number = f"场委〔2026〕{next(numbers)}号"
        runs = [open_run(nomination)]
        release_decision(
            propose_decisions(runs, outcome="approved", actor=committee_member, document_number=number), actor=officer
        )
        return nomination.conferral

    return make


@pytest.fixture
def named(committee, branch, officer, decide):
    """A named post: its creating plaque hangs, its named one waits to be handed over."""

    def make(per="post", people=1):
        members = [MemberFactory(branch=branch, name=f"孙样{n}") for n in range(people)]
        nomination = make_nomination(make_kind(committee, *way(per), holder="team"), branch, members=members)
        for plaque in decide(nomination).plaques.all():
            hand_over(plaque, actor=officer, received_by=plaque.for_name or "孙样0")
        return decide(nomination)

    return make


def states(conferral, kind="creating"):
    return list(conferral.plaques.filter(kind=kind).order_by("serial").values_list("status", flat=True))


def test_the_creating_plaque_is_called_back_with_the_hand_over(named, officer):
    conferral = named()
    hand_over(conferral.plaques.get(kind="named"), actor=officer, received_by="孙样0")

    plaque = conferral.plaques.get(kind="creating")
    assert plaque.status == PlaqueStatus.RECALLED
    assert plaque.recall_due_on == add_working_days(plaque.recalled_at.date(), 3)


@pytest.mark.parametrize("recalled", [False, True])
def test_the_form_asks_whether_it_was_handed_back_at_once(named, officer, recalled):
    conferral = named()
    if recalled:
        recall_plaque(conferral.plaques.get(kind="creating"), actor=officer, reason="将换发命名牌")
    client = Client()
    client.force_login(officer)
    url = reverse("posts:plaque_hand_over", args=[conferral.plaques.get(kind="named").pk])
    form = client.get(url).context["form"]
    data = {**form.initial, "on": timezone.localdate().isoformat(), "creating_returned": "on"}
    assert "creating_returned" in form.fields
    assert client.post(url, data).status_code == 302
    assert states(conferral) == ["returned"]


def test_each_holder_gives_his_own_back(named, officer):
    conferral = named(per="holder", people=3)
    assert states(conferral) == ["displayed"] * 3
    first, second, third = conferral.plaques.filter(kind="named").order_by("serial")

    hand_over(first, actor=officer, received_by=first.for_name, creating_returned=True)
    assert states(conferral) == ["returned", "displayed", "displayed"]
    hand_over(second, actor=officer, received_by=second.for_name)
    assert states(conferral) == ["returned", "recalled", "displayed"]
    hand_over(third, actor=officer, received_by=third.for_name)
    assert states(conferral) == ["returned", "recalled", "recalled"]


def test_a_superior_issues_what_the_office_records(branch, committee, officer, decide):
    county = make_unit(UnitKind.SUPERIOR, name="中共示例县委组织部")
    town = make_unit(UnitKind.COMMITTEE, parent=county)
    kind = make_kind(
        town, {**DECIDE, "actor": ["superior"]}, {**PLAQUE, "actor": ["superior"], "params": {"issuer": "superior"}}
    )
    lone = CampaignFactory(owner=committee, approving_body="示例县委组织部")
    alone = make_kind(committee, {**PLAQUE, "params": {"issuer": "superior"}}, campaign=lone)
    run = make_nomination(kind, make_unit(parent=town)).runs.get(kind="plaque")

    assert issuer_name(run) == "中共示例县委组织部"
    alone_run = alone.stages.get()
    run.nomination.campaign, run.params = lone, alone_run.params
    assert issuer_name(run) == "示例县委组织部"


def test_a_creation_that_is_not_named_ends_and_its_plaque_comes_back(
    committee, branch, officer, committee_member, decide
):
    """S6 五.4: who is not named after the assessment does not stay “creating” for ever."""
    member = MemberFactory(branch=branch, name="孙样0")
    nomination = make_nomination(make_kind(committee, *way(), holder="team"), branch, members=[member])
    conferral = decide(nomination)
    hand_over(conferral.plaques.get(), actor=officer, received_by="孙样0")
    decision = propose_decisions(
        [open_run(nomination)],
        outcome="refused",
        actor=committee_member,
        reasons="未达到标准",
        document_number="场委〔2026〕9号",
    )
    release_decision(decision, actor=officer)
    conferral.refresh_from_db()

    assert (conferral.status, conferral.end_reason) == (ConferralStatus.EXPIRED, "未达到标准")
    assert states(conferral) == [PlaqueStatus.RECALLED]
    assert not conferral.holders.filter(until_on__isnull=True).exists()


def test_a_creation_that_is_withdrawn_ends_too(committee, branch, officer, decide):
    member = MemberFactory(branch=branch, name="孙样0")
    nomination = make_nomination(make_kind(committee, *way(), holder="team"), branch, members=[member])
    conferral = decide(nomination)
    withdraw_nomination(nomination, actor=officer, reason="岗位撤并")
    conferral.refresh_from_db()

    assert (conferral.status, states(conferral)) == (ConferralStatus.EXPIRED, [PlaqueStatus.VOID])

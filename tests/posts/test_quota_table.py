"""Quotas of a campaign: ranges (S6: two to three for each 党总支), shares (S9), more candidates than places 差额."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError
from campaigns.domain.todos import todos_for
from campaigns.models import Role, UnitKind
from posts.domain.decisions import preview_release, propose_decisions, release_decision
from posts.domain.full_places import refuse_without_a_place, without_a_place
from posts.domain.quota_table import quota_table, shortfalls_of
from posts.domain.quotas import quota_problems, quota_status
from posts.models import DecisionItem
from tests.factories import CampaignFactory, MemberFactory, UserFactory, make_kind, make_nomination, make_unit
from tests.posts.cases import DECIDE, open_run

NOMINATE = {"kind": "nominate", "actor": ["branch"], "label": "申报"}


@pytest.fixture
def general(committee):
    return make_unit(UnitKind.GENERAL_BRANCH, parent=committee, code="ZZ1", name="第一党总支")


@pytest.fixture
def below(general):
    return [make_unit(parent=general, code=f"ZB{n}", name=f"场站支部{n}") for n in (1, 2)]


@pytest.fixture
def campaign(committee, general, below, branch):
    campaign = CampaignFactory(owner=committee)
    campaign.units.add(*below, branch)
    return campaign


@pytest.fixture
def kind(campaign):
    return make_kind(campaign, NOMINATE | {"due_on": date(2026, 6, 15)}, DECIDE)


@pytest.fixture
def hand_in(kind, officer):
    def make(unit, n=1):
        return [
            make_nomination(kind, unit, officer, MemberFactory(branch=unit), submit=True, name=f"{unit.code}岗{i}")
            for i in range(n)
        ]

    return make


def rows(campaign):
    return [(row.code, row.unit.code, row.maximum, row.used, row.missing) for row in quota_table(campaign)]


def test_a_range_counts_everything_below_its_unit(campaign, general, below, hand_in):
    campaign.quotas.create(code="range", scope="general_branch", params={"min": 2, "max": 3})
    assert rows(campaign) == [("range", "ZZ1", 3, 0, 2)]
    hand_in(below[0])
    assert rows(campaign) == [("range", "ZZ1", 3, 1, 1)]
    hand_in(below[1])
    assert rows(campaign) == [("range", "ZZ1", 3, 2, 0)]


def test_the_fourth_of_three_is_refused(campaign, below, hand_in):
    campaign.quotas.create(code="range", scope="general_branch", params={"min": 2, "max": 3}, clause="方案五")
    hand_in(below[0], 2)
    hand_in(below[1])

    with pytest.raises(DomainError, match="方案五"):
        hand_in(below[1])
    assert rows(campaign)[0][3] == 3


def test_what_the_scheme_does_not_enforce_is_only_said(campaign, below, hand_in):
    campaign.quotas.create(code="range", scope="general_branch", params={"max": 1, "enforce": False})
    hand_in(below[0], 2)

    assert rows(campaign) == [("range", "ZZ1", 1, 2, 0)]


def test_who_nominates_for_the_unit_is_asked_for_the_missing_ones(campaign, kind, general, below, hand_in, officer):
    campaign.quotas.create(code="range", scope="general_branch", params={"min": 2, "max": 3})
    chief, clerk = UserFactory(), UserFactory()
    appoint(chief, org_unit=general, role=Role.SECRETARY, actor=None)
    appoint(clerk, org_unit=below[0], role=Role.SECRETARY, actor=None)
    hand_in(below[0])

    with time_machine.travel(date(2026, 6, 1), tick=False):
        titles = {user: [(t.title, t.due_on) for t in todos_for(user) if "还差" in t.title] for user in (chief, clerk)}
    assert titles[chief] == [("第一党总支：最少2个，还差1个", date(2026, 6, 15))]
    assert titles[clerk] == []
    hand_in(below[1])
    assert shortfalls_of(chief) == []


def test_the_office_answers_for_the_minimum_of_the_whole_campaign(campaign, kind, officer, secretary):
    campaign.quotas.create(code="all", scope="campaign", params={"min": 1})

    assert [(s.status.missing, s.due_on) for s in shortfalls_of(officer)] == [(1, date(2026, 6, 15))]
    assert shortfalls_of(secretary) == []
    campaign.status = "draft"
    campaign.save()
    assert shortfalls_of(officer) == []


@pytest.mark.parametrize(
    ("params", "full", "probationary", "places"),
    [
        ({"percent": 10}, 9, 5, 0),
        ({"percent": 10}, 10, 0, 1),
        ({"percent": 10, "rounding": "ceil"}, 1, 0, 1),
        ({"percent": 50, "rounding": "round"}, 3, 0, 2),
        ({"percent": 10, "base": "members"}, 6, 4, 1),
        ({"percent": 50, "max": 2}, 9, 0, 2),
        ({"tiers": [{"up_to": 2, "max": 1}, {"up_to": 4, "max": 2}, {"max": 3}]}, 2, 0, 1),
        ({"tiers": [{"up_to": 2, "max": 1}, {"up_to": 4, "max": 2}, {"max": 3}]}, 3, 0, 2),
        ({"tiers": [{"up_to": 2, "max": 1}, {"up_to": 4, "max": 2}, {"max": 3}]}, 5, 0, 3),
    ],
)
def test_the_table_says_what_the_paper_says(campaign, kind, branch, params, full, probationary, places):
    quota = campaign.quotas.create(code="share", scope="branch", params=params)
    for status, n in (("full", full), ("probationary", probationary)):
        MemberFactory.create_batch(n, branch=branch, status=status, confirmed_on=None)

    table = {row.unit: row for row in quota_table(campaign)}
    assert table[branch] == quota_status(campaign, branch, kind)[0]
    assert (table[branch].maximum, table[branch].code) == (places, quota.code)


def test_no_place_at_all_is_said_plainly(campaign, kind, branch, officer):
    campaign.quotas.create(code="share", scope="branch", params={"percent": 10})
    MemberFactory.create_batch(8, branch=branch)
    nomination = make_nomination(kind, branch, officer, MemberFactory(branch=branch))

    assert quota_problems(nomination) == [f"{branch}名额为0个。10 % × 9 名正式党员 = 0.9，向下取整为 0 个。"]
    client = Client()
    client.force_login(officer)
    page = client.get(reverse("campaigns:campaign_detail", args=[campaign.pk])).content.decode()
    assert "0个名额" in page


def test_the_roster_of_today_counts(campaign, kind, branch):
    campaign.quotas.create(code="share", scope="branch", params={"percent": 50})
    members = MemberFactory.create_batch(4, branch=branch)
    assert quota_table(campaign)[0].unit != branch or quota_table(campaign)[0].maximum == 2
    members[0].left_on = date(2026, 1, 1)
    members[0].save()
    assert {row.unit: row.maximum for row in quota_table(campaign)}[branch] == 1


@pytest.mark.parametrize("number", [1, 3])
def test_the_table_costs_the_same_for_any_number_of_units(number, committee, django_assert_num_queries):
    campaign = CampaignFactory(owner=committee)
    campaign.quotas.create(code="a", scope="branch", params={"percent": 10})
    campaign.quotas.create(code="b", scope="campaign", params={"max": 5, "base": "units"})
    for _unused in range(number):
        campaign.units.add(make_unit(parent=committee))
    with django_assert_num_queries(7):
        assert len(quota_table(campaign)) == number + 1


class TestMoreCandidatesThanPlaces:
    """差额: one place, two may be nominated; the decision approves one."""

    @pytest.fixture
    def waiting(self, campaign, kind, hand_in, branch):
        campaign.quotas.create(code="one", scope="branch", params={"max": 1, "spare": 2}, clause="三（二）")
        return hand_in(branch, 3)

    @pytest.fixture
    def propose(self, committee_member):
        def make(*nominations, **fields):
            fields = {"outcome": "approved", "document_number": "青示委发〔2026〕9号"} | fields
            return propose_decisions([open_run(n) for n in nominations], actor=committee_member, **fields)

        return make

    def test_the_spare_ones_are_taken_and_no_more(self, waiting, hand_in, branch):
        with pytest.raises(DomainError, match="三（二）"):
            hand_in(branch)

    def test_only_as_many_as_there_are_places_are_approved(self, waiting, propose, officer):
        decision = propose(*waiting[:2])

        preview = preview_release(decision)
        assert preview.is_blocked
        assert [place.status.explanation for place in preview.places] == ["最多 1 个。 差额 2 个，可多报。"]
        with pytest.raises(DomainError, match="名额1个"):
            release_decision(decision, actor=officer)

    def test_the_rest_is_not_approved_because_the_places_are_taken(self, waiting, propose, officer, committee_member):
        decision = propose(waiting[0])
        assert [run.nomination for run in without_a_place(decision)] == waiting[1:]
        refuse_without_a_place(decision, actor=committee_member)
        release_decision(decision, actor=officer)

        for nomination in waiting:
            nomination.refresh_from_db()
        assert [(n.status, n.outcome_reason) for n in waiting] == [
            ("completed", ""),
            ("not_passed", "名额已满。"),
            ("not_passed", "名额已满。"),
        ]

    def test_nothing_is_without_a_place_before_the_places_are_approved(self, waiting, propose, committee_member):
        decision = propose(waiting[0], outcome="refused", reasons="条件不足")

        assert without_a_place(decision) == []
        with pytest.raises(DomainError):
            refuse_without_a_place(decision, actor=committee_member)

    def test_the_button_stands_on_the_page_of_the_decision(self, waiting, propose, committee_member):
        decision = propose(waiting[0])
        client = Client()
        client.force_login(committee_member)
        assert "名额已满" in client.get(reverse("posts:decision_detail", args=[decision.pk])).content.decode()
        client.post(reverse("posts:decision_refuse_rest", args=[decision.pk]))
        assert DecisionItem.objects.filter(decision=decision, outcome="refused", reason="名额已满。").count() == 2

"""Two people press at once. Only PostgreSQL's row locks show what happens then."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from campaigns.domain.errors import DomainError
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.nominations import submit_nomination
from posts.domain.plaque_register import register_gaps
from posts.domain.plaques import hand_over
from posts.models import Conferral, Decision, DecisionItem, Plaque, Transition
from tests.factories import CampaignFactory, MemberFactory
from tests.factories import make_kind as make_way
from tests.factories import make_nomination as make_paper
from tests.posts.cases import make_conferral, make_kind, make_nomination, open_run

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(calls):
    """Run the calls at the same moment, each on its own connection; return what each gave or raised."""
    barrier = Barrier(len(calls))

    def one(call):
        try:
            barrier.wait(20)
            return call()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_two_officers_release_the_same_batch_once(committee, branch, committee_member, officer, committee_secretary):
    kind = make_kind(committee)
    runs = [open_run(make_nomination(kind, branch, name=f"窗口{n}")) for n in range(6)]
    decision = propose_decisions(runs, outcome="approved", actor=committee_member, document_number="7号")
    results = at_once(
        [
            lambda user=user: release_decision(Decision.objects.get(pk=decision.pk), actor=user)
            for user in (officer, committee_secretary)
        ]
    )

    refused = [result for result in results if isinstance(result, DomainError)]
    decision.refresh_from_db()
    assert len(refused) == 1
    assert str(decision.released_by) in str(refused[0])
    assert Conferral.objects.count() == 6
    assert Plaque.objects.count() == 6
    assert Transition.objects.filter(run__in=runs, to_status="passed").count() == 6
    assert register_gaps() == []


def test_eight_proposals_of_one_run_leave_one(committee, branch, committee_member):
    run = open_run(make_nomination(make_kind(committee), branch))
    results = at_once([lambda: propose_decisions([run], outcome="approved", actor=committee_member)] * 8)

    assert sum(isinstance(result, DomainError) for result in results) == 7
    assert DecisionItem.objects.filter(is_live=True).count() == 1


def test_numbers_are_unique_when_batches_are_released_at_once(
    committee, branch, committee_member, officer, committee_secretary
):
    kind = make_kind(committee)
    decisions = []
    for batch in range(4):
        runs = [open_run(make_nomination(kind, branch, name=f"窗口{batch}{n}")) for n in range(3)]
        decisions.append(
            propose_decisions(runs, outcome="approved", actor=committee_member, document_number=f"{batch}号")
        )
    officers = [officer, committee_secretary] * 2
    at_once(
        [lambda d=d, user=user: release_decision(d, actor=user) for d, user in zip(decisions, officers, strict=True)]
    )

    assert sorted(Plaque.objects.values_list("number", flat=True)) == [f"QY-2026-P-{n:03}" for n in range(1, 13)]
    assert register_gaps() == []


def test_a_plaque_is_signed_for_once(committee, branch, committee_member, officer):
    plaque = make_conferral(make_kind(committee), branch, decider=committee_member, releaser=officer).plaques.get()
    results = at_once([lambda: hand_over(plaque, actor=officer, received_by="陈样甲")] * 4)

    assert sum(isinstance(result, DomainError) for result in results) == 3


def test_two_decisions_released_at_once_do_not_both_take_the_last_place(
    committee, branch, committee_member, officer, committee_secretary
):
    kind = make_kind(committee)
    kind.campaign.quotas.create(code="one", scope="campaign", params={"max": 1, "spare": 1})
    decisions = [
        propose_decisions(
            [open_run(make_nomination(kind, branch, name=f"窗口{n}"))],
            outcome="approved",
            actor=committee_member,
            document_number=f"{n}号",
        )
        for n in range(2)
    ]
    results = at_once(
        [
            lambda pair=pair: release_decision(Decision.objects.get(pk=pair[0].pk), actor=pair[1])
            for pair in zip(decisions, (officer, committee_secretary), strict=True)
        ]
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert Conferral.objects.count() == 1


def test_two_papers_handed_in_at_once_do_not_both_take_the_last_place(committee, branch, officer):
    campaign = CampaignFactory(owner=committee)
    campaign.units.add(branch)
    campaign.quotas.create(code="one", scope="branch", params={"max": 1})
    kind = make_way(campaign, {"kind": "nominate"}, {"kind": "endorse", "actor": ["committee"]})
    drafts = [make_paper(kind, branch, officer, MemberFactory(branch=branch)) for _unused in range(4)]
    results = at_once([lambda draft=draft: submit_nomination(draft, actor=officer) for draft in drafts])

    assert sum(isinstance(result, DomainError) for result in results) == 3
    assert campaign.nominations.filter(status="in_progress").count() == 1

"""First batches (S2, F10): a kind that follows another opens with that one's first released naming, which closes it."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.errors import DomainError
from posts.domain.batches import closed_kinds
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.nominations import create_nomination, submit_nomination
from posts.domain.pipeline import return_for_correction
from posts.domain.proposing import sort_kinds
from posts.domain.revocations import annul_decision
from tests.factories import CampaignFactory, MemberFactory, make_kind, make_nomination
from tests.posts.cases import DECIDE, open_run

NOMINATE = {"kind": "nominate", "actor": ["branch"], "label": "推荐"}


def batches_of(campaign):
    first = make_kind(campaign, NOMINATE, DECIDE, code="first", label="集体岗", holder="team")
    later = make_kind(
        campaign, NOMINATE, DECIDE, code="later", label="集体岗（后续）", holder="team", rules={"follows": "first"}
    )
    return first, later


@pytest.fixture
def kinds(campaign):
    return batches_of(campaign)


@pytest.fixture
def name(branch, secretary, committee_member, officer):
    """Name a post of a kind: proposed and released."""

    def make(kind, *, outcome="approved", release=True):
        nomination = make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True)
        decision = propose_decisions(
            [open_run(nomination)],
            outcome=outcome,
            reasons="名额已满",
            actor=committee_member,
            document_number=f"青示委发〔2026〕{nomination.pk}号",
        )
        return release_decision(decision, actor=officer) if release else decision

    return make


def closed(*kinds):
    return [kind.code for kind in kinds if kind.pk in closed_kinds(kinds)]


def test_what_follows_waits_for_the_first_naming(kinds, branch, secretary):
    first, later = kinds
    assert closed(first, later) == ["later"]
    create_nomination(first.campaign, post_kind=first, org_unit=branch, actor=secretary)
    with pytest.raises(DomainError, match="首批“集体岗”命名以后"):
        create_nomination(later.campaign, post_kind=later, org_unit=branch, actor=secretary)


@pytest.mark.parametrize(("outcome", "release"), [("refused", True), ("approved", False)])
def test_a_refusal_or_a_decision_kept_quiet_opens_nothing(kinds, name, outcome, release):
    name(kinds[0], outcome=outcome, release=release)

    assert closed(*kinds) == ["later"]


def test_the_first_naming_opens_the_next_kind_and_closes_its_own(kinds, name, branch, secretary):
    first, later = kinds
    with time_machine.travel(date(2026, 6, 20), tick=False):
        name(first)

    assert closed(first, later) == ["first"]
    create_nomination(later.campaign, post_kind=later, org_unit=branch, actor=secretary)
    with pytest.raises(DomainError, match="首批已于2026-06-20命名") as refusal:
        create_nomination(first.campaign, post_kind=first, org_unit=branch, actor=secretary)
    assert refusal.value.field == "post_kind"
    assert closed_kinds([first])[first.pk].since == date(2026, 6, 20)


def test_a_draft_of_the_first_batch_comes_too_late_after_it(kinds, name, branch, secretary):
    draft = make_nomination(kinds[0], branch, secretary, MemberFactory(branch=branch))
    name(kinds[0])

    with pytest.raises(DomainError, match="首批已于"):
        submit_nomination(draft, actor=secretary)


def test_what_was_handed_in_before_goes_on(kinds, name, branch, secretary, officer, committee_member):
    waiting = make_nomination(kinds[0], branch, secretary, MemberFactory(branch=branch), submit=True)
    returned = make_nomination(kinds[0], branch, secretary, MemberFactory(branch=branch), submit=True)
    return_for_correction(open_run(returned), actor=committee_member, reason="职责写具体些")
    name(kinds[0])

    submit_nomination(returned, actor=secretary)
    both = [open_run(waiting), open_run(returned)]
    release_decision(
        propose_decisions(both, outcome="approved", actor=committee_member, document_number="青示委发〔2026〕99号"),
        actor=officer,
    )
    waiting.refresh_from_db()
    assert waiting.status == "completed"


def test_an_annulled_first_batch_may_be_named_again(kinds, name, officer):
    decision = name(kinds[0])
    annul_decision(decision, actor=officer, reason="未经批准开展", document="县委办〔2026〕1号")

    assert closed(*kinds) == ["later"]


def test_the_first_batch_of_last_year_counts_for_the_owner(kinds, name, committee, branch, other_branch):
    last_year = CampaignFactory(owner=committee, year=2025, scheme_code="default")
    last_year.units.add(branch)
    name(batches_of(last_year)[0])

    assert closed(*kinds) == ["first"]


def test_another_scheme_or_owner_has_its_own_first_batch(kinds, name, committee, branch):
    other = CampaignFactory(owner=committee, scheme_code="other")
    other.units.add(branch)
    name(batches_of(other)[0])

    assert closed(*kinds) == ["later"]


def test_chains_open_one_after_the_other(kinds, name, campaign):
    last = make_kind(campaign, NOMINATE, DECIDE, code="last", holder="team", rules={"follows": "later"})
    name(kinds[0])
    assert closed(*kinds, last) == ["first", "last"]
    name(kinds[1])
    assert closed(*kinds, last) == ["first", "later"]


def test_closed_kinds_stand_on_the_page_with_their_reason(client, kinds, name, campaign, secretary):
    name(kinds[0])
    client.force_login(secretary)

    assert [kind.code for kind in sort_kinds(secretary)[0]] == ["later"]
    page = client.get(reverse("posts:nomination_create")).content.decode()
    assert "首批已于" in page
    response = client.post(reverse("posts:nomination_create"), {"kind": kinds[0].pk})
    assert response.status_code == 400
    page = client.get(reverse("campaigns:campaign_detail", args=[campaign.pk])).content.decode()
    assert "首批已于" in page
    assert "可以申报" in page


def test_kinds_without_batches_ask_nothing(campaign, django_assert_num_queries):
    plain = [make_kind(campaign, NOMINATE, DECIDE, code=code) for code in ("a", "b")]
    with django_assert_num_queries(1):  # the kinds of their campaign
        assert closed_kinds(plain) == {}

"""A whole branch or village holds the title: nobody lists its members, and nobody judges what he leads himself."""

import pytest
from django.urls import reverse

from assessments.models import Survey
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.models import Role, UnitKind
from campaigns.permissions import forget_grants
from posts.documents.plaque_rows import plaque_rows
from posts.domain.consents import record_paper_consent
from posts.domain.deciding import decidable_runs
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.eligibility import eligibility_problems
from posts.domain.endorsements import endorse
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, save_draft, submit_nomination
from posts.domain.proposing import proposing_units, startable_kinds
from posts.domain.rights import waiting_runs
from posts.models import Consent
from tests.factories import CampaignFactory, make_kind, make_unit
from tests.posts.cases import DECIDE, PLAQUE, open_run

TEXT = {"duties": "抓班子、带队伍、办实事。", "reasons": "班子坚强有力，连续两年考核优秀。"}
WAY = (
    {"kind": "nominate", "actor": ["branch"]},
    {"kind": "endorse", "actor": ["branch"], "params": {"verb": "推荐"}},
    {"kind": "consent", "actor": ["holder"]},
    DECIDE,
    PLAQUE,
)


@pytest.fixture
def kind(committee):
    return make_kind(CampaignFactory(owner=committee), *WAY, code="branch", label="示范党支部", holder="org")


@pytest.fixture
def nomination(kind, branch, secretary):
    nomination = create_nomination(kind.campaign, post_kind=kind, org_unit=branch, actor=secretary, **TEXT)
    return submit_nomination(nomination, actor=secretary)


def test_the_organisation_stands_for_itself(nomination, branch):
    assert nomination.name == branch.name
    assert [(person.name, person.member) for person in nomination.members.all()] == [(branch.name, None)]
    assert nomination.status == "in_progress"


def test_nobody_is_listed(kind, branch, secretary, member):
    nomination = create_nomination(kind.campaign, post_kind=kind, org_unit=branch, actor=secretary, **TEXT)
    with pytest.raises(DomainError, match="整个组织"):
        save_draft(nomination, actor=secretary, version=1, fields={}, members=[Chosen(member=member.member.pk)])
    save_draft(nomination, actor=secretary, version=1, fields={}, members=[])

    assert nomination.members.count() == 1
    assert eligibility_problems(nomination) == []


def test_the_paper_shows_the_organisation_instead_of_a_roster(client, kind, branch, secretary):
    nomination = create_nomination(kind.campaign, post_kind=kind, org_unit=branch, actor=secretary, **TEXT)
    client.force_login(secretary)
    address = reverse("posts:nomination_edit", args=[nomination.pk])
    page = client.get(address).content.decode()
    assert "不列成员名单" in page
    assert 'name="members"' not in page
    client.post(address, {"name": "示范支部", "version": nomination.version, "submit": "1", **TEXT})

    nomination.refresh_from_db()
    assert (nomination.name, nomination.status) == ("示范支部", "in_progress")


def test_its_own_secretary_speaks_for_it_and_answers_for_it(nomination, secretary):
    endorse(open_run(nomination), actor=secretary, result="agreed", opinion="支委会同意推荐。")
    consent = Consent.objects.get()
    record_paper_consent(consent, actor=secretary, answer="agreed")

    assert open_run(nomination).kind == "decide"


def test_an_organisation_that_declines_ends_the_nomination(nomination, secretary):
    endorse(open_run(nomination), actor=secretary, result="agreed", opinion="同意")
    record_paper_consent(Consent.objects.get(), actor=secretary, answer="refused")

    nomination.refresh_from_db()
    assert (nomination.status, "该组织不参加" in nomination.outcome_reason) == ("not_passed", True)


def to_decision(nomination, secretary):
    endorse(open_run(nomination), actor=secretary, result="agreed", opinion="同意")
    record_paper_consent(Consent.objects.get(), actor=secretary, answer="agreed")
    return open_run(nomination)


def test_who_leads_the_organisation_decides_nothing_about_it(
    nomination, branch, secretary, committee_member, committee_secretary, officer
):
    appoint(committee_member, org_unit=branch, role=Role.DEPUTY_SECRETARY, actor=None)
    forget_grants(committee_member)
    run = to_decision(nomination, secretary)
    with pytest.raises(NotAllowedError):
        propose_decisions([run], outcome="approved", actor=committee_member, document_number="1号")

    assert [list(decidable_runs(user)) for user in (committee_member, committee_secretary)] == [[], [run]]
    assert [list(waiting_runs(user, "decide")) for user in (committee_member, committee_secretary)] == [[], [run]]


def test_register_plaque_and_public_page_say_the_organisation(
    client, nomination, branch, secretary, committee_member, officer
):
    run = to_decision(nomination, secretary)
    decision = propose_decisions([run], outcome="approved", actor=committee_member, document_number="1号")
    release_decision(decision, actor=officer)
    conferral = nomination.conferral
    client.force_login(officer)
    register = client.get(reverse("posts:conferral_list")).content.decode()
    public = client.get(reverse("posts:public_post", args=[conferral.public_id])).content.decode()

    assert [holder.name for holder in conferral.holders.all()] == [branch.name]
    assert branch.name in register
    assert f"由谁担任</dt><dd>{branch.name}</dd>" in public
    plaque = conferral.plaques.get()
    plaque.conferral.post_kind.plaque = {"content": ["post_name", "names"]}
    assert [row.text for row in plaque_rows(plaque)] == [branch.name]
    plaque.conferral.name = "示范支部"
    assert [row.text for row in plaque_rows(plaque)] == ["示范支部", branch.name]


def test_its_members_are_no_lines_of_a_ballot(committee, branch, secretary):
    survey = {"kind": "survey", "actor": ["branch"], "params": {"subjects": ["members"]}}
    kind = make_kind(CampaignFactory(owner=committee), survey, DECIDE, PLAQUE, code="b", holder="org")
    nomination = create_nomination(kind.campaign, post_kind=kind, org_unit=branch, actor=secretary, **TEXT)
    submit_nomination(nomination, actor=secretary)
    lines = Survey.objects.get(run=open_run(nomination)).lines.all()

    assert [(line.label, line.person) for line in lines] == [(f"岗位：{branch.name}", None)]


def test_the_committee_starts_a_village(client, committee, officer, secretary):
    village = make_unit(UnitKind.VILLAGE, parent=committee, name="上样村")
    first = {"kind": "nominate", "actor": ["committee"], "params": {"initiators": ["committee"]}}
    kind = make_kind(
        CampaignFactory(owner=committee),
        first,
        DECIDE,
        PLAQUE,
        code="village",
        holder="org",
        rules={"allowed_units": ["village"]},
    )
    assert list(proposing_units(officer, kind)) == [village]
    assert startable_kinds(secretary) == []
    nomination = create_nomination(kind.campaign, post_kind=kind, org_unit=village, actor=officer, **TEXT)
    submit_nomination(nomination, actor=officer)

    assert nomination.members.get().name == "上样村"
    with pytest.raises(NotAllowedError):
        create_nomination(kind.campaign, post_kind=kind, org_unit=village, actor=secretary, **TEXT)

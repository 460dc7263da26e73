"""A member applies for himself with his own account (S1, S8 一人一报); units and general branches for theirs."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.models import Campaign, Role, UnitKind
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, save_draft
from posts.domain.proposing import may_propose, proposing_units, startable_kinds
from posts.models import Nomination
from tests.factories import CampaignFactory, MemberFactory, UserFactory, make_kind, make_nomination, make_unit


@pytest.fixture
def kind(campaign):
    return make_kind(
        campaign,
        {"kind": "nominate", "actor": ["holder"], "params": {"one_per_person": True}, "label": "个人申报"},
        {"kind": "endorse", "actor": ["branch"], "label": "支部提交"},
    )


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def unit_head(unit, name="孙样甲"):
    user = UserFactory(name=name)
    appoint(user, org_unit=unit, role=Role.UNIT_HEAD, actor=None)
    return user


def test_a_member_opens_fills_in_and_hands_in_his_own_paper(kind, branch, member, secretary):
    colleague = MemberFactory(branch=branch, name="同事甲")
    client = as_(member)
    start = reverse("posts:nomination_create")
    assert kind.label in client.get(start).content.decode()
    response = client.post(start, {"kind": kind.pk, "org_unit": branch.pk})
    nomination = Nomination.objects.get(proposer=member)
    edit = reverse("posts:nomination_edit", args=[nomination.pk])
    assert response.url == edit
    assert [person.member_id for person in nomination.members.all()] == [member.member.pk]

    page = client.get(edit).content.decode()
    assert colleague.name not in page
    typed = {
        "version": nomination.version,
        "name": "窗口示范岗",
        "duties": "受理申请",
        "reasons": "六年无差错",
        "members": member.member.pk,
        "submit": "1",
    }
    assert client.post(edit, typed).status_code == 302
    nomination.refresh_from_db()
    assert (nomination.status, nomination.number[-4:]) == ("in_progress", "0001")
    assert nomination.runs.get(status="open").actor_unit == branch


def test_he_sees_his_own_paper_only(kind, campaign, branch, member, secretary):
    other = make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True)
    own = make_nomination(kind, branch, member, member.member)

    assert list(Nomination.objects.visible_to(member)) == [own]
    assert as_(member).get(reverse("posts:nomination_detail", args=[other.pk])).status_code == 404


def test_he_cannot_put_somebody_else_into_it(kind, branch, member):
    nomination = make_nomination(kind, branch, member, member.member)
    colleague = MemberFactory(branch=branch)

    for chosen in ([Chosen(member=colleague.pk)], [Chosen(member=member.member.pk), Chosen(name="某某")]):
        with pytest.raises(DomainError, match="为本人申报"):
            save_draft(nomination, actor=member, version=nomination.version, fields={}, members=chosen)


def test_he_applies_in_his_branch_or_where_he_works_only(kind, campaign, committee, branch, other_branch, member):
    section = make_unit(UnitKind.SECTION, parent=committee)
    assert list(proposing_units(member, kind)) == [branch]
    with pytest.raises(NotAllowedError):
        create_nomination(campaign, post_kind=kind, org_unit=other_branch, actor=member)
    member.member.work_unit = section
    member.member.save()
    campaign.units.add(section)
    assert list(proposing_units(member, kind)) == [branch, section]


def test_one_paper_a_person(kind, campaign, branch, member):
    own = make_nomination(kind, branch, member, member.member)

    with pytest.raises(DomainError, match="便民服务中心综合窗口岗"):
        create_nomination(campaign, post_kind=kind, org_unit=branch, actor=member)
    assert own.runs.count() == Nomination.objects.filter(proposer=member).count() * 2


def test_a_collective_post_is_not_applied_for_by_a_member(campaign, branch, member):
    team = make_kind(campaign, {"kind": "nominate", "actor": ["holder"]}, code="team", holder="team")

    assert not may_propose(member, team, branch)
    assert startable_kinds(member) == []


def test_a_member_who_left_applies_for_nothing(kind, branch, member):
    member.member.left_on = date(2026, 1, 1)
    member.member.save()

    assert not may_propose(member, kind, branch)
    assert startable_kinds(member) == []


def test_a_campaign_of_a_general_branch_is_seen_by_members_below_it(committee):
    general = make_unit(UnitKind.GENERAL_BRANCH, parent=committee)
    below = make_unit(parent=general)
    section = make_unit(UnitKind.SECTION, parent=committee)
    campaign = CampaignFactory(owner=committee)
    campaign.units.add(general)
    users = [UserFactory() for _unused in range(3)]
    MemberFactory(branch=below, user=users[0])
    MemberFactory(branch=make_unit(parent=committee), work_unit=section, user=users[1])
    MemberFactory(branch=below, user=users[2], left_on="2026-01-01")

    assert [Campaign.objects.visible_to(user).count() for user in users] == [1, 0, 0]
    campaign.units.add(section)
    assert Campaign.objects.visible_to(users[1]).count() == 1


def test_each_unit_nominates_for_itself_where_units_nominate(campaign, committee, branch, secretary):
    """S2: each office recommends; neither its neighbour nor a branch beside it does."""
    kind = make_kind(campaign, {"kind": "nominate", "actor": ["unit"], "label": "科室推荐"})
    office, section = (make_unit(UnitKind.OFFICE, parent=committee), make_unit(UnitKind.SECTION, parent=committee))
    campaign.units.add(office, section)
    head = unit_head(section)

    assert (may_propose(head, kind, section), may_propose(head, kind, office)) == (True, False)
    assert not may_propose(secretary, kind, section)
    assert list(proposing_units(head, kind)) == [section]


def test_the_general_branch_nominates_for_what_lies_below_it(campaign, committee):
    """S6: each 党总支 sets up its posts; a branch below it does not open them itself."""
    kind = make_kind(campaign, {"kind": "nominate", "actor": ["general_branch"], "label": "党总支申报"})
    general = make_unit(UnitKind.GENERAL_BRANCH, parent=committee)
    below = make_unit(parent=general)
    campaign.units.add(general)
    chief, clerk = UserFactory(), UserFactory()
    appoint(chief, org_unit=general, role=Role.SECRETARY, actor=None)
    appoint(clerk, org_unit=below, role=Role.SECRETARY, actor=None)

    assert list(proposing_units(chief, kind)) == [general, below]
    assert startable_kinds(clerk) == []
    assert not may_propose(clerk, kind, below)


def test_branch_and_project_team_both_start_where_the_scheme_lists_both(campaign, committee, branch, secretary):
    """S4: 党支部、部室或项目部 – the nearest of them acts."""
    kind = make_kind(campaign, {"kind": "deliberate", "actor": ["branch", "unit"], "label": "酝酿"})
    team = make_unit(UnitKind.PROJECT_TEAM, parent=branch)
    head = unit_head(team)

    assert [may_propose(user, kind, unit) for user in (head, secretary) for unit in (team, branch)] == [
        True,
        False,
        True,
        True,
    ]

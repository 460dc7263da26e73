"""A campaign from its scheme to its close."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.domain.announcements import remind_units
from campaigns.domain.appointments import end_appointment
from campaigns.domain.blockers import find_blockers
from campaigns.domain.campaigns import (
    campaign_blockers,
    close_campaign,
    create_campaign,
    duplicate_campaign,
    open_campaign,
    set_quota,
    update_campaign,
)
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import history_of
from campaigns.domain.library import shipped_files
from campaigns.domain.rule_copies import rules_checksum
from campaigns.domain.schemes import SchemeError
from campaigns.models import CampaignStatus, Holiday, Message, Quota
from posts.models import Nomination
from tests.factories import MemberFactory, make_unit

SCHEMES = {path.stem: path.read_text() for path in shipped_files()}
DETAILS = {
    "basis_document": "示组通〔2026〕3号",
    "approving_body": "中共示例县委组织部",
    "scope": "镇党委所属各党支部",
    "starts_on": date(2026, 4, 1),
    "nominations_until": date(2026, 4, 20),
    "ends_on": date(2026, 12, 31),
}


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(date(2026, 4, 2), tick=False):
        yield


@pytest.fixture
def campaign(officer, committee, branch, secretary, committee_member):
    return create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, **DETAILS)


def test_a_campaign_owns_a_copy_of_every_rule(campaign, branch):
    assert [kind.code for kind in campaign.kinds.all()] == ["person", "team"]
    stages = campaign.kinds.get(code="team").stages.all()
    assert [stage.kind for stage in stages] == ["nominate", "survey", "notice", "consent", "decide", "plaque"]
    assert stages[1].params["threshold"] == 80
    assert [rule.cadence for rule in campaign.review_rules.order_by("code")] == ["monthly", "quarterly"]
    assert campaign.veto_grounds.count() == 4
    assert campaign.kinds.get(code="team").rules["min_party"] == 2
    assert campaign.rules["rectify"]["days"] == 30
    assert list(campaign.units.all()) == [branch]
    assert campaign.title == "2026年度“党员示范岗”创建活动"


def test_only_the_office_creates_a_campaign(committee, secretary):
    with pytest.raises(PermissionDenied):
        create_campaign(SCHEMES["default"], owner=committee, actor=secretary, year=2026)


def test_a_faulty_scheme_creates_nothing(committee, officer):
    with pytest.raises(SchemeError):
        create_campaign("[scheme]\n", owner=committee, actor=officer, year=2026)

    assert not committee.campaigns.exists()


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}, "ends_on"),
        ({"starts_on": date(2026, 5, 1), "nominations_until": date(2026, 4, 1)}, "nominations_until"),
        ({"nominations_until": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}, "ends_on"),
    ],
)
def test_dates_must_be_in_order(committee, officer, details, field):
    with pytest.raises(DomainError) as error:
        create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, **details)

    assert error.value.field == field


def test_a_new_campaign_tells_all_that_is_missing(committee, branch, officer):
    campaign = create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, approving_body="")

    pages = [blocker.page for blocker in find_blockers(campaign)]
    assert pages.count("campaigns:campaign_edit") == 5  # the scope comes from the scheme
    assert pages.count("campaigns:unit_detail") >= 1  # the roster of the branch is empty


def test_a_complete_campaign_has_no_blockers(campaign):
    assert campaign_blockers(campaign) == []


def test_opening_freezes_the_rules_and_tells_the_branches(campaign, officer, secretary, member, stranger):
    open_campaign(campaign, actor=officer)

    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.OPEN
    assert campaign.rules_sha256 == rules_checksum(campaign)
    assert {message.user for message in Message.objects.all()} == {secretary, member}
    assert [entry.kind for entry in history_of(campaign)] == ["campaign_created", "campaign_opened"]
    with pytest.raises(OutOfOrderError):
        update_campaign(campaign, actor=officer, title="另一个")
    with pytest.raises(OutOfOrderError):
        open_campaign(campaign, actor=officer)


def test_a_campaign_with_blockers_does_not_open(campaign, officer):
    update_campaign(campaign, actor=officer, basis_document="")

    with pytest.raises(DomainError, match="依据"):
        open_campaign(campaign, actor=officer)

    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.DRAFT


def test_a_branch_without_members_is_named(campaign, officer, committee):
    bare = make_unit(parent=committee, name="桥头样村党支部")
    update_campaign(campaign, actor=officer, units=[*campaign.units.all(), bare])

    assert any("桥头样村党支部" in text for text in campaign_blockers(campaign))


def test_a_year_without_holidays_blocks(campaign):
    Holiday.objects.filter(date__year=2026).delete()

    assert [blocker.page for blocker in find_blockers(campaign)] == ["campaigns:holiday_list"]


def test_a_branch_without_a_secretary_blocks_although_the_office_could_help(campaign, secretary):
    end_appointment(secretary.appointments.get(), actor=None)

    (blocker,) = find_blockers(campaign)
    assert "支部推荐、岗前测评、公示" in blocker.text


def test_a_campaign_without_committee_blocks(campaign, committee_member, committee):
    end_appointment(committee_member.appointments.get(), actor=None)

    (blocker,) = find_blockers(campaign)
    assert (blocker.pk, "党委审批命名" in blocker.text) == (committee.pk, True)


def test_the_checksum_changes_with_a_rule(campaign):
    before = rules_checksum(campaign)
    stage = campaign.kinds.get(code="person").stages.get(kind="survey")
    stage.params["threshold"] = 79
    stage.save()

    assert rules_checksum(campaign) != before


def test_next_years_campaign_is_a_copy_with_moved_dates(campaign, officer):
    copy = duplicate_campaign(campaign, actor=officer, year=2027)

    assert copy.status == CampaignStatus.DRAFT
    assert (copy.year, copy.starts_on, copy.title) == (2027, date(2027, 4, 1), "2027年度“党员示范岗”创建活动")
    assert copy.basis_document == ""
    assert copy.kinds.count() == 2
    assert campaign.kinds.count() == 2
    assert list(copy.units.all()) == list(campaign.units.all())
    assert rules_checksum(copy) != rules_checksum(campaign)  # the year is part of it


def test_an_open_campaign_closes_once(campaign, officer):
    with pytest.raises(OutOfOrderError):
        close_campaign(campaign, actor=officer)
    open_campaign(campaign, actor=officer)
    close_campaign(campaign, actor=officer)

    campaign.refresh_from_db()
    assert campaign.status == CampaignStatus.CLOSED


def test_a_quota_without_a_figure_blocks_until_it_has_one(campaign, officer):
    quota = Quota.objects.create(campaign=campaign, code="share", scope="branch", params={"base": "formal_members"})
    assert any("share" in text for text in campaign_blockers(campaign))

    set_quota(quota, actor=officer, percent=10)

    assert campaign_blockers(campaign) == []
    with pytest.raises(DomainError):
        set_quota(quota, actor=officer, percent=180)


def test_reminders_go_to_units_without_a_nomination_once_a_day(campaign, officer, secretary):
    with pytest.raises(OutOfOrderError):
        remind_units(campaign, actor=officer)
    open_campaign(campaign, actor=officer)

    assert remind_units(campaign, actor=officer) == 1
    remind_units(campaign, actor=officer)

    assert Message.objects.filter(user=secretary, key__contains="remind").count() == 1


@pytest.mark.parametrize("code", sorted(SCHEMES))
def test_every_shipped_scheme_makes_a_campaign(code, committee, branch, officer):
    MemberFactory(branch=branch)
    campaign = create_campaign(SCHEMES[code], owner=committee, actor=officer, year=2026)

    assert all(kind.stages.filter(kind="decide").exists() for kind in campaign.kinds.all())


def test_a_campaign_with_nominations_under_way_does_not_close(campaign, officer, branch):
    open_campaign(campaign, actor=officer)
    Nomination.objects.create(
        campaign=campaign, post_kind=campaign.kinds.first(), org_unit=branch, proposer=officer, name="综合窗口"
    )

    with pytest.raises(DomainError, match="1"):
        close_campaign(campaign, actor=officer)


def test_who_has_nominated_is_not_reminded(campaign, officer, branch):
    open_campaign(campaign, actor=officer)
    Nomination.objects.create(
        campaign=campaign,
        post_kind=campaign.kinds.first(),
        org_unit=branch,
        proposer=officer,
        submitted_at=timezone.now(),
        status="in_progress",
    )

    assert remind_units(campaign, actor=officer) == 0

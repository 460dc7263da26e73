"""S9, a town: a meeting that votes, two notices, a share of the full members, villages named by the county."""

from datetime import date

import pytest
from django.utils import timezone

from assessments.domain.assessing import conclude_assessment
from campaigns.domain.campaigns import create_campaign, open_campaign
from campaigns.domain.errors import DomainError
from campaigns.models import Role
from posts.domain.quotas import quota_status
from posts.models import Decision, Plaque
from tests.factories import MemberFactory, make_unit
from tests.schemes.facts import acting_units, kinds_of, refusal
from tests.schemes.steps import agree, assess, do, meet, put_on_notice, walk
from tests.schemes.world import run_of, scheme_text


@pytest.mark.parametrize(
    ("present", "in_favour", "status", "open_step"),
    [(5, 5, "in_progress", "deliberate"), (6, 6, "not_passed", None), (7, 7, "in_progress", "endorse")],
)
def test_half_must_be_present_and_more_than_half_of_all_in_favour(world_of, present, in_favour, status, open_step):
    world = world_of("s9")
    nomination = world.nominate("person")

    meet(world, nomination, should=12, present=present, in_favour=in_favour)

    nomination.refresh_from_db()
    assert nomination.status == status
    assert open_step is None or run_of(nomination).kind == open_step


def test_the_meeting_uses_the_annual_appraisal(world_of):
    world = world_of("s9")

    with pytest.raises(DomainError, match="民主评议"):
        meet(world, world.nominate("person"), appraisal=False)


def test_the_second_of_two_notices_lasts_five_calendar_days(world_of):
    world = world_of("s9")
    nomination = walk(world, world.nominate("person"), to="notice")
    assert kinds_of(nomination).count("notice") == 2
    world.go_to(date(2026, 5, 8))  # a Friday

    first = put_on_notice(world, nomination)
    assert (first.ends_on, first.object) == (date(2026, 5, 13), "members")  # Saturday the 9th is worked
    world.go_to(date(2026, 5, 14))
    do(world, nomination)
    world.go_to(date(2026, 5, 15))
    second = put_on_notice(world, nomination)

    assert (second.starts_on, second.ends_on, second.object) == (date(2026, 5, 15), date(2026, 5, 19), "final_list")


def test_the_committee_decides_after_the_second_notice(world_of):
    world = world_of("s9")

    nomination = walk(world, world.nominate("person"))

    units = acting_units(nomination)
    assert units["评议推荐"] == units["评选结果公示"] == world.unit("branch")
    assert units["镇党委综合评审"] == units["镇党委确定"] == world.owner


def test_the_form_goes_to_the_office_with_the_seal_of_the_branch(world_of):
    world = world_of("s9")
    nomination = world.draft("person")
    nomination.evidence.update(sealed=False)

    assert "申报表纸质版（盖公章）" in refusal(world, nomination)
    nomination.evidence.update(sealed=True)
    assert world.submit(nomination).submitted_at


def test_the_list_is_also_reported_to_the_county_and_nothing_waits_for_it(world_of):
    world = world_of("s9")
    reported, silent = (walk(world, world.nominate("person", unit), at=4) for unit in world.units["branch"])
    assert run_of(reported).params["report_to"] == "县委组织部"

    agree(world, reported, reported_on=timezone.localdate(), report_document="示委〔2026〕9号")
    agree(world, silent)

    assert [run_of(nomination).position for nomination in (reported, silent)] == [5, 5]
    assert reported.runs.get(position=4).endorsement.report_document == "示委〔2026〕9号"


def places(world, branch):
    kind = world.campaign.kinds.get(code="person")
    return quota_status(world.campaign, branch, kind)[0]


def test_places_are_a_share_of_the_full_members_rounded_down(world_of):
    world = world_of("s9", percent=10)
    branch = world.unit("branch")
    MemberFactory.create_batch(12, branch=branch, status="probationary", confirmed_on=None)

    assert places(world, branch).maximum == 1  # 10 % of 12
    MemberFactory.create_batch(7, branch=branch)
    assert places(world, branch).maximum == 1  # of 19
    MemberFactory(branch=branch)
    assert places(world, branch).maximum == 2  # of 20


def test_no_place_is_said_plainly_with_the_sum(world_of):
    world = world_of("s9", percent=10)
    small = make_unit("branch", parent=world.owner)
    MemberFactory.create_batch(9, branch=small)

    status = places(world, small)

    assert (status.maximum, status.is_full) == (0, True)
    assert "= 0.9" in status.problem
    assert "不超过支部正式党员数的X%" in status.problem


def test_the_share_is_filled_in_before_the_campaign_opens(world_of):
    world = world_of("s9")
    officer = world.person(world.owner, Role.OFFICER)
    details = {"basis_document": "示委发〔2026〕2号", "starts_on": date(2026, 4, 20)}
    dates = {"nominations_until": date(2026, 6, 30), "ends_on": date(2026, 12, 31)}

    copy = create_campaign(scheme_text("s9"), owner=world.owner, actor=officer, year=2026, **details, **dates)

    with pytest.raises(DomainError, match="名额"):
        open_campaign(copy, actor=officer)


def test_villages_are_a_share_of_the_village_organisations(world_of):
    world = world_of("s9", percent=20)
    for _unused in range(8):
        make_unit("village", parent=world.owner)
    kind = world.campaign.kinds.get(code="village")

    assert quota_status(world.campaign, world.unit("village"), kind)[0].maximum == 1  # 20 % of 9
    make_unit("village", parent=world.owner)
    assert quota_status(world.campaign, world.unit("village"), kind)[0].maximum == 2


@pytest.fixture
def village_world(world_of):
    world = world_of("s9", percent=20)
    for _unused in range(9):
        make_unit("village", parent=world.owner)
    return world


def test_a_village_is_put_forward_by_the_committee_and_inspected_in_writing(village_world):
    world = village_world
    nomination = world.nominate("village")
    assert kinds_of(nomination) == ["nominate", "assess", "endorse", "decide", "plaque"]
    run = run_of(nomination)
    assert run.params["method"] == ["report"]

    with pytest.raises(DomainError):
        conclude_assessment(run, actor=world.who(run, "conclude"), passed=True, conclusion="符合标准。")
    assess(world, nomination)

    assert run_of(nomination).label == "向县委组织部申报"


def test_the_county_names_the_village_and_issues_the_plaque(village_world):
    world = village_world

    nomination = walk(world, world.nominate("village"))

    run = nomination.runs.get(kind="decide")
    assert run.actor == ["superior"]
    decision = Decision.objects.get()
    assert decision.document_number
    assert decision.created_by == world.person(world.owner, Role.OFFICER)  # only recorded here
    assert Plaque.objects.get().issuer != world.owner.name
    assert nomination.conferral.honour == "共产党员示范村"

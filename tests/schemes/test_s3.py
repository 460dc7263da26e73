"""S3, a sub-district: the department recommends, one level up fixes, the office reviews, the branch decides."""

from datetime import date

import pytest

from assessments.domain.vetoes import why_no_veto
from campaigns.models import Role
from posts.models import DecisionItem, Plaque
from tests.schemes.facts import acting_units, found, refusal, reviews_of, way_of
from tests.schemes.steps import agree, do, survey, walk
from tests.schemes.world import run_of


def test_the_steps_stand_in_the_order_of_the_source(world_of):
    labels = [label for label, _kind in way_of(world_of("s3").draft("person"))]

    assert " → ".join(labels) == (
        "酝酿讨论 → 部门推荐 → 初步确定 → 岗前测评 → 岗位公示 → 个人意愿 → 党群工作部审核 → 党支部确定名单 → 挂牌"
    )


def test_the_department_recommends_for_its_own_people(world_of):
    world = world_of("s3")
    department = world.unit("department")

    nomination = walk(world, world.nominate("person", department))

    units = acting_units(nomination)
    assert units["部门推荐"] == department
    assert units["酝酿讨论"] == units["党支部确定名单"] == world.units["branch"][0]


@pytest.mark.parametrize(("branch", "fixed_by"), [(0, "general_branch"), (1, "sub_committee")])
def test_posts_are_fixed_by_whoever_stands_above_the_branch(world_of, branch, fixed_by):
    world = world_of("s3")

    nomination = walk(world, world.nominate("person", world.units["branch"][branch]), to="survey")

    run = nomination.runs.get(label="初步确定")
    assert run.actor_unit == world.unit(fixed_by)
    assert run.endorsement.by == world.person(run.actor_unit, Role.SECRETARY)


@pytest.mark.parametrize(("satisfied", "status"), [(399, "not_passed"), (400, "in_progress")])
def test_eighty_per_cent_is_counted_and_not_rounded(world_of, satisfied, status):
    world = world_of("s3")
    nomination = walk(world, world.nominate("person"), to="survey")

    survey(world, nomination, satisfied=satisfied, of=500)

    nomination.refresh_from_db()
    assert nomination.status == status


def test_the_post_and_each_member_stand_on_the_ballot(world_of):
    world = world_of("s3")
    nomination = walk(world, world.nominate("team"), to="survey")

    survey(world, nomination)

    assert nomination.runs.get(kind="survey").surveys.get().lines.count() == 1 + nomination.members.count()


def test_the_branch_decides_only_after_the_office_has_agreed(world_of):
    world = world_of("s3")
    nomination = walk(world, world.nominate("person"), at=7)
    run = run_of(nomination)
    assert (run.label, run.actor_unit) == ("党群工作部审核", world.owner)

    agree(world, nomination, result="refused")

    nomination.refresh_from_db()
    assert nomination.status == "not_passed"
    assert not DecisionItem.objects.filter(run__nomination=nomination).exists()


def test_after_the_office_the_branch_itself_names_the_post(world_of):
    world = world_of("s3")
    nomination = walk(world, world.nominate("person"), at=8)

    do(world, nomination)

    assert nomination.conferral.decision.org_unit == world.units["branch"][0]


def test_a_pioneer_post_needs_two_party_members_and_may_have_others(world_of):
    world = world_of("s3")
    one, two = world.members(world.unit("branch"), 2)

    assert "参与党员“先锋岗”的党员人数不得少于两人" in refusal(world, world.draft("team", people=[one, "钱样乙"]))
    assert world.nominate("team", people=[one, two, "钱样乙"]).submitted_at


def test_teams_are_created_by_a_branch(world_of):
    world = world_of("s3")

    assert "由党支部创建" in refusal(world, world.draft("team", world.unit("department")))


def test_teams_and_persons_get_different_titles_and_everybody_the_badge(world_of):
    world = world_of("s3")

    titles = {kind: walk(world, world.nominate(kind)).conferral for kind in ("person", "team")}

    assert {kind: conferral.honour for kind, conferral in titles.items()} == {
        "person": "党员示范岗",
        "team": "党员先锋岗",
    }
    assert all(conferral.post_kind.plaque["badge"] for conferral in titles.values())
    assert Plaque.objects.filter(place="公开悬挂").count() == 2


def test_the_branch_reviews_each_month(world_of):
    world = world_of("s3")
    conferral = walk(world, world.nominate("person")).conferral

    world.go_to(date(2026, 6, 1))
    world.go_to(date(2026, 7, 1))

    assert [(r.period, r.reviewer_unit) for r in reviews_of(conferral)][-1] == ("2026-06", world.units["branch"][0])
    assert reviews_of(conferral)[0].rule.params["satisfaction"] == "important"


def test_strong_reactions_need_no_verification_clause_but_still_a_finding(world_of):
    world = world_of("s3")
    conferral = walk(world, world.nominate("person")).conferral

    assert not why_no_veto(found(world, conferral, "strong_public_reaction", finding="partly_verified"))
    assert conferral.status == "active"

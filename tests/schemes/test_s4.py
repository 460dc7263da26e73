"""S4, a company: a branch, a department or a project team does everything itself; nobody above decides."""

from datetime import date

import pytest

from assessments.models import Review
from campaigns.models import Role
from posts.models import Decision
from tests.schemes.facts import acting_units, refusal, reviews_of
from tests.schemes.steps import survey, walk
from tests.schemes.world import run_of


@pytest.mark.parametrize("unit", ["project_team", "department", "branch"])
def test_a_unit_walks_the_whole_way_itself(world_of, unit):
    world = world_of("s4")
    unit = world.unit(unit)

    nomination = walk(world, world.nominate("team", unit))

    units = acting_units(nomination)
    own = ("酝酿讨论、初步确定", "岗前测评", "岗位公示", "确定名单")
    assert {units[label] for label in own} == {unit}
    assert Decision.objects.get().org_unit == unit
    assert nomination.conferral.status == "active"


def test_the_head_of_the_project_team_decides_and_releases(world_of):
    world = world_of("s4")
    team = world.unit("project_team")

    walk(world, world.nominate("team", team))

    decision = Decision.objects.get()
    head = world.person(team, Role.UNIT_HEAD)
    assert (decision.created_by, decision.released_by) == (head, head)


def test_a_team_needs_two_party_members(world_of):
    world = world_of("s4")
    team = world.unit("project_team")
    one, two = world.members(team, 2)

    assert "不得少于两人" in refusal(world, world.draft("team", team, [one, "钱样乙"]))
    assert world.nominate("team", team, [one, two, "钱样乙"]).submitted_at


def test_four_of_five_satisfied_is_enough(world_of):
    world = world_of("s4")
    passing, failing = (walk(world, world.nominate("person", world.unit("branch")), to="survey") for _ in range(2))

    survey(world, passing, satisfied=16)
    survey(world, failing, satisfied=15)

    assert run_of(passing).kind == "notice"
    failing.refresh_from_db()
    assert failing.status == "not_passed"


def test_the_unit_reviews_its_own_post_each_month_by_five_assessments(world_of):
    world = world_of("s4")
    team = world.unit("project_team")
    conferral = walk(world, world.nominate("team", team)).conferral

    world.go_to(date(2026, 6, 1))
    world.go_to(date(2026, 7, 1))

    latest = reviews_of(conferral)[-1]
    assert (latest.period, latest.reviewer_unit) == ("2026-06", team)
    assert latest.rule.params["assessments"] == ["self", "peer", "mass", "leader", "organisation"]
    assert Review.objects.filter(reviewer_unit=world.owner).count() == 0

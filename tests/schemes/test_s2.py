"""S2, a bureau: teams of Party members only, the first batch by decision alone, everybody else by one notice."""

from datetime import date

import pytest

from assessments.domain.vetoes import why_no_veto
from campaigns.domain.errors import DomainError
from campaigns.models import Role
from posts.domain.notices import publish_notice
from posts.models import Plaque
from tests.factories import MemberFactory
from tests.schemes.facts import acting_units, found, kinds_of, refusal, reviews_of
from tests.schemes.steps import decide, walk
from tests.schemes.world import run_of


def test_a_team_with_one_non_member_is_refused(world_of):
    world = world_of("s2")
    people = world.members(world.unit("office"), 3)

    mixed = world.draft("team_first", people=[*people, "钱样乙"])

    assert "三、2：集体示范岗内的人员必须均为共产党员" in refusal(world, mixed)
    assert world.nominate("team_first", people=people).submitted_at


def test_a_team_is_an_office_or_a_section_and_nothing_else(world_of):
    world = world_of("s2")

    branch_team = world.draft("team_first", world.unit("branch"), by=world.person(world.owner, Role.OFFICER))

    assert "可以是一个自然空间的办公室，也可以是一个科室" in refusal(world, branch_team)
    for kind in ("office", "section"):
        assert world.nominate("team_first", world.unit(kind)).submitted_at


def test_the_first_batch_is_decided_without_recommendation_or_notice(world_of):
    world = world_of("s2")

    nomination = world.nominate("team_first")

    assert kinds_of(nomination) == ["decide", "plaque"]
    run = run_of(nomination)
    assert (run.kind, run.actor_unit) == ("decide", world.owner)
    decide(world, nomination)
    assert nomination.conferral.status == "active"


def test_later_teams_go_the_way_of_persons_once_the_first_batch_is_named(world_of):
    world = world_of("s2")
    with pytest.raises(DomainError, match="首批"):
        world.draft("team")
    decide(world, world.nominate("team_first"))

    later = world.nominate("team", world.unit("section"))

    assert kinds_of(later) == kinds_of(world.draft("person")) == ["nominate", "notice", "decide", "plaque"]
    with pytest.raises(DomainError, match="首批"):
        world.draft("team_first")


def test_a_person_is_recommended_by_his_office_and_noticed_and_confirmed_by_the_committee(world_of):
    world = world_of("s2")
    office = world.unit("office")

    nomination = walk(world, world.nominate("person", office))

    units = acting_units(nomination)
    assert units["各办公室推荐"] == office
    assert {units[label] for label in ("局党委统一公示", "局党委确认", "授牌")} == {world.owner}
    assert nomination.conferral.decision.org_unit == world.owner


def test_all_posts_of_a_batch_stand_on_one_notice(world_of):
    world = world_of("s2")
    runs = [run_of(world.nominate("person", world.unit(kind))) for kind in ("office", "section")]

    notice = publish_notice(runs, actor=world.who(runs[0], "publish"))

    assert (notice.items.count(), notice.org_unit) == (2, world.owner)


def test_the_plaque_stands_in_the_office_or_hangs_at_its_door(world_of):
    world = world_of("s2")

    for kind, place in (("person", "办公室显著位置"), ("team_first", "办公室门前显著位置")):
        walk(world, world.nominate(kind, place="一楼108室"))
        assert Plaque.objects.latest("pk").place == f"一楼108室，{place}"


def test_the_committee_reviews_each_quarter_mainly_by_the_survey(world_of):
    world = world_of("s2")
    conferral = walk(world, world.nominate("person")).conferral

    world.go_to(date(2026, 7, 1))
    world.go_to(date(2026, 10, 1))

    assert [(r.period, r.reviewer_unit) for r in reviews_of(conferral)] == [
        ("2026-Q2", world.owner),
        ("2026-Q3", world.owner),
    ]
    assert reviews_of(conferral)[0].rule.params["satisfaction"] == "main"


def test_strong_reactions_revoke_only_when_verified_true(world_of):
    world = world_of("s2")
    conferral = walk(world, world.nominate("person")).conferral

    partly = found(world, conferral, "strong_public_reaction", finding="partly_verified")
    wholly = found(world, conferral, "strong_public_reaction")

    assert why_no_veto(partly)
    assert not why_no_veto(wholly)


def test_nobody_under_a_sanction_holds_a_post(world_of):
    world = world_of("s2")
    branch = world.unit("branch")
    person = MemberFactory(branch=branch, sanction_until=date(2026, 12, 31))

    assert "无不良行为记录" in refusal(world, world.draft("person", people=[person]))

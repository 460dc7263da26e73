"""S1, a finance bureau: rotating plaques, three dated phases, level by level, a first batch before 1 July."""

from datetime import date

from assessments.domain.rotation import decide_rotation, release_rotation
from assessments.models import Rotation
from campaigns.domain.milestones import owed_records
from campaigns.models import Role
from posts.domain.rounds import missed_round, round_of
from tests.schemes.facts import acting_units, way_of
from tests.schemes.steps import agree, walk
from tests.schemes.world import run_of


def test_cadres_discuss_then_a_notice_then_level_by_level(world_of):
    world = world_of("s1")

    nomination = walk(world, world.nominate("person"))

    assert [label for label, _kind in way_of(nomination)] == [
        "个人（单位）申报", "干部评议", "公开公示", "党支部推荐", "机关党委推荐", "命名", "授牌",
    ]  # fmt: skip
    units = acting_units(nomination)
    assert (units["党支部推荐"], units["机关党委推荐"]) == (world.unit("branch"), world.owner)
    assert units["干部评议"] == world.owner
    assert nomination.runs.get(label="机关党委推荐").params["report_to"] == "区委"


def test_a_section_applies_and_its_branch_recommends(world_of):
    world = world_of("s1")
    department = world.unit("department")

    nomination = walk(world, world.nominate("person", department))

    units = acting_units(nomination)
    assert (units["个人（单位）申报"], units["党支部推荐"]) == (department, world.units["branch"][0])


def test_a_level_that_does_not_recommend_ends_the_way(world_of):
    world = world_of("s1")
    nomination = walk(world, world.nominate("person"), to="endorse")

    agree(world, nomination, result="refused")

    nomination.refresh_from_db()
    assert nomination.status == "not_passed"


def test_a_whole_branch_may_carry_the_title(world_of):
    world = world_of("s1")

    conferral = walk(world, world.nominate("branch")).conferral

    assert (conferral.honour, conferral.post_kind.holder) == ("示范党支部", "org")
    assert conferral.org_unit == world.unit("branch")
    holder = conferral.holders.get()
    assert (holder.name, holder.member) == (world.unit("branch").name, None)


def test_the_first_batch_is_named_before_the_first_of_july(world_of):
    world = world_of("s1")
    run = run_of(walk(world, world.nominate("person"), to="decide"))
    assert round_of(run).by == date(2026, 6, 30)

    world.go_to(date(2026, 7, 1))

    assert missed_round(run).by == date(2026, 6, 30)
    assert round_of(run).by == date(2026, 11, 30)


def test_three_phases_from_april_to_december(world_of):
    phases = world_of("s1").campaign.phases.all()

    assert [(p.starts_on, p.ends_on) for p in phases] == [
        (date(2026, 4, 19), date(2026, 4, 30)),
        (date(2026, 5, 1), date(2026, 11, 30)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ]


def test_each_branch_and_section_puts_its_plan_and_summary_on_record(world_of):
    world = world_of("s1")
    branch = world.unit("branch")

    owed = [(owed.on, owed.label[:6]) for owed in owed_records(world.campaign) if owed.unit == branch]

    assert owed == [
        (date(2026, 4, 30), "制定实施方案"),
        (date(2026, 12, 31), "开展自查总结"),
        (date(2026, 12, 31), "把创建工作列"),
    ]


def test_the_plaque_rotates(world_of):
    world = world_of("s1")
    kept, handed_on = (walk(world, world.nominate("person")).conferral for _unused in range(2))

    world.go_to(date(2026, 12, 20))

    rotation = Rotation.objects.get()
    leader = world.person(world.owner, Role.COMMITTEE_SECRETARY)
    for conferral, hold in ((kept, True), (handed_on, False)):
        item = rotation.items.get(conferral=conferral)
        decide_rotation(item, actor=leader, hold=hold, reason="经研究。")
    release_rotation(rotation, actor=leader, held_on=date(2026, 12, 20))
    kept.refresh_from_db()
    handed_on.refresh_from_db()
    assert (kept.status, handed_on.status) == ("active", "rotated_out")
    assert handed_on.plaques.get().status == "recalled"


def test_there_is_no_veto_and_no_revocation_by_review(world_of):
    world = world_of("s1")

    assert world.campaign.veto_grounds.count() == 0
    assert world.campaign.rules["consequences"]["fail_effect"] == ["rectify", "rotate_out"]

"""S6, field stations: admitted to the creation, assessed, then named; two decisions, two plaques, two rounds a year."""

from datetime import date

import pytest
from django.utils import timezone

from assessments.domain.assessing import conclude_assessment, record_assessment
from assessments.domain.vetoes import why_no_veto
from campaigns.domain.errors import DomainError
from campaigns.domain.milestones import owed_records
from posts.domain.quotas import quota_status
from posts.domain.rounds import round_of
from tests.schemes.facts import acting_units, found, kinds_of, refusal, reviews_of
from tests.schemes.steps import decide, hang, walk
from tests.schemes.world import run_of


def test_a_collective_post_has_three_party_members_or_more(world_of):
    world = world_of("s6")
    people = world.members(world.unit("branch"), 3)

    two_and_a_colleague = world.draft("team", people=[*people[:2], "钱样乙"])

    assert "必须要有3名以上共产党员" in refusal(world, two_and_a_colleague)
    assert world.nominate("team", people=[*people, "钱样乙"]).submitted_at


def test_a_general_branch_sets_up_two_or_three_posts_of_both_kinds_together(world_of):
    world = world_of("s6")
    for kind in ("person", "person", "team"):
        world.nominate(kind)

    fourth = world.draft("person")

    assert "设立二到三个党员示范岗" in refusal(world, fourth)
    status = quota_status(world.campaign, fourth.org_unit, fourth.post_kind)[0]
    assert (status.unit, status.minimum, status.maximum) == (world.unit("general_branch"), 2, 3)


def test_two_decisions_and_two_plaques(world_of):
    world = world_of("s6")
    nomination = walk(world, world.nominate("person"), to="assess")
    conferral = nomination.conferral

    assert kinds_of(nomination) == ["nominate", "notice", "decide", "plaque", "assess", "decide", "plaque"]
    assert conferral.status == "creating"
    creating = conferral.plaques.get()
    assert (creating.kind, creating.status, creating.issuer_unit) == (
        "creating",
        "displayed",
        world.unit("general_branch"),
    )

    walk(world, nomination)

    conferral.refresh_from_db()
    creating.refresh_from_db()
    assert (conferral.status, creating.status) == ("active", "recalled")
    assert conferral.plaques.get(kind="named").status == "displayed"
    assert conferral.decision.items.get().run.label == "命名、表彰"


def test_admission_alone_names_nobody(world_of):
    world = world_of("s6")
    conferral = walk(world, world.nominate("person"), to="assess").conferral

    world.go_to(date(2026, 7, 1))

    assert conferral.conferred_on is None
    assert reviews_of(conferral) == []


def test_the_committee_hears_inspects_and_asks_before_it_concludes(world_of):
    world = world_of("s6")
    run = run_of(walk(world, world.nominate("person"), to="assess"))
    assert run.actor_unit == world.owner
    assessor = world.who(run, "conclude")

    for method in ("hearing", "inspection", "opinion"):
        with pytest.raises(DomainError):
            conclude_assessment(run, actor=assessor, passed=True, conclusion="符合标准。")
        record_assessment(run, actor=assessor, method=method, held_on=timezone.localdate(), text="情况属实。")

    assert conclude_assessment(run, actor=assessor, passed=True, conclusion="符合标准。").passed


def test_naming_happens_before_the_first_of_july_and_before_the_year_ends(world_of):
    world = world_of("s6")
    early, late = (walk(world, world.nominate("person"), at=6) for _unused in range(2))

    assert round_of(run_of(early)).by == date(2026, 7, 1)
    decide(world, early)
    world.go_to(date(2026, 7, 2))

    assert early.conferral.status == "active"
    assert round_of(run_of(late)).by == date(2026, 12, 31)


def test_nominations_are_due_in_the_middle_of_june_and_their_notice_names_its_channels(world_of):
    world = world_of("s6")
    stages = {stage.label: stage for stage in world.campaign.kinds.first().stages.all()}

    nomination = walk(world, world.nominate("person"), at=3)

    assert stages["岗位申报"].due_on == date(2026, 6, 15)
    notice = nomination.runs.get(kind="notice").notice_items.get().notice
    assert (notice.object, notice.channels) == ("posts", ["党务公开栏", "网页专栏"])
    assert acting_units(nomination)["申报情况公示"] == world.unit("general_branch")


def test_the_plaque_tells_post_duties_number_and_names(world_of):
    world = world_of("s6")
    for kind in world.campaign.kinds.all():
        assert {"post_name", "duties", "party_member_count", "names"} <= set(kind.plaque["content"])
        assert kind.plaque["creating_title"] == "创建共产党员示范岗"


def test_the_general_branch_reviews_each_quarter_mainly_by_the_survey(world_of):
    world = world_of("s6")
    conferral = walk(world, world.nominate("person")).conferral

    world.go_to(date(2026, 7, 1))

    review = reviews_of(conferral)[0]
    assert (review.period, review.reviewer_unit) == ("2026-Q2", world.unit("general_branch"))
    assert review.rule.params["satisfaction"] == "main"


def test_strong_reactions_must_be_verified_true(world_of):
    world = world_of("s6")
    conferral = walk(world, world.nominate("person")).conferral

    assert why_no_veto(found(world, conferral, "strong_public_reaction", finding="partly_verified"))


def test_the_creating_plaque_hangs_before_anything_is_assessed(world_of):
    world = world_of("s6")
    nomination = walk(world, world.nominate("team"), to="plaque")

    hang(world, nomination)

    assert run_of(nomination).kind == "assess"
    assert nomination.conferral.plaques.get().place.endswith("办公室门前的显著位置")


def test_each_general_branch_records_its_plan_and_its_experience(world_of):
    world = world_of("s6")

    owed = [(owed.unit, owed.label[:6]) for owed in owed_records(world.campaign)]

    assert owed == [(world.unit("general_branch"), "制定本单位创"), (world.unit("general_branch"), "整理创建活动")]

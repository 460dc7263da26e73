"""S5, a sub-district or town: persons and branches create, the branch surveys, publishes and decides."""

from datetime import date

from posts.models import Decision
from tests.schemes.facts import acting_units, refusal, reviews_of, way_of
from tests.schemes.steps import consent, walk


def test_the_branch_does_every_step_up_to_the_decision(world_of):
    world = world_of("s5")
    branch = world.unit("branch")

    nomination = walk(world, world.nominate("team"))

    own = ("酝酿讨论、初步确定", "岗前测评", "岗位公示", "党支部确定名单")
    assert {acting_units(nomination)[label] for label in own} == {branch}
    assert Decision.objects.get().org_unit == branch
    assert [kind for _label, kind in way_of(nomination)] == [
        "deliberate", "survey", "notice", "consent", "decide", "plaque",
    ]  # fmt: skip


def test_a_collective_post_is_created_by_a_branch_of_two_members_or_more(world_of):
    world = world_of("s5")
    one, two = world.members(world.unit("branch"), 2)

    assert "不得少于两人" in refusal(world, world.draft("team", people=[one, "钱样乙"]))
    assert world.nominate("team", people=[one, two, "钱样乙"]).submitted_at


def test_who_declines_leaves_and_a_team_of_two_ends(world_of):
    world = world_of("s5")
    nomination = walk(world, world.nominate("team"), to="consent")
    first = nomination.runs.get(kind="consent").consents.first()
    first_only = nomination.runs.get(kind="consent").consents.exclude(pk=first.pk)
    first_only.update(answer="agreed")

    consent(world, nomination, answer="refused")

    nomination.refresh_from_db()
    assert nomination.status == "not_passed"
    assert "不得少于两人" in nomination.outcome_reason


def test_the_branch_reviews_each_month_and_survey_results_weigh(world_of):
    world = world_of("s5")
    conferral = walk(world, world.nominate("person")).conferral

    world.go_to(date(2026, 6, 1))
    world.go_to(date(2026, 7, 1))

    latest = reviews_of(conferral)[-1]
    assert (latest.period, latest.reviewer_unit) == ("2026-06", world.unit("branch"))
    assert latest.rule.params["satisfaction"] == "important"
    assert world.campaign.veto_grounds.filter(requires_verification=True).count() == 0

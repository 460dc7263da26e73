"""S7, a town: the survey's result is published whatever it is; zones without the committee; failing costs the year."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain.proposals import decide_proposal
from assessments.domain.reviews import record_review
from campaigns.domain.errors import DomainError
from campaigns.models import Campaign, Role
from posts.domain.zones import publish_results, record_result
from posts.models import Ban, Plaque
from tests.schemes.facts import acting_units, kinds_of, refusal, reviews_of
from tests.schemes.steps import put_on_notice, survey, walk
from tests.schemes.world import run_of


def test_posts_are_held_by_one_member(world_of):
    world = world_of("s7")
    two = world.members(world.unit("branch"), 2)

    assert [kind.holder for kind in world.campaign.kinds.order_by("position")] == ["person", "zone"]
    assert refusal(world, world.draft("person", people=two))


def test_a_survey_without_threshold_passes_and_its_result_goes_on_notice(world_of):
    world = world_of("s7")
    nomination = walk(world, world.nominate("person"), to="survey")

    result = survey(world, nomination, satisfied=6, of=20)

    assert result.verdict == "informative"
    assert run_of(nomination).params["object"] == "survey_result"
    notice = put_on_notice(world, nomination)
    assert notice.object == "survey_result"
    assert "满意 6 ÷ 有效 20" in str(notice.items.get().snapshot)


def test_members_and_masses_vote_on_the_member_only(world_of):
    world = world_of("s7")
    nomination = walk(world, world.nominate("person"), to="survey")

    survey(world, nomination)

    ballot = nomination.runs.get(kind="survey").surveys.get()
    assert [line.person_id is None for line in ballot.lines.all()] == [False]
    assert ballot.rules["electorate"] == ["members", "masses"]


def test_a_post_is_set_up_only_after_the_town_committee_has_approved(world_of):
    world = world_of("s7")

    nomination = walk(world, world.nominate("person"))

    units = acting_units(nomination)
    assert (units["确定名单"], units["镇党委批准"]) == (world.unit("branch"), world.owner)
    assert nomination.conferral.decision.org_unit == world.owner


def test_a_zone_is_fixed_by_the_branch_alone_and_carries_no_plaque(world_of):
    world = world_of("s7")
    people = world.members(world.unit("branch"), 3)

    nomination = walk(world, world.nominate("zone", people=people))

    assert kinds_of(nomination) == ["deliberate", "decide"]
    assert set(acting_units(nomination).values()) == {world.unit("branch")}
    assert nomination.conferral.status == "active"
    assert nomination.conferral.holders.count() == 3
    assert not Plaque.objects.exists()


def test_a_zone_needs_one_member_and_takes_no_outsider(world_of):
    world = world_of("s7")
    one = world.members(world.unit("branch"), 1)

    assert "以一名或多名党员为主体" in refusal(world, world.draft("zone", people=[*one, "钱样乙"]))
    assert world.nominate("zone", people=one).submitted_at


def test_a_zone_has_its_duties_as_tasks_and_publishes_what_came_of_them(world_of):
    world = world_of("s7")
    zone = walk(world, world.nominate("zone")).conferral
    secretary = world.person(world.unit("branch"), Role.SECRETARY)

    assert [task.text[:4] for task in zone.tasks.order_by("pk")] == ["落实理论", "及时向群", "及时了解", "真心实意"]
    record_result(zone.tasks.first(), actor=secretary, on=timezone.localdate(), note="已组织学习两次。")
    publication = publish_results(zone, actor=secretary, evaluation="责任落实较好。")

    assert publication.results.count() == 1
    post = walk(world, world.nominate("person")).conferral
    with pytest.raises(DomainError):
        publish_results(post, actor=secretary, evaluation="较好。")


def test_a_zone_runs_its_tasks_and_publishes_them(world_of, client):
    world = world_of("s7")
    zone = walk(world, world.nominate("zone")).conferral
    secretary = world.person(world.unit("branch"), Role.SECRETARY)

    record_result(zone.tasks.last(), actor=secretary, on=timezone.localdate(), done=12, note="修路、看护")
    publish_results(zone, actor=secretary, evaluation="群众满意。")

    assert zone.tasks.count() == 4
    page = client.get(reverse("posts:public_post", args=[zone.public_id])).content.decode()
    assert "群众满意。" in page


def failed_review(world):
    conferral = walk(world, world.nominate("person")).conferral
    world.go_to(date(2026, 7, 1))
    world.go_to(date(2026, 7, 9))  # the survey was waited for until the eighth
    review = reviews_of(conferral)[0]
    secretary = world.person(world.unit("branch"), Role.SECRETARY)
    record_review(review, actor=secretary, outcome="revoke", performance="未履行承诺。", reasons="考核不达标。")
    leader = world.person(world.owner, Role.COMMITTEE_SECRETARY)
    decide_proposal(conferral.proposals.get(), actor=leader, accept=True, decision_text="撤销称号。")
    conferral.refresh_from_db()
    return conferral


def test_who_fails_loses_title_and_plaque(world_of):
    world = world_of("s7")

    conferral = failed_review(world)

    assert (conferral.status, conferral.plaques.get().status) == ("revoked", "recalled")


def test_who_fails_is_barred_for_the_year_and_no_longer(world_of):
    world = world_of("s7")
    person = failed_review(world).holders.get().member
    branch = world.unit("branch")

    assert list(Ban.objects.filter(member=person).values_list("year", flat=True)) == [2026]
    Campaign.objects.update(nominations_until=date(2027, 6, 30))
    world.campaign.refresh_from_db()
    barred = world.draft("person", branch, [person])
    assert "2026" in refusal(world, barred)
    world.go_to(date(2027, 1, 4))
    assert world.submit(barred).submitted_at


def test_a_review_of_posts_cannot_end_in_mere_adjustment(world_of):
    world = world_of("s7")
    conferral = walk(world, world.nominate("person")).conferral
    world.go_to(date(2026, 7, 9))
    secretary = world.person(world.unit("branch"), Role.SECRETARY)

    with pytest.raises(DomainError):
        record_review(
            reviews_of(conferral)[0], actor=secretary, outcome="adjust", performance="一般。", reasons="一般。"
        )


def test_zones_are_reviewed_by_the_branch_with_published_results(world_of):
    world = world_of("s7")
    zone = walk(world, world.nominate("zone")).conferral

    world.go_to(date(2026, 7, 1))

    review = reviews_of(zone)[0]
    assert (review.rule.code, review.reviewer_unit) == ("zone", world.unit("branch"))
    assert review.rule.params["publish"]
    assert world.campaign.veto_grounds.count() == 0

"""S8, a logistics group: one form per person, self-score and group score, a rubric whose heads do not add up."""

from datetime import date
from fractions import Fraction

import pytest

from assessments.domain.assessing import save_score_sheet, save_self_score
from assessments.domain.assessment_results import score_state
from assessments.domain.rubrics import Entry, add_up
from assessments.domain.score_sheets import SheetFaultsError, find_rubric
from assessments.models import Assessment
from campaigns.domain.errors import DomainError
from campaigns.models import OrgUnit
from tests.schemes.facts import acting_units, found, kinds_of, refusal, reviews_of
from tests.schemes.steps import assess, full_marks, self_score, walk
from tests.schemes.world import run_of


@pytest.fixture
def world(world_of):
    """The campaign runs from June to July of the next year; papers are handed in at the end of May."""
    return world_of("s8", today=date(2026, 5, 18), year=2025)


def nominate(world, entries=None, **fields):
    nomination = world.draft("person", **fields)
    self_score(world, nomination, entries)
    return world.submit(nomination)


def rubric_of(world):
    return find_rubric(world.campaign, "s8_100")


def test_one_form_per_person(world):
    first = nominate(world)
    again = world.draft("person", people=[first.members.get().member])
    self_score(world, again)

    assert "一人一报" in refusal(world, again)


def test_the_post_belongs_to_one_of_two_categories(world):
    labels = world.campaign.kinds.get().rules["categories"]
    assert labels == ["管理育人示范岗", "服务育人示范岗"]

    neither = world.draft("person", category="其他")
    self_score(world, neither)

    assert "设置“管理育人示范岗”和“服务育人示范岗”" in refusal(world, neither)
    assert {nominate(world, category=label).category for label in labels} == set(labels)


def test_without_a_self_score_the_form_is_not_complete(world):
    assert refusal(world, world.draft("person"))


def test_the_self_score_stands_beside_the_score_of_the_leading_group(world):
    modest = full_marks(rubric_of(world), n1=Entry("1", 3), n2=Entry("2", 1))
    strict = full_marks(rubric_of(world), n10=Entry("10", 2))
    nomination = walk(world, nominate(world, modest), to="assess")
    run = run_of(nomination)
    assert (run.label, run.actor_unit) == ("领导小组考核打分", world.owner)

    save_score_sheet(run, actor=world.who(run, "score"), entries=strict, submit=True)

    state = score_state(Assessment.objects.get(run=run))
    assert (state.own.score.base, state.official.base) == (97, 94)
    assert state.difference == -3
    assert state.proposed is None  # no pass mark: the committee weighs form and score together


def test_the_heads_of_the_rubric_stand_beside_the_sums_of_its_items(world):
    score = add_up(rubric_of(world), full_marks(rubric_of(world)))

    plain = [section for section in score.sections if not section.is_bonus and not section.is_veto]
    assert [section.stated for section in plain] == [10, 30, 30, 30]
    assert [section.full for section in plain] == [11, 29, 30, 30]
    assert score.base == sum(s.stated for s in plain) == Fraction(100)


def test_the_rubric_has_its_items_word_for_word(world):
    items = [item for section in rubric_of(world).sections for item in section.items]

    assert [item.number for item in items] == [str(n) for n in range(1, 22)]
    assert [item.points for item in items] == [
        5,
        2,
        2,
        2,
        5,
        6,
        6,
        6,
        6,
        8,
        8,
        6,
        8,
        5,
        8,
        2,
        15,
        None,
        None,
        None,
        None,
    ]
    assert items[0].text.startswith("岗内高度重视创建工作，成立创建领导小组，建立了工作责任制")
    assert items[12].text.endswith("先进集体、岗位；")


def test_item_17_wants_ninety_per_cent(world):
    run = run_of(walk(world, nominate(world), to="assess"))
    scorer = world.who(run, "score")

    def sheet(satisfied, of):
        entry = Entry("17", 15, satisfied=satisfied, valid=of)
        return save_score_sheet(run, actor=scorer, entries=full_marks(rubric_of(world), n17=entry), submit=True)

    with pytest.raises(SheetFaultsError):
        sheet(899, 1000)
    assert sheet(900, 1000).is_submitted


def test_bonus_items_count_nothing_as_long_as_they_have_no_points(world):
    nomination = world.draft("person")

    with pytest.raises(SheetFaultsError):
        save_self_score(
            nomination,
            actor=nomination.proposer,
            entries=full_marks(rubric_of(world), n18=Entry("18", 5, evidence="市级表彰")),
            submit=True,
        )


def test_there_is_no_public_notice(world):
    nomination = walk(world, nominate(world))

    assert kinds_of(nomination) == ["nominate", "endorse", "assess", "decide", "plaque"]
    assert acting_units(nomination)["党支部确定并提交"] == OrgUnit.objects.get(pk=nomination.org_unit_id)
    assert nomination.conferral.decision.org_unit == world.owner


def test_the_committee_may_refuse_whatever_the_score(world):
    nomination = walk(world, nominate(world), to="assess")

    assess(world, nomination, passed=False)

    nomination.refresh_from_db()
    assert nomination.status == "not_passed"


def test_the_phases_run_into_the_next_year(world):
    phases = [(p.label, p.starts_on, p.ends_on) for p in world.campaign.phases.all()]

    assert phases == [
        ("宣传发动", date(2025, 6, 1), date(2025, 8, 31)),
        ("全面创建", date(2025, 9, 1), date(2026, 6, 30)),
        ("评选表彰", date(2026, 7, 1), date(2026, 7, 31)),
    ]
    due = dict(world.campaign.kinds.get().stages.values_list("kind", "due_on"))
    assert (due["nominate"], due["assess"], due["plaque"]) == (
        date(2026, 5, 31),
        date(2026, 6, 30),
        date(2026, 7, 31),
    )


def test_the_committee_reviews_each_semester(world):
    conferral = walk(world, nominate(world)).conferral

    world.go_to(date(2026, 9, 1))
    world.go_to(date(2027, 2, 1))

    reviews = reviews_of(conferral)
    assert [(r.period_ends_on, r.reviewer_unit) for r in reviews] == [
        (date(2026, 8, 31), world.owner),
        (date(2027, 1, 31), world.owner),
    ]


def test_three_grounds_with_the_evidence_they_need(world):
    conferral = walk(world, nominate(world)).conferral

    assert list(world.campaign.veto_grounds.values_list("code", "requires_verification")) == [
        ("punished_violation", False),
        ("complaint_verified", True),
        ("inspection_no_model_role", False),
    ]
    for ground in ("punished_violation", "inspection_no_model_role"):
        with pytest.raises(DomainError):
            found(world, conferral, ground, evidence="")

"""The arithmetic of a review: exact, and never more than a proposal."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.review_rules import GRADE_POINTS, GRAVITY
from assessments.domain.review_scores import by_marks, mean_grade, percent_of, propose, weigh
from assessments.models import Voice

FIVE = {"self": 10, "peer": 20, "mass": 30, "leader": 20, "organisation": 20}
scores = st.fractions(min_value=0, max_value=100, max_denominator=500)
heard = st.dictionaries(st.sampled_from(Voice.values), scores, min_size=1)
weights = st.dictionaries(st.sampled_from(Voice.values), st.integers(1, 100), min_size=1)


def test_five_voices_add_up_by_their_weights():
    said = {"self": 100, "peer": Fraction(260, 3), "mass": Fraction(87 * 100, 97), "leader": 80, "organisation": 80}

    weighed = weigh({code: Fraction(score) for code, score in said.items()}, FIVE)

    assert weighed.value == Fraction(10 * 100 + 20 * 80 + 20 * 80, 100) + Fraction(20 * 260, 300) + Fraction(
        30 * 8700, 9700
    )
    assert weighed.absent == ()


def test_the_weight_of_an_absent_voice_falls_to_the_others_in_proportion():
    weighed = weigh({"self": Fraction(60), "mass": Fraction(90), "leader": None}, FIVE)

    assert weighed.value == Fraction(10 * 60 + 30 * 90, 40) == Fraction(165, 2)
    assert (weighed.weight, dict(weighed.absent)) == (40, {"peer": 20, "leader": 20, "organisation": 20})


def test_nothing_heard_is_no_total():
    assert weigh({"self": None}, FIVE) is None
    assert weigh({"self": Fraction(100)}, {"self": 0, "peer": 100}) is None
    assert mean_grade({}, GRADE_POINTS) is None


@given(heard, weights)
def test_a_total_lies_between_the_least_and_the_greatest_that_was_heard(said, by):
    weighed = weigh(said, by)
    counted = [said[voice] for voice in by if voice in said]

    if not counted:
        assert weighed is None
    else:
        assert min(counted) <= weighed.value <= max(counted)


@given(heard, weights, st.integers(2, 9))
def test_only_the_proportions_of_the_weights_matter(said, by, times):
    one, other = weigh(said, by), weigh(said, {voice: weight * times for voice, weight in by.items()})

    assert (one and one.value) == (other and other.value)


@given(heard, weights, st.sampled_from(Voice.values), scores)
def test_a_better_word_never_lowers_the_total(said, by, voice, better):
    if voice not in said or voice not in by:
        return
    raised = said | {voice: max(said[voice], better)}

    assert weigh(raised, by).value >= weigh(said, by).value


@given(st.dictionaries(st.sampled_from(list(GRADE_POINTS)), st.integers(0, 40)))
def test_the_mean_of_grades_is_the_mean_of_their_points(counts):
    points = [GRADE_POINTS[grade] for grade, n in counts.items() for _unused in range(n)]

    assert mean_grade(counts, GRADE_POINTS) == (Fraction(sum(points), len(points)) if points else None)


@pytest.mark.parametrize(
    ("total", "expected"),
    [("80", "pass"), ("79.999", "rectify"), ("60", "rectify"), ("59.999", "adjust"), ("0", "adjust")],
)
def test_marks_are_reached_or_not_without_rounding(total, expected):
    marks = {"pass": 80, "rectify": 60}

    assert by_marks(Fraction(total), marks, ["pass", "rectify", "adjust"]) == expected


def test_without_marks_nothing_is_said():
    assert by_marks(Fraction(10), {}, ["pass", "rectify"]) == ""


def test_79_996_of_100_has_not_reached_80():
    assert percent_of(19999, 25000) < 80


@pytest.mark.parametrize(
    ("satisfaction", "by_total", "is_satisfied", "expected"),
    [
        ("main", "pass", False, "rectify"),
        ("main", "adjust", True, "pass"),
        ("main", "rectify", None, "rectify"),
        ("important", "pass", False, "rectify"),
        ("important", "adjust", True, "adjust"),
        ("important", "adjust", False, "adjust"),
        ("important", "", True, "pass"),
        ("important", "", None, ""),
        ("item", "pass", False, "pass"),
        ("none", "", False, ""),
    ],
)
def test_satisfaction_is_the_main_or_an_important_basis(satisfaction, by_total, is_satisfied, expected):
    found = propose(
        outcomes=["pass", "rectify", "adjust"],
        by_total=by_total,
        is_satisfied=is_satisfied,
        satisfaction=satisfaction,
        has_veto=False,
    )

    assert found == expected


@given(
    st.lists(st.sampled_from(GRAVITY), unique=True),
    st.booleans() | st.none(),
    st.sampled_from(["main", "important", "item", "none"]),
    st.booleans(),
    st.data(),
)
def test_only_what_the_scheme_allows_is_proposed_and_a_veto_never_passed(outcomes, satisfied, basis, veto, data):
    by_total = data.draw(st.sampled_from(["", *outcomes]))

    found = propose(outcomes=outcomes, by_total=by_total, is_satisfied=satisfied, satisfaction=basis, has_veto=veto)

    assert found in ("", *outcomes)
    if veto:
        assert found != "pass"

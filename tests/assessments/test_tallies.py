"""The verdict from counts: domain notes 3.12, and the same sums done the long way."""

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.tallies import Turnout, arithmetic, judge_line, judge_survey, percent, shown_lines
from tests.assessments.helpers import RULES

WITH_BASIC = {**RULES, "positive": ["satisfied", "basically_satisfied"]}


def counts(satisfied, basic=0, dissatisfied=0, unknown=0, blank=0):
    return {
        "satisfied": satisfied,
        "basically_satisfied": basic,
        "dissatisfied": dissatisfied,
        "unknown": unknown,
        "": blank,
    }


@pytest.mark.parametrize(
    ("given_counts", "rules", "positive", "valid", "passed"),
    [
        (counts(40, dissatisfied=10), RULES, 40, 50, True),
        (counts(39, dissatisfied=10), RULES, 39, 49, False),
        (counts(399, dissatisfied=101), RULES, 399, 500, False),
        (counts(400, dissatisfied=100), RULES, 400, 500, True),
        (counts(15, 3, 1, 1), RULES, 15, 19, False),
        (counts(15, 3, 1, 1), WITH_BASIC, 18, 19, True),
        (counts(15, 3, 1, 1), {**RULES, "not_valid": []}, 15, 20, False),
        (counts(4, blank=100), RULES, 4, 4, True),
        (counts(0, unknown=9), RULES, 0, 0, None),
        (counts(1), {**RULES, "threshold": None}, 1, 1, None),
        (counts(0, dissatisfied=5), {**RULES, "threshold": 0}, 0, 5, True),
    ],
)
def test_judge_line_counts_valid_and_positive_votes(given_counts, rules, positive, valid, passed):
    line = judge_line(given_counts, rules=rules)

    assert (line["positive"], line["valid"], line["passed"]) == (positive, valid, passed)


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(399, 500, "79 %"), (7999, 10000, "79 %"), (40, 50, "80 %"), (50, 50, "100 %"), (39, 49, ""), (0, 0, "")],
)
def test_percent_is_whole_cut_and_told_from_fifty_on(part, whole, shown):
    assert percent(part, whole, rules=RULES) == shown


def test_the_sum_of_few_has_its_integers_and_no_percentage():
    line = judge_line(counts(39, dissatisfied=10), rules=RULES)

    assert arithmetic(line, rules=RULES) == "满意 39 ÷ 有效 49，未达到 80 %"


def test_arithmetic_writes_the_sum_with_its_integers():
    line = judge_line(counts(399, dissatisfied=101), rules=RULES)

    assert arithmetic(line, rules=RULES) == "满意 399 ÷ 有效 500 = 79 %，未达到 80 %"


def judged(lines, turnout, rules):
    rows = [{"label": f"line {n}", **judge_line(line, rules=rules)} for n, line in enumerate(lines)]
    return judge_survey(rows, turnout, rules=rules).verdict


@pytest.mark.parametrize(
    ("lines", "turnout", "changes", "verdict"),
    [
        ([counts(14)], Turnout(30, 14, 0, 0), {"min_turnout_percent": 50}, "void"),
        ([counts(15)], Turnout(30, 15, 0, 0), {"min_turnout_percent": 50}, "passed"),
        ([counts(15)], Turnout(30, 5, 40, 10), {"min_turnout_percent": 50}, "void"),
        ([counts(10)], Turnout(0, 0, 20, 10), {"min_turnout_percent": 50}, "passed"),
        ([counts(0)], Turnout(30, 0, 0, 0), {}, "void"),
        ([counts(0, unknown=9)], Turnout(30, 9, 0, 0), {}, "void"),
        ([counts(0, unknown=9)], Turnout(30, 9, 0, 0), {"threshold": None}, "void"),
        ([counts(1, dissatisfied=9)], Turnout(30, 10, 0, 0), {"threshold": None}, "informative"),
        ([counts(9)], Turnout(30, 9, 0, 0), {"min_valid": 10}, "void"),
        ([counts(10)], Turnout(30, 10, 0, 0), {"min_valid": 10}, "passed"),
        ([counts(8, dissatisfied=2), counts(1, dissatisfied=9)], Turnout(30, 10, 0, 0), {}, "passed"),
        ([counts(7, dissatisfied=3), counts(10)], Turnout(30, 10, 0, 0), {}, "failed"),
        ([counts(10), counts(0, unknown=10)], Turnout(30, 10, 0, 0), {}, "void"),
    ],
)
def test_judge_survey_tells_void_from_failed(lines, turnout, changes, verdict):
    assert judged(lines, turnout, {**RULES, **changes}) == verdict


options = st.sampled_from(["satisfied", "basically_satisfied", "dissatisfied", "unknown", ""])


@given(
    ballots=st.lists(options, max_size=60),
    positive=st.sampled_from([["satisfied"], ["satisfied", "basically_satisfied"]]),
    not_valid=st.sampled_from([[], ["unknown"]]),
    threshold=st.one_of(st.none(), st.integers(0, 100)),
)
def test_judge_line_equals_brute_force(ballots, positive, not_valid, threshold):
    rules = {**RULES, "positive": positive, "not_valid": not_valid, "threshold": threshold}

    line = judge_line(Counter(ballots), rules=rules)

    valid = [ballot for ballot in ballots if ballot and ballot not in not_valid]
    good = [ballot for ballot in valid if ballot in positive]
    expected = None if threshold is None or not valid else Fraction(len(good), len(valid)) >= Fraction(threshold, 100)
    assert (line["valid"], line["positive"], line["passed"]) == (len(valid), len(good), expected)
    assert sum(line["counts"].values()) == len(ballots)


@given(part=st.integers(0, 10**6), rest=st.integers(0, 10**6))
def test_percent_shows_the_threshold_only_when_it_is_reached(part, rest):
    whole = part + rest + 50
    shown = Fraction(percent(part, whole, rules=RULES).removesuffix(" %"))

    assert shown <= Fraction(100 * part, whole) < shown + 1


def shown(given_counts, *, n_ballots, full=False):
    row = {"label": "Post", **judge_line(given_counts, rules=RULES)}
    return shown_lines([row], n_ballots=n_ballots, rules=RULES, full=full)[0]


def test_shown_lines_hides_all_figures_of_a_small_survey_from_the_branch():
    line = shown(counts(7, dissatisfied=2), n_ballots=9)

    assert (line["hidden"], line["rows"], line["arithmetic"]) == (True, [], "")


def test_shown_lines_hides_one_dissenter_from_the_branch():
    line = shown(counts(25, dissatisfied=1), n_ballots=26)

    assert (line["hidden"], line["rows"], line["arithmetic"]) == (True, [], "")


def test_shown_lines_merges_the_others_when_one_of_them_is_small():
    line = shown(counts(21, 4, 1), n_ballots=26)

    assert line["rows"] == [("满意", 21), ("其他选项合计", 5)]


def test_shown_lines_gives_every_figure_to_the_level_above():
    line = shown(counts(25, dissatisfied=1), n_ballots=26, full=True)

    assert line["rows"] == [("满意", 25), ("基本满意", 0), ("不满意", 1), ("不了解", 0), ("未填", 0)]

"""A scheme whose rubrics could not be scored with is refused before anybody scores."""

import pytest

from campaigns.domain.schemes import check_scheme, examine_scheme
from campaigns.schemes.explain import explain_scheme
from tests.campaigns.test_schemes import SMALL

RUBRIC = """
[[rubrics]]
code = "{code}"
title = "考核细则"
{marks}

[[rubrics.sections]]
label = "素质"
items = [{{ number = "1", text = "甲", points = 60 }}, {{ number = "{second}", text = "乙", points = 40 }}]
{more}
"""
BONUS = '[[rubrics.sections]]\nlabel = "加分"\nbonus = true\nitems = [{ number = "9", text = "获奖", points = 5 }]'
ASSESS = """
[[pipelines.usual]]
kind = "assess"
label = "考核"
actor = "{actor}"
params = {{ {params} }}

[[pipelines.usual]]
kind = "decide"
"""


def rubric(marks="", second="2", more="", code="points"):
    return RUBRIC.format(code=code, marks=marks, second=second, more=more)


def with_assessment(params, *, actor="leading_group"):
    """The small scheme with an assessment before its naming; its line is 21."""
    step = ASSESS.format(params=params, actor=actor)
    return SMALL.replace('\n[[pipelines.usual]]\nkind = "decide"\n', step, 1)


def keys(text):
    return [problem.key for problem in check_scheme(text)]


def test_a_rubric_and_a_step_that_scores_by_it_are_fine():
    text = with_assessment('method = ["rubric", "report"], min_assessors = 3, aggregate = "trimmed_mean"')

    assert keys(text + rubric("pass_mark = 100\nexcellent_mark = 100\nbonus_cap = 3", more=BONUS)) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (rubric("pass_mark = 101"), "rubrics[1].pass_mark"),
        (rubric("pass_mark = 103", more=BONUS), "rubrics[1].pass_mark"),  # a bonus does not help over the mark
        (rubric("excellent_mark = 101"), "rubrics[1].excellent_mark"),
        (rubric("pass_mark = 80\nexcellent_mark = 79"), "rubrics[1].excellent_mark"),
        (rubric("bonus_cap = 10"), "rubrics[1].bonus_cap"),
        (rubric(second="1"), "rubrics[1].sections[1].items[2].number"),
        (rubric().replace(", points = 60", "").replace(", points = 40", ""), "rubrics[1].sections"),
    ],
)
def test_marks_and_numbers_that_cannot_hold_are_told(text, key):
    assert keys(SMALL + text) == [key]


@pytest.mark.parametrize(
    ("params", "key"),
    [
        ('method = "rubric"', "method"),
        ('method = ["dance"]', "method"),
        ('method = ["inspection"], rubric = "points"', "rubric"),
        ('method = ["inspection"], min_assessors = 2', "min_assessors"),
        ('method = ["inspection"], aggregate = "trimmed_mean"', "aggregate"),
        ('method = ["rubric"], rubric = "other"', "rubric"),
        ('method = ["rubric"], min_assessors = 0', "min_assessors"),
        ('method = ["rubric"], aggregate = "median"', "aggregate"),
        ('method = ["rubric"], judge = "me"', "judge"),
    ],
)
def test_parameters_of_an_assessment_are_checked(params, key):
    assert keys(with_assessment(params) + rubric()) == [f"pipelines.usual[2].params.{key}"]


def test_a_step_that_scores_needs_a_rubric_and_says_which():
    text = with_assessment('method = ["rubric"]')

    assert keys(text) == ["pipelines.usual[2].params"]
    assert keys(text + rubric()) == []
    assert keys(text + rubric() + rubric(code="second")) == ["pipelines.usual[2].params"]


def test_a_self_score_needs_a_rubric_too():
    text = SMALL.replace('actor = "branch"', 'actor = "branch"\nparams = { self_score = true }')
    named = SMALL.replace('actor = "branch"', 'actor = "branch"\nparams = { rubric = "points" }')

    assert keys(text) == ["pipelines.usual[1].params"]
    assert keys(text + rubric()) == []
    assert keys(named + rubric()) == ["pipelines.usual[1].params.rubric"]


@pytest.mark.parametrize("actor", ["holder", "members_meeting"])
def test_nobody_is_assessed_by_himself_or_by_a_vote(actor):
    assert keys(with_assessment('method = ["report"]', actor=actor)) == ["pipelines.usual[2].actor"]


def test_items_without_points_are_warned_of():
    text = SMALL + rubric().replace(", points = 40", "")

    assert [w.key for w in examine_scheme(text).warnings if w.key.startswith("rubrics")] == [
        "rubrics[1].sections[1].items[2].points"
    ]


def test_the_way_of_scoring_is_said_in_words():
    params = 'method = ["rubric", "inspection"], min_assessors = 3, aggregate = "trimmed_mean", rubric = "points"'
    text = with_assessment(params) + rubric("pass_mark = 80\nexcellent_mark = 95\npro_rata = true", more=BONUS)
    said = [
        " ".join([line.text, *line.details])
        for section in explain_scheme(examine_scheme(text).scheme)
        for line in section.lines
    ]

    for part in (
        "按评分表评分、实地考评",
        "评分表：考核细则",
        "至少3人评分，取去掉一个最高分和一个最低分后的平均分",
        "95分以上为优秀",
        "加分最多5分，与得分分开列出",
        "按比例折算到满分",
    ):
        assert [line for line in said if part in line], part

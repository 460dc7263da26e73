"""考核评分表 on paper: whose points stand on it, and who may print it."""

import pytest
from django.urls import reverse

from assessments.domain.assessing import save_score_sheet
from assessments.domain.review_sheets import save_review_sheet
from assessments.models import Assessment
from posts.domain.sheet_kinds import menu_of
from tests.assessments import scoring
from tests.assessments.hearing import make_heard_review
from tests.sheets import printed

pytestmark = pytest.mark.django_db


@pytest.fixture
def scored(committee, branch):
    """A nomination before its assessors, two of whom have submitted their sheets."""
    run = scoring.make_run(committee, branch, method=["rubric"], min_assessors=2)
    assessors = scoring.make_assessors(committee, 3)
    for user, first in zip(assessors[:2], ("30", "20.5"), strict=True):
        save_score_sheet(run, actor=user, entries=scoring.entries(first, evidence="查看台账"), submit=True, version=0)
    return Assessment.objects.get(run=run), assessors


def test_a_score_sheet_has_each_assessors_points_and_the_total(scored):
    assessment, assessors = scored

    text = printed("scores", assessment, assessors[0])
    for word in (
        "考核细则（100分）",
        "评样甲",
        "评样申",
        "20.5",
        "90.5",
        "查看台账",
        "考核得分95.25",
        "冯样乙",
        "第17条",
    ):
        assert word in text


def test_an_assessor_who_has_not_scored_yet_sees_nobody_elses_points(scored):
    assessment, assessors = scored

    text = printed("scores", assessment, assessors[2])
    assert "20.5" not in text
    assert "评样甲" not in text


def test_an_empty_score_sheet_has_every_item_and_two_signatures(scored):
    assessment, assessors = scored

    text = printed("score-form", assessment, assessors[2])
    for word in ("第1条", "第2条", "第3条", "第17条", "人员素质高（标示59分，各项合计60分）", "合计100"):
        assert word in text
    assert text.count("考核人（签字）") == 2
    assert "20.5" not in text


def test_score_sheets_are_for_those_who_assess(
    client, scored, secretary, officer, discipline, other_secretary, stranger
):
    assessment, assessors = scored
    wanted = [
        (secretary, 404), (other_secretary, 404), (stranger, 404), (officer, 200), (assessors[2], 200),
    ]  # fmt: skip
    for code in ("scores", "score-form"):
        for user, status in wanted:
            client.force_login(user)
            assert client.get(reverse("posts:sheet", args=[code, assessment.pk])).status_code == status, (code, user)


def test_the_menu_offers_the_score_sheets_to_who_assesses_only(scored, secretary):
    assessment, assessors = scored
    nomination = assessment.run.nomination

    labels = [entry.label for entry in menu_of(nomination, assessors[0])]
    assert labels == ["申报表", "考核评分表", "考核评分表（空白）"]
    assert [entry.label for entry in menu_of(nomination, secretary)] == ["申报表"]


@pytest.fixture
def heard(title, committee, secretary, today):
    """A review by the committee: the self-score, and the sheet of one of two assessors."""
    title.campaign.rules = {"rubrics": [scoring.raw_rubric()]}
    title.campaign.save()
    rules = {"weights": {}, "marks": {}, "threshold": None, "survey": False, "satisfaction": "none"}
    voices = {"assessments": ["self"], "rubric": "points", "min_voices": {"organisation": 2}}
    review = make_heard_review(title, reviewer="committee", reviewer_unit=committee, **rules, **voices)
    first = scoring.make_assessors(committee, 1)[0]
    for actor, points, is_self in ((secretary, "30", True), (first, "20", False)):
        save_review_sheet(
            review, actor=actor, entries=scoring.entries(points), submit=True, version=None, is_self=is_self
        )
    return review, first


def test_the_sheet_of_a_review_shows_self_group_and_difference(heard):
    review, first = heard

    text = printed("review-scores", review, first)
    for word in ("综合窗口岗", "自评100考核得分90差距-10", "评样甲", "人员素质高", "考核2026-10"):
        assert word in text


def test_the_post_reads_its_own_score_and_nobody_elses_before_the_result(heard, secretary):
    review, _first = heard

    text = printed("review-scores", review, secretary)
    assert "自评100" in text
    assert "评样甲" not in text


def test_the_empty_sheet_of_a_review_has_every_item(heard, secretary):
    review, _first = heard

    text = printed("review-score-form", review, secretary)
    assert all(f"第{n}条" in text for n in (1, 2, 3, 17))


def test_sheets_of_a_review_are_for_those_who_see_it(client, heard, secretary, officer, other_secretary, stranger):
    review, first = heard
    for user, status in ((secretary, 200), (officer, 200), (first, 200), (other_secretary, 404), (stranger, 404)):
        client.force_login(user)
        assert client.get(reverse("posts:sheet", args=["review-scores", review.pk])).status_code == status

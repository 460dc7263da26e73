"""S7: the result of the survey is put on notice – its figures, unless the group is too small to show them."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.domain.surveys import close_survey
from posts.domain.figures import survey_figures
from posts.domain.notices import publish_notice
from tests.assessments.helpers import make_open_survey, vote_counts
from tests.assessments.test_closing import cast_lines
from tests.factories import MemberFactory

OPEN = {"threshold": None}


def figures_after(survey):
    close_survey(survey)
    return survey_figures(survey.run.nomination)


def test_an_informative_survey_tells_its_figures(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, params=OPEN)
    vote_counts(survey, officer, satisfied=16, dissatisfied=4)

    assert figures_after(survey) == ["收回20票，发出33票", "岗位：窗口服务示范岗：满意 16 ÷ 有效 20"]


def test_a_small_group_tells_only_that_it_was_held(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, voters=3, params=OPEN)
    vote_counts(survey, officer, satisfied=4, dissatisfied=1)

    told = figures_after(survey)
    assert told[-1] == "岗位：窗口服务示范岗：人数较少，不列具体票数"


def test_one_who_disagreed_is_not_singled_out(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, params=OPEN)
    vote_counts(survey, officer, satisfied=19, dissatisfied=1)

    assert "19" not in figures_after(survey)[-1]


def test_who_was_dropped_is_not_published(branch, secretary, officer):
    people = [MemberFactory(branch=branch, name="蒋样甲"), MemberFactory(branch=branch, name="沈样甲")]
    survey = make_open_survey(branch, secretary, people=people)
    good, bad = ("satisfied", "satisfied", "satisfied"), ("satisfied", "satisfied", "dissatisfied")
    cast_lines(survey, officer, *[good] * 7, *[bad] * 3)

    told = "".join(figures_after(survey))
    assert ("蒋样甲" in told, "沈样甲" in told) == (True, False)


@pytest.mark.parametrize("scope", ["branch", "全镇"])
def test_the_notice_and_its_public_page_show_the_figures_and_the_scope(branch, secretary, officer, scope):
    survey = make_open_survey(branch, secretary, params=OPEN, stages=["survey", "notice"])
    run = survey.run.nomination.runs.get(kind="notice")
    run.params = {"object": "survey_result", "scope": scope}
    run.save()
    vote_counts(survey, officer, satisfied=16, dissatisfied=4)
    close_survey(survey)
    run.refresh_from_db()

    notice = publish_notice([run], actor=secretary)

    assert "满意 16 ÷ 有效 20" in notice.items.get().snapshot["survey"]
    assert ("本支部" if scope == "branch" else "全镇") in notice.text
    page = Client().get(reverse("posts:public_notice", args=[notice.public_id])).content.decode()
    assert "满意 16 ÷ 有效 20" in page


def test_a_nomination_without_a_survey_tells_nothing(branch, secretary):
    survey = make_open_survey(branch, secretary)

    assert survey_figures(survey.run.nomination) == []

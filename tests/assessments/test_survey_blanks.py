"""The units' own blanks of surveys and objections say what their sheets say, and to nobody more."""

import pytest
from django.urls import reverse

from assessments.models import Survey
from campaigns.models import Campaign, User
from posts.domain.blank_kinds import find_blank_kind
from posts.models import Objection
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def user(name):
    return User.objects.get(username=f"demo-{name}")


def values(code, case, reader):
    return find_blank_kind(code).values_of(case, reader)


def test_a_survey_fills_its_figures_and_its_lines(story):
    officer = user("officer")
    survey = Survey.objects.visible_to(officer).filter(result__verdict="passed").order_by("pk")[0]
    result = survey.result

    held = values("survey", survey, officer)
    assert (held["发出票数"], held["收回票数"], held["结论"]) == (str(result.n_issued), str(result.n_ballots), "达标")
    assert len(held["结果"]) == len(result.lines)
    assert f"满意 {result.lines[0]['counts']['satisfied']}" in held["结果"][0]["得票"]


def test_the_branch_gets_no_votes_of_a_small_group_in_its_blank_either(story):
    hidden = 0
    for survey in Survey.objects.filter(result__isnull=False):
        secretary = User.objects.filter(appointments__org_unit=survey.org_unit, appointments__role="secretary").first()
        line = survey.result.lines[0]
        if secretary and 0 < line["valid"] - line["positive"] < 3:
            hidden += 1
            assert values("survey", survey, secretary)["结果"][0]["得票"] == "—"
    assert hidden


def test_a_survey_that_is_not_closed_gives_no_figures(story):
    officer = user("officer")
    survey = Survey.objects.visible_to(officer).filter(state="open")[0]

    held = values("survey", survey, officer)
    assert [held[name] for name in ("收回票数", "结论", "结果")] == ["", "", []]


def test_an_objection_fills_what_its_register_sheet_says(story):
    handler = user("discipline")
    objection = Objection.objects.visible_to(handler).get(pk=Objection.objects.order_by("pk")[0].pk)

    held = values("objection", objection, handler)
    assert (held["反映人"], held["联系方式"]) == (objection.name, objection.contact)
    assert held["反映内容"] == objection.text

    objection.is_anonymous = True
    held = values("objection", objection, handler)
    assert (held["反映人"], held["联系方式"]) == ("匿名", "")


def test_who_may_not_read_an_objection_fills_no_blank_with_it(story):
    rows = find_blank_kind("objection").rows

    assert list(rows(user("secretary"))) == []
    assert list(rows(UserFactory())) == []


def test_a_campaign_lists_what_its_reader_sees(story):
    campaign = Campaign.objects.order_by("pk")[0]
    officer, secretary = user("officer"), user("secretary")

    everything = {line["岗位名称"] for line in values("campaign", campaign, officer)["推荐名单"]}
    own = {line["岗位名称"] for line in values("campaign", campaign, secretary)["推荐名单"]}
    assert own < everything


def test_the_new_kinds_have_their_fields_and_a_starter(story, client):
    client.force_login(user("officer"))

    for code in ("survey", "objection", "campaign"):
        assert client.get(reverse("posts:blank_fields", args=[code])).status_code == 200
        assert client.get(reverse("posts:blank_starter", args=[code])).content[:2] == b"PK"

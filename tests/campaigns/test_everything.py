"""The format carries what the nine sources need between them; a scheme that nobody ships proves it."""

from datetime import date
from pathlib import Path

import pytest
import time_machine

from campaigns.campaign_navigation import campaign_todos
from campaigns.domain.campaign_rules import scheme_of
from campaigns.domain.campaigns import campaign_blockers, create_campaign, default_units, set_quota
from campaigns.domain.rules import bans_same_year, fail_effects, rubric
from campaigns.domain.schemes import examine_scheme, load_scheme
from campaigns.domain.timeline import campaign_timeline
from campaigns.models import UnitKind
from campaigns.permissions import forget_grants
from campaigns.schemes.explain import explain_scheme
from tests.campaigns.test_schemes import SMALL
from tests.factories import make_unit

TEXT = (Path(__file__).parent / "everything.toml").read_text(encoding="utf-8")


@pytest.fixture
def campaign(officer, committee, branch):
    make_unit(UnitKind.SECTION, parent=branch, code="KS1")
    make_unit(UnitKind.VILLAGE, parent=committee, code="CUN1")
    return create_campaign(TEXT, owner=committee, actor=officer, year=2026, starts_on=date(2026, 6, 1))


def test_it_has_no_faults_and_the_warnings_it_deserves():
    examination = examine_scheme(TEXT)

    assert examination.problems == []
    assert [warning.key for warning in examination.warnings] == [
        "kinds[2]",  # the team is named without a notice
        "kinds[4]",  # so is the village
        "rubrics[1].sections[1].stated",
        "rubrics[1].sections[2].stated",
        "rubrics[1].sections[3].items[1].points",  # a bonus without points
        "quotas[2]",  # X %
        "rotation",  # no interval
        "rectify",  # no time limit
    ]


def test_every_rule_is_said(campaign):
    said = "\n".join(
        " ".join([line.text, *line.details])
        for section in explain_scheme(scheme_of(campaign))
        for line in section.lines
    )
    for part in (
        "管理育人示范岗、服务育人示范岗",
        "申报表（必交，盖章）",
        "党员先锋岗",
        "入户走访 10户",
        "只记录上级的决定和文号",
        "由党总支或下级党委办理",
        "七一、年底",
        "同时报县委组织部",
        "2至3个",
        "可差额推荐1个",
        "标题写10分，条目合计11分",
        "每2个月",
        "获上级荣誉（未写分值）",
        "标牌每6个月流动一次",
        "6月15日：各党总支上报",
        "首批“集体示范岗”命名后才开放",
        "命名后，再设的岗位按“集体示范岗（后续批次）”办理",
        "次年6月30日",
    ):
        assert part in said, part


def test_kinds_have_ways_of_their_own(campaign):
    ways = {kind.code: [stage.kind for stage in kind.stages.all()] for kind in campaign.kinds.all()}

    assert ways["team"] == ["decide", "plaque"]
    assert ways["zone"] == ["deliberate", "decide"]
    assert ways["person"].count("decide") == ways["person"].count("plaque") == ways["person"].count("notice") == 2
    assert campaign.kinds.get(code="person").stages.get(label="列为创建").due_on == date(2026, 6, 15)
    assert campaign.kinds.get(code="team").plaque["honour"] == "党员先锋岗"


def test_units_that_may_create_posts_take_part(campaign):
    assert sorted(unit.code for unit in campaign.units.all()) == ["CUN1", "KS1", "QY03"]


def test_units_that_take_a_first_step_take_part(officer, committee, branch):
    section = make_unit(UnitKind.SECTION, parent=branch, code="KS1")
    text = SMALL.replace('actor = "branch"', 'actor = ["branch", "unit"]')

    assert default_units(committee, load_scheme(text)) == [branch, section]
    assert default_units(committee, load_scheme(SMALL)) == [branch]


def test_dates_reach_into_the_next_year(campaign):
    events = {event.title: event for event in campaign_timeline(campaign)}

    assert events["全面创建"].until == date(2027, 6, 30)
    assert events["命名：七一"].on == date(2026, 7, 1)
    assert events["各党总支上报"].on == date(2026, 6, 15)


def test_typed_access_to_further_rules(campaign):
    assert fail_effects(campaign) == ["rectify", "revoke"]
    assert (bans_same_year(campaign), bans_same_year(campaign, "adjust")) == (True, False)
    assert rubric(campaign, "points")["sections"][0]["stated"] == 10
    assert rubric(campaign, "none") is None


def test_a_share_without_a_figure_is_filled_in_before_opening(campaign, officer):
    quota = campaign.quotas.get(code="unknown_share")
    assert any("unknown_share" in text for text in campaign_blockers(campaign))

    set_quota(quota, actor=officer, percent=10)

    assert not any("unknown_share" in text for text in campaign_blockers(campaign))
    assert "不超过正式党员的10%" in str(explain_scheme(scheme_of(campaign)))


def test_the_office_is_reminded_of_drafts_and_near_deadlines(campaign, officer, secretary):
    assert [todo.section for todo in campaign_todos(officer)] == ["campaigns"]
    assert list(campaign_todos(secretary)) == []
    campaign.status, campaign.nominations_until = "open", date(2026, 6, 20)
    campaign.save()
    forget_grants(officer)
    with time_machine.travel(date(2026, 6, 10), tick=False):
        assert list(campaign_todos(officer)) == []
    with time_machine.travel(date(2026, 6, 15), tick=False):
        assert [todo.due_on for todo in campaign_todos(officer)] == [date(2026, 6, 20)]

"""Planned days follow each other in working days of the holiday table."""

from datetime import date

import pytest

from campaigns.domain.campaigns import create_campaign
from campaigns.domain.library import shipped_files
from campaigns.domain.timeline import campaign_timeline, planned_stages
from campaigns.models import Holiday, Phase

DEFAULT = next(path for path in shipped_files() if path.stem == "default").read_text()
DATES = {"starts_on": date(2026, 4, 1), "nominations_until": date(2026, 4, 20), "ends_on": date(2026, 12, 31)}


@pytest.fixture
def campaign(officer, committee):
    Holiday.objects.filter(date__year=2026).delete()
    for day in range(1, 6):
        Holiday.objects.create(date=date(2026, 5, day), name="劳动节")
    Holiday.objects.create(date=date(2026, 5, 9), is_workday=True)
    return create_campaign(DEFAULT, owner=committee, actor=officer, year=2026, **DATES)


def test_steps_are_planned_one_after_the_other_over_holidays(campaign):
    plan = next(iter(planned_stages(campaign).values()))

    assert [(stage.label, stage.first, stage.last) for stage in plan] == [
        ("支部推荐", date(2026, 4, 1), date(2026, 4, 20)),
        ("岗前测评", date(2026, 4, 21), date(2026, 4, 27)),
        ("公示", date(2026, 4, 28), date(2026, 5, 7)),  # 28, 29, 30 April, 6 and 7 May
        ("本人意愿", date(2026, 5, 8), date(2026, 5, 11)),  # Saturday 9 May is worked
        ("党委审批命名", date(2026, 5, 12), date(2026, 5, 25)),
        ("授牌", date(2026, 5, 26), date(2026, 6, 8)),
    ]


def test_a_later_deadline_moves_what_follows(campaign):
    campaign.nominations_until = date(2026, 4, 27)
    plan = next(iter(planned_stages(campaign).values()))

    assert plan[1].first == date(2026, 4, 28)


def test_kinds_on_the_same_days_share_an_event(campaign):
    stages = [event for event in campaign_timeline(campaign) if event.kind == "stage"]

    assert len(stages) == 6
    assert {event.detail for event in stages} == {""}


def test_a_notice_takes_at_least_the_days_it_says(campaign):
    notice = campaign.kinds.first().stages.get(kind="notice")
    notice.params["days"] = 7
    notice.save()
    plan = planned_stages(campaign)[campaign.kinds.first()]

    assert plan[2].last == date(2026, 5, 9)  # 28, 29, 30 April, 6, 7, 8 and the worked Saturday


def test_reviews_run_from_the_naming_to_the_end(campaign):
    reviews = [event for event in campaign_timeline(campaign) if event.kind == "review"]

    assert {event.title[:4] for event in reviews} == {"月度考核", "季度考核"}
    assert min(event.on for event in reviews) == date(2026, 7, 1)
    assert all(event.until > event.on for event in reviews)


def test_phases_and_the_frame_are_in_order(campaign):
    Phase.objects.create(campaign=campaign, label="启动", starts_on=date(2026, 4, 5), ends_on=date(2026, 4, 10))
    events = campaign_timeline(campaign)

    assert [event.on for event in events] == sorted(event.on for event in events)
    assert events[0].kind == "open"
    assert "启动" in [event.title for event in events]


def test_without_a_first_day_nothing_is_planned(campaign):
    campaign.starts_on = None

    assert [event.kind for event in campaign_timeline(campaign)] == ["deadline", "close"]


def test_the_number_of_queries_does_not_grow(campaign, django_assert_num_queries):
    with django_assert_num_queries(6):
        campaign_timeline(campaign)

"""Where things stand in the chart: inside the picture, in order, no label over another."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.plan import DatedRule, PhasePlan
from campaigns.domain.timeline import Event, _dated_rules, _frame, _stage_events
from campaigns.gantt import LEFT, LETTER, WIDTH, Real, draw
from tests.campaigns.plans import make_plan

TITLES = {"phase": "阶段", "days": "重要日期"}


def chart(plan, *more, today=date(2026, 5, 1), real=None):
    events = [*_frame(plan), *_dated_rules(plan), *_stage_events(plan), *more]
    return draw(plan, events, today=today, real=real or {}, titles=TITLES)


def test_lanes_stand_in_order_with_whole_months():
    plan = make_plan(3, 5, phases=(PhasePlan(1, "启动", date(2026, 4, 1), date(2026, 4, 30)),))
    review = Event(date(2026, 8, 1), "月度考核（2026-07）", "review", date(2026, 8, 14), lane="月度考核")
    drawn = chart(plan, review)

    assert [lane.label for lane in drawn.lanes] == ["阶段", "重要日期", "个人", "月度考核"]
    assert (drawn.first, drawn.last) == (date(2026, 4, 1), date(2026, 12, 31))
    assert [month.label for month in drawn.months] == ["2026.4", "5", "6", "7", "8", "9", "10", "11", "12"]
    assert [bar.label for bar in drawn.lanes[2].bars] == ["推荐", "第2步", "第3步"]


def test_the_line_of_today_stands_only_within_the_picture():
    assert LEFT < chart(make_plan(3)).today_x < WIDTH
    assert chart(make_plan(3), today=date(2027, 1, 1)).today_x is None


def test_holidays_and_made_up_days_are_hinted():
    drawn = chart(make_plan(3, ends_on=date(2026, 5, 31)))

    assert len(drawn.days_off) == 3 + 5  # 4 to 6 April, 1 to 5 May
    assert len(drawn.made_up) == 1  # 9 May


def test_what_really_happens_is_drawn_below_the_plan_even_before_it():
    real = {2: Real(date(2026, 3, 20), date(2026, 5, 1), "（在办1个）", is_late=True)}
    drawn = chart(make_plan(3), real=real)
    bar = drawn.lanes[-1].bars[1]

    assert drawn.first == date(2026, 3, 1)
    assert (bar.is_late, bar.label) == (True, "第2步 （在办1个）")
    assert bar.actual[0] < bar.x


@pytest.mark.parametrize("starts_on", [None])
def test_nothing_is_drawn_without_a_first_day(starts_on):
    assert chart(make_plan(3, starts_on=starts_on)) is None


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 60), max_size=6),
    st.lists(st.tuples(st.text("一二三四", min_size=1, max_size=40), st.integers(0, 400)), max_size=6),
)
def test_labels_stay_in_the_picture_and_apart(lengths, days):
    start = date(2026, 4, 1)
    rounds = tuple(DatedRule(str(n), text, start + timedelta(days=day)) for n, (text, day) in enumerate(days))
    drawn = chart(make_plan(*lengths, rounds=rounds))

    for lane in drawn.lanes:
        places = []
        for bar in lane.bars:
            room = len(bar.label) * LETTER
            left, right = (
                (bar.label_x - room, bar.label_x) if bar.anchor == "end" else (bar.label_x, bar.label_x + room)
            )
            assert right <= WIDTH + 1
            assert bar.x + bar.width <= WIDTH
            assert lane.y <= bar.y <= lane.y + lane.height
            assert not any(row == bar.y and left < end and begin < right for row, begin, end in places)
            places.append((bar.y, left, right))

"""The arithmetic of a plan: holidays, make-up days, the end of months and years, and what a move does to it."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.dates import day_of, month_day_of
from campaigns.domain.moves import Target, find_target, moved, targets_of
from campaigns.domain.plan import DatedRule, PhasePlan, StepPlan, Way, with_calendar
from campaigns.domain.plan_conflicts import find_conflicts
from tests.campaigns.plans import HOLIDAYS, days_of, make_plan

relaxed = settings(deadline=None, max_examples=60)
NOTICE = StepPlan(2, "notice", "公示", least=5)


@pytest.mark.parametrize(
    ("until", "lengths", "expected"),
    [
        (date(2026, 2, 12), (2,), ["02-13–02-14"]),  # Saturday 14 February is made up for Spring Festival
        (date(2026, 2, 14), (1, 5), ["02-24–02-24", "02-25–03-02"]),  # off until the 23rd, Saturday 28 worked
        (date(2026, 9, 18), (5,), ["09-20–09-24"]),  # Sunday the 20th worked, Friday the 25th off
        (date(2026, 9, 30), (3,), ["10-08–10-10"]),  # National Day; Saturday the 10th worked
        (date(2026, 12, 30), (3,), ["12-31–01-04"]),  # 2027 is not known: only weekends count
        (date(2028, 2, 28), (1, 1), ["02-29–02-29", "03-01–03-01"]),  # a leap year
        (date(2026, 4, 30), (0, 0), ["05-06–05-06", "05-07–05-07"]),  # a step without planned time takes a day
    ],
)
def test_steps_follow_each_other_in_working_days(until, lengths, expected):
    assert days_of(make_plan(*lengths, until=until, starts_on=until - timedelta(days=7))) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (NOTICE, "10-08–10-13"),  # 8, 9, the worked Saturday, 12, 13
        (replace(NOTICE, least_kind="calendar"), "10-08–10-12"),  # begins on a working day, then every day counts
        (replace(NOTICE, days=7), "10-08–10-15"),
        (replace(NOTICE, days=3), "10-08–10-13"),  # never shorter than its own rule
        (replace(NOTICE, due=date(2026, 10, 20)), "10-08–10-20"),
        (replace(NOTICE, due=date(2026, 9, 1)), "10-08–10-13"),  # a due day that is over holds nothing up
    ],
)
def test_a_notice_takes_what_its_rule_demands(step, expected):
    assert days_of(make_plan(step, until=date(2026, 9, 30))) == [expected]


def test_the_first_step_lasts_until_the_nominations_end():
    plan = make_plan(3)
    first = plan.stages()[1][0]

    assert (first.first, first.last) == (date(2026, 4, 1), date(2026, 4, 20))


def test_without_a_last_day_the_first_step_has_its_length():
    first = make_plan(until=None).stages()[1][0]

    assert (first.first, first.last) == (date(2026, 4, 1), date(2026, 4, 1))


def test_without_a_first_day_nothing_is_planned():
    plan = make_plan(3, starts_on=None)

    assert (plan.stages(), plan.ends()) == ({1: []}, None)


def test_a_changed_holiday_table_moves_the_plan():
    plan = make_plan(3, until=date(2026, 6, 12))
    busier = with_calendar(plan, {date(2026, 6, 16): False})
    back = with_calendar(busier, {date(2026, 6, 16): None})

    assert (days_of(plan), days_of(busier)) == (["06-15–06-17"], ["06-15–06-18"])
    assert back == plan
    assert plan.version() == back.version() != busier.version()


def test_steps_that_kinds_share_move_as_one():
    person = replace(make_plan(3, 4).ways[0], name="usual")
    team = Way(2, "集体", tuple(replace(step, pk=step.pk + 10) for step in person.steps), "usual")
    village = Way(3, "村", (replace(person.steps[0], pk=21), StepPlan(22, "endorse", "第2步", days=9)), "own")
    plan = make_plan(ways=(person, team, village))
    target = find_target(plan, "length:2")
    after = moved(plan, target, 10)

    assert target.label == "第2步（个人、集体）：计划工作日数"
    assert [way.steps[1].days for way in after.ways] == [10, 10, 9]
    assert find_target(plan, "length:12") is None


def test_days_of_a_scheme_are_written_without_the_year():
    assert month_day_of(date(2027, 6, 30), 2026) == "06-30+1"
    assert day_of(month_day_of(date(2028, 2, 29), 2028), 2028) == date(2028, 2, 29)
    with pytest.raises(ValueError, match="2025"):
        month_day_of(date(2025, 12, 31), 2026)


@relaxed
@given(st.integers(2025, 2100), st.integers(0, 3 * 365))
def test_every_day_of_a_scheme_is_read_as_it_was_written(year, after):
    day = date(year, 1, 1) + timedelta(days=after)

    assert day_of(month_day_of(day, year), year) == day


@pytest.mark.parametrize(
    ("last", "to", "words"),
    [
        (date(2026, 4, 30), date(2026, 5, 31), []),
        (date(2026, 11, 30), date(2027, 1, 31), ["2027-01-31"]),  # beyond the end of the campaign
        (date(2026, 4, 30), date(2026, 4, 4), ["2026-04-04"]),  # before it begins
    ],
)
def test_a_phase_is_moved_from_the_end_of_a_month_to_that_of_another(last, to, words):
    plan = make_plan(3, phases=(PhasePlan(7, "启动", date(2026, 4, 5), last),))
    after = moved(plan, find_target(plan, "phase_end:7"), to)

    assert after.phases[0].last == to
    assert [word for conflict in find_conflicts(after) for word in words if word in conflict.text] == words
    assert len(find_conflicts(after)) == len(words)


def texts(plan):
    return [conflict.text for conflict in find_conflicts(plan)]


def test_a_plan_that_works_out_has_no_conflicts():
    phases = (PhasePlan(1, "启动", date(2026, 4, 1), date(2026, 4, 30)),)
    plan = make_plan(3, NOTICE, phases=phases, rounds=(DatedRule("first", "七一", date(2026, 7, 1)),))

    assert find_conflicts(plan) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ends_on": date(2026, 3, 31)}, "活动的结束日期早于开始日期"),
        ({"nominations_until": date(2026, 3, 31)}, "推荐截止日期早于"),
        ({"ends_on": date(2026, 4, 10)}, "活动结束日期早于推荐截止日期"),
        ({"phases": (PhasePlan(1, "启动", date(2026, 4, 30), date(2026, 4, 1)),)}, "“启动”"),
    ],
)
def test_an_impossible_order_blocks(changes, words):
    first, *_rest = find_conflicts(replace(make_plan(3), **changes))

    assert first.blocks
    assert words in first.text


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (make_plan(3, ends_on=date(2026, 4, 22)), ["2026-04-23", "2026-04-22"]),
        (make_plan(StepPlan(2, "endorse", "上报", due=date(2026, 4, 15))), ["上报", "2026-04-15"]),
        (make_plan(StepPlan(2, "endorse", "上报", days=9, due=date(2026, 4, 24))), ["9", "2026-04-24"]),
        (make_plan(starts_on=date(2026, 4, 6)), ["2026-04-06", "休息日"]),
        (make_plan(until=date(2026, 5, 2)), ["2026-05-02", "休息日"]),
        (make_plan(phases=(PhasePlan(1, "提升", date(2026, 12, 1), date(2027, 1, 31)),)), ["提升", "2027-01-31"]),
        (make_plan(rounds=(DatedRule("x", "元旦", date(2027, 1, 1)),)), ["元旦", "2027-01-01"]),
        (
            make_plan(
                StepPlan(2, "decide", "命名", days=60, rounds=("first",)),
                rounds=(DatedRule("first", "七一", date(2026, 7, 1)),),
            ),
            ["命名", "七一", "2026-07-01"],
        ),
        (
            make_plan(replace(NOTICE, least_kind="calendar"), until=date(2026, 9, 29)),
            ["公示", "2026-10-04"],
        ),
        (make_plan(20, until=date(2026, 12, 21), ends_on=date(2027, 6, 30)), ["2027"]),
    ],
)
def test_a_conflict_says_what_and_when(plan, words):
    (conflict,) = find_conflicts(plan)

    assert not conflict.blocks
    assert all(word in conflict.text for word in words), conflict.text
    assert conflict.advice


def test_a_round_without_a_day_is_never_too_late():
    rounds = (DatedRule("first", "七一", date(2026, 7, 1)), DatedRule("open", "适时", None))
    plan = make_plan(StepPlan(2, "decide", "命名", days=60, rounds=("first", "open")), rounds=rounds)

    assert find_conflicts(plan) == []


def test_a_step_planned_past_a_short_campaign_is_told_once_for_each_step():
    assert len(texts(make_plan(3, 3, ends_on=date(2026, 4, 21)))) == 2


days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
lengths = st.lists(st.integers(0, 40), min_size=1, max_size=8)


@st.composite
def plans(draw):
    first = draw(days)
    until = draw(st.none() | st.integers(0, 60).map(lambda n: first + timedelta(days=n)))
    steps = []
    for number, length in enumerate(draw(lengths), start=2):
        kind, least = draw(st.sampled_from([("endorse", 0), ("notice", 5), ("notice", 7)]))
        due = draw(st.none() | days)
        least_kind = draw(st.sampled_from(["working", "calendar"]))
        steps.append(StepPlan(number, kind, f"第{number}步", length, least, least_kind, due))
    phases = tuple(PhasePlan(n, f"阶段{n}", draw(days), draw(days)) for n in range(draw(st.integers(0, 2))))
    rounds = tuple(DatedRule(f"r{n}", f"批次{n}", draw(days)) for n in range(draw(st.integers(0, 2))))
    person = Way(1, "个人", (StepPlan(1, "nominate", "推荐"), *steps), "usual")
    team = Way(
        2,
        "集体",
        tuple(replace(step, pk=step.pk + 50) for step in person.steps),
        draw(st.sampled_from(["usual", "own"])),
    )
    dates = {"starts_on": first, "until": until, "ends_on": draw(days)}
    return make_plan(ways=(person, team), phases=phases, rounds=rounds, **dates)


@relaxed
@given(plans(), st.data())
def test_moving_by_nothing_changes_nothing(plan, data):
    target = data.draw(st.sampled_from(targets_of(plan)))

    assert moved(plan, target, target.value) == plan


@relaxed
@given(plans(), st.data())
def test_moving_and_moving_back_is_as_before(plan, data):
    target = data.draw(st.sampled_from(targets_of(plan)))
    to = data.draw(st.integers(0, 90) if target.is_length else days)
    there = moved(plan, target, to)
    back = Target(target.key, target.label, to)

    assert moved(there, back, target.value) == plan
    assert (there.version() == plan.version()) == (to == target.value)


@relaxed
@given(plans(), st.data())
def test_the_order_of_steps_is_kept_whatever_moves(plan, data):
    target = data.draw(st.sampled_from(targets_of(plan)))
    after = moved(plan, target, data.draw(st.integers(0, 90) if target.is_length else days))
    stages = after.stages()[1]

    assert [stage.label for stage in stages] == [step.label for step in after.ways[0].steps]
    assert all(stage.first <= stage.last for stage in stages)
    assert all(one.last < two.first for one, two in pairwise(stages))


def _without_due_days(steps):
    return tuple(replace(step, due=None) for step in steps)


@relaxed
@given(plans(), st.integers(1, 40))
def test_a_longer_step_never_lets_a_later_one_begin_earlier(plan, more):
    free = replace(plan, ways=tuple(replace(way, steps=_without_due_days(way.steps)) for way in plan.ways))
    target = next(target for target in targets_of(free) if target.is_length)
    longer = moved(free, target, target.value + more)

    for kind, before in free.stages().items():
        assert all(new.last >= old.last for old, new in zip(before, longer.stages()[kind], strict=True))


@relaxed
@given(plans())
def test_working_steps_end_on_worked_days(plan):
    for step, stage in zip(plan.ways[0].steps[1:], plan.stages()[1][1:], strict=True):
        if step.length()[1] == "working" and (step.due is None or step.due < stage.first):
            assert HOLIDAYS.get(stage.last, stage.last.weekday() < 5)

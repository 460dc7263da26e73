"""The arithmetic of rubrics: examples from the sources, and what holds for any rubric and any sheets."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.domain.rubric_faults import find_faults, reaches_satisfaction
from assessments.domain.rubrics import (
    MEAN,
    TRIMMED_MEAN,
    Entry,
    add_up,
    combine,
    is_excellent,
    passes,
    shown,
    shown_score,
)
from tests.assessments.scoring import BONUS, entries, item, raw_rubric, rubric, section

USUAL = raw_rubric()["sections"]


def faults(table, sheet, *, complete=True):
    return [(fault.number, fault.text) for fault in find_faults(table, sheet, complete=complete)]


def test_items_count_and_stated_heads_stay_beside_them():
    score = add_up(rubric(), entries("29.5", "30", "20", "10"))

    assert [(s.label, s.stated, s.full, s.points) for s in score.sections] == [
        ("人员素质高", 59, 60, Fraction(119, 2)),
        ("社会反响好", 41, 40, Fraction(30)),
    ]
    assert (score.base, score.bonus) == (Fraction(179, 2), 0)


def test_the_bonus_is_capped_and_does_not_help_over_the_pass_mark():
    table = rubric(*USUAL, BONUS, bonus_cap=8, pass_mark=80)
    sheet = [*entries("30", "30", "14.5", "5"), Entry("18", 5), Entry("19", 5)]
    score = add_up(table, sheet)

    assert (score.base, score.bonus, score.total) == (Fraction(159, 2), 8, Fraction(175, 2))
    assert shown_score(score, table) == "79.5 + 8"
    assert passes(table, score.base) is False


def test_a_bonus_without_points_stays_off():
    table = rubric(*USUAL, section("加分项", item("18", None), bonus=True), bonus_cap=20)

    assert table.bonus_limit == 0
    assert shown_score(add_up(table, entries()), table) == "100"
    assert faults(table, [*entries(), Entry("18", 5)]) == [("18", "方案没有给这一条规定分值，不打分。")]


def test_what_does_not_apply_counts_nothing_unless_the_rubric_is_pro_rata():
    sheet = [*entries("15")[:1], Entry("2", not_applicable=True, reason="本岗无此项"), *entries()[2:]]

    assert add_up(rubric(), sheet).base == 55
    assert add_up(rubric(pro_rata=True), sheet).base == Fraction(5500, 70)


def test_a_sheet_on_which_nothing_applies_is_worth_nothing():
    sheet = [Entry(number, not_applicable=True, reason="不涉及") for number in ("1", "2", "3", "17")]

    assert faults(rubric(), sheet) == []
    assert add_up(rubric(pro_rata=True), sheet).base == add_up(rubric(), sheet).base == 0


def test_marks_are_reached_with_the_number_itself():
    table = rubric(pass_mark=80, excellent_mark=95)

    assert [passes(table, Fraction(n, 2)) for n in (159, 160)] == [False, True]
    assert [is_excellent(table, Fraction(n, 2)) for n in (189, 190)] == [False, True]
    assert passes(rubric(), Fraction(0)) is None
    assert is_excellent(rubric(), Fraction(100)) is False


@pytest.mark.parametrize(
    ("satisfied", "valid", "reached"),
    [(9, 10, True), (899, 1000, False), (0, 1, False), (1, 1, True), (None, 10, None), (0, 0, None)],
)
def test_a_rate_is_compared_without_dividing(satisfied, valid, reached):
    entry = Entry("17", 15, satisfied=satisfied, valid=valid)

    assert reaches_satisfaction(rubric().items[-1], entry) is reached


def test_full_points_below_the_wanted_rate_need_a_reason():
    table = rubric()
    below = entries(rate=(89, 100))

    assert faults(table, below) == [("17", "有效票100张中满意89张，不到本条要求的90%。请扣分，或者写明给满分的理由。")]
    assert faults(table, [*below[:3], Entry("17", Decimal("14.5"), satisfied=89, valid=100)]) == []
    assert faults(table, [*below[:3], Entry("17", 15, satisfied=89, valid=100, reason="含误投")]) == []
    assert faults(table, entries(rate=(90, 100))) == []


@pytest.mark.parametrize(
    ("entry", "in_a_draft"),
    [
        (Entry("1"), False),
        (Entry("1", not_applicable=True), False),
        (Entry("1", 5, not_applicable=True, reason="无"), True),
        (Entry("1", Decimal("30.5")), True),
        (Entry("1", Decimal("-0.5")), True),
        (Entry("1", Decimal("0.3")), True),
        (Entry("17", 5), False),
        (Entry("17", 5, satisfied=3, valid=2), True),
        (Entry("17", 5, satisfied=-1, valid=2), True),
        (Entry("17", 5, satisfied=0, valid=0), False),
        (Entry("99", 1), True),
    ],
)
def test_each_fault_is_told_at_its_item(entry, in_a_draft):
    sheet = [e for e in entries() if e.number != entry.number] + [entry]

    assert [number for number, _text in faults(rubric(), sheet)] == [entry.number]
    assert bool(faults(rubric(), sheet, complete=False)) is in_a_draft


def test_gaps_are_told_all_at_once():
    assert [number for number, _text in faults(rubric(), entries()[:1])] == ["2", "3", "17"]
    assert [number for number, _text in faults(rubric(), [*entries(), Entry("1", 3)])] == ["1", "1"]


def scores(*totals):
    return [add_up(rubric(), entries(str(total))) for total in totals]  # 70 and what the first item brings


def test_the_mean_is_exact():
    combined = combine(scores(10, 10, 11), aggregate=MEAN)

    assert combined.base == Fraction(241, 3)
    assert combined.sections[0].points == Fraction(121, 3)


def test_trimmed_the_highest_and_the_lowest_go():
    assert combine(scores(0, 20, 22, 30), aggregate=TRIMMED_MEAN).base == 91
    assert combine(scores(0, 21, 30), aggregate=TRIMMED_MEAN).base == 91


def test_two_sheets_are_not_trimmed():
    assert combine(scores(10, 20), aggregate=TRIMMED_MEAN).base == combine(scores(10, 20), aggregate=MEAN).base == 85
    assert combine([], aggregate=MEAN) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(159, 2), "79.5"),
        (Fraction(23999, 300), "79.99"),
        (Fraction(100), "100"),
        (Fraction(0), "0"),
        (Fraction(-7, 2), "-3.5"),
        (Fraction(-1, 1000), "0"),
        (None, ""),
    ],
)
def test_scores_are_cut_off_and_never_rounded_up(value, text):
    assert shown(value) == text


# --- Whatever the rubric and whoever scores --------------------------------------------------------------------------

POINTS = st.integers(0, 40)
ITEMS = st.lists(POINTS, min_size=1, max_size=4)
calmly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def rubrics(draw):
    numbers = iter(range(1, 100))
    sections = []
    for label in draw(st.lists(st.sampled_from(["甲", "乙", "加"]), min_size=1, max_size=3)):
        items = [item(str(next(numbers)), points) for points in draw(ITEMS)]
        sections.append(section(label, *items, stated=draw(st.none() | POINTS), bonus=label == "加"))
    fields = {"pro_rata": draw(st.booleans()), "bonus_cap": draw(st.none() | st.integers(0, 30))}
    return rubric(*sections, **fields)


@st.composite
def sheets(draw, table):
    found = []
    for one in table.items:
        halves = draw(st.integers(-1, 2 * one.points))
        if halves < 0:
            found.append(Entry(one.number, not_applicable=True, reason="不涉及"))
        else:
            found.append(Entry(one.number, Decimal(halves) / 2))
    return found


@st.composite
def scored(draw):
    table = draw(rubrics())
    return table, draw(st.lists(sheets(table), min_size=1, max_size=5))


@calmly
@given(scored())
def test_every_score_lies_between_nothing_and_the_whole(case):
    table, filled = case
    for sheet in filled:
        score = add_up(table, sheet)
        assert find_faults(table, sheet, complete=True) == []
        assert 0 <= score.base <= table.base_total
        assert 0 <= score.bonus <= table.bonus_limit
        if not table.pro_rata:
            assert score.base == sum(s.points for s in score.sections if not s.is_bonus)


@calmly
@given(scored(), st.sampled_from([MEAN, TRIMMED_MEAN]), st.randoms())
def test_the_official_score_lies_among_the_sheets_and_asks_for_no_order(case, aggregate, random):
    table, filled = case
    found = [add_up(table, sheet) for sheet in filled]
    combined = combine(found, aggregate=aggregate)
    shuffled = found[:]
    random.shuffle(shuffled)

    assert min(s.base for s in found) <= combined.base <= max(s.base for s in found)
    assert combined.base == combine(shuffled, aggregate=aggregate).base
    assert combined.bonus == combine(shuffled, aggregate=aggregate).bonus
    assert [s.full for s in combined.sections] == [s.total for s in table.sections]


@calmly
@given(scored(), st.integers(0, 100))
def test_one_more_half_point_never_lowers_a_score(case, place):
    table, (sheet, *_rest) = case
    n = place % len(sheet)
    full = next(one.points for one in table.items if one.number == sheet[n].number)
    if sheet[n].points is None or sheet[n].points == full:
        return
    better = [*sheet[:n], Entry(sheet[n].number, sheet[n].points + Decimal("0.5")), *sheet[n + 1 :]]

    assert add_up(table, better).total >= add_up(table, sheet).total


@calmly
@given(st.fractions(0, 100), st.integers(1, 100))
def test_what_is_shown_never_claims_a_mark_that_was_missed(value, mark):
    if value < mark:
        assert Fraction(shown(value)) < mark

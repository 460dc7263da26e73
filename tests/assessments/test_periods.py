from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain.periods import next_period, period_of, periods_from
from campaigns.models import Campaign, ReviewRule

days = st.dates(min_value=date(1999, 1, 1), max_value=date(2101, 12, 31))
semesters = st.lists(
    st.sampled_from(["01-01", "02-01", "02-28", "03-01", "07-15", "08-31", "09-01", "12-31"]),
    min_size=1,
    max_size=3,
    unique=True,
)
cadences = st.one_of(
    st.sampled_from([("monthly", {}), ("quarterly", {}), ("annual", {})]),
    st.integers(1, 18).map(lambda n: ("every_n_months", {"every_months": n})),
    semesters.map(lambda starts: ("semester", {"semester_starts": starts})),
)


def rule_of(cadence, params=None, **campaign):
    return ReviewRule(cadence=cadence, params=params or {}, campaign=Campaign(**{"year": 2026, **campaign}))


@given(cadences, days, st.integers(0, 800))
def test_every_day_belongs_to_exactly_one_period(cadence, first, length):
    rule = rule_of(*cadence)
    last = first + timedelta(days=length)
    periods = list(periods_from(rule, first, last))

    assert periods[0].starts_on <= first <= periods[0].ends_on
    assert periods[-1].starts_on <= last <= periods[-1].ends_on
    assert all(a.ends_on + timedelta(days=1) == b.starts_on for a, b in pairwise(periods))
    assert len({p.code for p in periods}) == len(periods)
    for offset in range(0, length + 1, max(1, length // 40)):
        day = first + timedelta(days=offset)
        assert period_of(rule, day) in periods


@given(cadences, days)
def test_opening_is_monotone(cadence, day):
    rule = rule_of(*cadence)
    period = period_of(rule, day)

    assert day < period.opens_on < next_period(rule, period).opens_on
    assert len(period.code) <= 20


@pytest.mark.parametrize(
    ("cadence", "params", "day", "expected"),
    [
        ("monthly", {}, date(2026, 11, 21), ("2026-11", date(2026, 11, 1), date(2026, 11, 30))),
        ("monthly", {}, date(2028, 2, 29), ("2028-02", date(2028, 2, 1), date(2028, 2, 29))),
        ("monthly", {}, date(2027, 2, 28), ("2027-02", date(2027, 2, 1), date(2027, 2, 28))),
        ("monthly", {}, date(2026, 12, 31), ("2026-12", date(2026, 12, 1), date(2026, 12, 31))),
        ("quarterly", {}, date(2026, 10, 1), ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31))),
        ("annual", {}, date(2026, 5, 4), ("2026", date(2026, 1, 1), date(2026, 12, 31))),
        ("every_n_months", {"every_months": 2}, date(2027, 1, 31), ("2026-12", date(2026, 12, 1), date(2027, 1, 31))),
        ("semester", {}, date(2026, 9, 1), ("2026-S2", date(2026, 9, 1), date(2027, 1, 31))),
        ("semester", {}, date(2027, 1, 31), ("2026-S2", date(2026, 9, 1), date(2027, 1, 31))),
        ("semester", {}, date(2027, 2, 1), ("2027-S1", date(2027, 2, 1), date(2027, 8, 31))),
        (
            "semester",
            {"semester_starts": ["02-29", "09-15"]},
            date(2027, 2, 28),
            ("2027-S1", date(2027, 2, 28), date(2027, 9, 14)),
        ),
    ],
)
def test_period_of_a_day(cadence, params, day, expected):
    period = period_of(rule_of(cadence, params, starts_on=date(2026, 4, 19)), day)

    assert (period.code, period.starts_on, period.ends_on) == expected


def test_semester_starts_come_from_the_campaign_when_the_rule_names_none():
    rule = rule_of("semester", rules={"semester_starts": ["03-01", "08-20"]})

    assert period_of(rule, date(2026, 8, 19)).code == "2026-S1"
    assert period_of(rule, date(2026, 8, 20)).ends_on == date(2027, 2, 28)


def test_a_rule_on_call_has_no_period():
    assert period_of(rule_of("none"), date(2026, 1, 1)) is None

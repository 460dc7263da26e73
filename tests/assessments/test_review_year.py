"""A year of reviews against a calendar written by hand: leap day, holidays, semesters, a campaign that ends in it."""

from datetime import date, timedelta

import pytest
import time_machine

from assessments.domain.review_clock import schedule_reviews
from assessments.models import Review
from campaigns.models import Holiday, Message
from tests.assessments.titles import at, make_campaign, make_rule, make_title, run_clock

pytestmark = pytest.mark.django_db

# 1 January 2028 is a Saturday. The spring festival takes three days and gives back a Saturday, May Day takes three.
HOLIDAYS = {
    date(2028, 2, 1): False,
    date(2028, 2, 2): False,
    date(2028, 2, 3): False,
    date(2028, 2, 5): True,
    date(2028, 5, 1): False,
    date(2028, 5, 2): False,
    date(2028, 5, 3): False,
}
# Period, opened, voices until, due. The campaign ends on 20 April 2028.
MONTHLY = [
    ("2027-12", date(2028, 1, 1), date(2028, 1, 4), date(2028, 1, 7)),
    ("2028-01", date(2028, 2, 1), date(2028, 2, 5), date(2028, 2, 9)),
    ("2028-02", date(2028, 3, 1), date(2028, 3, 3), date(2028, 3, 8)),  # it ended on the 29th
    ("2028-03", date(2028, 4, 1), date(2028, 4, 4), date(2028, 4, 7)),
    ("2028-04", date(2028, 5, 1), date(2028, 5, 5), date(2028, 5, 10)),  # it began before the end: the last
]
QUARTERLY = [
    ("2027-Q4", date(2028, 1, 1), date(2028, 1, 6), date(2028, 1, 11)),
    ("2028-Q1", date(2028, 4, 1), date(2028, 4, 6), date(2028, 4, 11)),
    ("2028-Q2", date(2028, 7, 1), date(2028, 7, 6), date(2028, 7, 11)),
]
SEMESTER = [  # goes on after the campaign
    ("2027-S2", date(2028, 2, 1), None, date(2028, 2, 16)),
    ("2028-S1", date(2028, 9, 1), None, date(2028, 9, 15)),
]
REMINDED = [
    date(2028, 1, 4), date(2028, 1, 6), date(2028, 1, 7), date(2028, 1, 8),
    date(2028, 2, 6), date(2028, 2, 8), date(2028, 2, 9), date(2028, 2, 10),
    date(2028, 3, 5), date(2028, 3, 7), date(2028, 3, 8), date(2028, 3, 9),
    date(2028, 4, 4), date(2028, 4, 6), date(2028, 4, 7), date(2028, 4, 8),
    date(2028, 5, 7), date(2028, 5, 9), date(2028, 5, 10), date(2028, 5, 11),
]  # fmt: skip


@pytest.fixture
def rules(committee):
    for day, is_workday in HOLIDAYS.items():
        Holiday.objects.create(date=day, is_workday=is_workday, name="")
    campaign = make_campaign(committee, year=2027, starts_on=date(2027, 9, 1), ends_on=date(2028, 4, 20))
    return [
        make_rule(campaign, due_days=5, voice_days=2, assessments=["self"]),
        make_rule(campaign, "quarterly", "committee", due_days=10, due_day_kind="calendar", survey=True),
        make_rule(
            campaign, "semester", "committee", due_days=10, after_campaign=True, semester_starts=["09-01", "02-01"]
        ),
    ]


def rows_of(rule):
    reviews = Review.objects.filter(rule=rule).order_by("period_ends_on")
    return [(r.period, r.opened_at.date(), r.voices_until, r.due_on) for r in reviews]


def test_a_year_opens_reminds_and_closes_on_the_days_written_by_hand(rules, branch, committee, secretary, officer):
    monthly, quarterly, semester = rules
    title = make_title(monthly.campaign, branch, displayed_on=date(2027, 12, 6))
    with time_machine.travel(at(date(2027, 12, 6)), tick=False):
        schedule_reviews(title)

    run_clock(date(2027, 12, 7), date(2028, 12, 31))

    assert rows_of(monthly) == MONTHLY
    assert rows_of(quarterly) == QUARTERLY
    assert rows_of(semester) == SEMESTER
    by_unit = {rule.pk: set(rule.reviews.values_list("reviewer_unit", flat=True)) for rule in rules}
    assert by_unit == {monthly.pk: {branch.pk}, quarterly.pk: {committee.pk}, semester.pk: {committee.pk}}
    told = Message.objects.filter(user=secretary, key__startswith="review_remind").order_by("created_at", "pk")
    assert [message.created_at.date() for message in told] == REMINDED
    assert set(Review.objects.values_list("status", flat=True)) == {"missed"}
    assert title.reviews.values("rule", "period").distinct().count() == Review.objects.count() == 10


def test_three_months_without_a_clock_leave_the_missed_periods_to_a_person(rules, branch, secretary, officer):
    monthly = rules[0]
    title = make_title(monthly.campaign, branch, displayed_on=date(2027, 12, 6))
    with time_machine.travel(at(date(2027, 12, 6)), tick=False):
        schedule_reviews(title)

    run_clock(date(2027, 12, 7), date(2028, 3, 20), off=(date(2027, 12, 20), date(2028, 3, 19)))

    assert [(r.period, r.status) for r in Review.objects.filter(rule=monthly).order_by("period")] == [
        ("2027-12", "missed"),
        ("2028-01", "missed"),
        ("2028-02", "open"),
    ]
    newest = Review.objects.get(rule=monthly, period="2028-02")
    assert (newest.voices_until, newest.due_on) == (date(2028, 3, 22), date(2028, 3, 27))
    assert title.reviews.filter(rule=rules[1]).values_list("period", "status").get() == ("2027-Q4", "open")


@pytest.mark.parametrize("day", [date(2028, 2, 28), date(2028, 2, 29)])
def test_the_last_days_of_a_leap_february_belong_to_it(rules, branch, day):
    title = make_title(rules[0].campaign, branch, displayed_on=day)
    with time_machine.travel(at(day), tick=False):
        schedule_reviews(title)

    run_clock(day + timedelta(days=1), date(2028, 3, 1))

    review = Review.objects.get(rule=rules[0])
    assert (review.period, review.period_starts_on, review.period_ends_on) == ("2028-02", day, date(2028, 2, 29))

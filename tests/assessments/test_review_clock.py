from datetime import date

import pytest
import time_machine

from assessments.domain.review_clock import schedule_reviews
from assessments.models import Review, ReviewStatus
from campaigns.domain.clock import tick
from campaigns.domain.planning import apply_move, plan_move
from campaigns.models import DueItem, DueState, Message, UnitKind
from posts.models import ConferralStatus
from tests.assessments.titles import at, make_rule, make_title, run_clock
from tests.factories import MemberFactory, PostKindFactory, make_unit

pytestmark = pytest.mark.django_db


def displayed(conferral):
    with time_machine.travel(at(conferral.displayed_on), tick=False):
        schedule_reviews(conferral)
    return conferral


def opened(**filters):
    return list(Review.objects.filter(**filters).order_by("period_starts_on").values_list("period", flat=True))


def test_a_year_of_monthly_and_quarterly_reviews(campaign, branch, secretary, committee, officer):
    monthly, quarterly = make_rule(campaign), make_rule(campaign, "quarterly", "committee")
    conferral = displayed(make_title(campaign, branch, displayed_on=date(2026, 6, 30)))

    run_clock(date(2026, 7, 1), date(2027, 7, 1))

    months = [f"2026-{m:02}" for m in range(6, 13)] + [f"2027-{m:02}" for m in range(1, 7)]
    assert opened(rule=monthly) == months
    assert opened(rule=quarterly) == ["2026-Q2", "2026-Q3", "2026-Q4", "2027-Q1", "2027-Q2"]
    assert set(Review.objects.filter(rule=monthly).values_list("reviewer_unit", flat=True)) == {branch.pk}
    assert set(Review.objects.filter(rule=quarterly).values_list("reviewer_unit", flat=True)) == {committee.pk}
    first = Review.objects.get(rule=monthly, period="2026-06")
    assert (first.period_starts_on, first.period_ends_on) == (date(2026, 6, 30), date(2026, 6, 30))
    assert first.opened_at.date() == date(2026, 7, 1)
    february = Review.objects.get(rule=monthly, period="2027-02")
    assert (february.period_ends_on, february.conferral) == (date(2027, 2, 28), conferral)


def test_the_29th_of_february_is_reviewed_with_its_month(campaign, branch):
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2028, 2, 29)))

    run_clock(date(2028, 2, 29), date(2028, 3, 1))

    review = Review.objects.get()
    assert (review.period, review.period_ends_on, review.due_on) == ("2028-02", date(2028, 2, 29), date(2028, 3, 15))


def test_semesters_begin_when_the_campaign_says(campaign, branch):
    campaign.rules = {"semester_starts": ["03-01", "08-20"]}
    campaign.save()
    make_rule(campaign, "semester", "committee")
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))

    run_clock(date(2026, 8, 18), date(2026, 8, 19))
    assert opened() == []
    run_clock(date(2026, 8, 20), date(2027, 3, 1))
    assert opened() == ["2026-S1", "2026-S2"]


def test_nothing_opens_before_the_period_is_over_nor_before_the_display(campaign, branch):
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 10)))
    make_title(campaign, branch, displayed_on=None)

    run_clock(date(2026, 7, 10), date(2026, 7, 31))
    assert opened() == []
    run_clock(date(2026, 8, 1), date(2026, 8, 1))
    assert opened() == ["2026-07"]


def test_a_clock_that_was_off_lists_what_was_missed_and_opens_the_newest_only(campaign, branch, secretary):
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))

    run_clock(date(2026, 7, 1), date(2026, 11, 20), off=(date(2026, 8, 1), date(2026, 11, 9)))

    reviews = {r.period: (r.status, r.due_on) for r in Review.objects.all()}
    assert {period: status for period, (status, _due) in reviews.items()} == {
        "2026-07": ReviewStatus.MISSED,
        "2026-08": ReviewStatus.MISSED,
        "2026-09": ReviewStatus.MISSED,
        "2026-10": ReviewStatus.OPEN,
    }
    assert reviews["2026-10"][1] == date(2026, 11, 24)  # ten working days from the day the clock was back
    assert reviews["2026-07"][1] == date(2026, 8, 14)  # when it should have been done
    assert Review.objects.to_settle().count() == 3
    assert Message.objects.filter(user=secretary).count() == 1


def test_ended_titles_and_other_kinds_are_not_reviewed(campaign, branch):
    rule = make_rule(campaign)
    rule.kinds = ["person"]
    rule.save()
    zone = PostKindFactory(campaign=campaign, code="zone", holder="zone")
    kept = displayed(make_title(campaign, branch))
    displayed(make_title(campaign, branch, kind=zone))
    ended = displayed(make_title(campaign, branch))
    ended.status, ended.ended_on = ConferralStatus.REVOKED, date(2026, 6, 30)
    ended.save()

    run_clock(date(2026, 7, 1), date(2026, 7, 2))

    assert set(Review.objects.values_list("conferral", flat=True)) == {kept.pk}


def test_a_campaign_that_ends_in_between_ends_the_reviews(campaign, branch):
    campaign.starts_on, campaign.ends_on = date(2026, 4, 1), date(2026, 9, 15)
    campaign.save()
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))

    run_clock(date(2026, 7, 1), date(2026, 12, 31))

    assert opened() == ["2026-07", "2026-08", "2026-09"]
    assert not DueItem.objects.filter(kind="reviews_open", state=DueState.PENDING).exists()


def test_a_post_entered_late_catches_up(campaign, branch):
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))
    run_clock(date(2026, 7, 1), date(2026, 10, 5))
    late = make_title(campaign, branch, displayed_on=date(2026, 8, 15))

    with time_machine.travel(at(date(2026, 10, 5)), tick=False):
        schedule_reviews(late)
        schedule_reviews(late)

    assert {r.period: r.status for r in late.reviews.all()} == {"2026-08": "missed", "2026-09": "open"}
    run_clock(date(2026, 10, 6), date(2026, 11, 1))
    assert opened(conferral=late) == ["2026-08", "2026-09", "2026-10"]


def test_ticking_again_opens_nothing_twice(campaign, branch):
    make_rule(campaign)
    displayed(make_title(campaign, branch))
    with time_machine.travel(at(date(2026, 7, 1)), tick=False):
        tick()
        DueItem.objects.filter(kind="reviews_open").update(state=DueState.PENDING)
        tick()

    assert Review.objects.count() == 1


def test_reminders_go_once_to_those_who_have_not_acted(campaign, branch, other_branch, secretary, other_secretary):
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))
    displayed(make_title(campaign, other_branch, displayed_on=date(2026, 7, 1)))
    run_clock(date(2026, 7, 1), date(2026, 8, 3))
    due = set(Review.objects.values_list("due_on", flat=True))
    assert due == {date(2026, 8, 14)}  # 1 August is a Saturday: 3 to 14 August are ten working days
    Review.objects.filter(conferral__org_unit=other_branch).update(status="cancelled")

    run_clock(date(2026, 8, 4), date(2026, 9, 10))

    titles = Message.objects.filter(user=secretary, key__startswith="review_remind").order_by("pk")
    assert [m.created_at.date() for m in titles] == [
        date(2026, 8, 11),
        date(2026, 8, 13),
        date(2026, 8, 14),
        date(2026, 8, 15),
    ]
    assert not Message.objects.filter(user=other_secretary, key__startswith="review_remind").exists()


def test_a_reminder_that_was_overtaken_is_left_out(campaign, branch, secretary):
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))
    run_clock(date(2026, 7, 1), date(2026, 8, 3))

    run_clock(date(2026, 8, 4), date(2026, 8, 14), off=(date(2026, 8, 5), date(2026, 8, 13)))

    assert Message.objects.filter(user=secretary, key__startswith="review_remind").count() == 1


def test_what_nobody_did_becomes_missed(campaign, branch):
    make_rule(campaign, close_after_days=5)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 1)))

    run_clock(date(2026, 8, 1), date(2026, 8, 19))
    assert Review.objects.get(period="2026-07").status == ReviewStatus.OPEN
    run_clock(date(2026, 8, 20), date(2026, 8, 20))
    assert Review.objects.get(period="2026-07").status == ReviewStatus.MISSED


def test_opening_costs_the_same_for_one_post_and_for_many(campaign, committee, django_assert_max_num_queries):
    make_rule(campaign)
    for _n in range(30):
        branch = make_unit(UnitKind.BRANCH, parent=committee)
        displayed(make_title(campaign, branch, MemberFactory(branch=branch)))

    with time_machine.travel(at(date(2026, 7, 1)), tick=False), django_assert_max_num_queries(160):
        tick()

    assert Review.objects.count() == 30


def test_a_post_shown_too_shortly_waits_for_the_next_period(campaign, branch):
    make_rule(campaign, min_days=10)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 22)))
    displayed(make_title(campaign, branch, displayed_on=date(2026, 7, 23)))

    run_clock(date(2026, 7, 23), date(2026, 8, 1))

    assert Review.objects.count() == 1


def test_a_campaign_that_ends_later_is_reviewed_on(campaign, branch, officer):
    campaign.starts_on, campaign.ends_on = date(2026, 1, 5), date(2026, 8, 31)
    campaign.save()
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 6, 30)))
    run_clock(date(2026, 7, 1), date(2026, 9, 10))
    assert opened() == ["2026-06", "2026-07", "2026-08"]

    with time_machine.travel(at(date(2026, 9, 10)), tick=False):
        looked = plan_move(campaign, "end", date(2026, 10, 31))
        apply_move(campaign, what="end", to=looked.to, actor=officer, version=looked.version, reason="延长")
    run_clock(date(2026, 9, 11), date(2026, 12, 31))

    assert opened() == ["2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]


def test_a_campaign_that_ends_earlier_is_not_reviewed_beyond(campaign, branch, officer):
    campaign.starts_on, campaign.ends_on = date(2026, 1, 5), date(2026, 12, 31)
    campaign.save()
    make_rule(campaign)
    displayed(make_title(campaign, branch, displayed_on=date(2026, 6, 30)))
    run_clock(date(2026, 7, 1), date(2026, 8, 20))

    with time_machine.travel(at(date(2026, 8, 20)), tick=False):
        looked = plan_move(campaign, "end", date(2026, 8, 25))
        apply_move(campaign, what="end", to=looked.to, actor=officer, version=looked.version, reason="提前")
    run_clock(date(2026, 8, 21), date(2026, 12, 31))

    assert opened() == ["2026-06", "2026-07", "2026-08"]

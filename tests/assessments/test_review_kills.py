"""Reviews are opened exactly once, whatever kills the clock."""

import sys
from datetime import date

import pytest
from django.utils import timezone

from assessments.domain.review_clock import schedule_reviews
from assessments.models import Review, ReviewStatus
from campaigns.domain.journal import verify_journal
from campaigns.models import DueItem, DueState, OrgUnit, UnitKind
from tests.assessments.titles import make_campaign, make_rule, make_title
from tests.factories import make_unit
from tests.processes import kill_at_random
from tests.test_kills import TICKER, database_url

pytestmark = [pytest.mark.services, pytest.mark.postgres]

RULES, POSTS = 6, 25


def waiting():
    return DueItem.objects.filter(state=DueState.PENDING, due_at__lte=timezone.now()).count()


@pytest.mark.django_db(transaction=True)
def test_three_clocks_killed_at_random_open_each_review_once(tmp_path):
    """Monthly rules since January for posts displayed in January: every month once for every post and rule."""
    committee = make_unit(UnitKind.COMMITTEE)
    campaign = make_campaign(committee)
    branches = [make_unit(UnitKind.BRANCH, parent=OrgUnit.objects.get(pk=committee.pk)) for _n in range(5)]
    rules = [make_rule(campaign) for _n in range(RULES)]
    for number in range(POSTS):
        make_title(campaign, branches[number % 5], displayed_on=date(2026, 1, 10))
    seed = DueItem.objects.bulk_create(
        DueItem(kind="reviews_open", subject_id=rule.pk, period="2026-01-01", due_at=timezone.now()) for rule in rules
    )
    environment = {"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path)}

    ticker = [sys.executable, "-c", TICKER]
    kill_at_random(ticker, until=lambda: not waiting(), seconds=(0.8, 2.0), environment=environment)

    months = months_over()
    assert len(seed) == RULES
    assert Review.objects.count() == RULES * POSTS * len(months)
    assert set(Review.objects.values_list("period", flat=True)) == set(months)
    assert Review.objects.filter(status=ReviewStatus.OPEN).count() == RULES * POSTS
    assert list(verify_journal()) == []


def months_over():
    """The months of this and later years that have ended since January 2026."""
    today, month = timezone.localdate(), date(2026, 1, 1)
    found = []
    while (following := date(month.year + month.month // 12, month.month % 12 + 1, 1)) <= today:
        found.append(f"{month:%Y-%m}")
        month = following
    return found


def race(conferral_pk):
    """Eight connections display the same post at once."""
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connection

    from posts.models import Conferral

    def one(_n):
        try:
            schedule_reviews(Conferral.objects.select_related("campaign", "post_kind").get(pk=conferral_pk))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(8)))


@pytest.mark.django_db(transaction=True)
def test_a_post_displayed_eight_times_at_once_is_reviewed_once():
    campaign = make_campaign(make_unit(UnitKind.COMMITTEE))
    make_rule(campaign)
    conferral = make_title(campaign, make_unit(UnitKind.BRANCH), displayed_on=date(2026, 1, 10))

    race(conferral.pk)

    assert Review.objects.count() == len(months_over())

"""Reviews without a cadence: opened for chosen posts, with a reason, by the reviewer or the office."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.domain.on_call import call_reviews, on_call_rules, posts_on_call
from assessments.domain.reviews import record_review
from assessments.models import Review
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import DueItem, Member
from tests.assessments.titles import TODAY, make_campaign, make_rule, make_title
from tests.factories import MemberFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
REASON = "群众反映集中，提前考核。"


@pytest.fixture
def rule(campaign):
    return make_rule(campaign, cadence="none", reviewer="branch")


def test_a_called_review_runs_from_the_display_until_today(rule, title, secretary):
    review = call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)[0]

    assert (review.period, review.period_starts_on, review.period_ends_on) == ("2026-11-04", date(2026, 6, 30), TODAY)
    assert (review.status, review.due_on, review.call_reason) == ("open", date(2026, 11, 18), REASON)
    assert review.reviewer_unit == title.org_unit
    assert DueItem.objects.filter(kind="review_close", subject_id=rule.pk).exists()


def test_the_next_one_begins_where_the_last_ended(rule, title, secretary, today):
    first = call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)[0]
    record_review(first, actor=secretary, outcome="pass", performance="好。")
    with pytest.raises(OutOfOrderError):
        call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)
    today.move_to(date(2026, 11, 20))

    second = call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)[0]
    assert (second.period_starts_on, second.period_ends_on) == (date(2026, 11, 5), date(2026, 11, 20))


def test_one_that_is_open_is_not_opened_again_and_nothing_is_half_done(rule, title, campaign, branch, secretary, today):
    other = make_title(campaign, branch)
    call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)
    today.move_to(date(2026, 11, 10))

    with pytest.raises(OutOfOrderError):
        call_reviews(rule, actor=secretary, conferrals=[other, title], reason=REASON)
    assert Review.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"reason": " "}, "reason"), ({"conferrals": []}, "posts"), ({"due_on": date(2026, 11, 3)}, "due_on")],
)
def test_what_is_needed(rule, title, secretary, change, field):
    with pytest.raises(DomainError) as error:
        call_reviews(rule, **{"actor": secretary, "conferrals": [title], "reason": REASON} | change)
    assert error.value.field == field


def test_a_review_of_the_clock_is_not_called(campaign, title, secretary):
    with pytest.raises(DomainError, match="按期发起"):
        call_reviews(make_rule(campaign), actor=secretary, conferrals=[title], reason=REASON)


@pytest.mark.parametrize(("after", "allowed"), [(False, False), (True, True)])
def test_after_the_campaign_only_where_the_scheme_says_so(campaign, title, secretary, after, allowed):
    campaign.ends_on = date(2026, 11, 3)
    campaign.save()
    rule = make_rule(campaign, cadence="none", after_campaign=after)
    if allowed:
        assert len(call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)) == 1
    else:
        with pytest.raises(OutOfOrderError):
            call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)


def test_the_reviewer_and_those_above_may_call(rule, title, officer, other_secretary, member, committee_member):
    for user in (other_secretary, member, committee_member):
        with pytest.raises(NotAllowedError):
            call_reviews(rule, actor=user, conferrals=[title], reason=REASON)
    assert call_reviews(rule, actor=officer, conferrals=[title], reason=REASON)[0].reviewer_unit == title.org_unit


def test_the_committee_reviews_where_the_scheme_says_so(campaign, title, secretary, officer):
    rule = make_rule(campaign, cadence="none", reviewer="committee")
    with pytest.raises(NotAllowedError):
        call_reviews(rule, actor=secretary, conferrals=[title], reason=REASON)
    assert call_reviews(rule, actor=officer, conferrals=[title], reason=REASON)[0].reviewer_unit == campaign.owner


def test_a_list_of_reviewers_means_the_nearest(campaign, branch, committee, secretary):
    from campaigns.models import UnitKind
    from tests.factories import make_unit

    section = make_unit(UnitKind.SECTION, parent=branch)
    rule = make_rule(campaign, cadence="none", reviewer="branch")
    rule.reviewer = ["branch", "unit"]
    rule.save()
    titles = [make_title(campaign, branch), make_title(campaign, section)]
    reviews = call_reviews(rule, actor=secretary, conferrals=titles, reason=REASON)

    assert [review.reviewer_unit for review in reviews] == [branch, section]


def test_what_is_offered_on_the_page(rule, title, other_branch, campaign, secretary, other_secretary, officer):
    campaign.units.add(title.org_unit, other_branch)
    make_title(campaign, other_branch)
    make_title(campaign, title.org_unit, displayed_on=None, status="creating")
    make_rule(make_campaign(campaign.owner))

    assert on_call_rules(secretary) == [rule]
    assert list(posts_on_call(rule, secretary)) == [title]
    assert posts_on_call(rule, officer).count() == 2


def test_calling_on_the_page(client, rule, title, campaign, branch, officer, member, stranger):
    make_title(campaign, branch, MemberFactory(branch=branch))
    url = reverse("assessments:review_call")
    for user in (member, stranger):
        client.force_login(user)
        assert client.get(url).status_code == 403
    client.force_login(officer)
    assert title.name in client.get(url).content.decode()
    assert client.get(f"{url}?rule=999999").status_code == 404
    assert client.post(url, {"reason": REASON}).status_code == 400
    assert client.post(url, {"reason": REASON, "unit": branch.pk}).url == reverse("assessments:review_list")
    assert Review.objects.count() == 2
    assert REASON in client.get(reverse("assessments:review_detail", args=[Review.objects.first().pk])).content.decode()
    assert Member.objects.get(user=member).user.messages.count() == 0

"""Reviews without a cadence 适时考核: the reviewer or the office opens them for chosen posts, with a reason."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.periods import NONE
from assessments.domain.review_clock import reviewer_of, schedule_reminders
from assessments.domain.review_days import due_date, voices_until
from assessments.models import Review, ReviewStatus
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import Campaign, OrgUnit, ReviewRule, User
from campaigns.permissions import may_on_unit, nearest_holders_of, paths_for
from posts.models import Conferral

MAX_AT_ONCE = 500


def on_call_rules(user: User) -> list[ReviewRule]:
    """The review rules without a cadence of campaigns in which the user reviews somewhere, newest first."""
    paths = paths_for(user, "review_post")
    if not paths:
        return []
    seen = Campaign.objects.visible_to(user).exclude(status="draft")
    rules = ReviewRule.objects.filter(cadence=NONE, campaign__in=seen).select_related("campaign__owner")
    return list(rules.order_by("-campaign__year", "-campaign", "pk"))


def posts_on_call(rule: ReviewRule, user: User) -> QuerySet[Conferral]:
    """Titles that hang today and that the user may have reviewed by this rule: of units where he reviews."""
    titles = Conferral.objects.named().filter(campaign=rule.campaign, displayed_on__lte=timezone.localdate())
    if rule.kinds:
        titles = titles.filter(post_kind__code__in=rule.kinds)
    units = OrgUnit.objects.within(paths_for(user, "review_post"))
    return titles.filter(org_unit__in=units).for_list()


@transaction.atomic
def call_reviews(
    rule: ReviewRule, *, actor: User, conferrals: Iterable[Conferral], reason: str, due_on: date | None = None
) -> list[Review]:
    """Open a review for each of the posts, all or none; the reviewer is told and reminded as by the clock.

    The period runs from the day after the last review by this rule (or the first display) until today. ``due_on``: by
    default as many days as the rule gives. Raises NotAllowedError for a post whose reviewer the actor is not,
    DomainError without a reason or posts, OutOfOrderError when one is open already or the campaign is over.
    """
    posts = list(conferrals)
    for conferral in posts:
        if not may_on_unit(actor, "review_post", reviewer_of(rule, conferral)):
            raise NotAllowedError(
                _("“%(post)s” is reviewed by others; your role does not allow it.") % {"post": conferral}
            )
    return open_on_call(rule, actor=actor, conferrals=posts, reason=reason, due_on=due_on)


def open_on_call(
    rule: ReviewRule, *, actor: User, conferrals: Iterable[Conferral], reason: str, due_on: date | None = None
) -> list[Review]:
    """The same as part of a larger act whose right the caller has asked for. Needs a transaction."""
    posts = sorted(conferrals, key=lambda conferral: conferral.pk)
    today = timezone.localdate()
    _check(rule, posts, reason, due_on, today)
    due_on = due_on or due_date(rule, today)
    until = voices_until(rule, today, due_on)
    locked = Conferral.objects.select_for_update(of=("self",)).filter(pk__in=[post.pk for post in posts])
    fresh = list(locked.select_related("org_unit").order_by("pk"))
    _require_none_open(rule, fresh, today)
    last = dict(
        Review.objects.filter(rule=rule, conferral__in=fresh).values_list("conferral").annotate(Max("period_ends_on"))
    )
    reviews = Review.objects.bulk_create(
        Review(
            conferral=conferral,
            rule=rule,
            period=today.isoformat(),
            period_starts_on=_first_day(conferral, last.get(conferral.pk), today),
            period_ends_on=today,
            reviewer_unit=reviewer_of(rule, conferral),
            due_on=due_on,
            voices_until=until,
            unannounced=bool(rule.params.get("unannounced")),
            call_reason=reason.strip()[:300],
        )
        for conferral in fresh
    )
    record("reviews_called", rule, actor=actor, count=len(reviews), on=today)
    schedule_reminders(rule, due_on, until)
    _tell_reviewers(rule, reviews, actor)
    return reviews


def _check(rule: ReviewRule, posts: list[Conferral], reason: str, due_on: date | None, today: date) -> None:
    if rule.cadence != NONE:
        raise DomainError(_("“%(review)s” is opened by the clock; it is not called.") % {"review": rule.label})
    if not posts:
        raise DomainError(_("Choose at least one post."), field="posts")
    if len(posts) > MAX_AT_ONCE:
        raise DomainError(_("At most %(n)s posts at once.") % {"n": MAX_AT_ONCE}, field="posts")
    if not reason.strip():
        raise DomainError(_("Say why the review is held now: the post and its reviewer read it."), field="reason")
    if due_on is not None and due_on < today:
        raise DomainError(_("The day lies in the past."), field="due_on")
    ends_on = rule.campaign.ends_on
    if ends_on and today > ends_on and not rule.params.get("after_campaign"):
        raise OutOfOrderError(
            _("The campaign ended on %(day)s; by the scheme there are no reviews after it.") % {"day": ends_on}
        )
    wrong = [post for post in posts if post.campaign_id != rule.campaign_id or not post.is_live]
    if wrong or any(rule.kinds and post.post_kind.code not in rule.kinds for post in posts):
        raise DomainError(_("The rule does not hold for one of the posts, or its title has ended."), field="posts")


def _require_none_open(rule: ReviewRule, posts: list[Conferral], today: date) -> None:
    running = Review.objects.filter(rule=rule, conferral__in=posts)
    twice = running.filter(status=ReviewStatus.OPEN) | running.filter(period=today.isoformat())
    if review := twice.select_related("conferral").first():
        text = _("“%(post)s” has a review by this rule that is open, or was called today already.")
        raise OutOfOrderError(text % {"post": review.conferral})


def _first_day(conferral: Conferral, last: date | None, today: date) -> date:
    first = conferral.displayed_on or today
    return min(today, max(first, last + timedelta(days=1)) if last else first)


def _tell_reviewers(rule: ReviewRule, reviews: list[Review], actor: User) -> None:
    for unit in {review.reviewer_unit for review in reviews}:
        mine = [review for review in reviews if review.reviewer_unit == unit]
        names = "、".join(str(review.conferral) for review in mine[:3])
        tell(
            nearest_holders_of("review_post", unit).exclude(pk=actor.pk),
            key=f"reviews_called:{mine[0].pk}",
            title=_("%(review)s: %(posts)s") % {"review": rule.label, "posts": names},
            body=mine[0].call_reason,
            url=reverse("assessments:review_list"),
        )

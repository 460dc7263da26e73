"""The clock's part of reviews: opening, reminding, closing. One due item serves all posts of a rule.

A period's review opens on the day after the period ends. A clock that was off opens only the newest period that is
over; the older ones are written down as missed, for a person to decide on.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.domain.periods import Period, next_period, period_of, periods_from
from assessments.domain.review_days import due_date, voices_until
from assessments.domain.voice_waits import schedule_voice_reminders
from assessments.models import Review, ReviewStatus
from campaigns.domain.actors import resolve_actor_unit
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.planning import on_dates_moved
from campaigns.models import Campaign, DueItem, OrgUnit, ReviewRule
from campaigns.permissions import nearest_holders_of
from posts.domain.conferrals import on_displayed
from posts.models import Conferral

OPEN, REMIND, CLOSE = "reviews_open", "review_remind", "review_close"
CLOSE_AFTER_DAYS = 15
REMIND_DAYS_BEFORE = (3, 1, 0, -1)  # -1: the day after, when it is overdue
BATCH = 2000

Row = tuple[int, date, int]


@transaction.atomic
def schedule_reviews(conferral: Conferral) -> None:
    """Begin the reviews of a post that is displayed from now on; periods already over are caught up at once.

    Safe to call again. Registered with ``posts``: the title is on display, or took effect without a plaque.
    """
    today = timezone.localdate()
    for rule in rules_for(conferral):
        for period in periods_from(rule, conferral.displayed_on, today):
            if not _counts(rule, period):
                break
            if period.opens_on <= today:
                open_period(rule, period, only=conferral)
            else:
                _schedule_opening(rule, period)


def rules_for(conferral: Conferral) -> list[ReviewRule]:
    """The review rules that hold for this kind of post."""
    rules = conferral.campaign.review_rules.select_related("campaign__owner").order_by("pk")
    return [rule for rule in rules if not rule.kinds or conferral.post_kind.code in rule.kinds]


@on_dates_moved
def resume_reviews(campaign: Campaign) -> None:
    """The campaign may end later now: periods that were left out because of its end are taken up again."""
    for conferral in Conferral.objects.named().filter(campaign=campaign, displayed_on__isnull=False):
        schedule_reviews(conferral)


@on_due(OPEN, gettext_lazy("opening of reviews"))
def open_reviews(item: DueItem) -> None:
    """Open the reviews of one rule and period, and write down when the next period is due."""
    rule = ReviewRule.objects.select_related("campaign__owner").get(pk=item.subject_id)
    period = period_of(rule, date.fromisoformat(item.period))
    if period is None or not _counts(rule, period):
        return
    open_period(rule, period)
    following = next_period(rule, period)
    if _counts(rule, following) and _titled(rule).exists():
        _schedule_opening(rule, following)


def open_period(rule: ReviewRule, period: Period, *, only: Conferral | None = None) -> int:
    """Create the reviews of a period that is over, each exactly once; return how many there are to do now."""
    today = timezone.localdate()
    is_newest = next_period(rule, period).opens_on > today
    on_time = not is_newest or today <= period.opens_on + timedelta(days=1)
    since_day = period.opens_on if on_time else today
    due_on = due_date(rule, since_day)
    until = voices_until(rule, since_day, due_on)
    opened: dict[int, int] = {}
    for batch in _batches(reviewable(rule, period, only=only)):
        reviews = [
            Review(
                conferral_id=pk,
                rule=rule,
                period=period.code,
                period_starts_on=max(period.starts_on, since),
                period_ends_on=period.ends_on,
                reviewer_unit_id=unit_id,
                due_on=due_on,
                voices_until=until,
                status=ReviewStatus.OPEN if is_newest else ReviewStatus.MISSED,
            )
            for pk, since, unit_id in _with_reviewer(rule, batch)
        ]
        Review.objects.bulk_create(reviews, ignore_conflicts=True)
        for review in reviews:
            opened[review.reviewer_unit_id] = opened.get(review.reviewer_unit_id, 0) + 1
    if not opened:
        return 0
    record("reviews_opened", rule, period=period.code, count=sum(opened.values()), missed=not is_newest)
    if not is_newest:
        return 0
    schedule_reminders(rule, due_on, until)
    _tell_opened(rule, period, due_on, opened)
    return sum(opened.values())


def reviewable(rule: ReviewRule, period: Period, *, only: Conferral | None = None) -> QuerySet[Conferral]:
    """Posts whose title was on display long enough in the period and that have no review of it yet.

    A kind of post without a plaque counts as displayed from the day of its naming decision (``posts`` writes it so).
    """
    last_start = period.ends_on - timedelta(days=int(rule.params.get("min_days", 1)) - 1)
    done = Review.objects.filter(conferral=OuterRef("pk"), rule=rule, period=period.code)
    titles = _titled(rule).filter(displayed_on__lte=last_start).exclude(Exists(done))
    return titles.filter(pk=only.pk) if only else titles


def reviewer_of(rule: ReviewRule, conferral: Conferral) -> OrgUnit:
    """Who reviews this post by the rule: the nearest unit of the kinds it lists, else the campaign's owner."""
    return _reviewer_for(rule, conferral.org_unit)


def schedule_reminders(rule: ReviewRule, due_on: date, voices: date | None) -> None:
    """Reminders before, on and after the day, to who is heard until ``voices``, and the closing of what nobody did."""
    schedule_voice_reminders(rule, voices)
    today = timezone.localdate()
    for offset in REMIND_DAYS_BEFORE:
        day = due_on - timedelta(days=offset)
        if day > today:
            schedule(REMIND, rule.pk, due_at=_morning(day), period=f"{due_on}:{offset}")
    close_after = int(rule.params.get("close_after_days", CLOSE_AFTER_DAYS))
    schedule(CLOSE, rule.pk, due_at=_morning(due_on + timedelta(days=close_after + 1)), period=f"{due_on}")


@on_due(REMIND, gettext_lazy("reminder of reviews"))
def remind_reviewers(item: DueItem) -> None:
    """One message to each reviewing unit that has not acted; a reminder that a later one overtook is left out."""
    due, offset = item.period.split(":")
    due_on, left = date.fromisoformat(due), (date.fromisoformat(due) - timezone.localdate()).days
    if any(left <= later < int(offset) for later in REMIND_DAYS_BEFORE):
        return
    waiting = Review.objects.open().filter(rule_id=item.subject_id, due_on=due_on).select_related("reviewer_unit")
    for unit, reviews in groupby(waiting.order_by("reviewer_unit_id"), key=lambda review: review.reviewer_unit):
        _remind_unit(unit, len(list(reviews)), item, due_on)


@on_due(CLOSE, gettext_lazy("closing of overdue reviews"))
def close_overdue(item: DueItem) -> None:
    """What nobody did in time becomes missed; a person decides whether it is made up."""
    due_on = date.fromisoformat(item.period)
    closed = Review.objects.open().filter(rule_id=item.subject_id, due_on=due_on).update(status=ReviewStatus.MISSED)
    if closed:
        rule = ReviewRule.objects.get(pk=item.subject_id)
        record("reviews_missed", rule, due_on=str(due_on), count=closed)


def _titled(rule: ReviewRule) -> QuerySet[Conferral]:
    titles = Conferral.objects.named().filter(campaign=rule.campaign)
    return titles.filter(post_kind__code__in=rule.kinds) if rule.kinds else titles


def _counts(rule: ReviewRule, period: Period) -> bool:
    """No period is reviewed that begins after the campaign has ended, unless the rule says so."""
    ends_on = rule.campaign.ends_on
    return ends_on is None or period.starts_on <= ends_on or bool(rule.params.get("after_campaign"))


def _schedule_opening(rule: ReviewRule, period: Period) -> None:
    schedule(OPEN, rule.pk, due_at=_morning(period.opens_on), period=period.starts_on.isoformat())


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))


def _batches(conferrals: QuerySet[Conferral]) -> Iterator[list[Row]]:
    """Key, first day of display and unit of the posts: whole rows would cost more than writing the reviews."""
    last, rows = 0, conferrals.order_by("pk").values_list("pk", "displayed_on", "org_unit_id")
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1][0]


def _with_reviewer(rule: ReviewRule, batch: list[Row]) -> Iterator[tuple[int, date, int]]:
    units = OrgUnit.objects.in_bulk({unit_id for _pk, _since, unit_id in batch})
    reviewers = {pk: _reviewer_for(rule, unit).pk for pk, unit in units.items()}
    for pk, since, unit_id in batch:
        yield pk, since, reviewers[unit_id]


def _reviewer_for(rule: ReviewRule, unit: OrgUnit) -> OrgUnit:
    return resolve_actor_unit(rule.reviewer, org_unit=unit, campaign=rule.campaign) or unit


def _tell_opened(rule: ReviewRule, period: Period, due_on: date, opened: dict[int, int]) -> None:
    for unit in OrgUnit.objects.filter(pk__in=opened):
        count = opened[unit.pk]
        tell(
            nearest_holders_of("review_post", unit),
            key=f"reviews_open:{rule.pk}:{period.code}:{unit.pk}:{due_on}",
            title=ngettext(
                "%(rule)s for %(period)s: %(count)s post to review",
                "%(rule)s for %(period)s: %(count)s posts to review",
                count,
            )
            % {"rule": rule.label, "period": period.code, "count": count},
            body=_("Due on %(day)s.") % {"day": due_on},
            url=reverse("assessments:review_list"),
        )


def _remind_unit(unit: OrgUnit, count: int, item: DueItem, due_on: date) -> None:
    overdue = due_on < timezone.localdate()
    text = (
        ngettext("%(count)s review is overdue since %(day)s", "%(count)s reviews are overdue since %(day)s", count)
        if overdue
        else ngettext("%(count)s review is due on %(day)s", "%(count)s reviews are due on %(day)s", count)
    )
    tell(
        nearest_holders_of("review_post", unit),
        key=f"{REMIND}:{item.subject_id}:{item.period}:{unit.pk}",
        title=text % {"count": count, "day": due_on},
        url=reverse("assessments:review_list"),
    )


on_displayed.append(schedule_reviews)

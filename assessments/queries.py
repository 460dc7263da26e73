"""What the pages of reviews and rectifications list, defined once."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.domain.incidents import PROVEN
from assessments.models import RectificationStatus, Review, ReviewStatus
from campaigns.models import User
from campaigns.permissions import may_anywhere


@dataclass(frozen=True)
class Tab:
    code: str
    label: str | Promise
    queryset: QuerySet
    count: int | None = None


@dataclass(frozen=True)
class Tabs:
    """The tabs of a list; ``current`` is the one that is shown."""

    all: list[Tab]
    current: Tab


def review_tabs(user: User, wanted: str) -> Tabs:
    """To do (his own, for whoever reviews), overdue, missed, done."""
    reviews = Review.objects.visible_to(user)
    open_ones = reviews.filter(status=ReviewStatus.OPEN)
    if may_anywhere(user, "review_post"):
        open_ones = open_ones.doable_by(user)
    return _tabs(
        [
            ("todo", _("To review"), open_ones),
            ("overdue", _("Overdue"), open_ones.filter(due_on__lt=timezone.localdate())),
            ("missed", _("Missed"), reviews.filter(status=ReviewStatus.MISSED).order_by("missed_action")),
            ("done", _("Done"), reviews.filter(status=ReviewStatus.DONE)),
        ],
        wanted,
    )


def rectification_tabs(rectifications: QuerySet, wanted: str) -> Tabs:
    """Under way, overdue, to be checked again, closed."""
    running = Q(status__in=(RectificationStatus.OPEN, RectificationStatus.SUBMITTED))
    return _tabs(
        [
            ("running", _("Under way"), rectifications.filter(running)),
            ("submitted", _("To be checked again"), rectifications.filter(status=RectificationStatus.SUBMITTED)),
            ("overdue", _("Overdue"), rectifications.filter(running, due_on__lt=timezone.localdate())),
            ("closed", _("Closed"), rectifications.exclude(running)),
        ],
        wanted,
    )


def incident_tabs(incidents: QuerySet, wanted: str) -> Tabs:
    """New, being verified, to be confirmed, to be decided, closed."""
    return _tabs(
        [
            ("reported", _("New"), incidents.filter(status="reported")),
            ("verifying", _("Being verified"), incidents.filter(status="verifying")),
            ("to_confirm", _("Second look"), incidents.filter(status="to_confirm")),
            ("verified", _("To be decided"), incidents.filter(status="verified")),
            ("closed", _("Closed"), incidents.filter(status__in=("closed", "revoked"))),
        ],
        wanted,
    )


def previous_reviews(review: Review, user: User) -> QuerySet:
    """The last results of the same post that the user sees, newest first."""
    seen = Review.objects.visible_to(user).filter(conferral=review.conferral_id)
    done = seen.filter(status=ReviewStatus.DONE).exclude(pk=review.pk)
    return done.select_related("rule", "done_by").order_by("-period_ends_on", "-pk")[:6]


def period_incidents(review: Review) -> int:
    """How many reports of the period were proven and settled.

    Reports that are still open are never counted: the number alone would tell the branch that somebody has reported.
    """
    return review.conferral.incidents.filter(
        finding__in=PROVEN,
        status__in=("closed", "revoked"),
        reported_at__date__range=(review.period_starts_on, review.period_ends_on),
    ).count()


def _tabs(rows: list[tuple], wanted: str) -> Tabs:
    counts = {code: queryset.count() for code, _label, queryset in rows[:-1]}
    tabs = [Tab(code, label, queryset, counts.get(code)) for code, label, queryset in rows]
    return Tabs(tabs, next((tab for tab in tabs if tab.code == wanted), tabs[0]))

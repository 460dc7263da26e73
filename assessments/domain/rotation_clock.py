"""The clock's part of rotating plaques 流动挂牌: a turn after every interval, counted from the first display of a kind.

A clock that was off opens only the newest interval that is over; the older ones are written down as missed and are
never made up.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Rotation, RotationItem, RotationStatus
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import rotation_rules
from campaigns.models import CampaignStatus, DueItem, DueState, OrgUnit, PostKind
from campaigns.permissions import holders_of
from posts.domain.conferrals import on_displayed
from posts.domain.windows import declare_reopening
from posts.models import Conferral

OPEN = "rotation_open"
DUE_DAYS = 30  # calendar days for the decision; candidates may be nominated meanwhile


@dataclass(frozen=True)
class Interval:
    """From a day to a day, both included; the turn opens on the day after."""

    starts_on: date
    ends_on: date

    @property
    def opens_on(self) -> date:
        return self.ends_on + timedelta(days=1)


def interval_of(anchor: date, number: int, *, months: int) -> Interval:
    """The ``number``-th interval (from 1) since the first display; counted from the anchor, so that no day drifts."""
    return Interval(_later(anchor, (number - 1) * months), _later(anchor, number * months) - timedelta(days=1))


@transaction.atomic
def schedule_rotation(conferral: Conferral) -> None:
    """Begin the turns of a kind of post with the first plaque that hangs. Registered with ``posts``; safe to repeat."""
    if rotation_rules(conferral.campaign) is None or conferral.displayed_on is None:
        return
    kind = PostKind.objects.select_for_update().get(pk=conferral.post_kind_id)
    if not DueItem.objects.filter(kind=OPEN, subject_id=kind.pk, state=DueState.PENDING).exists():
        _schedule(kind, conferral.displayed_on, 1)


@on_due(OPEN, gettext_lazy("opening of a rotation"))
def open_rotations(item: DueItem) -> None:
    """Open the turn of the newest interval that is over, and write down when the next one is due."""
    kind = PostKind.objects.select_related("campaign__owner").get(pk=item.subject_id)
    rules = rotation_rules(kind.campaign)
    if rules is None:
        return
    anchor_text, number_text = item.period.split(":")
    anchor, number = date.fromisoformat(anchor_text), int(number_text)
    while interval_of(anchor, number + 1, months=rules.interval_months).opens_on <= timezone.localdate():
        open_rotation(kind, interval_of(anchor, number, months=rules.interval_months), missed=True)
        number += 1
    open_rotation(kind, interval_of(anchor, number, months=rules.interval_months))
    if _titles(kind).exists():
        _schedule(kind, anchor, number + 1)


@transaction.atomic
def open_rotation(kind: PostKind, interval: Interval, *, missed: bool = False) -> list[Rotation]:
    """One turn for each body that has named posts of the kind which hung in the interval; each exactly once.

    A turn of an earlier interval that nobody has released is closed as missed: two at once would contradict each other.
    """
    titles = _titles(kind).filter(displayed_on__lte=interval.ends_on)
    units = OrgUnit.objects.filter(pk__in=titles.values("decision__org_unit")).order_by("path")
    return [rotation for unit in units if (rotation := _open_for(kind, unit, interval, titles, missed=missed))]


def _open_for(
    kind: PostKind, unit: OrgUnit, interval: Interval, titles: QuerySet[Conferral], *, missed: bool
) -> Rotation | None:
    rotation, created = Rotation.objects.get_or_create(
        post_kind=kind,
        deciding_unit=unit,
        period_starts_on=interval.starts_on,
        defaults={
            "period_ends_on": interval.ends_on,
            "due_on": timezone.localdate() + timedelta(days=DUE_DAYS),
            "status": RotationStatus.MISSED if missed else RotationStatus.OPEN,
        },
    )
    if not created:
        return None
    mine = titles.filter(decision__org_unit=unit).order_by("org_unit__path", "pk")
    RotationItem.objects.bulk_create(RotationItem(rotation=rotation, conferral=title) for title in mine)
    _close_older(rotation)
    record("rotation_opened", rotation, kind=kind.pk, posts=rotation.items.count(), missed=missed)
    if not missed:
        _tell_opened(rotation)
    return rotation


def _close_older(rotation: Rotation) -> None:
    older = Rotation.objects.open().filter(
        post_kind=rotation.post_kind,
        deciding_unit=rotation.deciding_unit,
        period_starts_on__lt=rotation.period_starts_on,
    )
    for one in older.select_for_update(of=("self",)):
        one.status = RotationStatus.MISSED
        one.save(update_fields=["status"])
        record("rotation_missed", one)


def _tell_opened(rotation: Rotation) -> None:
    unit = rotation.deciding_unit
    users = {*holders_of("decide", unit), *holders_of("release_decision", unit)}
    tell(
        users,
        key=f"rotation_open:{rotation.pk}",
        title=_("Rotation of the plaques: decide who keeps one (%(kind)s)") % {"kind": rotation.post_kind},
        body=_("Due on %(day)s. New candidates may be nominated until it is released.") % {"day": rotation.due_on},
        url=reverse("assessments:rotation_detail", args=[rotation.pk]),
    )


def _titles(kind: PostKind) -> QuerySet[Conferral]:
    return Conferral.objects.named().filter(post_kind=kind, displayed_on__isnull=False)


def _schedule(kind: PostKind, anchor: date, number: int) -> None:
    rules = rotation_rules(kind.campaign)
    assert rules is not None  # noqa: S101  asked by the caller
    opens_on = interval_of(anchor, number, months=rules.interval_months).opens_on
    morning = timezone.make_aware(datetime.combine(opens_on, time(8)))
    schedule(OPEN, kind.pk, due_at=morning, period=f"{anchor}:{number}")


def _later(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def successor_kinds(rotations: QuerySet[Rotation]) -> QuerySet[PostKind]:
    """The kinds of post whose nominations may take a plaque over: the rotation's own while its campaign runs.

    After its close titles live on; then candidates come from a running campaign of the same scheme and owner.
    """
    own = Q(post_kind=OuterRef("pk"))
    later = Q(
        post_kind__campaign__owner=OuterRef("campaign__owner"),
        post_kind__campaign__scheme_code=OuterRef("campaign__scheme_code"),
        post_kind__code=OuterRef("code"),
        post_kind__holder=OuterRef("holder"),
    ) & ~Q(post_kind__campaign__status=CampaignStatus.OPEN)
    running = PostKind.objects.filter(campaign__status=CampaignStatus.OPEN)
    return running.filter(Exists(rotations.filter(own | later)))


@declare_reopening
def kinds_in_rotation() -> QuerySet:
    """Kinds of post for which a turn is open: candidates are nominated again."""
    return successor_kinds(Rotation.objects.open()).values("pk")


on_displayed.append(schedule_rotation)

"""公示: one notice over one or several nominations, with a period that ends by itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.domain.anchors import anchor_of
from campaigns.domain.calendar import CALENDAR, WORKING, has_holidays_for, is_working_day, last_day
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import OrgUnit, User
from campaigns.permissions import require_on_unit
from posts.domain.notice_texts import SCOPES, contact_of, draft_text, draft_title, formal_date, snapshot_of
from posts.domain.personal_data import refuse_leaks
from posts.domain.pipeline import advance, require_open
from posts.domain.rights import require, waiting_runs
from posts.models import Notice, NoticeItem, Objection, ObjectionStatus, StageRun
from posts.stages.base import logic_of

MAX_AHEAD_DAYS = 60
MAX_TEXT = 4000


@dataclass(frozen=True)
class Draft:
    """A notice as it would be published now: what the preview shows and ``publish_notice`` freezes."""

    runs: list[StageRun]
    title: str
    text: str
    shows: str
    days: int
    day_kind: str
    starts_on: date
    ends_on: date
    contact: dict[str, str]
    channels: list[str]
    snapshots: list[dict[str, Any]]
    is_drafted: bool
    warnings: list[str] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        return self.text.splitlines()


def runs_to_publish(user: User, *, own_units: bool = False) -> QuerySet[StageRun]:
    """Open notice steps of submitted nominations that this user may publish and that are not on notice yet; with
    ``own_units`` only those that are his unit's own task."""
    on_notice = NoticeItem.objects.live().values("run")
    found = (
        waiting_runs(user, "notice", own_units=own_units)
        .exclude(pk__in=on_notice)
        .filter(nomination__submitted_at__isnull=False)
    )
    return found.order_by("actor_unit__path", "nomination__campaign", "opened_at", "pk")


def draft_notice(
    runs: Sequence[StageRun],
    *,
    title: str | None = None,
    text: str | None = None,
    starts_on: date | None = None,
    days: int | None = None,
    contact: dict[str, str] | None = None,
) -> Draft:
    """The notice as it would be published. Raises DomainError when the nominations do not go onto one sheet, when
    the period begins in the past, or when a number that nobody may publish stands in it."""
    runs = list(runs)
    _require_one_sheet(runs)
    params = logic_of(runs[0]).params
    starts_on = starts_on or timezone.localdate()
    days = _length(runs, params, days)
    _require_start(starts_on)
    ends_on = last_day(starts_on, days=days, day_kind=params.day_kind)
    with override(settings.LANGUAGE_CODE):
        words = {"starts_on": starts_on, "ends_on": ends_on, "days": days, "day_kind": params.day_kind}
        title = (title or draft_title(runs[0].nomination.campaign, shows=params.object)).strip()[:120]
        is_drafted = not text
        scope = str(SCOPES.get(params.scope, params.scope))
        text = (text or draft_text(runs, shows=params.object, scope=scope, **words)).strip()
        last_day_missing = formal_date(ends_on) not in text
    if len(text) > MAX_TEXT:
        raise DomainError(_("The text is longer than %(n)s characters. Shorten it.") % {"n": MAX_TEXT}, field="text")
    snapshots = [snapshot_of(run, shows=params.object) for run in runs]
    refuse_leaks(_texts_of(title, text, snapshots), field="text")
    return Draft(
        runs=runs,
        title=title,
        text=text,
        shows=params.object,
        contact=contact or contact_of(runs[0].nomination.campaign.owner),
        channels=params.channels,
        snapshots=snapshots,
        is_drafted=is_drafted,
        warnings=_warnings(starts_on, ends_on, params.day_kind, last_day_missing=last_day_missing),
        **words,
    )


@transaction.atomic
def publish_notice(
    runs: Iterable[StageRun],
    *,
    actor: User,
    title: str | None = None,
    text: str | None = None,
    starts_on: date | None = None,
    days: int | None = None,
    contact: dict[str, str] | None = None,
) -> Notice:
    """Put nominations of one unit and campaign on public notice; the first day counts (domain F5).

    Raises NotAllowedError, OutOfOrderError for a nomination that is on notice already or stands elsewhere, and
    DomainError as ``draft_notice``.
    """
    fresh = [require_open(run) for run in sorted(runs, key=lambda run: run.nomination_id)]
    for run in fresh:
        _require_publishable(run, actor)
    draft = draft_notice(fresh, title=title, text=text, starts_on=starts_on, days=days, contact=contact)
    notice = Notice.objects.create(
        campaign=fresh[0].nomination.campaign,
        org_unit=_publisher(fresh[0]),
        title=draft.title,
        text=draft.text,
        object=draft.shows,
        days=draft.days,
        day_kind=draft.day_kind,
        starts_on=draft.starts_on,
        ends_on=draft.ends_on,
        channels=draft.channels,
        contact=draft.contact,
        published_by=actor,
        published_at=timezone.now(),
    )
    NoticeItem.objects.bulk_create(
        NoticeItem(notice=notice, run=run, position=i, snapshot=draft.snapshots[i]) for i, run in enumerate(fresh)
    )
    entry = record("notice_published", notice, actor=actor, items=len(fresh), until=notice.ends_on)
    notice.anchor = anchor_of(entry)
    notice.save(update_fields=["anchor"])
    for run in fresh:
        record("put_on_notice", run.nomination, actor=actor, notice=notice.pk, run=run.pk)
        _tell_members(notice, run)
        advance(run.nomination_id, actor=actor)
    return notice


@transaction.atomic
def withdraw_notice(notice: Notice, *, actor: User, reason: str) -> None:
    """Take a notice down before its end; its nominations wait for a new one. Raises PermissionDenied,
    OutOfOrderError after the last day, DomainError without a reason."""
    notice = Notice.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=notice.pk)
    require_on_unit(actor, "publish_notice", notice.org_unit)
    if notice.withdrawn_at or notice.is_over:
        raise OutOfOrderError(_("This notice is not running any more: there is nothing to withdraw."))
    if not reason.strip():
        raise DomainError(_("Say why the notice is withdrawn: the public page shows this sentence."), field="reason")
    refuse_leaks([(_("reason"), reason)], field="reason")
    notice.withdrawn_at, notice.withdrawn_reason = timezone.now(), reason.strip()[:200]
    notice.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    nominations = list(notice.items.live().values_list("run__nomination", flat=True))
    notice.items.live().update(dropped_at=timezone.now())
    record("notice_withdrawn", notice, actor=actor, items=len(nominations))
    for nomination_pk in sorted(nominations):
        advance(nomination_pk, actor=actor)


def take_off(run: StageRun) -> None:
    """The nomination leaves its notice (sent back, withdrawn, stopped); the row stays for the record."""
    run.notice_items.live().update(dropped_at=timezone.now())


def live_item(run: StageRun) -> NoticeItem | None:
    """The run's place on the notice that counts, if it has been published."""
    return NoticeItem.objects.live().filter(run=run).select_related("notice").first()


def end_of(day: date) -> datetime:
    """The first moment after a day: a notice is over when the next day begins in the committee's time zone."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def result_sentence(notice: Notice) -> str:
    """What came in during the notice and whether it is settled; without a word about who or what."""
    counts = Objection.objects.filter(item__notice=notice).aggregate(
        received=Count("pk", filter=~Q(status=ObjectionStatus.LATE)),
        waiting=Count("pk", filter=Q(status__in=[ObjectionStatus.REGISTERED, ObjectionStatus.VERIFYING])),
    )
    if not counts["received"]:
        return _("No objection was received during the notice.") if notice.is_over else ""
    if counts["waiting"]:
        return _("%(received)s objection(s) received, %(waiting)s still being verified.") % counts
    return _("%(received)s objection(s) received during the notice, all settled.") % counts


def _publisher(run: StageRun) -> OrgUnit:
    return run.actor_unit or run.nomination.org_unit


def _sheet_key(run: StageRun) -> tuple:
    logic: Any = logic_of(run)
    return logic.sheet_key


def _require_one_sheet(runs: Sequence[StageRun]) -> None:
    if not runs:
        raise DomainError(_("Choose at least one nomination."))
    first = runs[0]
    if any(run.nomination.campaign_id != first.nomination.campaign_id for run in runs):
        raise DomainError(_("These nominations belong to different campaigns: publish a notice for each campaign."))
    if any(_publisher(run).pk != _publisher(first).pk for run in runs):
        raise DomainError(_("These nominations are published by different units: publish a notice for each unit."))
    wanted = _sheet_key(first)
    if any(_sheet_key(run) != wanted for run in runs):
        raise DomainError(_("The scheme sets different periods or contents for these nominations: publish them apart."))


def _require_publishable(run: StageRun, actor: User) -> None:
    require(actor, "publish", run)
    if run.kind != "notice" or run.nomination.submitted_at is None:
        raise OutOfOrderError(_("The nomination “%(name)s” is not ready for its notice.") % {"name": run.nomination})
    if item := live_item(run):
        raise OutOfOrderError(
            _("“%(name)s” is on notice already, until %(date)s.")
            % {"name": run.nomination, "date": item.notice.ends_on.isoformat()}
        )


def _require_start(starts_on: date) -> None:
    today = timezone.localdate()
    if starts_on < today:
        raise DomainError(
            _("The first day (%(date)s) lies in the past. A notice begins today at the earliest.")
            % {"date": starts_on.isoformat()},
            field="starts_on",
        )
    if starts_on > today + timedelta(days=MAX_AHEAD_DAYS):
        raise DomainError(
            _("The first day lies more than %(n)s days ahead. Check the year.") % {"n": MAX_AHEAD_DAYS},
            field="starts_on",
        )


def _length(runs: Sequence[StageRun], params: Any, days: int | None) -> int:
    """The scheme's length, or more; after a correction the shorter length of a second notice is enough."""
    least = params.second_days if all(run.attempt > 1 for run in runs) else params.days
    if days is None:
        return least
    if days < least:
        raise DomainError(_("The notice lasts at least %(n)s days by the scheme.") % {"n": least}, field="days")
    if days > MAX_AHEAD_DAYS:
        raise DomainError(_("The notice lasts at most %(n)s days.") % {"n": MAX_AHEAD_DAYS}, field="days")
    return days


def _warnings(starts_on: date, ends_on: date, day_kind: str, *, last_day_missing: bool) -> list[str]:
    found = [
        _(
            "The holidays of %(year)s are not in the table yet, so the last day was reckoned by weekdays only. Enter "
            "them under “Holidays” first, or check the date."
        )
        % {"year": year}
        for year in sorted({starts_on.year, ends_on.year})
        if day_kind == WORKING and not has_holidays_for(year)
    ]
    if day_kind == CALENDAR and not is_working_day(ends_on):
        found.append(
            _("The last day, %(date)s, is not a working day: few people will read the notice then.")
            % {"date": ends_on.isoformat()}
        )
    if day_kind == WORKING and not is_working_day(starts_on):
        found.append(
            _("The first day, %(date)s, is not a working day; it does not count.") % {"date": starts_on.isoformat()}
        )
    if last_day_missing:
        found.append(
            _("The text does not name the last day, %(date)s. Check the dates in it.") % {"date": formal_date(ends_on)}
        )
    return found


def _texts_of(title: str, text: str, snapshots: Iterable[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    yield _("title"), title
    yield _("text"), text
    for snapshot in snapshots:
        for value in snapshot.values():
            yield snapshot["post"], "、".join(value) if isinstance(value, list) else value


def _tell_members(notice: Notice, run: StageRun) -> None:
    people = run.nomination.members.filter(dropped_at__isnull=True, member__user__is_active=True)
    tell(
        User.objects.filter(pk__in=people.values("member__user")),
        key=f"notice:{notice.pk}:{run.pk}",
        title=_("Your post “%(post)s” is on public notice") % {"post": run.nomination},
        body=_("Until %(date)s.") % {"date": formal_date(notice.ends_on)},
        url=reverse("posts:public_notice", args=[notice.public_id]),
    )

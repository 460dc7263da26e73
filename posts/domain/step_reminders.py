"""Reminders of open steps: once before the day by which a step should be done, once when that day has passed."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.clock import on_due, schedule
from campaigns.domain.messages import tell
from campaigns.models import DueItem, User
from campaigns.permissions import nearest_holders_of
from posts.domain.pipeline import on_opened
from posts.domain.rounds import late_text, missed_round, round_of
from posts.models import ConsentAnswer, NominationMember, RunStatus, StageRun
from posts.stages.base import StageKind, logic_of

STEP_DUE = "step_due"
AHEAD = timedelta(days=5)
MORNING = time(8)
SOON, LATE = "soon", "late"


def schedule_deadline(run: StageRun) -> None:
    """Write down the reminders of an open run; nothing for a step without a day."""
    if due_on := logic_of(run).due_on():
        today = timezone.localdate()
        if due_on - AHEAD > today:
            schedule(STEP_DUE, run.pk, due_at=_morning(due_on - AHEAD), period=f"{SOON}:{due_on.isoformat()}")
        if due_on >= today:
            schedule(STEP_DUE, run.pk, due_at=_morning(due_on + timedelta(days=1)), period=f"{LATE}:{due_on}")


on_opened.append(schedule_deadline)


@on_due(STEP_DUE, gettext_lazy("reminder of a step"))
def remind_of_step(item: DueItem) -> None:
    """One message for all nominations that wait in the same step of the same unit.

    A step that was done, or whose day was moved meanwhile, is left alone.
    """
    run = StageRun.objects.filter(pk=item.subject_id, status=RunStatus.OPEN).select_related(
        "nomination__campaign__owner", "nomination__org_unit", "nomination__proposer", "actor_unit"
    )
    if (open_run := run.first()) is None:
        return
    when, _colon, day = item.period.partition(":")
    logic, due_on = logic_of(open_run), date.fromisoformat(day)
    passed_round = when == LATE and missed_round(open_run) is not None
    if logic.due_on() == due_on or passed_round:
        _remind(open_run, logic, due_on=due_on, late=when == LATE)
    if logic.due_on() != due_on:
        schedule_deadline(open_run)


def _remind(run: StageRun, logic: StageKind, *, due_on: date, late: bool) -> None:
    nomination, peers = run.nomination, _peers(run)
    number = peers.count()
    if number <= 1:
        title = _("%(step)s: %(post)s") % {"step": run.label, "post": nomination}
    else:
        title = _("%(step)s: %(n)s nominations wait") % {"step": run.label, "n": number}
    url = reverse("posts:nomination_detail", args=[nomination.pk])
    if number > 1:
        url = reverse("posts:decision_waiting") if run.kind == "decide" else reverse("posts:nomination_list")
    tell(
        _whom(run, logic),
        key=f"step-due:{'late' if late else 'soon'}:{nomination.campaign_id}:{run.actor_unit_id}"
        f":{run.kind}:{run.position}:{due_on}" + (f":{run.pk}" if run.actor_unit is None else ""),
        title=title,
        body=_body(run, due_on, late=late),
        url=url,
    )


def _body(run: StageRun, due_on: date, *, late: bool) -> str:
    if late and (missed := missed_round(run)):
        return late_text(missed, round_of(run))
    if late:
        return _("This step should have been done by %(day)s.") % {"day": due_on.isoformat()}
    return _("This step is to be done by %(day)s.") % {"day": due_on.isoformat()}


def _peers(run: StageRun) -> QuerySet[StageRun]:
    return StageRun.objects.filter(
        status=RunStatus.OPEN,
        kind=run.kind,
        position=run.position,
        label=run.label,
        actor_unit=run.actor_unit,
        nomination__campaign=run.nomination.campaign_id,
        nomination__submitted_at__isnull=False,
    )


def _whom(run: StageRun, logic: StageKind) -> Iterable[User]:
    """The author of a paper that was not handed in, the members whose wish is asked, else who acts in the unit."""
    if run.nomination.submitted_at is None:
        return [run.nomination.proposer]
    spec = logic.actions[logic.asked_action]
    if spec.permission is None:
        people = NominationMember.objects.filter(nomination=run.nomination_id, dropped_at__isnull=True)
        answered = run.consents.exclude(answer=ConsentAnswer.WAITING).values("person")
        return User.objects.filter(member__nominated_as__in=people.exclude(pk__in=answered), is_active=True)
    return nearest_holders_of(spec.permission, run.actor_unit or run.nomination.org_unit)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, MORNING))

"""The only code that moves a nomination. Everything that might move one ends by calling ``advance()``."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.actors import resolve_actor_unit
from campaigns.domain.clock import cancel, on_due, schedule
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import DueItem, User
from posts.models import Nomination, NominationStatus, RunStatus, StageRun, Transition
from posts.models.nomination import LIVE_STATUSES
from posts.models.stage_run import WAITING_STATUSES
from posts.stages.base import Outcome, logic_of

LOOK_AGAIN = "nomination"

#: Called with a nomination that ended without passing all its steps, in the same transaction.
on_not_named: list[Callable[..., None]] = []
#: Called with each run that opens, in the same transaction.
on_opened: list[Callable[[StageRun], None]] = []


@transaction.atomic
def start(nomination: Nomination, *, actor: User) -> None:
    """Copy the stages of the nomination's kind into runs and open the first. Called once, for a new draft."""
    StageRun.objects.bulk_create(
        StageRun(
            nomination=nomination,
            position=stage.position,
            kind=stage.kind,
            label=stage.label,
            actor=stage.actor,
            params=stage.params,
            clause=stage.clause,
            note=stage.note,
            due_on=stage.due_on,
        )
        for stage in nomination.post_kind.stages.all()
    )
    record("nomination_started", nomination, actor=actor, campaign=nomination.campaign_id, kind=nomination.post_kind_id)
    advance(nomination.pk, actor=actor)


@transaction.atomic
def advance(nomination_pk: int, *, actor: User | None = None) -> list[str]:
    """Move the nomination as far as its stages allow; return what blocks it, if anything.

    Takes the row lock of the nomination, so that callers at the same moment move it one after the other. Safe to
    call at any time and any number of times.
    """
    nomination = lock_nomination(nomination_pk)
    if nomination.status not in LIVE_STATUSES:
        return []
    first = True
    for run in nomination.runs.filter(status__in=WAITING_STATUSES).order_by("position", "attempt"):
        run.nomination = nomination
        if run.status == RunStatus.PENDING and (blockers := _open(run, actor)):
            return blockers
        if first and nomination.submitted_at is None:
            return [_("The nomination has not been submitted yet.")]
        first = False
        outcome = logic_of(run).outcome()
        if outcome is None:
            _schedule_next_look(run)
            return [logic_of(run).waiting_for()]
        _close(run, outcome, actor)
        if not outcome.passed:
            _finish(nomination, NominationStatus.NOT_PASSED, actor, outcome.reason)
            return []
    _finish(nomination, NominationStatus.COMPLETED, actor, "")
    return []


def lock_nomination(pk: int) -> Nomination:
    """The nomination with its row locked (on SQLite the IMMEDIATE transaction is the lock)."""
    rows = Nomination.objects.select_for_update(of=("self",))
    return rows.select_related("campaign__owner", "org_unit", "post_kind").get(pk=pk)


def current_run(nomination: Nomination) -> StageRun | None:
    """The run that is open now."""
    return nomination.runs.filter(status=RunStatus.OPEN).select_related("actor_unit").first()


def require_open(run: StageRun) -> StageRun:
    """Lock the run's nomination and return the run afresh; raise OutOfOrderError unless it is open."""
    nomination = lock_nomination(run.nomination_id)
    fresh = StageRun.objects.select_related("actor_unit").get(pk=run.pk)
    fresh.nomination = nomination
    if fresh.status != RunStatus.OPEN:
        raise not_open(fresh)
    return fresh


def not_open(run: StageRun) -> OutOfOrderError:
    """The error for an action on a step that is not the open one."""
    return OutOfOrderError(
        _("The step “%(label)s” is not open now (%(status)s). Reload the page to see where the nomination stands.")
        % {"label": run.label, "status": run.get_status_display()}
    )


@transaction.atomic
def return_for_correction(run: StageRun, *, actor: User, reason: str, redo: bool = False) -> StageRun:
    """Send the nomination back to its first step with a reason; old runs stay as they were.

    After the resubmission it comes back to this step, or with ``redo`` walks all steps in between again.
    Raises DomainError without a reason, OutOfOrderError when the run is not open.
    """
    if not reason.strip():
        raise DomainError(_("Say what has to be corrected: the secretary reads this sentence."), field="reason")
    run = require_open(run)
    nomination = run.nomination
    if not logic_of(run).returnable:
        raise DomainError(_("A nomination cannot be returned from the step “%(label)s”.") % {"label": run.label})
    logic_of(run).leave()
    _move(run, RunStatus.RETURNED, actor, reason)
    first_position = nomination.runs.order_by("position").values_list("position", flat=True)[0]
    positions = {first_position, run.position}
    if redo:
        positions = set(nomination.runs.filter(position__lte=run.position).values_list("position", flat=True))
    for position in sorted(positions):
        _new_attempt(nomination, position)
    nomination.submitted_at = None
    nomination.save(update_fields=["submitted_at"])
    _set_status(nomination, NominationStatus.RETURNED, actor, reason)
    record("returned", nomination, actor=actor, run=run.pk, redo=redo)
    advance(nomination.pk, actor=actor)
    return nomination.runs.get(status=RunStatus.OPEN)


@transaction.atomic
def withdraw(nomination: Nomination, *, actor: User, reason: str) -> None:
    """Take the nomination back. Raises OutOfOrderError when it has ended already."""
    if not reason.strip():
        raise DomainError(_("Say why the nomination is withdrawn."), field="reason")
    nomination = lock_nomination(nomination.pk)
    if nomination.status not in LIVE_STATUSES:
        raise OutOfOrderError(_("The nomination has ended already."))
    if run := current_run(nomination):
        run.nomination = nomination
        logic_of(run).leave()
    _finish(nomination, NominationStatus.WITHDRAWN, actor, reason)


@transaction.atomic
def stop(nomination: Nomination, *, actor: User | None, reason: str) -> None:
    """End the nomination as not passed, from outside its stages: an upheld objection, too few members left."""
    nomination = lock_nomination(nomination.pk)
    if nomination.status in LIVE_STATUSES:
        if run := current_run(nomination):
            run.nomination = nomination
            logic_of(run).leave()
            _move(run, RunStatus.FAILED, actor, reason)
        _finish(nomination, NominationStatus.NOT_PASSED, actor, reason)


@transaction.atomic
def take_up_again(nomination: Nomination, *, actor: User, reason: str) -> bool:
    """Undo a ``stop`` that was wrong: a new attempt of each step it cut off; whether there was one to undo.

    The caller advances the nomination when the rest of what was taken is back.
    """
    nomination = lock_nomination(nomination.pk)
    if nomination.status != NominationStatus.NOT_PASSED:
        return False
    stopped = nomination.runs.filter(status=RunStatus.FAILED).order_by("-position", "-attempt").first()
    first = stopped.position if stopped else 0
    for position in nomination.runs.filter(position__gte=first).order_by("position").values_list("position", flat=True):
        _new_attempt(nomination, position)
    nomination.finished_at, nomination.outcome_reason = None, ""
    nomination.save(update_fields=["finished_at", "outcome_reason"])
    _set_status(nomination, NominationStatus.IN_PROGRESS, actor, reason)
    record("taken_up_again", nomination, actor=actor)
    return True


@transaction.atomic
def mark_submitted(nomination: Nomination, *, actor: User) -> None:
    """Record that the material is complete and go on. Eligibility is checked by the caller, under the same lock."""
    nomination.submitted_at = timezone.now()
    nomination.save(update_fields=["submitted_at"])
    _set_status(nomination, NominationStatus.IN_PROGRESS, actor, "")
    record("submitted", nomination, actor=actor, version=nomination.version)
    advance(nomination.pk, actor=actor)


@on_due(LOOK_AGAIN, gettext_lazy("next look at a nomination"))
def look_again(item: DueItem) -> None:
    """The clock's part: time alone may have ended a stage."""
    advance(item.subject_id)


def _open(run: StageRun, actor: User | None) -> list[str]:
    logic = logic_of(run)
    if blockers := logic.entry_blockers():
        return blockers
    run.actor_unit = resolve_actor_unit(run.actor, org_unit=run.nomination.org_unit, campaign=run.nomination.campaign)
    run.opened_at = timezone.now()
    _move(run, RunStatus.OPEN, actor, "")
    logic.enter()
    _schedule_next_look(run)
    for call in on_opened:
        call(run)
    return []


def _close(run: StageRun, outcome: Outcome, actor: User | None) -> None:
    _move(run, RunStatus.PASSED if outcome.passed else RunStatus.FAILED, actor, outcome.reason)


def _schedule_next_look(run: StageRun) -> None:
    if when := logic_of(run).looks_again_at():
        schedule(LOOK_AGAIN, run.nomination_id, due_at=when, period=f"{run.pk}:{when:%Y%m%d%H%M%S}")


def _move(run: StageRun, status: str, actor: User | None, reason: str) -> None:
    old, run.status, run.reason = run.status, status, reason[:500]
    if status not in WAITING_STATUSES:
        run.closed_at = timezone.now()
    run.save(update_fields=["status", "reason", "opened_at", "closed_at", "actor_unit"])
    Transition.objects.create(
        nomination=run.nomination,
        run=run,
        from_status=old,
        to_status=status,
        actor=actor,
        reason=reason[:500],
        at=timezone.now(),
    )
    record("stage_" + status, run.nomination, actor=actor, run=run.pk, kind=run.kind)


def _new_attempt(nomination: Nomination, position: int) -> None:
    last = nomination.runs.filter(position=position).order_by("-attempt")[0]
    if last.status in WAITING_STATUSES:
        return
    StageRun.objects.create(
        nomination=nomination,
        position=position,
        attempt=last.attempt + 1,
        kind=last.kind,
        label=last.label,
        actor=last.actor,
        params=last.params,
        clause=last.clause,
        note=last.note,
        due_on=last.due_on,
    )


def _finish(nomination: Nomination, status: str, actor: User | None, reason: str) -> None:
    cancelled = nomination.runs.filter(status__in=WAITING_STATUSES)
    for run in cancelled:
        run.nomination = nomination
        _move(run, RunStatus.CANCELLED, actor, "")
    nomination.finished_at = timezone.now()
    nomination.outcome_reason = reason[:500]
    nomination.save(update_fields=["finished_at", "outcome_reason"])
    _set_status(nomination, status, actor, reason)
    cancel(LOOK_AGAIN, nomination.pk)
    record("finished", nomination, actor=actor, status=status)
    if status != NominationStatus.COMPLETED:
        for call in on_not_named:
            call(nomination, actor=actor, reason=reason)


def _set_status(nomination: Nomination, status: str, actor: User | None, reason: str) -> None:
    old, nomination.status = nomination.status, status
    nomination.save(update_fields=["status", "updated_at"])
    Transition.objects.create(
        nomination=nomination, from_status=old, to_status=status, actor=actor, reason=reason[:500], at=timezone.now()
    )

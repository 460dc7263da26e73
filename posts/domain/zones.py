"""The life of a responsibility zone: results are recorded, evaluated and published."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import HolderKind, User
from campaigns.permissions import may_on_unit
from posts.domain.locks import lock_conferral
from posts.domain.rights import holds
from posts.domain.zone_tasks import last_period, period_start
from posts.models import Conferral, ConferralStatus, ResultPublication, TaskResult, ZoneTask

RECORD_DAYS = 10  # calendar days after a period in which its results are expected


def is_zone(conferral: Conferral) -> bool:
    return conferral.post_kind.holder == HolderKind.ZONE


def may_manage(user: User, conferral: Conferral) -> bool:
    """Whether the user sets tasks of the zone: its branch does."""
    return is_zone(conferral) and conferral.is_live and may_on_unit(user, "nominate", conferral.org_unit)


def may_record(user: User, conferral: Conferral) -> bool:
    """Whether the user records results: the branch, and who answers for the zone."""
    return may_manage(user, conferral) or (is_zone(conferral) and conferral.is_live and holds(user, conferral))


def may_publish(user: User, conferral: Conferral) -> bool:
    """Whether the user evaluates and publishes: the branch, where the scheme says so, and nobody his own zone."""
    wanted = bool(conferral.post_kind.rules.get("publish_results"))
    return wanted and may_manage(user, conferral) and not holds(user, conferral)


@transaction.atomic
def record_result(task: ZoneTask, *, actor: User, on: date, done: int | None = None, note: str = "") -> TaskResult:
    """Enter what was done of a task. Raises DomainError for an empty entry or a day out of the zone's time."""
    conferral = lock_conferral(task.conferral_id)
    _require(may_record(actor, conferral))
    if task.closed_on is not None:
        raise OutOfOrderError(_("This task has been closed."))
    if done is None and not note.strip():
        raise DomainError(_("Give a number or say what was done."), field="note")
    if on > timezone.localdate() or (conferral.conferred_on and on < conferral.conferred_on):
        raise DomainError(_("The day lies in the future or before the zone was set up."), field="on")
    result = TaskResult.objects.create(task=task, on=on, done=done, note=note.strip()[:200], recorded_by=actor)
    record("task_result", conferral, actor=actor, task=task.pk, result=result.pk)
    return result


@transaction.atomic
def remove_result(result: TaskResult, *, actor: User) -> None:
    """Take out an entry made by mistake. What was published stays."""
    conferral = lock_conferral(result.task.conferral_id)
    _require(may_record(actor, conferral))
    result = TaskResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if result.publication_id:
        raise OutOfOrderError(_("This result was published; enter a further one that corrects it."))
    record("task_result_removed", conferral, actor=actor, result=result.pk)
    result.delete()


@transaction.atomic
def add_task(
    conferral: Conferral, *, actor: User, text: str, target: int | None = None, unit: str = "", cadence: str = "none"
) -> ZoneTask:
    """Set the zone a further task of its own."""
    conferral = lock_conferral(conferral.pk)
    _require(may_manage(actor, conferral))
    if not text.strip():
        raise DomainError(_("Say what the task is."), field="text")
    task = ZoneTask.objects.create(
        conferral=conferral,
        text=text.strip()[:120],
        target=target,
        unit=unit.strip()[:20],
        cadence=cadence,
        is_own=True,
    )
    record("task_added", conferral, actor=actor, task=task.pk)
    return task


@transaction.atomic
def close_task(task: ZoneTask, *, actor: User) -> ZoneTask:
    """End a task that the zone set itself; those of the scheme last as long as the title."""
    conferral = lock_conferral(task.conferral_id)
    _require(may_manage(actor, conferral))
    if not task.is_own or task.closed_on is not None:
        raise OutOfOrderError(_("Only an open task that the zone set itself can be closed."))
    task.closed_on = timezone.localdate()
    task.save(update_fields=["closed_on"])
    record("task_closed", conferral, actor=actor, task=task.pk)
    return task


@transaction.atomic
def publish_results(conferral: Conferral, *, actor: User, evaluation: str) -> ResultPublication:
    """Make everything recorded since the last time public, with the evaluation and today's date (S7).

    Raises NotAllowedError, DomainError when the scheme publishes nothing, nothing new was recorded or no evaluation is
    given.
    """
    conferral = lock_conferral(conferral.pk)
    if not conferral.post_kind.rules.get("publish_results"):
        raise DomainError(_("The scheme does not publish the results of this kind of post."))
    _require(may_publish(actor, conferral))
    results = TaskResult.objects.filter(task__conferral=conferral, publication__isnull=True)
    if not evaluation.strip():
        raise DomainError(_("Write how the results are judged; it is published with them."), field="evaluation")
    if not results.exists():
        raise DomainError(_("Nothing has been recorded since the last publication."), field="evaluation")
    publication = ResultPublication.objects.create(
        conferral=conferral,
        evaluation=evaluation.strip()[:500],
        published_on=timezone.localdate(),
        published_by=actor,
    )
    number = results.update(publication=publication)
    record("results_published", conferral, actor=actor, publication=publication.pk, results=number)
    tell(
        User.objects.filter(
            is_active=True, member__held__conferral=conferral, member__held__until_on__isnull=True
        ).distinct(),
        key=f"published:{publication.pk}",
        title=_("The results of “%(post)s” were published") % {"post": conferral},
        body=publication.evaluation,
        url=reverse("posts:conferral_detail", args=[conferral.pk]),
    )
    return publication


def tasks_with_progress(conferral: Conferral) -> list[ZoneTask]:
    """The open tasks with ``progress``: the sum done in the running period, or since the naming."""
    today = timezone.localdate()
    starts = {task.pk: period_start(task.cadence, today) for task in conferral.tasks.all()}
    condition = Q(pk__in=[])
    for pk, start in starts.items():
        condition |= Q(task=pk, on__gte=start) if start else Q(task=pk)
    rows = TaskResult.objects.filter(condition).order_by().values_list("task").annotate(number=Sum("done"))
    sums = {task: number or 0 for task, number in rows}
    tasks = [task for task in conferral.tasks.all() if task.closed_on is None]
    for task in tasks:
        task.progress = sums.get(task.pk, 0)  # type: ignore[attr-defined]
    return tasks


def overdue_zones(user: User, paths: list[str]) -> list[tuple[Conferral, date]]:
    """Zones of the branches or of the user himself in which a task's last period has no result, with the day due."""
    today = timezone.localdate()
    own = Q(conferral__holders__member__user=user, conferral__holders__until_on__isnull=True)
    mine = Q(conferral__org_unit__path__in=paths) | own
    tasks = ZoneTask.objects.filter(
        mine, closed_on__isnull=True, conferral__status__in=(ConferralStatus.ACTIVE, ConferralStatus.RECTIFYING)
    )
    tasks = tasks.exclude(cadence="none").select_related("conferral__org_unit").prefetch_related("results").distinct()
    found: dict[int, tuple[Conferral, date]] = {}
    for task in tasks:
        period = last_period(task.cadence, today)
        begun = task.conferral.conferred_on
        if period is None or begun is None or begun > period[1]:
            continue
        if not any(period[0] <= result.on <= period[1] for result in task.results.all()):
            found.setdefault(task.conferral_id, (task.conferral, period[1] + timedelta(days=RECORD_DAYS)))
    return list(found.values())


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError(
            _("Results are recorded by the branch and by who answers for the zone, and evaluated by the branch alone.")
        )

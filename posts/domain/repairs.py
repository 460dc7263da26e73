"""The repair of a post that lost people 限期补足: a day to mend it, then the clock withdraws the title (domain F31)."""

from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.clock import on_due, schedule
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import repair_days
from campaigns.models import DueItem, User
from campaigns.permissions import holders_of
from posts.domain.conferrals import end_conferral, on_ended, page_of
from posts.domain.holdings import branch_of, post_problems
from posts.domain.locks import lock_conferral
from posts.models import (
    Adjustment,
    AdjustmentLine,
    AdjustmentStatus,
    Conferral,
    ConferralStatus,
    ConsentAnswer,
    RepairStatus,
    RepairTask,
)

WITHDRAW = "repair"


def look_at_members(conferral: Conferral, *, cause: str, actor: User | None) -> RepairTask | None:
    """After the people of a named post changed: open its repair, keep the one that runs, or close it as done.

    The day of a repair that runs does not move when more people leave. Needs the post's lock.
    """
    problems = post_problems(conferral)
    task = conferral.repairs.filter(status=RepairStatus.OPEN).first()
    if not problems:
        if task is not None:
            _close(task, RepairStatus.REPAIRED, actor)
        return None
    texts = {"cause": cause[:200], "problem": "；".join(problems)[:300]}
    if task is not None:
        RepairTask.objects.filter(pk=task.pk).update(**texts)
        return task
    return _open(conferral, actor=actor, **texts)


@on_due(WITHDRAW, gettext_lazy("last day of a repair"))
def withdraw_unrepaired(item: DueItem) -> None:
    """The day has passed: the title lapses, because the scheme's condition for it is gone. No ban, no blame.

    A change of members that would mend it and to which everybody has agreed holds the clock: the branch has done its
    part, and only the body that named the post is awaited.
    """
    task = RepairTask.objects.get(pk=item.subject_id)
    conferral = lock_conferral(task.conferral_id)
    task.refresh_from_db()
    if task.status != RepairStatus.OPEN or not task.is_overdue or is_with_the_body(conferral):
        return
    if not post_problems(conferral):
        _close(task, RepairStatus.REPAIRED, None)
        return
    _close(task, RepairStatus.LAPSED, None)
    reason = _("The condition was not restored by %(day)s. %(problem)s")
    facts = {"day": task.due_on.isoformat(), "problem": task.problem}
    end_conferral(conferral, actor=None, status=ConferralStatus.EXPIRED, reason=(reason % facts)[:300])


def is_with_the_body(conferral: Conferral) -> bool:
    """Whether a change of members lies with the body that named the post: everybody who comes has agreed."""
    waiting = AdjustmentLine.objects.filter(member__isnull=False).exclude(consent=ConsentAnswer.AGREED)
    return conferral.adjustments.open().exclude(lines__in=waiting).exists()


def look_again(conferral: Conferral) -> None:
    """A change of members fell through: let the clock look at a repair whose day has passed meanwhile."""
    if task := conferral.repairs.filter(status=RepairStatus.OPEN).first():
        now = timezone.now()
        if task.is_overdue:
            schedule(WITHDRAW, task.pk, due_at=now, period=f"{now:%Y%m%d%H%M%S%f}")


def cancel_repairs(conferral: Conferral) -> None:
    """What ends with the title. Runs in the transaction that ends it."""
    now = timezone.now()
    conferral.repairs.filter(status=RepairStatus.OPEN).update(status=RepairStatus.CANCELLED, closed_at=now)
    Adjustment.objects.open().filter(conferral=conferral).update(status=AdjustmentStatus.WITHDRAWN, decided_at=now)


on_ended.append(cancel_repairs)


def _open(conferral: Conferral, *, cause: str, problem: str, actor: User | None) -> RepairTask:
    today = timezone.localdate()
    due_on = today + timedelta(days=repair_days(conferral.campaign))
    task = RepairTask.objects.create(conferral=conferral, cause=cause, problem=problem, opened_on=today, due_on=due_on)
    after = timezone.make_aware(datetime.combine(due_on + timedelta(days=1), time(0, 5)))
    schedule(WITHDRAW, task.pk, due_at=after)
    record("repair_opened", conferral, actor=actor, repair=task.pk, due_on=due_on)
    tell(
        {*branch_of(conferral), *holders_of("issue_plaque", conferral.campaign.owner)},
        key=f"repair:{task.pk}",
        title=_("“%(post)s” must be repaired by %(day)s") % {"post": conferral, "day": due_on.isoformat()},
        body=f"{cause} {problem}",
        url=page_of(conferral),
    )
    return task


def _close(task: RepairTask, status: str, actor: User | None) -> None:
    task.status, task.closed_at = status, timezone.now()
    task.save(update_fields=["status", "closed_at"])
    record(f"repair_{status}", task.conferral, actor=actor, repair=task.pk)

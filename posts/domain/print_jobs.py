"""Ordering prints, calling them off, trying them again; the clock makes them (print_work)."""

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain import clock
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from posts.domain.print_makers import Maker, PrintedFile, find_printer
from posts.models import PrintJob, PrintState, prints_root

WORK, EXPIRE = "print_work", "print_expire"
MOST_AT_WORK = 10
DAY_SECONDS = 24 * 3600


def print_or_order(kind: str, *, actor: User, params: Mapping[str, Any], title: str) -> PrintedFile | PrintJob:
    """What is small is made at once, the rest is ordered. Raises DomainError when it cannot be printed."""
    (root := prints_root()).mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="now-", dir=root) as folder:
        maker = find_printer(kind).maker(actor, params, Path(folder))
        if maker.is_small():
            return make_whole(maker)
    return order_print(kind, actor=actor, params=params, title=title)


@transaction.atomic
def order_print(kind: str, *, actor: User, params: Mapping[str, Any], title: str) -> PrintJob:
    """Order a file; ordering what is being made already gives that job. ``params`` must be plain JSON.

    Raises DomainError when this person has too many jobs waiting.
    """
    find_printer(kind)
    User.objects.select_for_update(of=("self",)).get(pk=actor.pk)
    waiting = PrintJob.objects.visible_to(actor).at_work()
    if same := waiting.filter(kind=kind, params=params).first():
        return same
    if waiting.count() >= MOST_AT_WORK:
        raise DomainError(
            _("%(n)s of your print jobs are waiting already. Wait for them, or cancel one.") % {"n": MOST_AT_WORK}
        )
    job = PrintJob.objects.create(owner=actor, kind=kind, params=dict(params), title=title[:200])
    record("print_ordered", job, actor=actor, what=kind)
    schedule_turn(job)
    return job


@transaction.atomic
def cancel_print(job: PrintJob, *, actor: User) -> PrintJob:
    """Call off a job that is waiting or at work; what was made of it is deleted."""
    job = locked_job(job.pk, actor)
    if not job.is_at_work:
        raise OutOfOrderError(_("This print job is over already."))
    job.state, job.turn = PrintState.CANCELLED, job.turn + 1
    end_job(job)
    record("print_cancelled", job, actor=actor)
    return job


@transaction.atomic
def retry_print(job: PrintJob, *, actor: User) -> PrintJob:
    """Order a job that failed or was called off once more, from the beginning: what it prints may have changed."""
    job = locked_job(job.pk, actor)
    if job.is_at_work or job.is_ready:
        raise OutOfOrderError(_("This print job need not be tried again."))
    job.state, job.error, job.finished_at, job.expires_at = PrintState.WAITING, "", None, None
    job.n_done = job.n_total = job.n_broken = 0
    job.turn += 1
    job.save()
    record("print_ordered", job, actor=actor, what=job.kind)
    schedule_turn(job)
    return job


@transaction.atomic
def remove_print(job: PrintJob, *, actor: User) -> None:
    """Take a job off one's list before its time, with its file."""
    job = locked_job(job.pk, actor)
    if job.is_at_work:
        raise OutOfOrderError(_("This print job is being made. Cancel it first."))
    record("print_removed", job, actor=actor)
    delete_job(job)


def locked_job(pk: int, actor: User) -> PrintJob:
    job = PrintJob.objects.select_for_update(of=("self",)).get(pk=pk)
    if job.owner_id != actor.pk:
        raise NotAllowedError(_("Only who ordered a print may do this."))
    return job


def schedule_turn(job: PrintJob) -> None:
    """The clock's next turn at this job."""
    clock.schedule(WORK, job.pk, due_at=timezone.now(), period=str(job.turn))


def end_job(job: PrintJob) -> None:
    """The job is over: it stays on the list for some days, and only a finished file stays in its folder."""
    job.finished_at = timezone.now()
    job.expires_at = job.finished_at + timedelta(days=settings.PRINT_DAYS)
    job.save()
    clock.schedule(EXPIRE, job.pk, due_at=job.expires_at, period=str(job.turn))
    if not job.is_ready:
        transaction.on_commit(lambda: shutil.rmtree(job.path, ignore_errors=True))


def delete_job(job: PrintJob) -> None:
    path = job.path
    clock.cancel(EXPIRE, job.pk)
    job.delete()
    transaction.on_commit(lambda: shutil.rmtree(path, ignore_errors=True))


def sweep_prints() -> None:
    """Delete what processes that were killed left behind: folders without a job, untouched for a day."""
    root = prints_root()
    folders = [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
    wanted = set(PrintJob.objects.values_list("folder", flat=True))
    for path in folders:
        with suppress(FileNotFoundError):
            age = timezone.now().timestamp() - path.stat().st_mtime
            if path.name not in wanted and age > DAY_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def make_whole(maker: Maker) -> PrintedFile:
    """All parts one after the other, for what is small."""
    folder, parts = maker.folder, []
    for number in range(maker.plan()):
        parts.append(folder / f"part-{number:05}")
        parts[-1].write_bytes(maker.make(number))
    maker.join(parts, folder / "result")
    return PrintedFile(maker.file_name(), (folder / "result").read_bytes(), maker.content_type)

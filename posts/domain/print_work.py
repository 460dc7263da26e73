"""The clock's turns at a print job: part by part into the job's folder, then all together.

What is done is told by the folder, not by the row: a worker that is killed leaves whole parts or nothing, and the next
one makes what is missing. Two workers at one job make the same parts, and only one of them ends it.
"""

import hashlib
import logging
import secrets
import shutil
import time
from pathlib import Path

from django.db import OperationalError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.clock import NotYetError, on_due
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import DueItem
from posts.domain.print_jobs import EXPIRE, WORK, delete_job, end_job, schedule_turn, sweep_prints
from posts.domain.print_makers import Maker, find_printer, write_whole
from posts.models import AT_WORK, PrintJob, PrintState

logger = logging.getLogger(__name__)

TURN_SECONDS = 20.0  # a part may take up to a minute more, and the clock's lease is three minutes
MOST_BROKEN = 3
LONG_SECONDS = 60  # who waited longer is told that the file is there


class _SupersededError(Exception):
    """The job was cancelled, or another worker took it over."""


@on_due(WORK, gettext_lazy("print job"), outside=True)
def work_on(item: DueItem) -> None:
    job = _begin(item.subject_id, int(item.period))
    if job is None:
        _tidy_after(item.subject_id)
        return
    try:
        _work(job)
    except _SupersededError:
        _tidy(job)
    except OperationalError:
        raise
    except DomainError as error:
        _fail(job, str(error))
    except Exception as error:
        if not _is_wanted(job):
            _tidy(job)  # cancelled: its folder vanished under the work
            return
        logger.exception("print job %s broke off", job.pk)
        _fail(job, _told(error))


@on_due(EXPIRE, gettext_lazy("end of a print's days"))
def expire_print(item: DueItem) -> None:
    """Delete a job and its file when its days are over, and what nobody wants any more."""
    sweep_prints()
    job = PrintJob.objects.select_for_update(of=("self",)).filter(pk=item.subject_id).first()
    if job is None or job.is_at_work or job.expires_at is None:
        return
    if job.expires_at > timezone.now():
        raise NotYetError(job.expires_at)
    record("print_removed", job)
    delete_job(job)


@transaction.atomic
def _begin(pk: int, turn: int) -> PrintJob | None:
    """The job, if this is its turn. A turn that broke off several times without a word is given up."""
    rows = PrintJob.objects.select_for_update(of=("self",)).select_related("owner")
    job = rows.filter(pk=pk, turn=turn).first()
    if job is None or not job.is_at_work:
        return None
    job.state, job.n_broken = PrintState.WORKING, job.n_broken + 1
    if job.n_broken > MOST_BROKEN:
        _end_failed(job, _("The work broke off several times for no known reason. Tell your administrator."))
        return None
    job.save(update_fields=["state", "n_broken"])
    return job


def _work(job: PrintJob) -> None:
    job.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    maker = find_printer(job.kind).maker(job.owner, job.params, job.path)
    until = time.monotonic() + TURN_SECONDS
    parts = _planned(job, maker)
    for number, part in enumerate(parts):
        if part.exists():
            continue
        if time.monotonic() > until:
            _leave_to_next_turn(job)
            return
        write_whole(part, maker.make(number))
        _note_progress(job, number + 1)
    rough = job.path / f"joined-{secrets.token_hex(6)}"
    maker.join(parts, rough)
    _finish(job, maker, rough)


def _planned(job: PrintJob, maker: Maker) -> list[Path]:
    """The files of the parts. The plan itself lies in the folder, last of what ``plan`` put there."""
    plan = job.path / "plan"
    if not plan.exists():
        write_whole(plan, str(maker.plan()).encode())
    total = int(plan.read_text())
    if not PrintJob.objects.filter(pk=job.pk, turn=job.turn, state=PrintState.WORKING).update(n_total=total):
        raise _SupersededError
    return [job.path / f"part-{number:05}" for number in range(total)]


def _note_progress(job: PrintJob, n_done: int) -> None:
    mine = PrintJob.objects.filter(pk=job.pk, turn=job.turn, state=PrintState.WORKING)
    if not mine.update(n_done=n_done, n_broken=0):
        raise _SupersededError


@transaction.atomic
def _leave_to_next_turn(job: PrintJob) -> None:
    if not PrintJob.objects.filter(pk=job.pk, turn=job.turn, state=PrintState.WORKING).update(turn=F("turn") + 1):
        raise _SupersededError
    job.turn += 1
    schedule_turn(job)


def _finish(job: PrintJob, maker: Maker, rough: Path) -> None:
    with rough.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with transaction.atomic():
        row = _mine(job)
        rough.replace(row.result)
        row.state, row.sha256, row.size = PrintState.DONE, digest, row.result.stat().st_size
        row.file_name, row.content_type = maker.file_name()[:200], maker.content_type
        end_job(row)
        record("print_made", row, actor=row.owner, sha256=digest)
        if row.finished_at and (row.finished_at - row.created_at).total_seconds() > LONG_SECONDS:
            title = _("Ready to be downloaded: %(title)s") % {"title": row.title}
            tell([row.owner], key=f"print:{row.pk}:{row.turn}", title=title, url=f"/prints/{row.pk}/")
    _leave_only_the_file(job)


def _leave_only_the_file(job: PrintJob) -> None:
    for path in set(job.path.iterdir()) - {job.result}:
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


@transaction.atomic
def _fail(job: PrintJob, sentence: str) -> None:
    try:
        _end_failed(_mine(job), sentence)
    except _SupersededError:
        _tidy(job)


def _end_failed(job: PrintJob, sentence: str) -> None:
    job.state, job.error, job.turn = PrintState.FAILED, sentence, job.turn + 1
    end_job(job)
    record("print_failed", job, actor=job.owner)


def _mine(job: PrintJob) -> PrintJob:
    """The row, locked, as long as it is this turn's. Raises _SupersededError."""
    rows = PrintJob.objects.select_for_update(of=("self",)).select_related("owner")
    row = rows.filter(pk=job.pk, turn=job.turn, state=PrintState.WORKING).first()
    if row is None:
        raise _SupersededError
    return row


def _is_wanted(job: PrintJob) -> bool:
    return PrintJob.objects.filter(pk=job.pk, turn=job.turn, state=PrintState.WORKING).exists()


def _tidy_after(pk: int) -> None:
    """A worker that was killed right after the end of its job has left the parts."""
    if job := PrintJob.objects.filter(pk=pk).first():
        _tidy(job)


def _tidy(job: PrintJob) -> None:
    """Leave nothing of a job that is over but its file; what another turn works on stays."""
    state = PrintJob.objects.filter(pk=job.pk).values_list("state", flat=True).first()
    if state == PrintState.DONE and job.path.is_dir():
        _leave_only_the_file(job)
    elif state not in AT_WORK:
        shutil.rmtree(job.path, ignore_errors=True)


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return _("The server could not write the file; its disk may be full. Tell your administrator.")
    return _("The work broke off because of a fault of the program. Tell your administrator; then try again.")

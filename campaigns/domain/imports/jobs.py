"""An uploaded list on its way: check → preview → confirm → write.

Long lists are worked on by the clock in steps, each in a short transaction of its own that also saves how far it got,
so that a killed process loses nothing and other people's writes go on meanwhile. Why a confirmed list is always
written to its end instead of being rolled back: docs/decisions/imports.md.
"""

import hashlib
import time
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain import clock
from campaigns.domain.errors import DomainError, OutOfOrderError, StaleError
from campaigns.domain.imports.appointments import AppointmentList
from campaigns.domain.imports.appraisals import AppraisalList
from campaigns.domain.imports.base import ImportList
from campaigns.domain.imports.checker import Checker
from campaigns.domain.imports.members import MemberList
from campaigns.domain.imports.units import UnitList
from campaigns.domain.journal import record
from campaigns.models import DueItem, ImportJob, ImportState, OrgUnit, User
from campaigns.permissions import require_on_unit

LISTS: dict[str, type[ImportList]] = {
    kind.code: kind for kind in (UnitList, MemberList, AppointmentList, AppraisalList)
}
SMALL = 2000  # rows; up to here nobody waits for the clock
CHECK_STEP = 5000
GAP = 0.015  # seconds
CHECK, WRITE = "import_check", "import_write"

# The open workbook of the job this process is busy with: reading it anew for every step would cost more than the
# step. Another process opens it for itself and goes through the rows before its step once.
_open: dict[tuple[int, str, int], Checker] = {}


def start_import(upload: File, *, kind: str, org_unit: OrgUnit, actor: User) -> ImportJob:
    """Take in a workbook and check it: at once when it is small, else by the clock.

    Raises DomainError (field ``file``) when the workbook or its headings are wrong; then nothing is kept.
    """
    list_class = LISTS[kind]
    require_on_unit(actor, list_class.permission, org_unit)
    checker = Checker(upload.file, list_class(org_unit, actor))
    if checker.total == 0:
        raise DomainError(_("The list has no rows below the headings."), field="file")
    job = ImportJob(kind=kind, org_unit=org_unit, created_by=actor, file_name=(upload.name or "")[-200:])
    job.rows_total = checker.total
    upload.seek(0)
    content: Any = upload.file
    job.file_sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    upload.seek(0)
    with transaction.atomic():
        job.file.save(f"{job.file_sha256[:16]}.xlsx", upload, save=False)
        job.save()
        record("import_uploaded", job, actor=actor, list=kind, rows=job.rows_total, sha256=job.file_sha256)
        if job.rows_total > SMALL:
            _schedule(CHECK, job)
        else:
            checker.check(checker.total)
            _finish_check(job, checker)
    return job


def confirm_import(job: ImportJob, *, actor: User) -> ImportJob:
    """Write a checked list: at once when it is small, else by the clock.

    Raises StaleError when the organisation has changed since the check in a way that changes what the list would do;
    the job then shows the new preview and waits for another confirmation.
    """
    require_on_unit(actor, LISTS[job.kind].permission, job.org_unit)
    with transaction.atomic():
        job = _locked(job.pk)
        if job.state != ImportState.CHECKED:
            raise OutOfOrderError(_("This list is not waiting for a confirmation."))
        job.state, job.rows_done, job.attempt, job.is_stale = ImportState.CONFIRMED, 0, job.attempt + 1, False
        job.save()
        record("import_confirmed", job, actor=actor, new=job.n_new, changed=job.n_changed)
        if job.rows_total > SMALL:
            _schedule(WRITE, job)
    while job.rows_total <= SMALL and job.is_at_work:
        job = check_step(job.pk) if job.state == ImportState.UPLOADED else write_step(job.pk)
    if job.is_stale and job.state in (ImportState.CHECKED, ImportState.REFUSED):
        raise StaleError(
            _(
                "The organisation has changed since the check. Nothing was written. "
                "Look at the new preview and confirm it."
            )
        )
    return job


@transaction.atomic
def discard_import(job: ImportJob, *, actor: User) -> None:
    """Give up a list that has not been confirmed; its file is deleted."""
    require_on_unit(actor, LISTS[job.kind].permission, job.org_unit)
    job = _locked(job.pk)
    if job.state not in (ImportState.UPLOADED, ImportState.CHECKED, ImportState.REFUSED):
        raise OutOfOrderError(_("This list is being written or is done already."))
    record("import_discarded", job, actor=actor)
    _end(job, ImportState.DISCARDED)


@clock.on_due(CHECK, gettext_lazy("check of an Excel list"))
def _check_due(item: DueItem) -> None:
    check_step(item.subject_id)


@clock.on_due(WRITE, gettext_lazy("writing of an Excel list"))
def _write_due(item: DueItem) -> None:
    write_step(item.subject_id)


@transaction.atomic
def check_step(job_id: int) -> ImportJob:
    """Check the next rows of a list that is being checked; does nothing for any other."""
    job = _locked(job_id)
    if job.state != ImportState.UPLOADED:
        return job
    try:
        checker = _checker(job)
    except (DomainError, OSError) as error:
        return _fail(job, error)
    checker.check(min(job.rows_done + CHECK_STEP, job.rows_total))
    job.rows_done = min(job.rows_done + CHECK_STEP, job.rows_total)
    if job.rows_done < job.rows_total:
        job.save()
        _schedule(CHECK, job)
    else:
        _finish_check(job, checker)
    return job


@transaction.atomic
def write_step(job_id: int) -> ImportJob:
    """Write the next rows of a confirmed list; does nothing for any other."""
    job = _locked(job_id)
    if job.state != ImportState.CONFIRMED:
        return job
    try:
        checker = _checker(job)
    except (DomainError, OSError) as error:
        return _fail(job, error) if job.rows_done == 0 else _keep_trying(error)
    if job.rows_done == 0 and checker.kind.fingerprint() != job.fingerprint:
        return _check_again(job)
    until = min(job.rows_done + checker.kind.chunk, job.rows_total)
    if rows := checker.values(until):
        checker.kind.write(rows)
    job.rows_done = until
    if until < job.rows_total:
        job.save()
        _schedule(WRITE, job)
        transaction.on_commit(_let_others_write)
        return job
    record("import_written", job, actor=job.created_by, list=job.kind, new=job.n_new, changed=job.n_changed)
    _end(job, ImportState.WRITTEN)
    return job


def _finish_check(job: ImportJob, checker: Checker) -> None:
    report, before = checker.report, job.digest
    job.rows_done, job.n_errors, job.errors = job.rows_total, report.n_errors, report.errors
    job.n_new, job.n_changed, job.n_same = (report.counts[name] for name in ("new", "changed", "same"))
    job.preview = {"headings": checker.headings, "rows": report.preview}
    job.fingerprint, job.digest = checker.kind.fingerprint(), checker.digest
    job.state = ImportState.REFUSED if report.n_errors else ImportState.CHECKED
    _forget(job)
    if job.is_stale and job.state == ImportState.CHECKED and job.digest == before:
        # Something else changed, not what this list does: the confirmation still holds.
        job.state, job.is_stale, job.rows_done, job.attempt = ImportState.CONFIRMED, False, 0, job.attempt + 1
        job.save()
        _schedule(WRITE, job)
        return
    job.save()


def _check_again(job: ImportJob) -> ImportJob:
    _forget(job)
    job.state, job.is_stale, job.rows_done, job.attempt = ImportState.UPLOADED, True, 0, job.attempt + 1
    job.save()
    _schedule(CHECK, job)
    return job


def _checker(job: ImportJob) -> Checker:
    """The open workbook of a job, moved on to the row where the next step begins."""
    key = (job.pk, job.state, job.attempt)
    checker = _open.get(key)
    if checker is None or checker.done > job.rows_done or job.rows_done == 0:
        _open.clear()
        with job.file.open("rb") as file:
            kind = LISTS[job.kind](job.org_unit, job.created_by)
            checker = _open[key] = Checker(file, kind)
    if checker.done < job.rows_done:
        if job.state == ImportState.UPLOADED:
            checker.check(job.rows_done)
        else:
            checker.values(job.rows_done)
    return checker


def _forget(job: ImportJob) -> None:
    for key in [key for key in _open if key[0] == job.pk]:
        del _open[key]


def _locked(job_id: int) -> ImportJob:
    return ImportJob.objects.select_for_update(of=("self",)).select_related("org_unit", "created_by").get(pk=job_id)


def _schedule(kind: str, job: ImportJob, *, at: datetime | None = None) -> None:
    clock.schedule(kind, job.pk, due_at=at or timezone.now(), period=f"{job.attempt}:{job.rows_done}")


def _fail(job: ImportJob, error: Exception) -> ImportJob:
    gone = _("The uploaded file is no longer there. Upload it again.")
    sentence = str(error) if isinstance(error, DomainError) else gone
    job.errors, job.n_errors = [{"row": None, "column": "", "value": "", "error": sentence}], 1
    _end(job, ImportState.FAILED)
    return job


def _let_others_write() -> None:
    """SQLite has one writer, and who waits for it looks only now and then: leave a gap between two steps."""
    if connection.vendor == "sqlite":
        time.sleep(GAP)


def _keep_trying(error: Exception) -> ImportJob:
    """A list that is half written is never given up: the clock comes back and the cause stands in its error."""
    raise error


def _end(job: ImportJob, state: str) -> None:
    """The job is over: the file and what was shown of it, full of personal data, go with the commit."""
    _forget(job)
    job.state, job.finished_at, job.preview = state, timezone.now(), {}
    job.errors = job.errors if state == ImportState.FAILED else []
    file = job.file
    transaction.on_commit(lambda: file.storage.delete(file.name))
    job.save()

"""Long lists: in steps, by the clock, through kills and beside other people's writes."""

import json
import os
import subprocess
import sys
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns.domain import clock
from campaigns.domain.errors import StaleError
from campaigns.domain.imports import jobs
from campaigns.domain.imports.jobs import confirm_import
from campaigns.domain.imports.members import MemberList
from campaigns.domain.units import close_unit, update_unit
from campaigns.models import DueItem, DueState, ImportState, JournalEntry, Member
from tests.campaigns.imports.helpers import MEMBER_HEADINGS, errors, good, upload, workbook
from tests.factories import MemberFactory


@pytest.fixture(autouse=True)
def _short_steps(settings, monkeypatch):
    settings.LANGUAGE_CODE = "en"
    monkeypatch.setattr(jobs, "SMALL", 20)
    monkeypatch.setattr(jobs, "CHECK_STEP", 100)
    monkeypatch.setattr(MemberList, "chunk", 50)
    jobs._open.clear()
    yield
    jobs._open.clear()


def numbered(n, **changes):
    return [good(党员编号=f"DY{i:05}", **changes) for i in range(n)]


@pytest.fixture
def job(committee, branch, officer):
    """A list of 230 members that the clock has checked."""
    job = upload(workbook(*numbered(230)), org_unit=committee, actor=officer)
    clock.tick()
    job.refresh_from_db()
    return job


def states(kind):
    return set(DueItem.objects.filter(kind=kind).values_list("state", flat=True))


@pytest.mark.django_db
def test_a_long_list_is_checked_by_the_clock_with_progress(committee, branch, officer):
    job = upload(workbook(*numbered(230)), org_unit=committee, actor=officer)
    assert (job.state, job.rows_total, job.rows_done) == (ImportState.UPLOADED, 230, 0)

    clock.tick(limit=1)
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.percent) == (ImportState.UPLOADED, 100, 43)
    clock.tick()

    job.refresh_from_db()
    assert (job.state, job.n_new, job.rows_done) == (ImportState.CHECKED, 230, 230)
    assert states("import_check") == {DueState.DONE}
    assert jobs._open == {}


@pytest.mark.django_db
def test_one_wrong_row_far_down_is_found(committee, branch, officer):
    job = upload(workbook(*numbered(221), good(党员类别="?"), *numbered(3)), org_unit=committee, actor=officer)
    clock.tick()

    job.refresh_from_db()
    assert job.state == ImportState.REFUSED
    assert [(row, column) for row, column, _error in errors(job)] == [
        (223, "党员类别"), (224, "党员编号"), (225, "党员编号"), (226, "党员编号"),
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_check_goes_on_in_another_process(committee, branch, officer):
    job = upload(workbook(*numbered(210), good(党员编号="DY00000")), org_unit=committee, actor=officer)
    clock.tick(limit=2)
    jobs._open.clear()  # what another process does not have
    clock.tick()

    job.refresh_from_db()
    assert errors(job) == [(212, "党员编号", "Row 2 and row 212 are about the same one. Take one of them out.")]
    assert (job.n_errors, job.n_new) == (1, 210)


@pytest.mark.django_db
def test_a_long_list_is_written_by_the_clock(job, officer):
    confirm_import(job, actor=officer)
    clock.tick(limit=2)
    job.refresh_from_db()
    assert (job.state, job.rows_done, Member.objects.count()) == (ImportState.CONFIRMED, 100, 100)

    clock.tick()

    job.refresh_from_db()
    assert (job.state, Member.objects.count()) == (ImportState.WRITTEN, 230)
    assert JournalEntry.objects.filter(kind="import_written").count() == 1


@pytest.mark.django_db
def test_a_write_killed_in_its_third_step_goes_on_where_it_stopped(job, officer, monkeypatch):
    confirm_import(job, actor=officer)
    write, calls = MemberList.write, []

    def dies(self, rows):
        calls.append(len(rows))
        write(self, rows)
        if len(calls) == 3:
            raise RuntimeError("killed")

    monkeypatch.setattr(MemberList, "write", dies)
    clock.tick()
    job.refresh_from_db()
    assert (job.state, job.rows_done, Member.objects.count()) == (ImportState.CONFIRMED, 100, 100)

    jobs._open.clear()
    DueItem.objects.filter(state=DueState.PENDING).update(retry_at=None)
    clock.tick()

    job.refresh_from_db()
    assert (job.state, job.rows_done, Member.objects.count()) == (ImportState.WRITTEN, 230, 230)
    assert calls == [50, 50, 50, 50, 50, 30]


@pytest.mark.django_db
def test_a_step_done_twice_changes_nothing(job, officer):
    confirm_import(job, actor=officer)
    jobs.write_step(job.pk)
    jobs.write_step(job.pk)
    clock.tick()
    before = list(Member.objects.order_by("pk").values())

    jobs.write_step(job.pk)

    assert list(Member.objects.order_by("pk").values()) == before
    assert len(before) == 230


@pytest.mark.django_db
def test_somebody_enters_the_same_member_while_the_list_is_written(job, officer, branch):
    confirm_import(job, actor=officer)
    clock.tick(limit=1)
    MemberFactory(number="DY00200", name="赵样手", branch=branch)

    clock.tick()

    job.refresh_from_db()
    assert job.state == ImportState.WRITTEN
    assert Member.objects.get(number="DY00200").name == "赵样甲"


@pytest.mark.django_db
def test_codes_hold_still_while_a_list_is_written(job, officer, branch):
    confirm_import(job, actor=officer)

    with pytest.raises(StaleError):
        update_unit(branch, actor=officer, code="NEU")
    with pytest.raises(StaleError):
        close_unit(branch, actor=officer)
    update_unit(branch, actor=officer, phone="0000-1")
    clock.tick()
    update_unit(branch, actor=officer, code="NEU")


@pytest.mark.django_db
def test_a_change_before_the_first_step_is_checked_and_shown_again(job, officer, branch):
    confirm_import(job, actor=officer)
    MemberFactory(number="DY00003", name="赵样手", branch=branch)

    clock.tick()

    job.refresh_from_db()
    assert (job.state, job.is_stale, job.n_changed, job.n_new) == (ImportState.CHECKED, True, 1, 229)
    assert Member.objects.count() == 1
    confirm_import(job, actor=officer)
    clock.tick()
    job.refresh_from_db()
    assert (job.state, job.is_stale, Member.objects.count()) == (ImportState.WRITTEN, False, 230)


@pytest.mark.django_db
def test_a_change_elsewhere_before_the_first_step_does_not_ask_again(job, officer, other_branch):
    confirm_import(job, actor=officer)
    MemberFactory(branch=other_branch)

    clock.tick()

    job.refresh_from_db()
    assert (job.state, Member.objects.count()) == (ImportState.WRITTEN, 231)


@pytest.mark.django_db
def test_a_file_that_is_gone_ends_the_job_with_a_sentence(committee, branch, officer):
    job = upload(workbook(*numbered(230)), org_unit=committee, actor=officer)
    job.file.storage.delete(job.file.name)
    clock.tick()

    job.refresh_from_db()
    assert job.state == ImportState.FAILED
    assert errors(job) == [(None, "", "The uploaded file is no longer there. Upload it again.")]


def test_other_people_write_while_a_list_is_written():
    """On a real SQLite file: the test database is in memory and knows no other processes."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DATA_DIR")}
    command = [sys.executable, "benchmarks/import_members.py", "--rows", "6000", "--json"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["members"] == 6000
    assert figures["other_writes"] > 0
    assert figures["other_writes_failed"] == 0


@pytest.mark.django_db
def test_a_chunk_takes_the_same_few_queries_however_many_rows(committee, branch, officer):
    kind, taken = MemberList(committee, officer), []
    for n in (10, 40):
        checker = jobs.Checker(BytesIO(workbook(*[good(党员编号=f"N{n}-{i}") for i in range(n)])), kind)
        rows = checker.values(n)
        with CaptureQueriesContext(connection) as queries:
            kind.write(rows)
        taken.append(len(queries))

    assert taken[0] == taken[1] <= 3  # PostgreSQL has a savepoint more


def test_the_list_of_headings_is_the_one_of_the_helpers():
    assert [column.heading for column in MemberList.columns] == MEMBER_HEADINGS

"""How long 50,000 members take from the upload to the last written row, and what it does to everybody else.

The floor, in the same run on the same database: calamine reads the sheet, ``bulk_create`` writes it, nothing is
checked. The import reads the file twice, checks every cell, shows a preview and writes in steps of 2,000 rows.
Limits: 2.5 times the floor, 250 MB. A second process writes all the while; none of its writes may fail.

    python benchmarks/import_members.py                       SQLite in a temporary folder
    DATABASE_URL=postgres://… python benchmarks/import_members.py   an EMPTY database; it is emptied again
"""

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.mkdtemp(prefix="shifangang-benchmark-")
os.environ.setdefault("DATA_DIR", FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = "WARNING"

HEADINGS = ["党员编号", "姓名", "性别", "党支部代码", "工作单位代码", "党员类别", "入党时间", "转正时间"]
BRANCHES = 500
MOST_TIME, MOST_MEMORY = 2.5, 250


def cells(number):
    joined = date(1980, 1, 1) + timedelta(days=number % 12_000)
    full = number % 10 > 0
    return (
        f"DY{number:07}", f"赵样{number}", "男女"[number % 2], f"B{number % BRANCHES:04}", "",
        "正式" if full else "预备", joined, joined + timedelta(days=365) if full else None,
    )  # fmt: skip


def make_file(path, n, *, bad_row=None):
    """The file is written by another process, so that its memory does not count."""
    from campaigns.domain.exports import write_xlsx

    rows = (cells(i) if i != bad_row else (*cells(i)[:6], "201007", None) for i in range(n))
    path.write_bytes(write_xlsx(HEADINGS, rows, title="党员名册"))


def set_up():
    import django

    django.setup()
    from django.core.management import call_command

    from campaigns.domain import clock
    from campaigns.domain.appointments import appoint
    from campaigns.models import OrgUnit, Role, User

    clock.nudge = lambda: None  # there is no broker here; the benchmark turns the clock itself
    call_command("migrate", verbosity=0)
    if OrgUnit.objects.exists():
        raise SystemExit("the database is not empty")
    root = OrgUnit.objects.add_root(instance=OrgUnit(code="QY", name="中共示例县青样镇委员会", kind="committee"))
    for number in range(BRANCHES):
        unit = OrgUnit(code=f"B{number:04}", name=f"样本{number}党支部", kind="branch")
        OrgUnit.objects.add_child(OrgUnit.objects.get(pk=root.pk), instance=unit)
    officer = User.objects.create(username="officer", name="吴样甲")
    appoint(officer, org_unit=root, role=Role.OFFICER, actor=None)
    return root, officer


def floor(path):
    """Read and write, nothing else."""
    from python_calamine import CalamineWorkbook

    from campaigns.models import Member, OrgUnit

    branches = dict(OrgUnit.objects.values_list("code", "pk"))
    with path.open("rb") as file:
        sheet = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0)
        rows = iter(sheet.iter_rows())
        next(rows)
        members = [
            Member(
                number=number, name=name, gender="male" if gender == "男" else "female", branch_id=branches[branch],
                status="full" if status == "正式" else "probationary", joined_on=joined, confirmed_on=confirmed or None,
            )
            for number, name, gender, branch, _unit, status, joined, confirmed in rows
        ]  # fmt: skip
    Member.objects.bulk_create(members, batch_size=1000)


def whole_import(path, root, officer):
    """Upload, check, confirm, write: what the clock does, step by step."""
    from django.core.files.base import File

    from campaigns.domain import clock
    from campaigns.domain.imports.jobs import confirm_import, start_import

    with path.open("rb") as file:
        job = start_import(File(file, name=path.name), kind="members", org_unit=root, actor=officer)
    clock.tick()
    job.refresh_from_db()
    if job.state != "checked":
        return job
    confirm_import(job, actor=officer)
    clock.tick()
    job.refresh_from_db()
    return job


def someone_else(stop, results):
    """A person who saves something twenty times a second."""
    import django

    django.setup()
    from django.db import OperationalError

    from campaigns.models import OrgUnit

    done, failed, longest = 0, 0, 0.0
    while not stop.is_set():
        began = time.monotonic()
        try:
            OrgUnit.objects.filter(code="QY").update(office_hours=str(done))
            done += 1
        except OperationalError:
            failed += 1
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.05)
    results.put((done, failed, longest))


def measured(call, *args):
    began, cpu = time.perf_counter(), time.process_time()
    result = call(*args)
    return result, time.perf_counter() - began, time.process_time() - cpu


def in_child(target, *args):
    child = multiprocessing.get_context("spawn").Process(target=target, args=args)
    child.start()
    child.join()
    if child.exitcode:
        raise SystemExit(f"{target.__name__} failed")


def make_files(good, bad, n):
    import django

    django.setup()
    make_file(good, n)
    make_file(bad, n, bad_row=n - 3)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--json", action="store_true")
    arguments = options.parse_args()
    n = arguments.rows
    good, bad = Path(FOLDER, "good.xlsx"), Path(FOLDER, "bad.xlsx")
    in_child(make_files, good, bad, n)
    root, officer = set_up()
    from campaigns.models import Member

    memory_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    refused, bad_time, _cpu = measured(whole_import, bad, root, officer)
    job, import_time, import_cpu = measured(whole_import, good, root, officer)
    # Before the floor is measured: the floor holds all members in memory at once and would hide ours.
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    members = Member.objects.count()
    Member.objects.all().delete()
    _none, floor_time, floor_cpu = measured(floor, good)
    Member.objects.all().delete()
    others = beside(good, root, officer)
    empty()
    figures = {
        "rows": n, "members": members, "state": job.state,
        "import_seconds": round(import_time, 2), "import_cpu": round(import_cpu, 2),
        "floor_seconds": round(floor_time, 2), "floor_cpu": round(floor_cpu, 2),
        "ratio": round(import_time / floor_time, 2), "cpu_ratio": round(import_cpu / floor_cpu, 2),
        "peak_mb": round(memory), "before_mb": round(memory_before),
        "bad_row": refused.errors[0]["row"], "bad_column": refused.errors[0]["column"],
        "bad_errors": refused.n_errors, "bad_seconds": round(bad_time, 2), **others,
    }  # fmt: skip
    print(json.dumps(figures, ensure_ascii=False) if arguments.json else in_words(figures))
    too_much = figures["ratio"] > MOST_TIME or figures["peak_mb"] > MOST_MEMORY
    return int(figures["other_writes_failed"] > 0 or (n >= 50_000 and too_much))


def beside(good, root, officer):
    """The import again, while another process writes."""
    context = multiprocessing.get_context("spawn")
    stop, results = context.Event(), context.Queue()
    other = context.Process(target=someone_else, args=(stop, results))
    other.start()
    time.sleep(2)
    whole_import(good, root, officer)
    stop.set()
    done, failed, longest = results.get(timeout=60)
    other.join()
    return {"other_writes": done, "other_writes_failed": failed, "longest_wait": round(longest, 2)}


def empty():
    from django.conf import settings
    from django.core.management import call_command

    settings.GUARDS_MAY_BE_EMPTIED = True  # a database of this benchmark's own
    call_command("flush", verbosity=0, interactive=False)


def in_words(figures):
    return "\n".join(
        [
            "{rows} members: import {import_seconds} s, floor {floor_seconds} s: {ratio} times (at most 2.5)",
            "CPU: import {import_cpu} s, floor {floor_cpu} s: {cpu_ratio} times",
            "peak memory {peak_mb} MB (at most 250; {before_mb} MB before the first row)",
            "one wrong row among them: refused after {bad_seconds} s, row {bad_row}, {bad_column}",
            "another process wrote {other_writes} times, {other_writes_failed} failed, longest wait {longest_wait} s",
        ]
    ).format(**figures)


if __name__ == "__main__":
    sys.exit(main())

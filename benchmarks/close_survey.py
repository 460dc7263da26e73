"""How long the close of a survey takes, with a million sealed ballots, and how much memory.

    python -m tests.services --postgres -- python benchmarks/close_survey.py [NUMBER] [RUNS]
    python benchmarks/close_survey.py [NUMBER] [RUNS]                                  SQLite in a temporary folder

The floor, in turn with it on the same rows: a plain loop that decrypts every box and writes what was in it as a row of
the same table, two thousand at a time in one transaction, without hashing, sorting, checking, counting or deleting.
Each part runs in a process of its own, whose peak memory is measured.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="shifangang-benchmark-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = "ERROR"
os.environ["SURVEY_FEW_BY_PHONE"] = "1"  # the roll holds one; the boxes are put in by hand

MOST_TIME, MOST_MEMORY = 3.0, 300
CHUNK = 2000


def set_up():
    """A branch, and a person who opens surveys in it."""
    from django.core.management import call_command

    from campaigns.domain.appointments import appoint
    from campaigns.models import Role, UnitKind
    from tests.factories import UserFactory, make_unit

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    branch = make_unit(UnitKind.BRANCH, parent=make_unit(UnitKind.COMMITTEE))
    appoint(UserFactory(), org_unit=branch, role=Role.SECRETARY, actor=None)


def fill(n):
    """One more open survey with ``n`` used codes and their ballots, one in a hundred with a comment."""
    import factory

    from assessments.domain import sealing
    from assessments.models import BallotCode, CodeBatch, SealedBallot
    from campaigns.models import OrgUnit, Role, User
    from tests import factories
    from tests.assessments.helpers import make_open_survey

    for maker in vars(factories).values():  # their numbers start anew in each process, the database does not
        if isinstance(maker, type) and issubclass(maker, factory.Factory):
            maker.reset_sequence(1000 * os.getpid(), force=True)
    branch = OrgUnit.objects.get(kind="branch")
    survey = make_open_survey(branch, User.objects.get(appointments__role=Role.SECRETARY), voters=1)
    batch = CodeBatch.objects.create(survey=survey, n_printed=n, made_by=survey.opened_by, witness="孙样甲")
    options = survey.rules["options"]
    for start in range(0, n, CHUNK):
        numbers = range(start, min(start + CHUNK, n))
        ballots = (
            sealing.Ballot("public", (options[i % 10 // 7],), sealing.make_salt(), "话" if i % 100 == 0 else "")
            for i in numbers
        )
        SealedBallot.objects.bulk_create(
            SealedBallot(survey=survey, box=sealing.seal(b, seal_salt=survey.seal_salt, context=survey.public_id))
            for b in ballots
        )
        BallotCode.objects.bulk_create(
            BallotCode(survey=survey, batch=batch, used=True, code_hash=(survey.pk << 64 | i).to_bytes(32, "big"))
            for i in numbers
        )


def newest():
    from assessments.models import Survey

    return Survey.objects.latest("pk")


def floor():
    """Decrypt and copy; undone at the end, so that the close finds the same rows."""
    from django.db import transaction

    from assessments.domain import sealing
    from assessments.models import OpenedBallot, SealedBallot

    survey, n = newest(), 0
    with transaction.atomic():
        rows = []
        for box in SealedBallot.objects.filter(survey=survey).values_list("box", flat=True).iterator(CHUNK):
            ballot = sealing.unseal(box, seal_salt=survey.seal_salt, context=survey.public_id)
            n += 1
            rows.append(
                OpenedBallot(
                    leaf=f"{n:064}", survey=survey, stratum=ballot.stratum, choices=ballot.choices, salt=ballot.salt
                )
            )
            if len(rows) == CHUNK:
                OpenedBallot.objects.bulk_create(rows)
                rows.clear()
        OpenedBallot.objects.bulk_create(rows)
        transaction.set_rollback(True)


def close():
    from assessments.domain.closing import close_survey

    closed = close_survey(newest())
    if closed.state != "closed":
        sys.exit(f"the survey is {closed.state}: {closed.void_reason}")


def recount():
    from assessments.domain.recounts import count_ballots

    survey = newest()
    n, root, _counts, broken = count_ballots(survey, 1)
    if (n, root, broken) != (survey.result.n_ballots, survey.result.leaf_root, 0):
        sys.exit("the recount does not agree")


def destroy():
    from assessments.domain.recounts import destroy_openings

    destroy_openings(newest())


def publish():
    """The page and the file of the bulletin, as a visitor gets them; the file is thrown away piece by piece."""
    from django.test import Client

    address = f"/v/{newest().public_id}/bulletin"
    client = Client(headers={"host": "localhost"})
    started = time.perf_counter()
    page = client.get(f"{address}/")
    size = sum(len(piece) for piece in client.get(f"{address}.json").streaming_content)
    if page.status_code != 200:
        sys.exit("the bulletin has no page")
    print(f"page {len(page.content)} bytes in all, file {size >> 20} MB", file=sys.stderr)
    return started


def main():
    n, runs = (int(word) for word in (sys.argv[1:] + ["1000000", "3"][len(sys.argv) - 1 :]))
    run("set_up")
    found = {"floor": [], "close": []}
    for number in range(runs):
        run("fill", n)
        for name in ("floor", "close"):
            found[name].append(run(name))
            print(f"{number + 1} {name:<6} {found[name][-1][0]:7.1f} s  {found[name][-1][1]:4.0f} MB", flush=True)
    ratio = median(ours[0] / bare[0] for ours, bare in zip(found["close"], found["floor"], strict=True))
    memory = max(megabytes for _seconds, megabytes in found["close"])
    print(
        f"closing {n} ballots: {ratio:.2f} times the floor (limit {MOST_TIME}), {memory:.0f} MB (limit {MOST_MEMORY})"
    )
    for name in ("publish", "recount", "destroy"):
        seconds, more = run(name)
        memory = max(memory, more)
        print(f"{name:<8} {seconds:7.1f} s  {more:4.0f} MB (limit {MOST_MEMORY})", flush=True)
    sys.exit(not (ratio <= MOST_TIME and memory <= MOST_MEMORY))


def run(*words):
    """A part in a process of its own: its seconds and its peak memory in MB."""
    command = [sys.executable, __file__, "part", *map(str, words)]
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{words[0]} failed")
    return [float(word) for word in done.stdout.split()]


def part(name, *words):
    import django

    django.setup()
    started = time.perf_counter()
    globals()[name](*map(int, words))
    print(time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    part(*sys.argv[2:]) if sys.argv[1:2] == ["part"] else main()

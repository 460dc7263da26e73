"""Kill -9 in the middle of a print job, and several workers at one: it goes on where it was, and there is one file."""

import sys

import pytest
from django.db import connection

from campaigns.domain import clock
from campaigns.domain.journal import history_of, verify_journal
from campaigns.models import DueItem
from posts.domain.print_jobs import order_print
from posts.models import PrintState
from tests.factories import UserFactory
from tests.posts.printing import KIND
from tests.processes import kill_at_random
from tests.test_kills import database_url

pytestmark = [pytest.mark.services, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PARTS = 40
#: With a lease of a moment the workers take each other's job over while it is at work.
WORKER = """
import os, time, django
from datetime import timedelta
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
import tests.posts.printing
from campaigns.domain import clock
from posts.domain import print_work
clock.LEASE = timedelta(seconds=0.4)
print_work.MOST_BROKEN = 50
while True:
    clock.tick()
    time.sleep(0.02)
"""


def test_a_job_whose_workers_are_killed_goes_on_where_it_was(tmp_path, settings):
    settings.DATA_DIR = tmp_path
    log = tmp_path / "log"
    job = order_print(KIND, actor=UserFactory(), params={"parts": PARTS, "log": str(log)}, title="计数")

    def is_over():
        connection.close()
        job.refresh_from_db()
        return not job.is_at_work

    environment = {"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path), "PART_SECONDS": "0.15"}
    kills = kill_at_random([sys.executable, "-c", WORKER], until=is_over, seconds=(0.5, 2.5), environment=environment)

    assert kills >= 3
    assert (job.state, job.error) == (PrintState.DONE, "")
    assert job.result.read_text() == "".join(f"页{number}\n" for number in range(PARTS))
    DueItem.objects.update(leased_until=None)
    clock.tick()  # who was killed right after the end left its parts to the next one
    assert [path.name for path in job.path.iterdir()] == ["result"]
    assert list(history_of(job).values_list("kind", flat=True)) == ["print_ordered", "print_made"]
    assert list(verify_journal()) == []
    # Only what was at work when somebody was killed, or in two hands at once, was made again.
    made = log.read_text().split()
    assert set(made) == {str(number) for number in range(PARTS)}
    assert len(made) < 4 * PARTS

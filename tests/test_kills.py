"""Kill -9 at random moments, brokers and databases that go away: nothing is lost, nothing happens twice."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.domain.clock import schedule
from campaigns.domain.journal import verify_journal
from campaigns.models import DueItem, DueState, JournalEntry
from tests import services
from tests.processes import Forwarder, fetch, health, kill_at_random, manage, started, wait_until, web_server
from tests.ticker import TRACE

pytestmark = pytest.mark.services

TICKER = """
import os, time, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
import tests.ticker
from campaigns.domain.clock import tick
while True:
    tick()
    time.sleep(0.02)
"""


def database_url():
    """The address of the test's own database, for other processes."""
    at = connection.settings_dict
    return f"postgres://{at['USER']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


def left_over():
    return DueItem.objects.filter(kind=TRACE, state=DueState.PENDING).count()


def traces():
    """How often each item left its trace."""
    return Counter(JournalEntry.objects.filter(kind="traced").values_list("subject_id", flat=True))


def exactly_once(items):
    return traces() == {str(item.pk): 1 for item in items} and list(verify_journal()) == []


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_clock_killed_at_random_moments_loses_nothing_and_does_nothing_twice(tmp_path):
    items = [schedule(TRACE, number, due_at=timezone.now()) for number in range(1, 401)]
    environment = {"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path), "TRACE_SECONDS": "0.02"}

    ticker = [sys.executable, "-c", TICKER]
    kill_at_random(ticker, until=lambda: not left_over(), seconds=(0.3, 1.2), environment=environment)

    assert exactly_once(items)
    assert DueItem.objects.filter(kind=TRACE, state=DueState.DONE).count() == len(items)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_item_of_a_killed_worker_is_done_by_the_next_one(tmp_path, redis_server):
    items = [schedule(TRACE, number, due_at=timezone.now()) for number in range(1, 6)]
    settings = {"DATABASE_URL": database_url(), "CELERY_BROKER_URL": redis_server, "TICK_SECONDS": "1"}
    settings |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "TRACE_SECONDS": "0.7"}
    command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-B", "-I", "tests.ticker"]
    command += ["--concurrency", "1", "-s", str(tmp_path / "beat")]

    with started(command, folder=tmp_path, **settings) as worker:
        wait_until(lambda: 0 < left_over() < 5, 60)
        os.killpg(worker.pid, signal.SIGKILL)
    assert left_over() > 0
    with started(command, folder=tmp_path, **settings) as worker:
        wait_until(lambda: left_over() == 0, 60)
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)

    assert exactly_once(items)


@pytest.fixture
def away(pg_server, tmp_path):
    """A site whose database can be taken away: yields its address and the door to the database."""
    door = Forwarder(urllib.parse.urlsplit(pg_server).port)
    name = f"away_{os.getpid()}"
    settings = {"DATABASE_URL": f"postgres://postgres@127.0.0.1:{door.port}/{name}"}
    with services.database(pg_server, name):
        for words in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            result = manage(*words, folder=tmp_path, **settings)
            assert result.returncode == 0, result.stderr
        with web_server(tmp_path, **settings) as (_process, address):
            yield address, door
        door.shut()


def test_a_request_can_be_repeated_when_the_database_is_back(away):
    address, door = away
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = browser.open(f"{address}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = urllib.parse.urlencode({"username": "nobody", "password": "wrong", "csrfmiddlewaretoken": token}).encode()

    def sign_in():
        try:
            return browser.open(f"{address}/login/", form, timeout=30).status
        except urllib.error.HTTPError as error:
            return error.code

    assert sign_in() == 200
    door.shut()
    assert [sign_in() for _unused in range(6)] == [503] * 6
    assert fetch(f"{address}/", cookie="sfg=whoever-is-signed-in")[0] == 503  # a middleware is the first to ask
    assert health(address)["database"] == "away"
    door.open()
    assert [sign_in() for _unused in range(6)] == [200] * 6
    assert health(address)["database"] == "ok"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_queue_drains_within_a_minute_after_broker_and_workers_were_killed_and_came_back(tmp_path):
    """Three workers with clocks of their own; two of them and the broker die together while work comes in."""
    port = services.free_port()
    redis = [services.find_program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(tmp_path)]
    settings = {"DATABASE_URL": database_url(), "CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0", "TICK_SECONDS": "1"}
    settings |= {"DJANGO_SETTINGS_MODULE": "tests.settings", "TRACE_SECONDS": "0.05"}
    celery = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-B", "-I", "tests.ticker"]
    items = [schedule(TRACE, number, due_at=timezone.now()) for number in range(1, 121)]

    with contextlib.ExitStack() as stack:

        def start_broker():
            broker = subprocess.Popen(redis, stdout=subprocess.DEVNULL, start_new_session=True)
            stack.callback(broker.wait)
            stack.callback(broker.kill)
            return broker

        def start_worker(number):
            own = ["--concurrency", "1", "-n", f"worker{number}", "-s", str(tmp_path / f"beat{number}")]
            return stack.enter_context(started([*celery, *own], folder=tmp_path, **settings))

        broker = start_broker()
        workers = [start_worker(number) for number in range(3)]
        wait_until(lambda: left_over() < 120, 60)
        broker.kill()
        broker.wait()
        for worker in workers[:2]:
            os.killpg(worker.pid, signal.SIGKILL)
        time.sleep(3)
        items += [schedule(TRACE, number, due_at=timezone.now()) for number in range(121, 161)]
        start_broker()
        for number in range(3, 5):
            start_worker(number)
        wait_until(lambda: left_over() == 0, 60)

    assert exactly_once(items)

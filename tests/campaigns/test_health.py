import socket
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaigns import tasks
from campaigns.domain.clock import last_tick, schedule, tick
from campaigns.domain.health import check_health
from campaigns.models import Heartbeat


@pytest.fixture
def no_broker(settings, monkeypatch):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    monkeypatch.setattr("config.celery.app.conf.broker_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(tasks, "_quiet_until", 0.0)


@pytest.fixture
def silent_broker(monkeypatch):
    """Takes the connection and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr("config.celery.app.conf.broker_url", f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        monkeypatch.setattr(tasks, "_quiet_until", 0.0)
        yield


def test_tick_leaves_a_heartbeat(db):
    assert last_tick() is None
    tick()
    assert timezone.now() - last_tick() < timedelta(seconds=5)


def test_healthz_tells_what_is_away_without_personal_data(client, db, no_broker):
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {
        "status": "degraded",
        "database": "ok",
        "broker": "away",
        "worker": "away",
        "clock": "late",
        "last_tick_seconds": None,
        "due_failed": 0,
        "due_late": 0,
    }


def test_clock_is_late_after_three_missed_ticks(db, no_broker, settings):
    settings.TICK_SECONDS = 10
    Heartbeat.objects.create(part="tick", at=timezone.now() - timedelta(seconds=55))
    assert check_health()["clock"] == "ok"
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=65))
    report = check_health()
    assert (report["clock"], report["last_tick_seconds"]) == ("late", 65)


def test_healthz_refuses_posts(client, db):
    assert client.post("/healthz").status_code == 405


@pytest.mark.parametrize("broker", ["no_broker", "silent_broker"])
def test_nudge_neither_fails_nor_waits_when_the_broker_is_away(broker, request, db, django_capture_on_commit_callbacks):
    request.getfixturevalue(broker)
    before = timezone.now()
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        for _unused in range(3):
            tasks.nudge()
    with django_capture_on_commit_callbacks(execute=True):
        tasks.nudge()
    assert len(callbacks) == 1
    assert timezone.now() - before < timedelta(seconds=3)


@pytest.mark.django_db(transaction=True)
def test_nudge_waits_for_the_commit(monkeypatch, no_broker):
    sent = []
    monkeypatch.setattr(tasks.tick, "apply_async", lambda **kwargs: sent.append(kwargs))
    with transaction.atomic():
        tasks.nudge()
        assert sent == []
    assert len(sent) == 1


def test_home_needs_no_broker(client, secretary, no_broker):
    client.force_login(secretary)
    assert client.get(reverse("campaigns:home")).status_code == 200


def test_what_is_due_already_nudges_the_clock(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        schedule("trace", 1, due_at=timezone.now() + timedelta(days=1))
    assert callbacks == []
    with django_capture_on_commit_callbacks() as callbacks:
        schedule("trace", 1, due_at=timezone.now())
        schedule("trace", 2, due_at=timezone.now())
    assert len(callbacks) == 1

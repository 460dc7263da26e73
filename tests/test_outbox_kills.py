"""Kill -9 while messages go out: each arrives, and under one number, so that a mail program shows it once."""

import os
import signal
import subprocess
import sys
from collections import defaultdict
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.domain.clock import tick
from campaigns.domain.messages import choose_channels, tell
from campaigns.models import Delivery, DeliveryState, DueItem
from config.mail import mail_settings
from tests.factories import UserFactory
from tests.processes import ROOT, kill_at_random, wait_until
from tests.sinks import mail_sink
from tests.test_kills import database_url

pytestmark = [pytest.mark.services, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

TICKER = """
import os, time, django
from datetime import timedelta
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from campaigns.domain import clock, outbox
clock.LEASE = outbox.LEASE = timedelta(seconds=2)
while True:
    clock.tick()
    time.sleep(0.02)
"""


@pytest.fixture
def sink(settings):
    with mail_sink() as found:
        settings.EMAIL_URL = f"smtp://127.0.0.1:{found.port}"
        for name, value in mail_settings(settings.EMAIL_URL).items():
            setattr(settings, name, value)
        settings.DIGEST_MINUTES, settings.QUIET_HOURS = 0, ""
        yield found


def environment(tmp_path, settings):
    more = {"DATABASE_URL": database_url(), "DATA_DIR": str(tmp_path), "EMAIL_URL": settings.EMAIL_URL}
    return more | {"QUIET_HOURS": "", "DIGEST_MINUTES": "0"}


def readers(number):
    people = [UserFactory() for _unused in range(number)]
    for person in people:
        choose_channels(person, by_email=True, email=f"{person.username}@example.org")
    return people


def test_a_mail_whose_sender_was_killed_is_sent_again_under_the_same_number(tmp_path, settings, sink):
    (person,) = readers(1)
    sink.may_answer.clear()
    tell([person], key="once:1", title="岗位已命名", url="/")
    ticker = subprocess.Popen(
        [sys.executable, "-c", TICKER],
        cwd=ROOT,
        env={**os.environ, **environment(tmp_path, settings)},
        start_new_session=True,
    )
    assert sink.came.wait(60)
    os.killpg(ticker.pid, signal.SIGKILL)
    ticker.wait()
    sink.may_answer.set()
    assert Delivery.objects.get().state == DeliveryState.WAITING

    past = timezone.now() - timedelta(seconds=1)
    Delivery.objects.update(claimed_until=past)
    DueItem.objects.filter(kind="message_send").update(leased_until=past)
    tick()

    assert Delivery.objects.get().state == DeliveryState.SENT
    assert len(sink.mails) == 2
    assert len({mail["Message-ID"] for mail in sink.mails}) == 1


def test_three_tickers_killed_at_random_moments_lose_no_message(tmp_path, settings, sink):
    people = readers(40)
    for number in range(5):
        tell(people, key=f"once:{number}", title=f"第{number}件", url="/")
    waiting = Delivery.objects.filter(state=DeliveryState.WAITING)

    ticker = [sys.executable, "-c", TICKER]
    kill_at_random(
        ticker, until=lambda: not waiting.exists(), seconds=(0.5, 2), environment=environment(tmp_path, settings)
    )
    wait_until(lambda: not waiting.exists(), 60)

    numbers = defaultdict(set)
    for mail in sink.mails:
        for line in mail.get_content().splitlines():
            if line.startswith("第"):
                numbers[mail["To"], line].add(mail["Message-ID"])
    assert len(numbers) == 200
    assert {len(found) for found in numbers.values()} == {1}
    assert Delivery.objects.filter(state=DeliveryState.SENT).count() == 200

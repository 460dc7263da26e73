"""Kill -9 of the web workers and of PostgreSQL while people vote: who was told that he voted, has voted, and once."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from assessments.domain import sealing
from assessments.domain.ballots import make_code_batch
from assessments.domain.surveys import close_survey
from assessments.models import OpenedBallot
from campaigns.domain.journal import verify_journal
from tests.assessments.electorate import make_members
from tests.assessments.helpers import make_open_survey
from tests.assessments.voters import Crowd, Phone
from tests.processes import web_server
from tests.services import PostgresFolder, find_program, kill_with_children
from tests.test_kills import database_url

pytestmark = [pytest.mark.services, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MEMBERS, CODES = 60, 60
VOTERS = MEMBERS + CODES
WORKER_KILLS, DATABASE_KILLS = 8, 3
SECONDS_TO_RECOVER = 15


@pytest.fixture
def survey(branch, secretary):
    make_members(branch, MEMBERS, accounts=True)
    return make_open_survey(branch, secretary, voters=0)


@pytest.fixture
def phones(survey, officer):
    """Members with a session, and people with a code, in turn."""
    roll = survey.roll.exclude(member__user__name="李样甲").select_related("member__user")
    address, entry = reverse("assessments:vote", args=[survey.public_id]), reverse("assessments:vote_entry")
    members = [Phone(address, {}, cookie=session_of(right.member.user)) for right in roll]
    codes = make_code_batch(survey, n=CODES, actor=officer, witness="孙样甲")
    public = [Phone(entry, {"code": code}) for code in codes]
    return [phone for pair in zip(members, public, strict=True) for phone in pair]


def session_of(user):
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def site(folder, **more):
    """A web server of two workers with the keys of this test."""
    keys = {"SECRET_KEY": settings.SECRET_KEY, "BALLOT_KEY": settings.BALLOT_KEY}
    return web_server(folder, workers=2, DJANGO_SETTINGS_MODULE="tests.settings", **keys, **more)


def send_to(address, phones):
    for phone in phones:
        phone.address = address + phone.address


def workers_of(process):
    return Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()


def test_votes_survive_web_workers_killed_again_and_again(survey, phones, tmp_path):
    with site(tmp_path, DATABASE_URL=database_url()) as (process, address):
        send_to(address, phones)
        with Crowd(phones) as crowd:
            for kill in range(1, WORKER_KILLS + 1):
                crowd.wait_for(kill * VOTERS // (WORKER_KILLS + 2))
                os.kill(int(workers_of(process)[0]), signal.SIGKILL)
        assert not crowd.errors, crowd.errors[0]
        assert_second_votes_are_answered_calmly(phones)

    close_survey(survey)
    leaves = list(OpenedBallot.objects.values_list("leaf", flat=True))
    assert_each_counts_once(phones, leaves)
    assert list(verify_journal()) == []


def test_votes_survive_a_database_killed_again_and_again(survey, phones, tmp_path):
    server = PostgresFolder()
    try:
        recovered = kill_the_database_under_load(server, phones, tmp_path)
        with server.running([]):
            leaves = leaves_in_the_box(survey, server.url)
    finally:
        server.remove()

    assert_each_counts_once(phones, leaves)
    assert max(recovered) < SECONDS_TO_RECOVER


def kill_the_database_under_load(server, phones, folder):
    """The seconds from each kill to the next vote that was taken. The server keeps its promises: fsync is on."""
    killed_at = []
    with contextlib.ExitStack() as stack:
        database = stack.enter_context(server.running([]))
        copy_database(server.url)
        _process, address = stack.enter_context(site(folder, DATABASE_URL=server.url))
        send_to(address, phones)
        with Crowd(phones) as crowd:
            for kill in range(1, DATABASE_KILLS + 1):
                crowd.wait_for(kill * VOTERS // (DATABASE_KILLS + 1))
                kill_with_children(database)
                killed_at.append(time.monotonic())
                database = stack.enter_context(server.running([]))
        assert not crowd.errors, crowd.errors[0]
        assert_second_votes_are_answered_calmly(phones)
    return [min(told - moment for told in crowd.told_at if told > moment) for moment in killed_at]


def copy_database(url):
    """The test's own database, people and survey and all, in another server."""
    dump = [find_program("pg_dump"), "--no-owner", database_url()]
    with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
        subprocess.run([find_program("psql"), "-q", url], stdin=source.stdout, stdout=subprocess.DEVNULL, check=True)
    assert source.returncode == 0


def leaves_in_the_box(survey, url):
    """The hashes of the ballots that are really there, opened by hand."""
    with psycopg.connect(url) as connection:
        boxes = connection.execute("SELECT box FROM assessments_sealedballot").fetchall()
        used = connection.execute(
            "SELECT (SELECT count(*) FROM assessments_rollentry WHERE voted)"
            " + (SELECT count(*) FROM assessments_ballotcode WHERE used)"
        ).fetchone()[0]
    assert used == len(boxes)
    ballots = [sealing.unseal(box, seal_salt=survey.seal_salt, context=survey.public_id) for (box,) in boxes]
    return [sealing.leaf_of(survey.public_id, ballot).hex() for ballot in ballots]


def assert_second_votes_are_answered_calmly(phones):
    for phone in phones:
        assert "您已经投过票" in phone.vote_again()


def assert_each_counts_once(phones, leaves):
    """Every voter finds exactly one of the receipts that he was shown, and that of his last page, if he saw it."""
    counted = {leaf[:16] for leaf in leaves}
    assert len(leaves) == len(counted) == VOTERS
    assert all(len(phone.shown & counted) == 1 for phone in phones)
    assert {phone.receipt for phone in phones if phone.receipt} <= counted
    assert sum(phone.cut_off for phone in phones) > 0

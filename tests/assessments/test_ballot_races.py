"""Many people at once, a close in the middle, and an attacker with the whole database."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection, transaction

from assessments.domain.ballots import AlreadyVotedError, NotOpenError, cast_ballot
from assessments.domain.surveys import close_survey
from assessments.models import OpenedBallot, RollEntry, SealedBallot, Survey, SurveyResult
from tests.assessments.electorate import make_rights
from tests.threads import at_once, in_threads

ROOT = Path(__file__).resolve().parents[2]
CHANCE = 8  # of 300 pairs one is right by chance; more than eight is not

on_postgres = pytest.mark.postgres
pytestmark = pytest.mark.django_db(transaction=True)


def cast_naively(survey, *, right, choices):
    """Check, then write: what must not be done. It shows that the test below can fail."""
    with transaction.atomic():
        entry = RollEntry.objects.get(pk=right.pk)
        if entry.voted:
            raise AlreadyVotedError("")
        time.sleep(0.002)
        SealedBallot.objects.create(survey=survey, box=b"naive")
        entry.voted = True
        entry.save(update_fields=["voted"])
    return choices


def count_after_a_crowd(cast, survey, rights, *, threads=40):
    """Every right is tried four times, by 40 at once; return (accepted, ballots, rights used)."""
    tries = [lambda right=right: cast(survey, right=right, choices=["satisfied"]) for right in rights * 4]
    # Neighbours in the list are tried at the same moment.
    tries = [tries[index + turn * len(rights)] for index in range(len(rights)) for turn in range(4)]
    accepted = [result for result in in_threads(tries, threads=threads) if not isinstance(result, Exception)]
    return len(accepted), SealedBallot.objects.count(), RollEntry.objects.filter(voted=True).count()


@on_postgres
def test_forty_at_once_with_500_rights_cast_exactly_500(branch, secretary):
    survey, rights = make_rights(branch, secretary, 500)

    assert count_after_a_crowd(cast_ballot, survey, rights) == (500, 500, 500)


@on_postgres
def test_check_then_write_lets_people_vote_twice(branch, secretary):
    survey, rights = make_rights(branch, secretary, 100)

    accepted, ballots, used = count_after_a_crowd(cast_naively, survey, rights)

    assert used == 100
    assert ballots == accepted > 100


@on_postgres
@pytest.mark.parametrize("tenth", range(2))
def test_close_in_the_middle_of_600_casts_counts_every_receipt_and_refuses_the_rest(branch, secretary, tenth):
    """Twice ten closes, each at another moment: nothing acknowledged is dropped, nothing comes in afterwards."""
    for turn in range(10):
        close_in_the_middle(*make_rights(branch, secretary, 600), after=15 + 30 * (2 * turn + tenth))


def close_in_the_middle(survey, rights, *, after):
    tries = [lambda right=right: cast_ballot(survey, right=right, choices=["satisfied"]) for right in rights]
    tries.insert(after, lambda: close_survey(survey))

    results = in_threads(tries, threads=20)

    receipts = {result.leaf for result in results if hasattr(result, "leaf")}
    refused = sum(isinstance(result, NotOpenError) for result in results)
    assert len(receipts) + refused == len(rights)
    assert set(OpenedBallot.objects.filter(survey=survey).values_list("leaf", flat=True)) == receipts
    assert SurveyResult.objects.get(survey=survey).n_ballots == len(receipts)
    assert RollEntry.objects.filter(survey=survey, voted=True).count() == len(receipts)
    assert SealedBallot.objects.count() == 0


@on_postgres
def test_two_closes_at_once_count_once(branch, secretary):
    survey, rights = make_rights(branch, secretary, 20)
    for right in rights:
        cast_ballot(survey, right=right, choices=["satisfied"])

    at_once(*[lambda: close_survey(Survey.objects.get())] * 4)

    assert (SurveyResult.objects.count(), OpenedBallot.objects.count()) == (1, 20)


# --- Linking a voter with a ballot ------------------------------------------------------------------------------------


def cast_in_random_order(survey, rights):
    """Everybody votes, one after the other; return the truth that an attacker would like to know."""
    order = random.sample(rights, len(rights))
    return {right.pk: cast_ballot(survey, right=right, choices=["satisfied"]).leaf for right in order}


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@on_postgres
def test_hidden_transaction_numbers_link_nobody_after_the_close(branch, secretary):
    survey, rights = make_rights(branch, secretary, 300)
    cast_in_random_order(survey, rights)
    sealed = rows("SELECT r.id FROM assessments_rollentry r JOIN assessments_sealedballot s ON r.xmin = s.xmin")
    assert len(sealed) == 300  # while it is open only the seal protects: the join finds everybody's box

    close_survey(survey)

    for table in ("rollentry", "openedballot"):
        assert len(rows(f"SELECT DISTINCT xmin::text FROM assessments_{table}")) == 1  # noqa: S608


@on_postgres
def test_places_in_the_files_link_nobody_after_the_close(branch, secretary):
    survey, rights = make_rights(branch, secretary, 300)
    truth = cast_in_random_order(survey, rights)
    close_survey(survey)

    voters = [row[0] for row in rows("SELECT id FROM assessments_rollentry WHERE voted ORDER BY ctid")]
    for order in ("ctid", "leaf"):
        ballots = [row[0] for row in rows(f"SELECT leaf FROM assessments_openedballot ORDER BY {order}")]  # noqa: S608
        assert sum(truth[voter] == leaf for voter, leaf in zip(voters, ballots, strict=True)) <= CHANCE


@pytest.mark.sqlite
def test_rowids_keep_nothing_of_the_order_of_casting(branch, secretary):
    survey, rights = make_rights(branch, secretary, 300)
    truth = cast_in_random_order(survey, rights)
    boxes = [row[0] for row in rows("SELECT box FROM assessments_sealedballot ORDER BY rowid")]
    assert len(boxes) == 300

    close_survey(survey)

    cast_order = list(truth.values())
    for order in ("rowid", "leaf"):
        ballots = [row[0] for row in rows(f"SELECT leaf FROM assessments_openedballot ORDER BY {order}")]  # noqa: S608
        assert sum(first == second for first, second in zip(cast_order, ballots, strict=True)) <= CHANCE


# --- SQLite, as the embedded default runs it --------------------------------------------------------------------------


@pytest.mark.sqlite
def test_eight_at_once_on_a_database_file_cast_each_right_once(tmp_path):
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/crowd.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SECRET_KEY": "a" * 50,
    }
    command = [sys.executable, "-m", "tests.assessments.crowd", "80"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.returncode) == ("80 80 80", 0), done.stderr[-2000:]

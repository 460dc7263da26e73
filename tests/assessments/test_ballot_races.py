"""Many people at once, and a close in the middle."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import transaction

from assessments.domain.ballots import AlreadyVotedError, NotOpenError, cast_ballot
from assessments.domain.surveys import close_survey
from assessments.models import OpenedBallot, RollEntry, SealedBallot, Survey, SurveyResult
from tests.assessments.electorate import make_rights
from tests.threads import at_once, in_threads

ROOT = Path(__file__).resolve().parents[2]

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


# --- SQLite, as the embedded default runs it --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    """What the crowd of tests/assessments/crowd.py found on its database file."""
    folder = tmp_path_factory.mktemp("crowd")
    environment = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/crowd.sqlite3",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SECRET_KEY": "a" * 50,
    }
    command = [sys.executable, "-m", "tests.assessments.crowd", "80"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.sqlite
def test_eight_at_once_on_a_database_file_cast_each_right_once(crowd):
    assert crowd["crowd"] == [80, 80, 80]


@pytest.mark.sqlite
def test_database_file_and_its_log_hold_sealed_boxes_only_and_none_after_the_close(crowd):
    assert crowd["open"] == {"title": 1, "words": 0, "hashes": 0, "boxes": 20}
    assert crowd["closed"] == {"title": 1, "boxes": 0}

"""Kill -9 in the middle of a close, a recount, a destruction: all of it happened or nothing."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.conf import settings
from django.utils import timezone

from assessments.domain.recounts import ask_recount, confirm_recount
from assessments.domain.surveys import close_survey
from assessments.models import (
    Bulletin,
    Comment,
    OpenedBallot,
    Recount,
    SealedBallot,
    Survey,
    SurveyResult,
    SurveyState,
)
from campaigns.domain.clock import schedule
from campaigns.domain.journal import history_of, verify_journal
from campaigns.models import DueItem, DueState
from tests.assessments.electorate import fill_box
from tests.assessments.helpers import make_open_survey
from tests.processes import ROOT
from tests.test_kills import database_url

pytestmark = [pytest.mark.services, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

BALLOTS, KILLS = 3000, 20


class Killable:
    """The process of tests/assessments/killable.py, asked line by line."""

    def __init__(self, process):
        self.process = process

    def run(self, line, *, kill_after=None):
        """Do it once; return the seconds it took, or None when it was killed before its end."""
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        child, started_at = int(self.process.stdout.readline()), time.monotonic()
        if kill_after is not None:
            time.sleep(kill_after)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        status = int(self.process.stdout.readline())
        assert status in (0, signal.SIGKILL)
        return None if status else time.monotonic() - started_at


@pytest.fixture
def killable(tmp_path):
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "SECRET_KEY": settings.SECRET_KEY,
        "BALLOT_KEY": settings.BALLOT_KEY,
    }
    command = [sys.executable, "-m", "tests.assessments.killable"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:
        yield Killable(process)
        process.stdin.close()


def full_survey(branch, secretary, officer):
    """An open survey with thousands of ballots, and the truth about them."""
    survey = make_open_survey(branch, secretary, voters=0)
    return survey, fill_box(survey, officer, BALLOTS)


def state_of(survey):
    """Sealed, opened, words, results, bulletins, due destructions, and the state."""
    mine = {"survey": survey}
    numbers = [model.objects.filter(**mine).count() for model in (SealedBallot, OpenedBallot, Comment)]
    numbers += [model.objects.filter(**mine).count() for model in (SurveyResult, Bulletin)]
    numbers.append(DueItem.objects.filter(kind="openings_destroy", subject_id=survey.pk).count())
    return *numbers, Survey.objects.get(pk=survey.pk).state


BEFORE = (BALLOTS, 0, 0, 0, 0, 0, SurveyState.OPEN)
AFTER = (0, BALLOTS, BALLOTS // 10, 1, 1, 1, SurveyState.CLOSED)


def test_close_killed_at_twenty_moments_leaves_no_half_state_and_counts_the_truth(branch, secretary, officer, killable):
    survey, truth = full_survey(branch, secretary, officer)
    seconds = killable.run(f"close {survey.pk}")
    assert_true_result(survey, truth)

    kills, states = 0, Counter()
    while kills < KILLS:
        survey, truth = full_survey(branch, secretary, officer)
        while kills < KILLS and state_of(survey) == BEFORE:
            kills += killable.run(f"close {survey.pk}", kill_after=random.uniform(0, seconds)) is None
            states[state_of(survey)] += 1
        killable.run(f"close {survey.pk}")
        assert_true_result(survey, truth)

    assert set(states) <= {BEFORE, AFTER}
    assert states[BEFORE] > 0
    assert list(verify_journal()) == []


def assert_true_result(survey, truth):
    counts, leaves = truth
    assert state_of(survey) == AFTER
    lines = SurveyResult.objects.get(survey=survey).lines
    assert [Counter(line["counts"]) for line in lines] == counts
    opened = OpenedBallot.objects.filter(survey=survey).order_by("leaf")
    assert list(opened.values_list("leaf", flat=True)) == leaves
    assert [entry.kind for entry in history_of(survey)].count("survey_closed") == 1


def closed_survey(branch, secretary, officer):
    survey, (_counts, leaves) = full_survey(branch, secretary, officer)
    return close_survey(survey), leaves


def kill_while_waiting(killable, item, *, check):
    """Kill the clock at this item again and again, then let it finish."""
    kills = 0
    while DueItem.objects.get(pk=item.pk).state == DueState.PENDING and kills < 8:
        kills += killable.run("tick", kill_after=random.uniform(0, 0.4)) is None
        check()
    while DueItem.objects.get(pk=item.pk).state == DueState.PENDING:
        killable.run("tick")
    check()


def test_recount_killed_again_and_again_is_resumed_by_the_clock_and_counts_once(
    branch, secretary, officer, committee_member, discipline, killable
):
    survey, _leaves = closed_survey(branch, secretary, officer)
    recount = confirm_recount(ask_recount(survey, actor=committee_member, reason="复核"), actor=discipline)
    item = DueItem.objects.get(kind="survey_recount", subject_id=recount.pk)

    def check():
        one = Recount.objects.get(pk=recount.pk)
        assert (one.state, one.n_opened, one.agrees) in (("confirmed", None, None), ("done", BALLOTS, True))

    kill_while_waiting(killable, item, check=check)

    assert Recount.objects.get(pk=recount.pk).state == "done"
    assert [entry.kind for entry in history_of(survey)].count("recounted") == 1
    assert list(verify_journal()) == []


def test_destruction_killed_again_and_again_leaves_all_openings_or_none_and_every_hash(
    branch, secretary, officer, killable
):
    survey, leaves = closed_survey(branch, secretary, officer)
    item = schedule("openings_destroy", survey.pk, due_at=timezone.now())

    def check():
        rows = list(OpenedBallot.objects.filter(survey=survey).order_by("leaf").values_list("leaf", "salt"))
        assert [leaf for leaf, _salt in rows] == leaves
        assert sum(bool(bytes(salt)) for _leaf, salt in rows) in (0, BALLOTS)

    kill_while_waiting(killable, item, check=check)

    assert not OpenedBallot.objects.filter(survey=survey).exclude(salt=b"").exists()
    assert [entry.kind for entry in history_of(survey)].count("openings_destroyed") == 1
    assert list(verify_journal()) == []

"""The only place where a vote is written: a right is used up and a sealed ballot put into the box, both or neither."""

import uuid
from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from assessments.domain.voting_rights import Right
from assessments.models import BallotCode, RollEntry, SealedBallot, Survey, SurveyState

# One statement is one transaction and one way to the server and back, where BEGIN, SELECT, UPDATE, INSERT and COMMIT
# are five (measured: a fifth less CPU for the whole request). FOR SHARE holds the survey open until the ballot is in:
# the close waits for running casts, casts after it find nothing; casts pass each other (twice the rate of FOR UPDATE).
_STATEMENT = """
WITH survey AS (
  SELECT id FROM {surveys} WHERE id = %s AND state = 'open' AND closes_at > %s FOR SHARE
), used AS (
  UPDATE {rights} SET {mark} = true FROM survey
  WHERE {rights}.id = %s AND {rights}.survey_id = survey.id AND NOT {rights}.{mark} AND NOT {rights}.{barred}
  RETURNING survey.id
)
INSERT INTO {ballots} (id, survey_id, box) SELECT %s, used.id, %s FROM used
"""
# What marks a right as used, and what keeps an unused one from being used.
_COLUMNS = {RollEntry: ("voted", "on_paper"), BallotCode: ("used", "voided")}


def _table(model: type[Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  public API by another name


_STATEMENTS = {
    model: _STATEMENT.format(
        surveys=_table(Survey), rights=_table(model), ballots=_table(SealedBallot), mark=mark, barred=barred
    )
    for model, (mark, barred) in _COLUMNS.items()
}


def put_into_box(survey: Survey, *, right: Right, box: bytes) -> bool:
    """Use up the right and keep the box, if the survey is open and the right unused; whether that was so.

    Must not run inside another transaction: True says that the ballot is there for good.
    """
    if connection.vendor != "postgresql":
        return _in_steps(survey, right, box)
    with _own_transaction(), connection.cursor() as cursor:
        cursor.execute(_STATEMENTS[type(right)], [survey.pk, timezone.now(), right.pk, uuid.uuid4(), box])
        return cursor.rowcount == 1


def _own_transaction() -> AbstractContextManager:
    """None is needed for one statement; inside another one ``durable`` raises."""
    return transaction.atomic(durable=True) if connection.in_atomic_block else nullcontext()


def _in_steps(survey: Survey, right: Right, box: bytes) -> bool:
    """The same on SQLite, whose IMMEDIATE transaction keeps everybody else out."""
    mark, barred = _COLUMNS[type(right)]
    unused = type(right).objects.filter(pk=right.pk, survey=survey, **{mark: False, barred: False})
    with transaction.atomic(durable=True):
        if not is_open(survey) or unused.update(**{mark: True}) != 1:
            return False
        SealedBallot.objects.create(survey=survey, box=box)
    return True


def is_open(survey: Survey) -> bool:
    """Whether the survey takes ballots at this moment, as the database has it."""
    return Survey.objects.filter(pk=survey.pk, state=SurveyState.OPEN, closes_at__gt=timezone.now()).exists()

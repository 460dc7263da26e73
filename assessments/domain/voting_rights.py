"""Which right somebody votes with, and the survey it belongs to: one statement, not composed anew for each page.

Everything a ballot shows is frozen when its survey opens, so each process keeps it for a minute under the hash it was
frozen with. Whether the survey is open, until when, and whether the right is used are read every time.
"""

import copy
import time
from datetime import UTC, datetime

from django.db import connection
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain import sealing
from assessments.models import BallotCode, RollEntry, Survey, SurveyLine, SurveyState
from campaigns.domain.errors import DomainError
from campaigns.models import Member, User

Right = RollEntry | BallotCode

KEEP_SECONDS, MOST_KEPT = 60, 200
_kept: dict[tuple[int, str], tuple[float, Survey]] = {}
_TABLES = {
    model.__name__: model._meta.db_table  # noqa: SLF001  public API by another name
    for model in (Survey, RollEntry, BallotCode, Member)
}
_BY_CODE = """
SELECT r.id, r.used, s.id, s.state, s.closes_at, s.rules_sha256
FROM {BallotCode} r JOIN {Survey} s ON s.id = r.survey_id
WHERE r.code_hash = %s AND NOT r.voided
""".format(**_TABLES)
_BY_MEMBER = """
SELECT r.id, r.voted, r.on_paper, s.id, s.state, s.closes_at, s.rules_sha256
FROM {RollEntry} r JOIN {Survey} s ON s.id = r.survey_id JOIN {Member} m ON m.id = r.member_id
WHERE s.public_id = %s AND m.user_id = %s
""".format(**_TABLES)


class UnknownCodeError(DomainError):
    """The code was never printed, or was voided; the two are answered alike."""


def right_of_code(typed: str) -> BallotCode:
    """The right that a typed or scanned code stands for; raises UnknownCodeError, in the same time for any cause."""
    row = _one_row(_BY_CODE, [sealing.hash_code(typed)])
    if row is None:
        raise UnknownCodeError(_("This code is not valid. Compare it with your slip, or ask for another one."))
    code = BallotCode(pk=row[0], survey_id=row[2], used=bool(row[1]))
    code.survey = _survey_as_of_now(*row[2:])
    return code


def right_of_user(public_id: str, user: User) -> RollEntry | None:
    """The user's entry on the roll of a survey, with the survey; None for a stranger and for no such survey."""
    row = _one_row(_BY_MEMBER, [public_id, user.pk])
    if row is None:
        return None
    entry = RollEntry(pk=row[0], survey_id=row[3], voted=bool(row[1]), on_paper=bool(row[2]))
    entry.survey = _survey_as_of_now(*row[3:])
    return entry


def right_of_member(survey: Survey, user: User) -> RollEntry | None:
    """The user's entry on the roll, if he stands on it."""
    return RollEntry.objects.filter(survey=survey, member__user=user).first()


def is_used(right: Right) -> bool:
    return right.voted or right.on_paper if isinstance(right, RollEntry) else right.used


def _one_row(sql: str, params: list) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def _survey_as_of_now(pk: int, state: str, closes_at: datetime | None, rules_sha256: str) -> Survey:
    if state != SurveyState.OPEN:
        return _load(pk)
    survey = copy.copy(_frozen(pk, rules_sha256))
    if closes_at is not None and timezone.is_naive(closes_at):  # SQLite has no time zones
        closes_at = closes_at.replace(tzinfo=UTC)
    survey.state, survey.closes_at = state, closes_at
    return survey


def _frozen(pk: int, rules_sha256: str) -> Survey:
    """An open survey with its lines, shared by all requests: nobody changes it."""
    kept_at, survey = _kept.get((pk, rules_sha256), (0.0, None))
    if survey is None or time.monotonic() - kept_at > KEEP_SECONDS:
        if len(_kept) >= MOST_KEPT:
            _kept.clear()
        survey = _load(pk)
        _kept[pk, rules_sha256] = time.monotonic(), survey
    return survey


def _load(pk: int) -> Survey:
    lines = Prefetch("lines", SurveyLine.objects.order_by("position"))
    return Survey.objects.select_related("org_unit").prefetch_related(lines).get(pk=pk)

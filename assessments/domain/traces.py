"""What the files of the database still hold of deleted rows, and its removal as far as the database lets us."""

import logging

from django.db import DatabaseError, connection, models, transaction

from assessments.models import BallotCode, OpenedBallot, RollEntry, SealedBallot, VotingLink

logger = logging.getLogger(__name__)

# A table that others vote into waits for its lock no longer than this; then the rows stay until the next time.
_LOCK_TIMEOUT = "5s"


def wipe_boxes() -> None:
    """After the commit take away the sealed boxes that were deleted, and the old rows of the rights."""
    transaction.on_commit(lambda: _wipe(anew=SealedBallot, tidied=[RollEntry, BallotCode, VotingLink]))


def wipe_openings() -> None:
    """After the commit take away the openings that were destroyed."""
    transaction.on_commit(lambda: _wipe(anew=OpenedBallot, tidied=[BallotCode, VotingLink]))


def _wipe(*, anew: type[models.Model], tidied: list[type[models.Model]]) -> None:
    """Best effort.

    On PostgreSQL VACUUM FULL writes a table into a new file; VACUUM alone leaves the bytes of deleted rows in their
    pages. SQLite overwrites what it deletes (secure_delete), but its log keeps every page as it was written.
    """
    if connection.in_atomic_block:
        return
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(f"VACUUM {', '.join(map(_table, tidied))}")
                cursor.execute("SET lock_timeout = %s", [_LOCK_TIMEOUT])
                cursor.execute(f"VACUUM FULL {_table(anew)}")
            elif connection.vendor == "sqlite":
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except DatabaseError:
        logger.warning("deleted ballots could not be wiped from the files of the database", exc_info=True)
    finally:
        _forget_timeout()


def _forget_timeout() -> None:
    if connection.vendor == "postgresql" and connection.is_usable():
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)  # noqa: SLF001  public API by another name

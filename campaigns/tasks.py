import logging
import time

from django.db import connection, transaction
from kombu.exceptions import OperationalError

from config.celery import impatient_connection, task

logger = logging.getLogger(__name__)

# A nudge is a courtesy: the next tick finds the same rows. So no request waits for a broker that does not answer.
PAUSE_SECONDS = 15
_quiet_until = 0.0


@task(name="campaigns.tick")
def tick():
    """Do what is due. Sent by beat, and as a nudge after a commit so that nobody waits."""
    from campaigns.domain.clock import tick as do_due  # noqa: PLC0415  Celery reads this module before the models

    do_due()


def nudge() -> None:
    """Ask the clock to look now, once the transaction is committed. Never fails, never waits for the broker."""
    waiting = (function for _savepoints, function, _robust in connection.run_on_commit)
    if _send not in waiting:
        transaction.on_commit(_send, robust=True)


def _send() -> None:
    global _quiet_until  # noqa: PLW0603  one memory per process: while the broker is away, requests do not ask again
    if time.monotonic() < _quiet_until:
        return
    try:
        with impatient_connection() as broker:
            tick.apply_async(connection=broker, retry=False)
    except (OperationalError, OSError) as error:
        _quiet_until = time.monotonic() + PAUSE_SECONDS
        logger.warning(
            "the broker does not answer (%s); the clock does the work at its next tick", type(error).__name__
        )

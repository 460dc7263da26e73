import select
import time

from django.db.backends.postgresql import base

FRESH_SECONDS = 0.5


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that answered half a second ago is asked again only if the server has said something meanwhile.

    A server that stops or is killed closes its connections: that is seen here without asking it. What cannot be seen,
    a network that is gone, is found by Django's own question after a pause, as before.
    """

    answered_at = float("-inf")

    def is_usable(self):
        now = time.monotonic()
        if now - self.answered_at < FRESH_SECONDS and self._is_silent():
            self.answered_at = now
            return True
        usable = super().is_usable()
        self.answered_at = time.monotonic() if usable else float("-inf")
        return usable

    def _is_silent(self) -> bool:
        """Whether the idle connection is open and nothing came in, neither words nor its end."""
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLRDHUP)
        return not poll.poll(0)

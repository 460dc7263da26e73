"""The one family of errors whose text the user reads."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule was broken. The text says what is wrong and what to do, in the user's language."""

    def __init__(self, message: str | Promise, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowedError(DomainError):
    """The person may not do this (answered with 403)."""


class OutOfOrderError(DomainError):
    """The step is not the one that is open now (answered with 409)."""


class StaleError(DomainError):
    """Somebody else changed the same thing meanwhile (answered with 409)."""

"""What later apps tell the public of a post (results of reviews), on the page behind its QR code."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise

from posts.models import Conferral


@dataclass(frozen=True)
class PublicNote:
    """A card of the public page: a heading, then lines of a term and what is said of it."""

    heading: str | Promise
    lines: list[tuple[str, str]]


Provider = Callable[[Conferral], PublicNote | None]
_providers: list[Provider] = []


def public_note(provider: Provider) -> Provider:
    """Declare a function that returns a card of a post's public page, or None."""
    _providers.append(provider)
    return provider


def public_notes(conferral: Conferral) -> list[PublicNote]:
    """The cards of a post's public page."""
    return [note for provider in _providers if (note := provider(conferral)) is not None]

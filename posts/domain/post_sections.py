"""The parts of a post's page. Other apps add theirs (reviews, incidents) through this register."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import User
from posts.models import Conferral


@dataclass(frozen=True)
class PostSection:
    """A card on a post's page: a template, what it shows as ``section``, and its place."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


SectionProvider = Callable[[Conferral, User], PostSection | None]
_providers: list[SectionProvider] = []


def post_section(provider: SectionProvider) -> SectionProvider:
    """Declare a function that returns the card of a post, or None when it has nothing to say to this user."""
    _providers.append(provider)
    return provider


def sections_of(conferral: Conferral, user: User) -> list[PostSection]:
    """The cards this user sees, in order."""
    found = [section for provider in _providers if (section := provider(conferral, user)) is not None]
    return sorted(found, key=lambda section: section.order)

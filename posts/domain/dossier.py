"""What else belongs on the pages of a nomination. Each area of the procedure adds its part here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import User
from posts.models import Nomination


@dataclass(frozen=True)
class Part:
    """A card of the page: a template and what it shows as ``part``."""

    template: str
    context: Any = field(default_factory=dict)


Loader = Callable[[Nomination, User], Any]
_sections: list[tuple[int, str, Loader]] = []
_paper_sections: list[tuple[int, str, Loader]] = []


def section(template: str, loader: Loader, *, order: int = 50) -> None:
    """Add a card. ``loader`` gets nomination and user; what it returns is ``part`` in the template, None: no card."""
    _sections.append((order, template, loader))


def paper_section(template: str, loader: Loader, *, order: int = 50) -> None:
    """Add a card to the page on which the paper is written, inside its form: links only, no fields and no buttons."""
    _paper_sections.append((order, template, loader))


def parts_of(nomination: Nomination, user: User) -> list[Part]:
    """The cards of the nomination's page that have something to show, in order."""
    return _load(_sections, nomination, user)


def paper_parts_of(nomination: Nomination, user: User) -> list[Part]:
    """The same for the page on which the paper is written."""
    return _load(_paper_sections, nomination, user)


def _load(sections: list[tuple[int, str, Loader]], nomination: Nomination, user: User) -> list[Part]:
    found = []
    for _order, template, loader in sorted(sections, key=lambda entry: entry[:2]):
        context = loader(nomination, user)
        if context is not None:
            found.append(Part(template, context))
    return found

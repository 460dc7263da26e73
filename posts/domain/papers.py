"""The papers that belong to a post: each app says which there are and how they are printed.

The dossier appends them, the archive of a campaign lays them into folders. Who may see the case sees its papers and
nobody else: a source reads through ``visible_to``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from campaigns.models import User
from posts.models import Conferral


@dataclass(frozen=True)
class Paper:
    """A paper that can be printed: a code that stays the same, its title, its day, and the call that prints it."""

    code: str
    title: str
    on: date | None
    make: Callable[[], bytes]


Source = Callable[[Conferral, User], Iterable[Paper]]
_sources: list[tuple[int, str, Source]] = []


def papers(order: int) -> Callable[[Source], Source]:
    """Declare a function that tells the papers of a post to a user."""

    def register(source: Source) -> Source:
        _sources.append((order, source.__qualname__, source))
        return source

    return register


def papers_of(conferral: Conferral, user: User) -> list[Paper]:
    """All of them, in order; one that two sources name stands there once."""
    found: dict[str, Paper] = {}
    for _order, _name, source in sorted(_sources, key=lambda each: each[:2]):
        for paper in source(conferral, user):
            found.setdefault(paper.code, paper)
    return list(found.values())

"""The dossier of a post 一岗一档: everything about it in order, each chapter told by the app that knows it.

A chapter reads what stands in the database already: nothing is entered for the dossier, and nobody sees in it what he
may not see elsewhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone
from django.utils.functional import Promise

from campaigns.models import User
from posts.models import Conferral

Fact = tuple[str | Promise, object]


@dataclass(frozen=True)
class Entry:
    """One thing that happened: when, what it is called, what is to be said of it, where it stands, its files."""

    title: str
    on: date | datetime | None = None
    facts: tuple[Fact, ...] = ()
    url: str = ""
    files: tuple[tuple[str, str], ...] = ()

    @property
    def has_time(self) -> bool:
        return isinstance(self.on, datetime)

    @property
    def told(self) -> list[Fact]:
        """The facts that have something to say."""
        return [(label, _shown(value)) for label, value in self.facts if value not in (None, "")]


@dataclass(frozen=True)
class Chapter:
    """A part of the dossier, oldest entry first."""

    code: str
    title: str
    entries: list[Entry] = field(default_factory=list)


Teller = Callable[[Conferral, User], Iterable[Entry]]
_chapters: list[tuple[int, str, str | Promise, Teller]] = []


def chapter(code: str, title: str | Promise, *, order: int) -> Callable[[Teller], Teller]:
    """Declare a chapter: a function that tells its entries of a post to a user; without entries it is left out."""

    def register(teller: Teller) -> Teller:
        _chapters.append((order, code, title, teller))
        return teller

    return register


def dossier_of(conferral: Conferral, user: User) -> list[Chapter]:
    """The chapters that have something to say to this user, in order."""
    told = [
        Chapter(code, str(title), list(teller(conferral, user)))
        for _order, code, title, teller in sorted(_chapters, key=lambda each: each[:2])
    ]
    return [each for each in told if each.entries]


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)

"""The papers that belong to a post: each app says which there are and how they are printed.

The dossier appends them, the archive of a campaign lays them into folders. Who may see the case sees its papers and
nobody else: a source reads through ``visible_to``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db.models import Model
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.models import User
from posts.documents.form_sheet import form_pdf
from posts.domain.sheet_kinds import SheetKind, each_sheet_kind
from posts.models import Conferral, Nomination


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


def sheet_papers(page: Nomination | Conferral, user: User) -> Iterator[Paper]:
    """The forms that the menu of a page offers to this user."""
    for kind in each_sheet_kind():
        cases = kind.cases_for(page, user)
        seen = set(kind.rows(user).filter(pk__in=[case.pk for case in cases]).values_list("pk", flat=True))
        for case in cases:
            if case.pk in seen:
                title = str(kind.label) if len(cases) == 1 else f"{kind.label}：{kind.case_label(case)}"
                yield Paper(f"sheet:{kind.code}:{case.pk}", title, None, partial(_sheet, kind, case, user))


def _sheet(kind: SheetKind, case: Model, user: User) -> bytes:
    sheets = kind.make_sheets(case, user)
    if not sheets:
        raise DomainError(_("There is nothing to print on it."))
    return form_pdf(sheets)


def papers_of(conferral: Conferral, user: User) -> list[Paper]:
    """All of them, in order; one that two sources name stands there once."""
    found: dict[str, Paper] = {}
    for _order, _name, source in sorted(_sources, key=lambda each: each[:2]):
        for paper in source(conferral, user):
            found.setdefault(paper.code, paper)
    return list(found.values())

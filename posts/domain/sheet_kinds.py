"""The register of forms and sheets that are printed from a case. Each app declares its own; a page shows its menu.

A sheet reads what stands in the database already: nothing is typed for it, and nobody reads on it what he may not
read on the page of the case.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.models import User
from posts.documents.form_sheet import FormSheet

Make = Callable[[Model, User], FormSheet | list[FormSheet]]


@dataclass(frozen=True)
class SheetKind:
    """A kind of sheet. ``rows``: the cases a user sees; ``fits``: whether there is such a sheet for this case;
    ``on``: further pages that offer it, by model, each with the cases that belong to it; ``has_blank``: whether an
    empty one is of use in the room; ``page``: the address of the case's page, ``page_pk`` the number in it;
    ``narrowed``: makes it of what a list was narrowed to, given the words of its address."""

    code: str
    label: str | Promise
    rows: Callable[[User], QuerySet]
    make: Make
    order: int = 50
    fits: Callable[[Model, User], bool] = lambda case, user: True
    on: tuple[tuple[type[Model], Callable[[Model, User], Iterable[Model]]], ...] = ()
    has_blank: bool = False
    case_label: Callable[[Model], str] = str
    page: str = ""
    page_pk: Callable[[Any], int] = lambda case: case.pk
    narrowed: Callable[[Model, User, str], FormSheet] | None = None

    def cases_for(self, page: Model, user: User) -> list[Model]:
        """The cases whose sheet the page of an object offers to a user."""
        if isinstance(page, self.rows(user).model):
            found: Iterable[Model] = [page]
        else:
            found = next((cases(page, user) for model, cases in self.on if isinstance(page, model)), ())
        return [case for case in found if self.fits(case, user)]

    def page_of(self, case: Model) -> str:
        """Where the case is shown; empty where it has no page."""
        return reverse(self.page, args=[self.page_pk(case)]) if self.page else ""

    def make_sheets(self, case: Model, user: User, *, blank: bool = False, query: str = "") -> list[FormSheet]:
        """The sheets as they stand now; with ``blank`` to be filled in with a pen."""
        with override(settings.LANGUAGE_CODE):
            made = self.narrowed(case, user, query) if self.narrowed else self.make(case, user)
        sheets = [made] if isinstance(made, FormSheet) else made
        return [sheet.blank() for sheet in sheets[:1]] if blank else sheets


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu 打印: what is printed, where, and a second way beside it: the empty form, or as PDF."""

    label: str
    url: str
    second_url: str = ""
    second: str = ""


_kinds: dict[str, SheetKind] = {}
#: What else the menu offers for a case: functions from the object and the user to further entries.
more_entries: list[Callable[[Model, User], Iterable[MenuEntry]]] = []


def sheet_kind(kind: SheetKind) -> SheetKind:
    """Declare a kind of sheet."""
    if kind.code in _kinds:
        raise RuntimeError(f"two kinds of sheet {kind.code}")
    _kinds[kind.code] = kind
    return kind


def find_sheet_kind(code: str) -> SheetKind | None:
    return _kinds.get(code)


def each_sheet_kind() -> list[SheetKind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def menu_of(page: Model, user: User) -> list[MenuEntry]:
    """What may be printed from the page of an object, for this user."""
    entries = [entry for kind in each_sheet_kind() for entry in _entries(kind, page, user)]
    return entries + [entry for source in more_entries for entry in source(page, user)]


def _entries(kind: SheetKind, page: Model, user: User) -> list[MenuEntry]:
    cases, entries = kind.cases_for(page, user), []
    for case in cases:
        url = reverse("posts:sheet", args=[kind.code, case.pk])
        label = str(kind.label)
        if len(cases) > 1:
            label = _("%(sheet)s: %(case)s") % {"sheet": label, "case": kind.case_label(case)}
        blank_url = f"{url}?blank=1" if kind.has_blank else ""
        entries.append(MenuEntry(label, url, blank_url, _("empty form")))
    return entries

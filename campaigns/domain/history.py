"""The history 历史 of an object in words: the journal's events about it and about what belongs to it, newest first.

Apps on the right add the words for their events (``words``), their pages (``history_page``), what else belongs to an
object (``belongs``) and what not everybody who sees the object may read of it (``guards``). An event without words is
a mistake that a test finds.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.models import JournalEntry, User

Word = str | Promise


@dataclass(frozen=True)
class Named:
    """A fact that is the key of a row, told by one of its columns: read for a whole page in one query."""

    model: type[models.Model]
    column: str = "name"
    template: Word = "%s"


#: How a fact is told: a text with one ``%s``, two texts for yes and no, choices (their label), a name, or a call.
Telling = Word | tuple[Word, Word] | type[models.TextChoices] | Named | Callable[[Any], str]


class Words(NamedTuple):
    """What an event is called, which of its facts are told, and whether who did it stays untold."""

    label: Word
    facts: Mapping[str, Telling]
    is_nameless: bool = False


_words: dict[str, Words] = {}


def words(kind: str, label: Word, /, *, nameless: bool = False, **facts: Telling) -> None:
    """Say what the journal's events of a kind are called and which of their facts are told.

    ``nameless``: nobody is named as who did it, whatever the entry says (who reports is protected).
    """
    if kind in _words:
        raise RuntimeError(f"two sets of words for events of kind {kind}")
    _words[kind] = Words(label, facts, nameless)


def known_kinds() -> set[str]:
    """The kinds of events that have words."""
    return set(_words)


class Part(NamedTuple):
    """Rows whose events belong to another object's history, by key, with what they are called there."""

    model: type[models.Model]
    names: Mapping[Any, str]


PartOf = Callable[[Any, User], Part]
Check = Callable[[Any, User], bool]


@dataclass
class HistoryPage:
    """The history of one kind of object: who may open it is who may see the object."""

    slug: str
    model: type[models.Model]
    addresses: tuple[str, ...]
    visible: Callable[[User], models.QuerySet]
    back: Callable[[Any], str]
    key: Callable[[Mapping[str, Any]], int | None]
    entries: Callable[[Any], Q] | None = None
    parts: list[PartOf] = field(default_factory=list)
    guards: list[tuple[frozenset[str], Check]] = field(default_factory=list)


_pages: dict[str, HistoryPage] = {}


def history_page(
    slug: str,
    model: type[models.Model],
    *,
    addresses: Sequence[str],
    back: Callable[[Any], str] | None = None,
    visible: Callable[[User], models.QuerySet] | None = None,
    key: Callable[[Mapping[str, Any]], int | None] | None = None,
    entries: Callable[[Any], Q] | None = None,
) -> HistoryPage:
    """Give the objects of a model a history.

    ``addresses``: names of the addresses on which the link to it stands; ``key`` finds the object's key in such an
    address, ``pk`` by default. ``back`` leads to the first of them by default. ``visible`` is the model's
    ``visible_to`` by default. ``entries`` replaces the events about the object itself by others (an objection's are
    written about its nomination).
    """
    page = HistoryPage(
        slug,
        model,
        tuple(addresses),
        visible or (lambda user: _visible_to(model, user)),
        back or (lambda subject: reverse(addresses[0], args=[subject.pk])),
        key or (lambda kwargs: kwargs.get("pk")),
        entries,
    )
    _pages[slug] = page
    return page


def belongs(slug: str, part: PartOf) -> None:
    """Let the events of further rows appear in a history: ``part`` returns those of an object that the user may see."""
    _pages[slug].parts.append(part)


def guard(slug: str, kinds: Iterable[str], check: Check) -> None:
    """Leave events of these kinds out of a history unless ``check(object, user)`` holds."""
    _pages[slug].guards.append((frozenset(kinds), check))


def find_page(slug: str) -> HistoryPage | None:
    """The history of that name."""
    return _pages.get(slug)


def page_at(address: str) -> HistoryPage | None:
    """The history that is linked from the address of that name."""
    return next((page for page in _pages.values() if address in page.addresses), None)


def page_for(model: type[models.Model]) -> HistoryPage:
    """The history of the objects of a model."""
    return next(page for page in _pages.values() if page.model is model)


def all_pages() -> list[HistoryPage]:
    """Every kind of object that has a history."""
    return list(_pages.values())


@dataclass(frozen=True)
class Line:
    """An event in words."""

    seq: int
    mark: str
    at: datetime
    about: str
    text: str
    facts: list[str]
    who: str


def entries_of(page: HistoryPage, subject: models.Model, user: User) -> tuple[models.QuerySet[JournalEntry], dict]:
    """The events this user may read, newest first, and the names of the rows that belong to the object."""
    condition = page.entries(subject) if page.entries else about(page.model, [subject.pk])
    names: dict[tuple[str, str], str] = {}
    for part_of in page.parts:
        part = part_of(subject, user)
        condition |= about(part.model, part.names)
        names |= {(_label(part.model), str(pk)): name for pk, name in part.names.items()}
    hidden = {kind for kinds, check in page.guards if not check(subject, user) for kind in kinds}
    entries = JournalEntry.objects.filter(condition).exclude(kind__in=hidden)
    return entries.select_related("actor").order_by("-seq"), names


def about(model: type[models.Model], keys: Iterable[Any]) -> Q:
    """The events about rows of a model."""
    return Q(subject_type=_label(model), subject_id__in=[str(key) for key in keys])


def with_fact(name: str, value: int) -> Q:
    """The events whose facts have this number under this name (the body is canonical: no spaces)."""
    return Q(body__contains=f'"{name}":{value},') | Q(body__contains=f'"{name}":{value}}}')


def told(entries: Iterable[JournalEntry], names: Mapping[tuple[str, str], str]) -> list[Line]:
    """Events in words: one query more for each kind of row that their facts name."""
    rows = [(entry, json.loads(entry.body)["facts"]) for entry in entries]
    known = _names_in(rows)
    return [_line(entry, facts, names, known) for entry, facts in rows]


def recent_lines(subject: models.Model, user: User, *, n: int = 8) -> list[Line]:
    """The last events, for a card on the object's own page."""
    entries, names = entries_of(page_for(type(subject)), subject, user)
    return told(entries[:n], names)


def _line(entry: JournalEntry, facts: dict, names: Mapping, known: Mapping) -> Line:
    said = _words.get(entry.kind) or Words(entry.kind, {})
    shown = [_tell(said.facts[name], facts[name], known) for name in said.facts if facts.get(name) not in (None, "")]
    who = "" if said.is_nameless else str(entry.actor or _("the system"))
    return Line(
        seq=entry.seq,
        mark=entry.hash[:16],
        at=entry.at,
        about=names.get((entry.subject_type, entry.subject_id), ""),
        text=str(said.label),
        facts=[text for text in shown if text],
        who=who,
    )


def _tell(telling: Telling, value: Any, known: Mapping) -> str:
    if isinstance(telling, Named):
        name = known[telling.model, telling.column].get(value, "")
        return str(telling.template) % name if name else ""
    if isinstance(telling, tuple):
        return str(telling[0] if value else telling[1])
    if isinstance(telling, type) and issubclass(telling, models.TextChoices):
        return str(dict(telling.choices).get(value, value))
    if isinstance(telling, (str, Promise)):
        return str(telling) % value
    return str(cast(Callable[[Any], str], telling)(value))


def _names_in(rows: Iterable[tuple[JournalEntry, dict]]) -> dict[tuple[type[models.Model], str], dict[int, str]]:
    wanted: dict[tuple[type[models.Model], str], set[int]] = defaultdict(set)
    for entry, facts in rows:
        for name, telling in _words[entry.kind].facts.items() if entry.kind in _words else ():
            if isinstance(telling, Named) and facts.get(name):
                wanted[telling.model, telling.column].add(facts[name])
    return {
        (model, column): dict(model._default_manager.filter(pk__in=keys).values_list("pk", column))  # noqa: SLF001  as above
        for (model, column), keys in wanted.items()
    }


def _visible_to(model: Any, user: User) -> models.QuerySet:
    return model.objects.visible_to(user)


def _label(model: type[models.Model]) -> str:
    return model._meta.label_lower  # noqa: SLF001  public API by another name

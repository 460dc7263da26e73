"""Characters that no face has, written as their codes.

A paper that is signed or put up is refused for such a character: somebody must decide how to write the name. A record
is not: a dossier, a ledger or an archive has to hold all the rest, and says which characters it writes as codes.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from posts.documents.fonts import unprintable

MOST_NAMED = 12

T = TypeVar("T")


class Speller:
    """Writes texts so that every character can be printed, and remembers which it had to write as codes."""

    def __init__(self, found: Iterable[str] = ()) -> None:
        self.found = dict.fromkeys(found)

    def spell(self, thing: Any) -> Any:
        """A text, or a list, mapping or dataclass of texts; what holds nothing of the kind comes back as it was."""
        if isinstance(thing, str):
            return self._spell_text(thing)
        if isinstance(thing, Mapping):
            return {key: self.spell(value) for key, value in thing.items()}
        if type(thing) in (tuple, list):
            return type(thing)(map(self.spell, thing))
        if is_dataclass(thing) and not isinstance(thing, type):
            return replace(thing, **{each.name: self.spell(getattr(thing, each.name)) for each in fields(thing)})
        return thing

    def note(self) -> str:
        """A sentence that names the characters; empty when there are none."""
        if not self.found:
            return ""
        named = "、".join(map(_code, list(self.found)[:MOST_NAMED]))
        if len(self.found) > MOST_NAMED:
            named += "…"
        return _("No font on this server has these characters; their codes stand for them: %(chars)s") % {
            "chars": named
        }

    def _spell_text(self, text: str) -> str:
        missing = unprintable(text)
        self.found |= dict.fromkeys(sorted(missing))
        return text.translate({ord(char): _code(char) for char in missing}) if missing else text


_speller: ContextVar[Speller | None] = ContextVar("speller", default=None)


@contextmanager
def spelling_out() -> Iterator[Speller]:
    """Papers made in this block are not refused for a character that no face has."""
    token = _speller.set(speller := Speller())
    try:
        yield speller
    finally:
        _speller.reset(token)


def spelled(thing: T) -> T:
    """The thing as it can be printed, inside ``spelling_out``; else unchanged."""
    speller = _speller.get()
    return speller.spell(thing) if speller else thing


def _code(char: str) -> str:
    return f"〔U+{ord(char):04X}〕"

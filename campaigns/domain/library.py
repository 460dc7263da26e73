"""The library of schemes: the files that come with the product, and those that people have added."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, StaleError
from campaigns.domain.journal import record
from campaigns.domain.schemes import Examination, SchemeError, examine_scheme
from campaigns.models import Scheme as StoredScheme
from campaigns.models import User
from campaigns.permissions import may_anywhere
from campaigns.schemes.model import Scheme

#: Words that stand for something else in addresses.
RESERVED = frozenset({"compare", "drafts", "upload"})
SHIPPED_DIR = Path(__file__).parent.parent / "schemes"


@dataclass(frozen=True)
class Entry:
    """A scheme of the library. ``loaded_at`` is None for one that came with the product."""

    code: str
    title: str
    text: str
    loaded_at: datetime | None = None

    @property
    def is_shipped(self) -> bool:
        return self.loaded_at is None

    @property
    def scheme(self) -> Scheme:
        scheme = examined(self.text).scheme
        if scheme is None:
            raise SchemeError(examined(self.text).problems)
        return scheme


@lru_cache(maxsize=200)
def examined(text: str) -> Examination:
    """The examination of a text of the library, made once a process: the pages ask for it again and again."""
    return examine_scheme(text)


def shipped_files() -> list[Path]:
    """The scheme files that come with the product, the general one first."""
    return sorted(SHIPPED_DIR.glob("*.toml"), key=lambda path: (path.stem != "default", path.stem))


def library() -> list[Entry]:
    """All schemes: those of the product, then the users' own."""
    own = [Entry(row.code, row.title, row.text, row.loaded_at) for row in StoredScheme.objects.all()]
    return [*_shipped(), *own]


def find_entry(code: str) -> Entry | None:
    """The scheme with this code."""
    return next((entry for entry in library() if entry.code == code), None)


@transaction.atomic
def store_scheme(content: str | bytes, *, actor: User | None, filename: str = "", replaces: str = "") -> StoredScheme:
    """Keep a scheme in the library. One with the same code is replaced; campaigns made from it keep their copy.

    ``replaces``: the checksum of the scheme that is to be replaced, so that nobody overwrites what he has not seen.
    ``actor`` None: from the command line, which replaces without asking. Raises SchemeError with all faults at once,
    DomainError for the code of a scheme that comes with the product, StaleError when the stored scheme is another one,
    PermissionDenied for somebody who manages no campaigns.
    """
    if actor is not None and not may_anywhere(actor, "manage_campaign"):
        raise PermissionDenied
    examination = examine_scheme(content, filename=filename)
    if examination.scheme is None:
        raise SchemeError(examination.problems)
    head = examination.scheme.scheme
    if head.code in RESERVED or head.code in {entry.code for entry in _shipped()}:
        raise DomainError(
            _("The code “%(code)s” belongs to a scheme of the product. Give yours another one.") % {"code": head.code},
            field="text",
        )
    sha256 = hashlib.sha256(examination.text.encode()).hexdigest()
    old = StoredScheme.objects.select_for_update().filter(code=head.code).first()
    if actor is not None and (old.sha256 if old else "") != replaces:
        raise StaleError(_stale_text(head.code, old))
    values = {"title": head.title, "text": examination.text, "sha256": sha256}
    stored, _created = StoredScheme.objects.update_or_create(code=head.code, defaults=values)
    record("scheme_stored", stored, actor=actor, code=head.code, sha256=sha256, replaced=old.sha256 if old else "")
    return stored


def _stale_text(code: str, stored: StoredScheme | None) -> str:
    if stored is None:
        return _(
            "The scheme “%(code)s” has been removed from the library meanwhile. Store yours with another code."
        ) % {"code": code}
    return _(
        "The scheme “%(title)s” was changed by somebody else meanwhile; nothing was stored. Look at it in the library, "
        "then store yours with another code or make your changes again."
    ) % {"title": stored.title}


@transaction.atomic
def remove_scheme(stored: StoredScheme, *, actor: User, sha256: str) -> None:
    """Take an own scheme out of the library; campaigns made from it keep their copy of the rules.

    ``sha256``: of the text that was seen. Raises StaleError for another one, PermissionDenied without the right.
    """
    if not may_anywhere(actor, "manage_campaign"):
        raise PermissionDenied
    locked = StoredScheme.objects.select_for_update().filter(pk=stored.pk).first()
    if locked is None or locked.sha256 != sha256:
        raise StaleError(_stale_text(stored.code, locked))
    record("scheme_removed", locked, actor=actor, code=locked.code, sha256=locked.sha256)
    locked.delete()


@cache
def _shipped() -> tuple[Entry, ...]:
    entries = []
    for path in shipped_files():
        text = path.read_text(encoding="utf-8")
        entries.append(Entry(path.stem, Entry(path.stem, "", text).scheme.scheme.title, text))
    return tuple(entries)

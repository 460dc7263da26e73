"""The library of schemes: the files that come with the product, and those that people have added."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.domain.schemes import SchemeError, examine_scheme, load_scheme
from campaigns.models import Scheme as StoredScheme
from campaigns.models import User
from campaigns.permissions import may_anywhere
from campaigns.schemes.model import Scheme

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
        return load_scheme(self.text, f"{self.code}.toml")


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
def store_scheme(content: str | bytes, *, actor: User | None, filename: str = "") -> StoredScheme:
    """Keep a scheme in the library; one with the same code is replaced, campaigns made from it keep their copy.

    ``actor`` None: from the command line. Raises SchemeError with all faults at once, DomainError for the code of a
    scheme that comes with the product, PermissionDenied for somebody who manages no campaigns.
    """
    if actor is not None and not may_anywhere(actor, "manage_campaign"):
        raise PermissionDenied
    examination = examine_scheme(content, filename=filename)
    if examination.scheme is None:
        raise SchemeError(examination.problems)
    head = examination.scheme.scheme
    if head.code in {entry.code for entry in _shipped()}:
        raise DomainError(
            _("The code “%(code)s” belongs to a scheme of the product. Give yours another one.") % {"code": head.code},
            field="text",
        )
    sha256 = hashlib.sha256(examination.text.encode()).hexdigest()
    values = {"title": head.title, "text": examination.text, "sha256": sha256}
    stored, _created = StoredScheme.objects.update_or_create(code=head.code, defaults=values)
    record("scheme_stored", stored, actor=actor, code=head.code, sha256=sha256)
    return stored


@cache
def _shipped() -> tuple[Entry, ...]:
    entries = []
    for path in shipped_files():
        text = path.read_text(encoding="utf-8")
        entries.append(Entry(path.stem, load_scheme(text, path.name).scheme.title, text))
    return tuple(entries)

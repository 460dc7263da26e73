"""Which official documents there are: each app declares makers that draft one from a case of its own.

A draft is text that the office edits, with facts in braces that it cannot: ``{依据}`` is filled in from the case each
time the paper is made, until the issue freezes it. The lists in the annexes are facts as a whole.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.models import Campaign, OrgUnit
from posts.documents.official_paper import Annex, Corner
from posts.models import Conferral, OfficialDocument

#: Where the office must write something itself; a text that still has it is not issued.
BLANK = "＿＿＿＿"
_FACT = re.compile(r"[{｛]([^{}｛｝\n]{1,30})[}｝]")


@dataclass(frozen=True)
class Fact:
    """A value out of the case under the name by which the text calls it; a text without a needed one is not issued."""

    name: str
    value: str
    is_needed: bool = True


@dataclass(frozen=True)
class Case:
    """All that a maker knows about a case: whose paper it is, what stands fixed, and a first text to be edited.

    ``number``, ``day``: what the case has already; the paper then carries exactly these. ``decided_on``: offered as the
    date of the document. ``hindrances``: why it cannot be issued yet; ``unfit``: why such a document is none of this
    case at all. ``keep``: names the title does not cut.
    """

    campaign: Campaign
    org_unit: OrgUnit
    title: str
    text: str
    facts: Sequence[Fact] = ()
    addressee: str = ""
    annexes: Sequence[Annex] = ()
    corner: Corner | None = None
    conferral: Conferral | None = None
    is_wide: bool = False
    number: str = ""
    day: date | None = None
    decided_on: date | None = None
    keep: Sequence[str] = ()
    foot: str = ""
    withdraws: OfficialDocument | None = None
    hindrances: Sequence[str] = ()
    unfit: str = ""


Make = Callable[[Any], Case]
Issued = Callable[[Any, OfficialDocument], None]


@dataclass(frozen=True)
class DraftMaker:
    """A kind of document: its name, the model of its case, and what its papers look like.

    ``formal``: with letterhead, number and 版记; else a plain sheet that may do without a number. ``public``: private
    numbers are refused in it. ``issued`` is told when it has been issued.
    """

    kind: str
    label: str | Promise
    model: str
    make: Make
    formal: bool = True
    public: bool = False
    issued: Issued | None = None
    order: int = 50


_makers: dict[str, DraftMaker] = {}


def draft_maker(
    kind: str,
    label: str | Promise,
    *,
    model: str,
    formal: bool = True,
    public: bool = False,
    issued: Issued | None = None,
    order: int = 50,
) -> Callable[[Make], Make]:
    """Declare a kind of document and the function that drafts it from a row of ``model`` (``app.Model``)."""

    def declare(make: Make) -> Make:
        if kind in _makers:
            raise RuntimeError(f"two makers for documents of kind {kind}")
        _makers[kind] = DraftMaker(kind, label, model, make, formal, public, issued, order)
        return make

    return declare


def each_maker() -> list[DraftMaker]:
    """Every kind of document, in order."""
    return sorted(_makers.values(), key=lambda maker: (maker.order, maker.kind))


def find_maker(kind: str) -> DraftMaker | None:
    """The maker of that kind, if there is one."""
    return _makers.get(kind)


def label_of(document: OfficialDocument) -> str:
    """What a document is called: 命名决定 …"""
    maker = find_maker(document.kind)
    return str(maker.label) if maker else document.kind


def makers_for(source: models.Model) -> list[DraftMaker]:
    """The kinds that are drafted from such a row."""
    label = source._meta.label_lower  # noqa: SLF001  public API by another name
    return [maker for maker in each_maker() if maker.model.lower() == label]


def source_of(document: OfficialDocument) -> models.Model:
    """The case from which it is drafted. Raises DomainError when that is gone."""
    model = apps.get_model(document.source_type)
    source = model._default_manager.filter(pk=document.source_id).first()  # noqa: SLF001  as above
    if source is None:
        raise DomainError(_("The case of this document is not there any more. Discard the draft."))
    return source


def token(name: str) -> str:
    """How a text calls a fact."""
    return "{" + name + "}"


@dataclass
class Filled:
    """A text with its facts filled in; what it calls that is unknown, and what it lacks."""

    text: str
    unknown: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    @property
    def problems(self) -> list[str]:
        found = [
            _("There is no fact “%(name)s”. Take it out or choose one of the list.") % {"name": n} for n in self.unknown
        ]
        return found + [
            _("The fact “%(name)s” is missing in the text: put %(token)s back in.") % {"name": n, "token": token(n)}
            for n in self.missing
        ]


def fill_in(text: str, facts: Sequence[Fact]) -> Filled:
    """Put the facts into the text. A paragraph that held nothing but empty facts is left out."""
    values: Mapping[str, str] = {fact.name: fact.value for fact in facts}
    called = [name.strip() for name in _FACT.findall(text)]
    return Filled(
        "\n".join(line for row in text.splitlines() if (line := _fill_row(row, values))),
        unknown=list(dict.fromkeys(name for name in called if name not in values)),
        missing=[fact.name for fact in facts if fact.is_needed and fact.value and fact.name not in called],
    )


def _fill_row(row: str, values: Mapping[str, str]) -> str:
    names = [name.strip() for name in _FACT.findall(row)]
    if names and not any(values.get(name, name) for name in names):
        return ""
    text = _FACT.sub(lambda match: values.get(match[1].strip(), match[0]), row)
    return " ".join(text.split()) if text.isascii() else text.strip()

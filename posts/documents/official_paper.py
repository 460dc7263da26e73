"""What an official document 公文 says: pure facts, from which the layout makes the same bytes each time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Column:
    """A column of an annexed list; its width follows from what stands in it."""

    heading: str
    centered: bool = False


@dataclass(frozen=True)
class Annex:
    """附件: a title over a list or a text."""

    title: str
    columns: Sequence[Column] = ()
    rows: Sequence[Sequence[str]] = ()
    text: str = ""


@dataclass(frozen=True)
class Imprint:
    """版记: who gets a copy, who printed it and when (GB/T 9704-2012, 7.4)."""

    printed_by: str
    printed_on: date
    copies_to: str = ""


@dataclass(frozen=True)
class Corner:
    """A QR code beside the signature, with the words under it; ``svg`` is the image."""

    svg: bytes
    label: str


@dataclass(frozen=True)
class OfficialPaper:
    """A whole document.

    ``text``: a paragraph a line; those that begin with 一、 or （一） are headings. ``signer``: empty for what nobody
    signs. ``letterhead``: 发文机关标志, empty for papers that go without 版头. ``sealed``: whether a seal is put over
    signature and day. ``keep``: names that the lines of the title do not cut. ``foot``: small print on each page.
    """

    title: str
    text: str
    signer: str
    day: date
    letterhead: str = ""
    number: str = ""
    addressee: str = ""
    annexes: Sequence[Annex] = ()
    imprint: Imprint | None = None
    sealed: bool = True
    corner: Corner | None = None
    keep: Sequence[str] = ()
    foot: str = ""
    is_draft: bool = False
    archived: bool = field(default=True, kw_only=True)

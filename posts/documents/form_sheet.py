"""Forms on A4 表: boxes with labels, long texts that go on to the next page, opinions with a place for the seal.

A form is plain data. Whoever makes one says what stands in it; the engine knows how it looks. The same data without
its values is the blank form, to be filled in with a pen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import override

from posts.documents.fonts import FANGSONG
from posts.documents.form_grid import Grid, shown
from posts.documents.label_lines import label_lines
from posts.documents.render import ARCHIVED, render_pdf
from posts.domain.notice_texts import formal_date

#: Units of width of a row; a label takes LABEL of them, the values share the rest evenly.
UNITS, LABEL = 24, 3
#: So many characters fit on a line of a label.
LABEL_CHARACTERS = 5
#: The width of the type area in mm.
UPRIGHT, LANDSCAPE = 166, 253
#: So many characters of the foot fit beside the page number.
FOOT_UPRIGHT, FOOT_LANDSCAPE = 48, 78
#: A text of at most so many characters stands whole on one page.
WHOLE_TEXT = 400
#: A long text has at least so many mm on a blank form.
LEAST_ROOM = 16


class _Labelled:
    """Something with a label in the narrow column."""

    label: str

    @property
    def label_lines(self) -> list[str]:
        return label_lines(self.label, LABEL_CHARACTERS)


@dataclass(frozen=True)
class Fact(_Labelled):
    """A label and what stands beside it; ``kept`` stays on the blank form."""

    label: str
    value: object = ""
    kept: bool = False

    @property
    def text(self) -> str:
        return shown(self.value)


@dataclass(frozen=True)
class Facts:
    """A row of facts of equal width, at most three."""

    facts: tuple[Fact, ...]
    kind = "facts"

    @property
    def span(self) -> int:
        """The width of each value."""
        return UNITS // len(self.facts) - LABEL

    def blank(self) -> "Facts":
        return Facts(tuple(fact if fact.kept else replace(fact, value="") for fact in self.facts))


@dataclass(frozen=True)
class Long(_Labelled):
    """A text of any length beside its label. ``least``: its height in mm when short; ``room``: on a blank form."""

    label: str
    text: str = ""
    least: int = 22
    room: int = 0
    kept: bool = False
    kind = "long"

    @property
    def is_whole(self) -> bool:
        """Whether it is so short that no page should end inside it."""
        return len(self.text) <= WHOLE_TEXT and self.text.count("\n") < 12

    @property
    def paragraphs(self) -> list[str]:
        return self.text.splitlines()

    def blank(self) -> "Long":
        return self if self.kept else replace(self, text="", least=self.room or max(self.least, LEAST_ROOM))


@dataclass(frozen=True)
class Opinion(_Labelled):
    """What a body says, who signs, and the place of its seal and of the date. The unit stays on the blank form."""

    label: str
    text: str = ""
    unit: str = ""
    signer: str = ""  # the words before the place of the signature; empty: the seal alone
    day: date | None = None
    sealed: bool = True
    least: int = 36
    kind = "opinion"

    @property
    def paragraphs(self) -> list[str]:
        return self.text.splitlines()

    @property
    def date(self) -> str:
        return formal_date(self.day) if self.day else ""

    def blank(self) -> "Opinion":
        return replace(self, text="", day=None)


@dataclass(frozen=True)
class Signatures:
    """Places for signatures under the form, each with the name where it is known."""

    places: tuple[tuple[str, str], ...]
    kind = "signatures"

    def blank(self) -> "Signatures":
        return Signatures(tuple((label, "") for label, _name in self.places))


@dataclass(frozen=True)
class Note:
    """Small print under the form; stays on the blank one."""

    text: str
    kind = "note"

    def blank(self) -> "Note":
        return self


Part = Facts | Long | Opinion | Grid | Signatures | Note


@dataclass(frozen=True)
class FormSheet:
    """A form: title, the line under it, its parts, and what stands at the foot of every page."""

    title: str
    parts: tuple[Part, ...]
    left: str = ""
    right: str = ""
    foot: str = ""
    landscape: bool = False

    def blank(self) -> "FormSheet":
        """The same form to be filled in with a pen."""
        return replace(self, parts=tuple(part.blank() for part in self.parts), right="")

    @property
    def foot_line(self) -> str:
        """The foot as far as it fits beside the page number: the title above says it in full."""
        most = FOOT_LANDSCAPE if self.landscape else FOOT_UPRIGHT
        return self.foot if len(self.foot) <= most else f"{self.foot[: most - 1]}…"

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """The parts, those of one table together: facts, long texts and opinions share their columns.

        A text that may go on on the next page is a table of its own, because only that table draws its left edge.
        """
        blocks: list[dict[str, Any]] = []
        for part in self.parts:
            kind, parted = "boxes" if part.kind in _BOXES else part.kind, _is_parted(part)
            last = blocks[-1] if blocks else {"kind": ""}
            if kind == last["kind"] == "boxes" and not parted and not last["parted"]:
                last["parts"].append(part)
                continue
            joined = {kind, last["kind"]} <= {"boxes", "grid"}
            heads = part.heads(LANDSCAPE if self.landscape else UPRIGHT) if isinstance(part, Grid) else ()
            blocks.append({"kind": kind, "parts": [part], "joined": joined, "parted": parted, "heads": heads})
        return blocks


_BOXES = frozenset({Facts.kind, Long.kind, Opinion.kind})


def _is_parted(part: Part) -> bool:
    return (isinstance(part, Long) and not part.is_whole) or (isinstance(part, Grid) and part.is_parted)


def facts(*pairs: Fact | tuple[str, object]) -> Facts:
    """A row of facts: ``facts((label, value), …)``."""
    return Facts(tuple(pair if isinstance(pair, Fact) else Fact(*pair) for pair in pairs))


def form_pdf(sheets: FormSheet | Iterable[FormSheet], *, counted: bool = True) -> bytes:
    """The forms as a PDF, each on a page of its own. Raises DomainError for a character that no font has.

    ``counted``: with page numbers; a piece of something longer gets them when all are together.
    """
    found = [sheets] if isinstance(sheets, FormSheet) else list(sheets)
    with override(settings.LANGUAGE_CODE):
        context = {"sheets": found, "title": found[0].title, "counted": counted, "units": range(UNITS), "label": LABEL}
        context |= {"rest": UNITS - LABEL, "landscape": any(sheet.landscape for sheet in found)}
        return render_pdf("documents/form_sheet.html", context, base_font=FANGSONG, variant=ARCHIVED)

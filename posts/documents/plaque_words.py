"""The words of plaques set straight into their pages, with letters that the layout engine embedded once for all.

The engine takes ten times as long, and every line of a plaque has its known place. The places and sizes are those of
``documents/plaque.html``, by which the engine sets the plaques in whose words letters join; a test lays one over the
other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import pgettext

from posts.documents.cutting import POINTS_PER_MM
from posts.documents.designs import Design
from posts.documents.fonts import HEI
from posts.documents.line_filler import fill_lines, single_blanks
from posts.documents.plaque_rows import LINE_HEIGHT, Row, count_words
from posts.documents.qr import pdf_colour
from posts.documents.tag_tree import TagTree, artifact
from posts.documents.type_case import TypeCase, cast_letters, missing, needs_engine

PLAIN, BOLD = "P", "B"
ASCENT = 0.88  # of every face, in ems
_LEFT, _RULE, _PAD = 27.5, 0.5, 5.0  # units
_SMALL = 12.0  # points


class Style(NamedTuple):
    """The letters of a run, what its fonts are called in the file, size in points and colour."""

    case: TypeCase
    prefix: str
    size: float
    colour: str

    def width(self, text: str) -> float:
        return self.case.width(text) * self.size / 1000

    def break_lines(self, text: str, width: float) -> list[str]:
        """The lines of a text in a column of so many points."""
        text = single_blanks(text)
        return [text] if self.width(text) <= width else fill_lines(text, room=width, advance=self.width)


Run = tuple[Style, str]


@dataclass(frozen=True)
class Letters:
    """The two faces of a plaque, with all letters of a batch."""

    plain: TypeCase
    bold: TypeCase

    def can_set(self, sheet: dict[str, Any]) -> bool:
        """Whether nothing on the plaque needs the engine."""
        bold, plain = words_on(sheet)
        return not (needs_engine(bold + plain) or missing(self.bold, bold) or missing(self.plain, plain))


def cast_for(sheets: Sequence[dict[str, Any]], *, title: str) -> Letters:
    """Every letter that occurs on the plaques. ``title`` is that of the file. Raises DomainError as the engine does."""
    bold, plain = set(), set()
    for sheet in sheets:
        words = words_on(sheet)
        bold |= set(words[0])
        plain |= set(words[1])
    faces = ((plain, 400), (bold, 700))
    cases = [cast_letters(chars, families=f"'{HEI}'", weight=w, title=title, variant=None) for chars, w in faces]
    return Letters(*cases)


def words_on(sheet: dict[str, Any]) -> tuple[str, str]:
    """All that stands on a plaque in bold, and all that does not, a line each."""
    bold, plain = [sheet["title"], _caption(), sheet["issuer"], sheet["day"]], [_number_words(sheet["number"])]
    for row, lines in sheet["rows"]:
        bold.append(row.label)
        (bold if row.code == "post_name" else plain).extend([*lines, "\u3000"])
        if row.count is not None:
            bold.append(count_words(row.count))
    return "\n".join(bold), "\n".join(plain)


def _caption() -> str:
    return pgettext("plaque", "Scan to check · comment")


def _number_words(number: str) -> str:
    return pgettext("plaque", "No. %(number)s") % {"number": number} if number else ""


class Words:
    """Sets the words of one plaque after the other. Points count from the lower left corner of the drawing."""

    def __init__(self, letters: Letters, design: Design, tree: TagTree) -> None:
        self.letters, self.tree = letters, tree
        self.text, self.accent, self.faint = map(pdf_colour, (design.text, design.accent, design.faint))

    def set(self, sheet: dict[str, Any]) -> str:
        """The operators of all words on a plaque, tagged as a section of the page that the tree has begun."""
        section = self.tree.add("Sect")
        foot = sheet["sheet"].high
        parts = [self.tree.mark("H1", self._title(sheet, foot), section)]
        parts += self._rows(sheet, foot, self.tree.add("L", section))
        for drawn in (self._code(sheet, foot), self._sign(sheet), self._number(sheet)):
            if drawn:
                parts.append(self.tree.mark("P", drawn, section))
        return "\n".join(parts)

    def _bold(self, size: float, colour: str) -> Style:
        return Style(self.letters.bold, BOLD, size, colour)

    def _title(self, sheet: dict[str, Any], foot: float) -> str:
        """For copying and reading aloud; the eye sees the drawn one."""
        style, width = self._bold(_SMALL, self.text), sheet["title_width"]
        lines = style.break_lines(sheet["title"], _points(width))
        placed = [(_points(25 + width / 2) - style.width(line) / 2, [(style, line)]) for line in lines]
        return f"q 3 Tr {_block(placed, top=_points(foot - 40), lead=1, size=_SMALL)} Q"

    def _rows(self, sheet: dict[str, Any], foot: float, tags) -> Iterator[str]:
        """Label, rule and text of each row."""
        size, top, x = sheet["size"], _points(foot - sheet["at"].rows_top), _points(_LEFT + sheet["label_width"])
        left, width = x + _points(_RULE + _PAD), _points(sheet["text_width"])
        label = self._bold(size, self.accent)
        for number, (row, lines) in enumerate(sheet["rows"], 1):
            item = self.tree.add("LI", tags)
            runs = self._lines(row, lines, size, width)
            height = len(runs) * LINE_HEIGHT * size
            if number < len(sheet["rows"]):
                height += _points(sheet["gap"])
            yield artifact(f"{self.accent} rg {x:.2f} {top - height:.2f} {_points(_RULE):.3f} {height:.2f} re f")
            heading = _block([(_points(_LEFT), [(label, row.label)])], top=top, lead=LINE_HEIGHT, size=size)
            yield self.tree.mark("Lbl", heading, item)
            body = _block([(left, line) for line in runs], top=top, lead=LINE_HEIGHT, size=size)
            yield self.tree.mark("LBody", body, item)
            top -= height

    def _lines(self, row: Row, lines: Sequence[str], size: float, width: float) -> list[list[Run]]:
        bold, plain = self._bold(size, self.text), Style(self.letters.plain, PLAIN, size, self.text)
        style = bold if row.code == "post_name" else plain
        if row.count is None:
            return [[(style, part)] for line in lines for part in style.break_lines(line, width)]
        # The first line was reckoned with the count before it, so it needs no breaking.
        first: list[Run] = [(bold, count_words(row.count)), (plain, "\u3000" + lines[0])]
        return [first, *([(plain, part)] for line in lines[1:] for part in plain.break_lines(line, width))]

    def _code(self, sheet: dict[str, Any], foot: float) -> str:
        if not sheet["panel"]:
            return ""
        style = self._bold(_SMALL, self.accent)
        middle = _points(sheet["caption_left"] + 23)
        lines = style.break_lines(_caption(), _points(46))
        placed = [(middle - style.width(line) / 2, [(style, line)]) for line in lines]
        return _block(placed, top=_points(foot - sheet["caption_top"]), lead=1.3, size=_SMALL)

    def _sign(self, sheet: dict[str, Any]) -> str:
        """Issuer and day, flush right; they grow upwards."""
        size = sheet["issuer_size"]
        style, right = self._bold(size, self.text), _points(sheet["sheet"].wide - 28)
        width = _points(sheet["at"].sign_width)
        lines = [line for text in (sheet["issuer"], sheet["day"]) if text for line in style.break_lines(text, width)]
        placed = [(right - style.width(line), [(style, line)]) for line in lines]
        return _block(placed, top=_points(16) + len(lines) * 1.5 * size, lead=1.5, size=size)

    def _number(self, sheet: dict[str, Any]) -> str:
        if not sheet["number"]:
            return ""
        style = Style(self.letters.plain, PLAIN, _SMALL, self.faint)
        top = _points(sheet["at"].number_bottom) + 1.4 * _SMALL
        return _block([(_points(_LEFT), [(style, _number_words(sheet["number"]))])], top=top, lead=1.4, size=_SMALL)


def _points(units: float) -> float:
    return units * POINTS_PER_MM


def _block(lines: Sequence[tuple[float, Sequence[Run]]], *, top: float, lead: float, size: float) -> str:
    """Lines one below the other, each with the place where it begins; ``lead`` in multiples of the size."""
    parts, y, colour = ["BT"], top - (lead - 1) / 2 * size - ASCENT * size, ""
    for x, runs in lines:
        parts.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
        for style, text in runs:
            if style.colour != colour:
                colour = style.colour
                parts.append(f"{colour} rg")
            parts.append(style.case.show(text, style.prefix, style.size))
        y -= lead * size
    return " ".join([*parts, "ET"]) if lines else ""

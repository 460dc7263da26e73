"""GB/T 9704-2012 on A4: 版心 156 × 225 mm, 22 lines of 28 characters, letterhead, signature, annexes, 版记."""

import re
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import override

from posts.documents.faces import (
    BIAOSONG,
    FANGSONG,
    HEI,
    KAI,
    SONG,
    advance,
    baseline,
    font_family,
    ink,
    width,
)
from posts.documents.line_breaker import Line, Measure, Run, break_lines
from posts.documents.official_fit import COMPANY, PITCH, TEXT_HEIGHT, Flow, choose_pitch
from posts.documents.official_paper import Annex, Imprint, OfficialPaper
from posts.documents.official_table import lay_out
from posts.documents.render import ARCHIVED, render_pdf
from posts.documents.spelling import spelled
from posts.documents.title_shape import shape_title
from posts.domain.notice_texts import formal_date

MM = 72 / 25.4
TEXT_WIDTH = 156 * MM
TEXT = Measure(16, 28, TEXT_WIDTH)  # 3号
TITLE_CELLS, TITLE_LINE = 20, 35  # 2号, 22 points
SMALL = Measure(14, 29, TEXT_WIDTH - 28)  # 4号, one character in on both sides (7.4.2)
MARK_SIZES = (54, 26)
# A seal of 42 mm begins within one line of the text and has signature and day a little below its middle (7.3.5.1).
SEAL_TOP = 5.0
IMPRINT_LINE = 8.0
MARK_TOP, RULE_GAP, RULE, NUMBER_DROP = 35.0, 4.0, 0.53, 7.0  # mm (7.2.4, 7.2.7, 7.5)
_HEADINGS = (
    (re.compile(r"^[一二三四五六七八九十]+、"), HEI, "h2"),
    (re.compile(r"^（[一二三四五六七八九十]+）"), KAI, "h3"),
)


@dataclass(frozen=True)
class Paragraph:
    """Lines with the tag they carry in the file; what ``stays`` goes to the page of the signature."""

    tag: str
    lines: list[Line]
    stays: bool = False

    @property
    def is_heading(self) -> bool:
        return self.tag != "p"


def official_pdf(paper: OfficialPaper) -> bytes:
    """The document; the same paper gives the same bytes. Raises DomainError for a character that no face has."""
    with override(settings.LANGUAGE_CODE):
        context = _context(spelled(paper))
        return render_pdf(
            "documents/official.html",
            context,
            stylesheets=["documents/official.css"],
            assets={"corner": paper.corner.svg} if paper.corner else None,
            variant=ARCHIVED if paper.archived and not paper.is_draft else None,
        )


def _context(paper: OfficialPaper) -> dict[str, Any]:
    context = {
        "paper": paper,
        "heading": "".join(paper.title.splitlines()),
        "fonts": {role: font_family(role) for role in (BIAOSONG, FANGSONG, HEI, KAI, SONG)},
        "pitch": PITCH,
        "pitch2": round(2 * PITCH, 3),
        "seal_top": SEAL_TOP,
        "rule": RULE,
        "mark": _mark(paper.letterhead),
        "rule_top": _rule_top(paper.number),
        "number_top": _page_number_top(),
        "title": shape_title(paper.title, cells=TITLE_CELLS, keep=paper.keep),
        "title_line": TITLE_LINE,
        "label_height": round(
            2 * PITCH - (TITLE_LINE / MM - PITCH) / 2, 3
        ),  # the title in the middle of the third line
        "addressee": _plain(paper.addressee) if paper.addressee else [],
        "paragraphs": _paragraphs(paper.text),
        "notes": _annex_notes(paper.annexes),
        "sign": _signature(paper),
        "annexes": [_annex(annex, n, len(paper.annexes)) for n, annex in enumerate(paper.annexes, 1)],
        "imprint": _imprint(paper.imprint) if paper.imprint else None,
        "day": formal_date(paper.day),
    }
    return context | {"text_pitch": choose_pitch(_flow(context))}


def _flow(context: dict[str, Any]) -> Flow:
    """The heights that the style sheet gives these parts."""
    mark, sign, notes, imprint = (context[name] for name in ("mark", "sign", "notes", "imprint"))
    head = PITCH + len(context["title"]) * TITLE_LINE / MM + PITCH
    if mark:
        head += mark["top"] + 1.2 * len(mark["rows"]) * mark["size"] / MM + mark["below"]
        head += PITCH + context["rule_top"] + RULE + PITCH
    elif context["paper"].number:
        head += PITCH
    close = (1 + sum(map(len, notes))) * PITCH if notes else 0
    close += (sign["blank"] + len(sign["rows"]) + 1) * PITCH if sign else 0
    lines = [False] * len(context["addressee"])
    for paragraph in context["paragraphs"]:
        lines += [False] * (len(paragraph.lines) - 1) + [paragraph.is_heading]
    return Flow(TEXT_HEIGHT - head, lines, close, imprint["height"] if imprint and not context["annexes"] else 0)


def _paragraphs(text: str) -> list[Paragraph]:
    """The last paragraph goes on to the page of the signature; one of a single line takes the end of another along."""
    found = [_paragraph(row) for row in text.splitlines() if row.strip()]
    stays = 2 if found and len(found[-1].lines) < COMPANY else 1
    return [*found[:-stays], *(replace(each, stays=True) for each in found[-stays:])]


def _paragraph(text: str) -> Paragraph:
    """A paragraph two characters in; its heading, if it begins with one, in the heading's face up to the full stop."""
    text = text.strip()
    for pattern, role, tag in _HEADINGS:
        if pattern.match(text):
            head, stop, rest = text.partition("。")
            runs = [Run(head + stop, role), Run(rest, FANGSONG)] if rest else [Run(text, role)]
            return Paragraph("p" if rest else tag, break_lines(runs, measure=TEXT, advance=advance, first=2))
    return Paragraph("p", break_lines([Run(text, FANGSONG)], measure=TEXT, advance=advance, first=2))


def _plain(text: str, *, first: float = 0, rest: float = 0) -> list[Line]:
    return break_lines([Run(text, FANGSONG)], measure=TEXT, advance=advance, first=first, rest=rest)


def _cells(text: str, role: str = FANGSONG) -> float:
    """The width of a line of text at normal spacing, in characters."""
    return (width(text, role) * TEXT.size + len(text) * TEXT.normal) / (TEXT.size + TEXT.normal)


def _mark(letterhead: str) -> dict[str, Any] | None:
    """The letterhead in the largest size that fits, on more lines when the smallest does not; its ink 35 mm down."""
    if not letterhead:
        return None
    largest, smallest = MARK_SIZES
    rows = shape_title(letterhead, cells=int(TEXT_WIDTH / smallest))
    widest = max(width(row, BIAOSONG) for row in rows)
    size = min(largest, TEXT_WIDTH * 0.985 / widest)
    # The ink of a line 1.2 em high, in ems from its top and from its bottom.
    top = 0.6 + baseline(BIAOSONG) - ink(rows[0], BIAOSONG)[0]
    bottom = 0.6 - baseline(BIAOSONG) + ink(rows[-1], BIAOSONG)[1]
    return {
        "rows": rows,
        "size": round(size, 3),
        "top": round(MARK_TOP - top * size / MM, 3),
        "below": round(2 * PITCH - bottom * size / MM, 3),
    }


def _rule_top(number: str) -> float:
    """The space in mm between the line of the number and the red line, 4 mm below the ink of the number."""
    bottom = baseline(FANGSONG) - ink(number or "号", FANGSONG)[1]
    return round(RULE_GAP - (PITCH / 2 - bottom * TEXT.size / MM), 3)


def _page_number_top() -> float:
    """The space in mm above the page number that puts the middle of its dashes 7 mm below the text."""
    top, bottom = ink("—", SONG)
    return round(NUMBER_DROP - (0.5 + baseline(SONG) - (top + bottom) / 2) * SMALL.size / MM, 3)


def _annex_notes(annexes) -> list[list[Line]]:
    """附件说明 (7.3.4): numbered when there are several, what is turned over under the first character."""
    notes = []
    for n, annex in enumerate(annexes, 1):
        number = f"{n}." if len(annexes) > 1 else ""
        head = "附件：" if n == 1 else ""
        rest = 5 + _cells(number)
        notes.append(_plain(f"{head}{number}{annex.title}", first=2 if n == 1 else 5, rest=rest))
    return notes


def _signature(paper: OfficialPaper) -> dict[str, Any] | None:
    """Where signature and day stand (7.3.5.1 under a seal, 7.3.5.2 without), in points from the left of the text."""
    if not paper.signer:
        return None
    rows = shape_title(paper.signer, cells=22)
    day = formal_date(paper.day)
    day_cells, widest = _cells(day), max(map(_cells, rows))
    if paper.sealed:
        day_left = 28 - 4 - day_cells
        middle = min(day_left + day_cells / 2, 28 - widest / 2)
        lefts = [middle - _cells(row) / 2 for row in rows]
    elif day_cells > widest:
        day_left = 28 - 2 - day_cells
        lefts = [day_left - 2] * len(rows)
    else:
        lefts = [28 - 2 - widest] * len(rows)
        day_left = min(lefts[0] + 2, 28 - day_cells)
    cell = TEXT.size + TEXT.normal
    return {
        "rows": [(row, round(left * cell, 3)) for row, left in zip(rows, lefts, strict=True)],
        "day": (day, round(day_left * cell, 3)),
        "spacing": round(TEXT.normal, 4),
        "blank": 2 if paper.sealed else 1,
        "middle": round((day_left + day_cells / 2) * cell, 3),
    }


def _annex(annex: Annex, n: int, count: int) -> dict[str, Any]:
    return {
        "label": f"附件{n}" if count > 1 else "附件",
        "title": shape_title(annex.title, cells=TITLE_CELLS),
        "table": lay_out(annex, room=TEXT_WIDTH) if annex.columns else None,
        "paragraphs": _paragraphs(annex.text),
    }


def _small(text: str, *, rest: float = 0) -> list[Line]:
    return break_lines([Run(text, FANGSONG)], measure=SMALL, advance=advance, rest=rest)


def _imprint(imprint: Imprint) -> dict[str, Any]:
    """抄送 with what is turned over under its first name; who printed it, and when, on one line."""
    copies = ""
    if imprint.copies_to:
        copies = "抄送：" + imprint.copies_to.strip().rstrip("。.；;，,") + "。"
    lines = _small(copies, rest=3) if copies else []
    printed_on = formal_date(imprint.printed_on) + "印发"
    by = _small(imprint.printed_by)
    # An office of a long name takes the lines above the day.
    beside = len(by) == 1 and width(imprint.printed_by + printed_on, FANGSONG) < SMALL.cells - 1
    return {
        "copies": lines,
        "printed_by": by,
        "printed_on": printed_on,
        "spacing": round(SMALL.normal, 4),
        "printed_height": IMPRINT_LINE * (len(by) + (not beside)),
        # One line of the text stays free above it.
        "height": round(PITCH + IMPRINT_LINE * (len(lines) + len(by) + (not beside)) + 1, 3),
    }

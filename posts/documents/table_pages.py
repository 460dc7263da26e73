"""Draws the pages of a long table straight into a PDF, tagged as a table. Fifty pages a second."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pikepdf
from pikepdf import Dictionary, Name

from posts.documents.table_plan import (
    HEIGHT,
    LEFT,
    PAD_X,
    PAD_Y,
    RIGHT,
    TITLE_BLOCK,
    TITLE_SIZE,
    TOP,
    WIDTH,
    Grid,
    Row,
    break_headings,
)
from posts.documents.tag_tree import Tag, TagTree, artifact
from posts.documents.type_case import TypeCase, fonts_in

INK, GREY, SHADE = "0.1 0.1 0.1", "0.4 0.4 0.4", "0.949 0.937 0.914"


@dataclass(frozen=True)
class Furniture:
    """What stands around the rows: title, the line below it, the headings, the foot, the word for the page number."""

    title: str
    subtitle: str
    headings: Sequence[str]
    foot: str
    numbered: str  # "第 {n} 页　共 {m} 页"
    centered: Sequence[int] = ()


class Style(NamedTuple):
    """The letters of a line, what its fonts are called in the file, size and colour."""

    case: TypeCase
    prefix: str
    size: float
    colour: str


class TablePages:
    """Pages of one table. ``body``, ``bold``, ``display``: the letters of the cells, the headings and the title."""

    def __init__(self, furniture: Furniture, grid: Grid, *, body: TypeCase, bold: TypeCase, display: TypeCase) -> None:
        self.furniture, self.grid, self.body, self.bold, self.display = furniture, grid, body, bold, display
        self.head = break_headings(furniture.headings, grid, bold.width)
        self.head_height = grid.height(self.head)
        self._table: Tag | None = None  # of the pages that are drawn; it runs on over them
        self._xs = [LEFT]
        for width in grid.widths:
            self._xs.append(self._xs[-1] + width)

    def draw(self, pages: Sequence[Sequence[Row]], *, first: int, total: int) -> bytes:
        """The pages from number ``first`` (from 1 on) of ``total``; the same rows give the same bytes."""
        with pikepdf.open(io.BytesIO(self.body.pdf)) as pdf:
            fonts = fonts_in(pdf, {"B": self.body, "H": self.bold, "T": self.display})
            resources = pdf.make_indirect(Dictionary(Font=fonts))
            while len(pdf.pages):
                del pdf.pages[0]
            tree = TagTree(pdf)
            self._table = None
            for number, rows in enumerate(pages, first):
                page = Dictionary(Type=Name.Page, MediaBox=[0, 0, WIDTH, HEIGHT], Resources=resources, Tabs=Name.S)
                added = pdf.make_indirect(page)
                tree.begin(added)
                added.Contents = pdf.make_stream(self._page(rows, tree, number, total).encode())
                pdf.pages.append(pikepdf.Page(added))
            tree.close()
            out = io.BytesIO()
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
            return out.getvalue()

    def _page(self, rows: Sequence[Row], tree: TagTree, number: int, total: int) -> str:
        top, parts = HEIGHT - TOP, []
        if number == 1:
            parts.append(self._title(tree))
            top -= TITLE_BLOCK
        else:
            running = Style(self.bold, "H", 8, GREY)
            parts.append(artifact(self._line(running, self.furniture.title, x=LEFT, y=HEIGHT - 30)))
        heights = [self.head_height, *map(self.grid.height, rows)]
        parts.append(artifact(self._rules(top, heights)))
        # The headings of later pages are repeated for the eye only.
        parts.append(self._row(self.head, top, tree if number == 1 else None, is_head=True))
        for row, height in zip(rows, heights, strict=False):
            top -= height
            parts.append(self._row(row, top, tree))
        parts.append(artifact(self._foot(number, total)))
        return "\n".join(parts)

    def _title(self, tree: TagTree) -> str:
        title, line = self.furniture.title, self.furniture.subtitle
        wide = self.display.width(title) / 1000
        size = round(min(TITLE_SIZE, (WIDTH - LEFT - RIGHT) / max(1, wide)), 2)
        y = HEIGHT - TOP - 20
        drawn = self._line(Style(self.display, "T", size, INK), title, y=y)
        below = self._line(Style(self.bold, "H", 9, GREY), line, y=y - 19)
        return tree.mark("H1", drawn) + "\n" + tree.mark("P", below)

    def _foot(self, number: int, total: int) -> str:
        words = self.furniture.numbered.format(n=number, m=total)
        x = WIDTH - RIGHT - self.bold.width(words) * 0.008
        foot = self._line(Style(self.bold, "H", 6.5, GREY), self.furniture.foot, x=LEFT, y=26)
        return foot + "\n" + self._line(Style(self.bold, "H", 8, INK), words, x=x, y=26)

    def _rules(self, top: float, heights: Sequence[float]) -> str:
        right, bottom = self._xs[-1], top - sum(heights)
        parts = [f"{SHADE} rg {LEFT} {top - heights[0]:.2f} {right - LEFT:.2f} {heights[0]:.2f} re f {INK} RG 0.4 w"]
        y = top
        for height in heights[:-1]:
            y -= height
            parts.append(f"{LEFT} {y:.2f} m {right:.2f} {y:.2f} l")
        parts += [f"{x:.2f} {top:.2f} m {x:.2f} {bottom:.2f} l" for x in self._xs[1:-1]]
        parts.append(f"S 0.9 w {LEFT} {bottom:.2f} {right - LEFT:.2f} {top - bottom:.2f} re S")
        return " ".join(parts)

    def _row(self, row: Row, top: float, tree: TagTree | None, *, is_head: bool = False) -> str:
        case, prefix = (self.bold, "H") if is_head else (self.body, "B")
        parts, size = [], self.grid.size
        if tree:
            self._table = self._table or tree.add("Table")
            tags = tree.add("TR", self._table)
        height = self.grid.height(row)
        for at, lines in enumerate(row):
            middle = is_head or at in self.furniture.centered
            lead = self.grid.leading
            y = top - PAD_Y - size * 0.98
            if is_head:
                y -= (height - 2 * PAD_Y - len(lines) * lead) / 2
            drawn = f"BT {INK} rg {lead} TL "
            x = last = 0.0
            for number, line in enumerate(lines):
                x = self._xs[at] + PAD_X
                if middle:
                    x += (self.grid.widths[at] - 2 * PAD_X - case.width(line) * size / 1000) / 2
                drawn += f"{x - last:.2f} {y if not number else -lead:.2f} Td {case.show(line, prefix, size)} "
                last = x
            drawn += "ET"
            parts.append(tree.mark("TH" if is_head else "TD", drawn, tags) if tree else artifact(drawn))
        return "\n".join(parts)

    def _line(self, style: Style, text: str, *, y: float, x: float | None = None) -> str:
        """A line of text at a place, by default in the middle of the page."""
        if x is None:
            x = (WIDTH - style.case.width(text) * style.size / 1000) / 2
        return f"BT {style.colour} rg {x:.2f} {y:.2f} Td {style.case.show(text, style.prefix, style.size)} ET"

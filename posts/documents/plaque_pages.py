"""The pages of many plaques: words set directly where each letter stands alone, by the layout engine elsewhere."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name

from posts.documents.cutting import Cut, boxes, framed
from posts.documents.designs import Design
from posts.documents.fonts import check_characters
from posts.documents.joining import join_pdfs
from posts.documents.plaque_ground import Grounds, code_on, lay_under
from posts.documents.plaque_words import BOLD, PLAIN, Letters, Words, cast_for, words_on
from posts.documents.render import render_pdf
from posts.documents.tag_tree import TagTree
from posts.documents.type_case import fonts_in, needs_engine

#: Pages that the engine lays out together: more cost no less each, only more memory.
AT_ONCE = 25

Sheets = Sequence[dict[str, Any]]  # what posts.documents.plaque.sheet_of tells, and the emblem


@dataclass(frozen=True)
class PlaquePages:
    """Plaques of one file: its title, their design, and how they are cut."""

    title: str
    design: Design
    cut: Cut

    def print(self, sheets: Sheets) -> bytes:
        """A page for each sheet, in order. Raises DomainError for a character that no face has."""
        words = ["\n".join(words_on(sheet)) for sheet in sheets]
        check_characters("\n".join(words))
        direct = [sheet for sheet, text in zip(sheets, words, strict=True) if not needs_engine(text)]
        letters = cast_for(direct, title=self.title) if direct else None
        parts = list(self._parts(sheets, letters))
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _parts(self, sheets: Sheets, letters: Letters | None) -> Iterator[bytes]:
        for is_direct, run in groupby(sheets, lambda sheet: letters is not None and letters.can_set(sheet)):
            some = list(run)
            if is_direct:
                yield self.draw(some, letters)
                continue
            for start in range(0, len(some), AT_ONCE):
                yield self.lay_out(some[start : start + AT_ONCE])

    def draw(self, sheets: Sheets, letters: Letters) -> bytes:
        """The pages with their words set directly."""
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(letters.plain.pdf)) as pdf:
            fonts = fonts_in(pdf, {PLAIN: letters.plain, BOLD: letters.bold})
            del pdf.pages[:]
            tree, grounds = TagTree(pdf), Grounds(pdf, self.design, self.cut)
            words, resources = Words(letters, self.design, tree), {}
            for told in sheets:
                name, form = grounds.find(told)
                if name not in resources:
                    resources[name] = pdf.make_indirect(Dictionary(Font=fonts, XObject=Dictionary({name: form})))
                page = pdf.make_indirect(Dictionary(Type=Name.Page, Resources=resources[name], Tabs=Name.S))
                for box, edges in boxes(told["sheet"], self.cut).items():
                    page[box] = edges
                tree.begin(page)
                before, after = framed(told["sheet"], self.cut, under=grounds.under(told), over=code_on(told))
                page.Contents = pdf.make_stream(f"{before}{words.set(told)}{after}".encode())
                pdf.pages.append(pikepdf.Page(page))
            tree.close()
            pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()

    def lay_out(self, sheets: Sheets) -> bytes:
        """The pages with their words set by the engine, for scripts whose letters join."""
        formats = list({sheet["class"]: sheet for sheet in sheets}.values())
        context = {"sheets": sheets, "formats": formats, "title": self.title, "design": self.design}
        return lay_under(render_pdf("documents/plaque.html", context), sheets, self.design, self.cut)


def _joined(parts: Sequence[bytes]) -> bytes:
    with TemporaryDirectory(prefix="plaques-") as folder:
        files = [Path(folder) / f"{number:06}" for number in range(len(parts))]
        for file, part in zip(files, parts, strict=True):
            file.write_bytes(part)
        join_pdfs(files, whole := Path(folder) / "whole")
        return whole.read_bytes()

"""The letters of one face as a PDF has them: which font, which code, how wide.

For papers with tens of thousands of cells the layout engine is too slow, and all it would do is put known text into
known boxes. So it is asked once for all the letters that occur; what it embeds (fonts, widths, the way back to text,
fallbacks) is then used to set the cells directly. Only for scripts whose letters stand alone.
"""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

import pikepdf
from django.template.loader import render_to_string

from posts.documents.render import ARCHIVED, html_to_pdf

_MAPPED = re.compile(rb"<([0-9a-fA-F]{4})> <([0-9a-fA-F]{4,})>")
#: Letters that change with their neighbours, or run from right to left: only the engine can set them.
_JOINED = re.compile(
    "[\u0300-\u036f\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1a00-\u1aff\ua840-\ua87f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff]"
)


def needs_engine(text: str) -> bool:
    """Whether the text has letters that do not stand alone (Mongolian, Uyghur, Tibetan, combining marks)."""
    return bool(_JOINED.search(text))


@dataclass
class TypeCase:
    """A face's letters. ``letters``: for each the index of its font, its code, its width in thousandths of the size."""

    pdf: bytes
    letters: dict[str, tuple[int, str, int]]
    names: list[str] = field(default_factory=list)

    def width(self, text: str) -> int:
        """In thousandths of the size; a letter that is not there counts nothing."""
        letters = self.letters
        return sum(letters[char][2] for char in text if char in letters)

    def show(self, text: str, prefix: str, size: float) -> str:
        """The operators that set a line of text where the pen stands."""
        parts, font, codes = [], -1, ""
        for char in text:
            known = self.letters.get(char)
            if known is None:
                continue
            if known[0] != font:
                if codes:
                    parts.append(f"<{codes}> Tj")
                font, codes = known[0], ""
                parts.append(f"/{prefix}{font} {size} Tf")
            codes += known[1]
        if codes:
            parts.append(f"<{codes}> Tj")
        return " ".join(parts)


def cast_letters(
    chars: Iterable[str],
    *,
    families: str,
    weight: int = 400,
    title: str = "",
    created: datetime | None = None,
    variant: str | None = ARCHIVED,
) -> TypeCase:
    """Have the engine embed the letters. ``families`` as in CSS, ``variant`` that of the paper they are for.

    Raises DomainError for a letter that no face has.
    """
    wanted = sorted(set(chars) - set("\n\r\t") | {" ", "0"})  # a line of blanks alone would embed nothing
    lines = ["".join(wanted[at : at + 500]) for at in range(0, len(wanted), 500)]
    html = render_to_string("documents/type_case.html", {"lines": lines, "title": title})
    face = f"p {{ font-family: {families}; font-weight: {weight} }}"
    return read_case(html_to_pdf(html, sheets=[face], variant=variant, created=created))


def read_case(pdf: bytes) -> TypeCase:
    """The letters that a PDF of ``cast_letters`` holds."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fonts = cast(Mapping, document.pages[0].Resources.get("/Font", {}))
        case = TypeCase(pdf, {})
        for index, name in enumerate(sorted(fonts.keys())):
            font = fonts[name]
            case.names.append(str(name))
            widths = _widths(font.DescendantFonts[0].W)
            for code, mapped in _MAPPED.findall(font.ToUnicode.read_bytes()):
                char = bytes.fromhex(mapped.decode()).decode("utf-16-be")
                case.letters.setdefault(char, (index, code.decode(), widths.get(int(code, 16), 1000)))
    for blank in "\u00a0\u2002\u2003\u2009\u200a":
        case.letters.setdefault(blank, case.letters[" "])
    return case


def missing(case: TypeCase, text: Iterable[str]) -> set[str]:
    """The letters that the case cannot set, apart from those that leave no ink."""
    return {char for char in set(text) - case.letters.keys() if unicodedata.category(char) not in ("Cc", "Cf")}


def _widths(array) -> dict[int, int]:
    found, entries, at = {}, list(array), 0
    while at < len(entries):
        for step, width in enumerate(entries[at + 1]):
            found[int(entries[at]) + step] = int(width)
        at += 2
    return found


def fonts_in(pdf: pikepdf.Pdf, cases: Mapping[str, TypeCase]) -> pikepdf.Object:
    """The fonts of the cases, copied into a file under the names that ``TypeCase.show`` gives them."""
    fonts = pikepdf.Dictionary()
    for prefix, case in cases.items():
        with pikepdf.open(io.BytesIO(case.pdf)) as other:
            for index, name in enumerate(case.names):
                fonts[f"/{prefix}{index}"] = pdf.copy_foreign(other.pages[0].Resources.Font[name])
    return pdf.make_indirect(fonts)

"""Codes put onto sheets that are laid out once: a thousand slips differ in a QR code and a few letters only.

What is stamped is drawn with the operators of PDF itself, in the letters of a type case.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
import segno

from posts.documents.tag_tree import TagTree, artifact
from posts.documents.type_case import TypeCase

MM = 72 / 25.4
QUIET = 4  # modules around a code (ISO/IEC 18004): some phones find none without them


@dataclass(frozen=True)
class Stamp:
    """One code: its address as a QR code, and lines of groups of letters. Places in millimetres from the top left."""

    address: str
    square: tuple[float, float, float]  # left, top and width, with the quiet zone
    lines: Sequence[str]
    start: tuple[float, float, float]  # left, baseline of the first line, from one line to the next


@dataclass(frozen=True)
class Sheet:
    """A page of the laid-out file, by its number, and what is stamped on it."""

    page: int
    stamps: Sequence[Stamp]


def stamp_sheets(laid_out: bytes, sheets: Sequence[Sheet], *, letters: TypeCase, size: float) -> bytes:
    """A PDF of the sheets in their order; the same sheets give the same bytes. ``size`` of the letters in points."""
    with pikepdf.open(io.BytesIO(laid_out)) as pdf, pikepdf.open(io.BytesIO(letters.pdf)) as cast:
        box, n_laid_out = pdf.pages[0].mediabox, len(pdf.pages)
        faces = cast.pages[0].Resources.Font
        fonts = pikepdf.Dictionary({f"/Code{n}": pdf.copy_foreign(faces[name]) for n, name in enumerate(letters.names)})
        forms = {number: pdf.make_indirect(pdf.pages[number].as_form_xobject()) for number in {s.page for s in sheets}}
        tree = TagTree(pdf)
        for sheet in sheets:
            resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Sheet=forms[sheet.page]), Font=fonts)
            page = pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=box, Resources=resources)
            added = pdf.make_indirect(page)
            tree.begin(added)
            ink = [tree.mark("P", "q /Sheet Do Q"), "0 g"]
            for stamp in sheet.stamps:  # the letters say what the code says
                ink.append(artifact(_square(stamp, float(box[3]))))
                ink.append(tree.mark("P", _words(stamp, float(box[3]), letters, size)))
            added.Contents = pdf.make_stream("\n".join(ink).encode())
            pdf.pages.append(pikepdf.Page(added))
        tree.close()
        pdf.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
        del pdf.pages[:n_laid_out]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _square(stamp: Stamp, height: float) -> str:
    """The QR code as one mask of its modules: no seams between them, and a tenth of the bytes of paths.

    The fixed mask pattern costs a fifth of trying all eight; the spare room of the version goes into correction.
    """
    code = segno.make(stamp.address, error="m", micro=False, mask=3)
    n = len(code.matrix)
    left, top, width = stamp.square
    module = width / (n + 2 * QUIET)
    x, y, side = (left + QUIET * module) * MM, height - (top + (QUIET + n) * module) * MM, n * module * MM
    row_bytes = (n + 7) // 8
    spare = 8 * row_bytes - n
    rows = (f"{int(''.join(map(str, row)), 2) << spare:0{2 * row_bytes}x}" for row in code.matrix)
    head = f"q {side:.3f} 0 0 {side:.3f} {x:.3f} {y:.3f} cm BI /W {n} /H {n} /IM true /BPC 1 /D [1 0] /F /AHx ID "
    return f"{head}{''.join(rows)}> EI Q"


def _words(stamp: Stamp, height: float, letters: TypeCase, size: float) -> str:
    left, baseline, pitch = stamp.start
    parts = [f"BT {left * MM:.3f} {height - baseline * MM:.3f} Td"]
    for number, line in enumerate(stamp.lines):
        if number:
            parts.append(f"0 {-pitch * MM:.3f} Td")
        parts.append(letters.show(line, "Code", size))
    return " ".join([*parts, "ET"])

"""Codes put onto sheets that are laid out once: a thousand slips differ in a QR code and a few letters only.

WeasyPrint lays out the sheets without them, and a last page with every letter a code may have, from which come the
embedded face and the numbers of its glyphs. What is stamped is drawn with the operators of PDF itself.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
import segno

MM = 72 / 25.4
QUIET = 4  # modules around a code (ISO/IEC 18004): some phones find none without them
_BETWEEN_GROUPS = -400  # thousandths of the type's size


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


def stamp_sheets(laid_out: bytes, sheets: Sequence[Sheet], *, letters: str) -> bytes:
    """A PDF of the sheets in their order; ``letters`` stand on the last page of ``laid_out``, in the type of codes."""
    with pikepdf.open(io.BytesIO(laid_out)) as pdf:
        sample = pdf.pages[-1]
        font, size, glyphs = _type_of(sample, letters)
        face = sample.Resources.Font[font]
        box, n_laid_out = sample.mediabox, len(pdf.pages)
        height = float(box[3])
        forms = {number: pdf.make_indirect(pdf.pages[number].as_form_xobject()) for number in {s.page for s in sheets}}
        for sheet in sheets:
            ink = [b"q /Sheet Do Q 0 g"]
            for stamp in sheet.stamps:
                ink += [_square(stamp, height), _words(stamp, height, size, glyphs)]
            resources = pikepdf.Dictionary(
                XObject=pikepdf.Dictionary(Sheet=forms[sheet.page]), Font=pikepdf.Dictionary(Code=face)
            )
            page = pikepdf.Dictionary(Type=pikepdf.Name.Page, MediaBox=box, Resources=resources)
            page.Contents = pdf.make_stream(b"\n".join(ink))
            pdf.pages.append(pikepdf.Page(page))
        del pdf.pages[:n_laid_out]
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _type_of(page: pikepdf.Page, letters: str) -> tuple[pikepdf.Name, float, dict[str, bytes]]:
    """The name of the face on a page, its size in points, and the number of each letter's glyph."""
    font, size, scale, found = None, 1.0, 1.0, b""
    for operands, operator in pikepdf.parse_content_stream(page, "Tf Tj TJ Tm cm"):
        if str(operator) == "Tf":
            font, size = operands[0], float(operands[1])
        elif str(operator) in ("Tm", "cm"):
            scale *= abs(float(operands[0]))
        else:
            found += b"".join(_strings(operands))
    codes = [found[start : start + 2].hex().encode() for start in range(0, len(found), 2)]
    return font, size * scale, dict(zip(letters, codes, strict=True))


def _strings(operands: Sequence[pikepdf.Object]) -> Iterator[bytes]:
    for part in operands[0] if isinstance(operands[0], pikepdf.Array) else operands:
        if isinstance(part, pikepdf.String):
            yield bytes(part)


def _square(stamp: Stamp, height: float) -> bytes:
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
    return f"{head}{''.join(rows)}> EI Q".encode()


def _words(stamp: Stamp, height: float, size: float, glyphs: dict[str, bytes]) -> bytes:
    left, baseline, pitch = stamp.start
    parts = [f"BT /Code {size:.3f} Tf {left * MM:.3f} {height - baseline * MM:.3f} Td".encode()]
    for number, line in enumerate(stamp.lines):
        if number:
            parts.append(f"0 {-pitch * MM:.3f} Td".encode())
        groups = (b"<" + b"".join(glyphs[letter] for letter in group) + b">" for group in line.split())
        parts.append(b"[" + f" {_BETWEEN_GROUPS} ".encode().join(groups) + b"] TJ")
    return b" ".join([*parts, b"ET"])

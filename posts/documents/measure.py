"""How wide text is, how many lines it takes, and text as outlines."""

import unicodedata
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from posts.documents.fonts import HEI, LAST, FontMissingError, face_characters, find_face
from posts.documents.line_filler import fill, unbroken

MM_PER_POINT = 25.4 / 72


@cache
def _advances(family: str, bold: bool) -> tuple[dict[int, int], int]:
    """Advance width of each code point, in font units, and the units per em."""
    with find_face(family, bold=bold).open() as font:
        metrics = font["hmtx"].metrics
        widths = {point: metrics[name][0] for point, name in font["cmap"].getBestCmap().items()}
        return widths, font["head"].unitsPerEm


def width_in_ems(text: str, *, family: str = HEI, bold: bool = False) -> float:
    """How wide a line of text is, in multiples of its size."""
    return sum(map(advances(family, bold=bold), text))


@cache
def advances(family: str = HEI, *, bold: bool = False) -> Callable[[str], float]:
    """Tells the width of a character in ems: in the family, else in the face that stands in for it, else full."""
    widths, units = _advances(family, bold)
    known: dict[str, float] = {}

    def find(char: str) -> float:
        if char not in known:
            width = widths.get(ord(char))
            known[char] = _elsewhere(char) if width is None else width / units
        return known[char]

    return find


def _elsewhere(char: str) -> float:
    for family in LAST:
        try:
            widths, units = _advances(family, False)
        except FontMissingError:  # the scripts of minorities may be missing
            continue
        if ord(char) in widths:
            return widths[ord(char)] / units
    return 0.0 if unicodedata.category(char) in ("Cf", "Mn") else 1.0


def fitted_size(text: str, *, width: float, height: float, most: float, lead: float = 1.2) -> float:
    """The largest size in points, at most ``most``, at which the text fits a box in millimetres; never cut."""
    parts, size = unbroken(text, advances()), most
    while size > 2 and len(fill(parts, room=0.97 * width / _mm(size))) * lead * _mm(size) > height:
        size -= 0.25
    return size


def _mm(points: float) -> float:
    return points * MM_PER_POINT


@cache
def outlines(text: str, *, family: str, size: float, gap: float = 0) -> tuple[str, float]:
    """The text as one SVG path whose baseline is y = 0, and its width. ``size`` and ``gap`` in SVG units.

    Print shops want the title as curves, and curves need no font. A character that the family lacks comes from Song,
    or from the face of its script.
    """
    with ExitStack() as stack:
        font = stack.enter_context(find_face(family, bold=True).open())
        others: dict[str, TTFont] = {}  # 30 MB that most titles do without
        pen, x = SVGPathPen(font.getGlyphSet(), ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip(".")), 0.0
        for char in text:
            source = font
            if ord(char) not in font.getBestCmap():
                name = next(name for name in LAST if _has(name, char))
                source = others.get(name) or stack.enter_context(find_face(name).open())
                others[name] = source
            glyph = source.getGlyphSet()[source.getBestCmap()[ord(char)]]
            scale = size / source["head"].unitsPerEm
            glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
            x += glyph.width * scale + gap
        return pen.getCommands(), x - gap


def _has(family: str, char: str) -> bool:
    try:
        return char in face_characters(family)
    except FontMissingError:
        return False

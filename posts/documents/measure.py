"""How wide text is, how many lines it takes, and text as outlines."""

from contextlib import ExitStack
from functools import cache
from math import ceil

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen

from posts.documents.fonts import HEI, SONG, find_face

MM_PER_POINT = 25.4 / 72


@cache
def _advances(family: str, bold: bool) -> tuple[dict[int, int], int]:
    """Advance width of each code point, in font units, and the units per em."""
    with find_face(family, bold=bold).open() as font:
        metrics = font["hmtx"].metrics
        widths = {point: metrics[name][0] for point, name in font["cmap"].getBestCmap().items()}
        return widths, font["head"].unitsPerEm


def width_in_ems(text: str, *, family: str = HEI, bold: bool = False) -> float:
    """How wide a line of text is, in multiples of its size. Unknown characters count as full-width."""
    widths, units = _advances(family, bold)
    return sum(widths.get(ord(char), units) for char in text) / units


def count_lines(text: str, *, width: float, size: float, bold: bool = False) -> int:
    """How many lines the text takes at most. ``width`` in mm, ``size`` in points.

    A line is counted one character short, because no line may begin with a closing mark (避头尾).
    """
    room = width / (size * MM_PER_POINT) - 1
    return sum(max(1, ceil(width_in_ems(line, bold=bold) / room)) for line in text.splitlines() or [""])


@cache
def outlines(text: str, *, family: str, size: float, gap: float = 0) -> tuple[str, float]:
    """The text as one SVG path whose baseline is y = 0, and its width. ``size`` and ``gap`` in SVG units.

    Print shops want the title as curves, and curves need no font. A character that the family lacks comes from Song.
    """
    with ExitStack() as stack:
        font = other = stack.enter_context(find_face(family, bold=True).open())
        if any(ord(char) not in font.getBestCmap() for char in text):  # 30 MB that most titles do without
            other = stack.enter_context(find_face(SONG).open())
        pen, x = SVGPathPen(font.getGlyphSet(), ntos=lambda number: f"{number:.1f}".rstrip("0").rstrip(".")), 0.0
        for char in text:
            source = font if ord(char) in font.getBestCmap() else other
            glyph = source.getGlyphSet()[source.getBestCmap()[ord(char)]]
            scale = size / source["head"].unitsPerEm
            glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, 0)))
            x += glyph.width * scale + gap
        return pen.getCommands(), x - gap

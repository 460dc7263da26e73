"""The faces of an official document: which family each role is set in, and how wide and how tall its characters are."""

from functools import cache

from fontTools.pens.boundsPen import BoundsPen

from posts.documents import fonts
from posts.documents.fonts import LAST, NUM, find_face

# GB/T 9704-2012: 仿宋 for the text, 黑体 and 楷体 for headings, 小标宋 for title and letterhead, 宋体 for page numbers.
FANGSONG, HEI, KAI, BIAOSONG, SONG = "fangsong", "hei", "kai", "biaosong", "song"
# Letters and figures of the text come from a book face; titles and headings keep their own.
_FAMILIES = {
    FANGSONG: (NUM, fonts.FANGSONG, *LAST),
    HEI: (fonts.HEI, *LAST),
    KAI: (NUM, fonts.KAI, *LAST),
    BIAOSONG: (fonts.BIAOSONG, *LAST),
    SONG: (NUM, *LAST),
}


def font_family(role: str) -> str:
    """The list of families of a role, as CSS writes it."""
    return ", ".join(f"'{family}'" for family in _FAMILIES[role])


@cache
def _widths(family: str) -> dict[int, float]:
    """Advance widths in ems."""
    with find_face(family).open() as font:
        metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
        return {point: metrics[name][0] / units for point, name in font["cmap"].getBestCmap().items()}


def advance(char: str, role: str) -> float:
    """The width of a character in ems, in the first family that has it; what none has counts as full width."""
    for family in _FAMILIES[role]:
        if (found := _widths(family).get(ord(char))) is not None:
            return found
    return 1.0


def width(text: str, role: str) -> float:
    """The width of text in ems."""
    return sum(advance(char, role) for char in text)


@cache
def baseline(role: str) -> float:
    """How far the baseline lies below the middle of a line, in ems."""
    with find_face(_FAMILIES[role][0]).open() as font:
        head = font["hhea"]
        return (head.ascent + head.descent) / 2 / font["head"].unitsPerEm


def ink(text: str, role: str) -> tuple[float, float]:
    """How far the ink of a text reaches above and below its baseline, in ems: (top, bottom), upwards positive."""
    tops, bottoms = [], []
    for char in set(text) - {" "}:
        for family in _FAMILIES[role]:
            if box := _box(char, family):
                bottoms.append(box[0])
                tops.append(box[1])
                break
    return (max(tops), min(bottoms)) if tops else (0.0, 0.0)


@cache
def _box(char: str, family: str) -> tuple[float, float] | None:
    with find_face(family).open() as font:
        name = font["cmap"].getBestCmap().get(ord(char))
        if name is None:
            return None
        glyphs = font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[name].draw(pen)
        units = font["head"].unitsPerEm
        return (pen.bounds[1] / units, pen.bounds[3] / units) if pen.bounds else None

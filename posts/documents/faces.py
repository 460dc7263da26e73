"""The faces of an official document: which family each role is set in, and how wide and how tall its characters are."""

from functools import cache

from fontTools.pens.boundsPen import BoundsPen

from posts.documents.fonts import SANS, SERIF, find_face

# GB/T 9704-2012: 仿宋 for the text, 黑体 and 楷体 for headings, 小标宋 for title and letterhead, 宋体 for page numbers.
FANGSONG, HEI, KAI, BIAOSONG, SONG = "fangsong", "hei", "kai", "biaosong", "song"
_FAMILIES = {
    FANGSONG: (SERIF,),
    HEI: (SANS,),
    KAI: (SERIF,),
    BIAOSONG: (SERIF,),
    SONG: (SERIF,),
}
_BOLD = frozenset({BIAOSONG})


def font_family(role: str) -> str:
    """The list of families of a role, as CSS writes it."""
    return ", ".join(f"'{family}'" for family in _FAMILIES[role])


@cache
def _widths(role: str) -> dict[int, float]:
    """Advance widths in ems; the first family that has a character wins, as in the rendering."""
    found: dict[int, float] = {}
    for family in reversed(_FAMILIES[role]):
        with find_face(family, bold=role in _BOLD).open() as font:
            metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
            found |= {point: metrics[name][0] / units for point, name in font["cmap"].getBestCmap().items()}
    return found


def advance(char: str, role: str) -> float:
    """The width of a character in ems; what no family has counts as full width."""
    return _widths(role).get(ord(char), 1.0)


def width(text: str, role: str) -> float:
    """The width of text in ems."""
    return sum(advance(char, role) for char in text)


@cache
def baseline(role: str) -> float:
    """How far the baseline lies below the middle of a line, in ems."""
    with find_face(_FAMILIES[role][0], bold=role in _BOLD).open() as font:
        head = font["hhea"]
        return (head.ascent + head.descent) / 2 / font["head"].unitsPerEm


def ink(text: str, role: str) -> tuple[float, float]:
    """How far the ink of a text reaches above and below its baseline, in ems: (top, bottom), upwards positive."""
    tops, bottoms = [], []
    for char in set(text) - {" "}:
        for family in _FAMILIES[role]:
            if box := _box(char, family, role in _BOLD):
                bottoms.append(box[0])
                tops.append(box[1])
                break
    return (max(tops), min(bottoms)) if tops else (0.0, 0.0)


@cache
def _box(char: str, family: str, bold: bool) -> tuple[float, float] | None:
    with find_face(family, bold=bold).open() as font:
        name = font["cmap"].getBestCmap().get(ord(char))
        if name is None:
            return None
        glyphs = font.getGlyphSet()
        pen = BoundsPen(glyphs)
        glyphs[name].draw(pen)
        units = font["head"].unitsPerEm
        return (pen.bounds[1] / units, pen.bounds[3] / units) if pen.bounds else None

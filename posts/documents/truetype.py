"""Faces made fit for print: TrueType outlines, one set of metrics, a family name of ours, the same bytes every time.

* TrueType only: Ghostscript and MuPDF print a subset CFF face whose character ids are not its glyph ids as blanks.
* One ascent and descent for all: a line that mixes faces of different height shifts its neighbours by a millimetre.
* Common characters come first: the tables inside a PDF grow with the highest glyph number in use.

Needs fontTools only: the set-up runs it before the application can start.
"""

from collections.abc import Iterable, Sequence

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

UNITS = 1000
ASCENT, DESCENT = 880, -120
# 2026-01-01, in seconds since 1904: a time of its own would change the bytes of every making.
_STAMP = 3_850_070_400
#: How far a converted curve may lie from the original, in units: a thousandth of the height, not to be seen.
_TOLERANCE = 1.0
_LAYOUT_TABLES = ("GSUB", "GPOS", "GDEF")


def common_first(points: Iterable[int]) -> list[int]:
    """The characters in the order of their use: Latin and marks, GB 2312, GBK, then what is rare."""
    return sorted(points, key=lambda point: (_rarity(point), point))


def _rarity(point: int) -> int:
    codings = ("ascii", "gb2312", "gbk")
    return next((rank for rank, coding in enumerate(codings) if can_encode(chr(point), coding)), len(codings))


def can_encode(char: str, coding: str) -> bool:
    """Whether the character belongs to an older character set, which tells how common it is."""
    try:
        char.encode(coding)
    except UnicodeEncodeError:
        return False
    return True


def make_face(source: TTFont, *, family: str, points: Sequence[int], bold: bool = False) -> TTFont:
    """A TrueType face of these characters of ``source``; those it lacks are left out.

    Curves of the third degree become curves of the second; kerning and forms for vertical text are dropped.
    """
    cmap, glyphs = source.getBestCmap(), source.getGlyphSet()
    if source["head"].unitsPerEm != UNITS:
        raise ValueError(f"{family}: the source has {source['head'].unitsPerEm} units to the em, not {UNITS}")
    wanted = [point for point in points if point in cmap]
    names = list(dict.fromkeys([".notdef", *(cmap[point] for point in wanted)]))
    outlines, widths = {}, {}
    for name in names:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, _TOLERANCE, reverse_direction=True))
        outlines[name], widths[name] = _Packed(pen.glyph()), round(glyphs[name].width)
    font = _assemble(names, {point: cmap[point] for point in wanted}, outlines, widths)
    return rename(font, family=family, bold=bold, rights=_rights(source))


class _Packed:
    """An outline in the form that the file takes: 30,000 of them as lists of points need half a gigabyte."""

    __slots__ = ("_data", "_points", "flags", "numberOfContours", "xMax", "xMin", "yMax", "yMin")

    def __init__(self, glyph: Glyph) -> None:
        glyph.recalcBounds(None)
        self.numberOfContours, self.flags = glyph.numberOfContours, ()
        self.xMin, self.yMin, self.xMax, self.yMax = glyph.xMin, glyph.yMin, glyph.xMax, glyph.yMax
        self._points = glyph.getMaxpValues()[0] if glyph.numberOfContours else 0
        self._data = glyph.compile(None, recalcBBoxes=False)

    def compile(self, _table, _recalc_boxes=True, **_options) -> bytes:
        return self._data

    def expand(self, _table) -> None:
        """fontTools asks for it before it reads a glyph's box, which is here already."""

    def getMaxpValues(self) -> tuple[int, int]:  # noqa: N802  the name fontTools asks for
        return self._points, self.numberOfContours


def _assemble(names, cmap, outlines, widths) -> TTFont:
    builder = FontBuilder(UNITS, isTTF=True)
    builder.font.recalcTimestamp = False
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(cmap)
    builder.setupGlyf(outlines, calcGlyphBounds=False)
    builder.setupHorizontalMetrics({name: (widths[name], outlines[name].xMin) for name in names})
    builder.setupHorizontalHeader()
    builder.setupOS2()
    builder.setupPost(keepGlyphNames=False)
    return builder.font


def _rights(font: TTFont) -> dict[str, str]:
    """Who made the face, and under which licence: these go with every copy."""
    wanted = {"copyright": 0, "licenseDescription": 13, "licenseInfoURL": 14}
    found = {key: font["name"].getDebugName(number) for key, number in wanted.items()}
    return {key: text for key, text in found.items() if text}


def rename(
    font: TTFont, *, family: str, bold: bool = False, drop_layout: bool = False, rights: dict[str, str] | None = None
) -> TTFont:
    """Give a TrueType face the family name, weight and metrics that all faces here share."""
    rights = _rights(font) if rights is None else rights
    scale = font["head"].unitsPerEm / UNITS
    ascent, descent = round(ASCENT * scale), round(DESCENT * scale)
    head, line, os2 = font["head"], font["hhea"], font["OS/2"]
    head.created = head.modified = _STAMP
    head.macStyle = int(bold)
    line.ascent, line.descent, line.lineGap = ascent, descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, descent, 0
    os2.usWinAscent, os2.usWinDescent = ascent, -descent
    os2.usWeightClass = 700 if bold else 400
    os2.fsSelection = 0x20 if bold else 0x40
    _name(font, family, "Bold" if bold else "Regular", rights)
    gone = ("vhea", "vmtx", "VORG", "DSIG", "FFTM", "kern", *(_LAYOUT_TABLES if drop_layout else ()))
    for tag in gone:
        if tag in font:
            del font[tag]
    font.recalcTimestamp = False
    return font


def _name(font: TTFont, family: str, style: str, rights: dict[str, str]) -> None:
    """One name in one language: a second one would be a second family to the system's font list."""
    names = {"familyName": family, "styleName": style, "fullName": f"{family} {style}"}
    names |= {"uniqueFontIdentifier": f"{family} {style}", "psName": f"{family}-{style}".replace(" ", "")}
    FontBuilder(font=font).setupNameTable({**names, "version": "Version 1.000", **rights}, mac=False)

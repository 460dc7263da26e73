"""What all plaques of one title and size share: ground, frame, emblem and the title as outlines, drawn once."""

import io
from functools import lru_cache
from typing import Any

import pikepdf

from posts.documents.designs import Design
from posts.documents.fonts import BIAOSONG, check_characters
from posts.documents.measure import outlines, width_in_ems
from posts.documents.plaque_sizes import Format
from posts.documents.render import render_pdf
from posts.documents.type_case import needs_engine

TITLE_HEIGHT = 38.0  # units
_TEN = 10  # the drawing counts in tenths of a unit


def plaque_art(title: str, sheet: Format, *, design: Design, bleed: float, emblem: bytes) -> pikepdf.Pdf:
    """One page with the drawing, ``bleed`` units larger than the plaque on every side."""
    return pikepdf.open(io.BytesIO(_art(title, sheet, design, round(bleed, 2), emblem)))


@lru_cache(maxsize=32)
def _art(title: str, sheet: Format, design: Design, bleed: float, emblem: bytes) -> bytes:
    check_characters(title)
    width, height, edge = round(sheet.wide * _TEN), round(sheet.high * _TEN), round(bleed * _TEN)
    middle = 560 if emblem else 500
    joined = needs_engine(title)  # letters that change with their neighbours have no outlines of their own
    size, paths = (0.0, []) if joined else _title(title, sheet, middle=middle)
    drawing = {
        "width": width,
        "height": height,
        "left": -edge,
        "top": -edge,
        "middle": width // 2,
        "full_width": width + 2 * edge,
        "full_height": height + 2 * edge,
        "corners": _corners(width, height),
        "rule": 815 if emblem else 775,
        "rule_half": min(1155, width // 2 - 300),
        "rule_inner": min(925, width // 2 - 500),
        "paths": paths,
        "letters_top": round(size * 0.87),
        "letters_foot": round(size * 0.13),
    }
    svg = design.draw(drawing)
    context = {"width": sheet.wide + 2 * bleed, "height": sheet.high + 2 * bleed, "has_emblem": bool(emblem)}
    if joined:
        context |= {"colour": design.title[1], **_words(title, sheet, middle=middle / _TEN + bleed)}
    context |= {"emblem_left": bleed + sheet.wide / 2 - 11, "emblem_top": bleed + 14}
    assets = {"art": svg, **({"emblem": emblem} if emblem else {})}
    return render_pdf("documents/plaque_art.html", context, assets=assets, tagged=False)


def _title(title: str, sheet: Format, *, middle: int) -> tuple[float, list[dict[str, Any]]]:
    """The title in one line, or two when it is long, each as wide as there is room."""
    lines = [title] if len(title) <= 12 else [title[: (len(title) + 1) // 2], title[(len(title) + 1) // 2 :]]
    room = sheet.wide - 51
    between = 0.16 if max(map(len, lines)) <= 6 else 0.05  # of the size
    size = min(TITLE_HEIGHT / len(lines), *(room / (len(line) * (1 + between)) for line in lines)) * _TEN
    paths = []
    for number, line in enumerate(lines):
        gap = size * between
        path, width = outlines(line, family=BIAOSONG, size=round(size, 1), gap=round(gap, 1))
        y = middle + size * (number - (len(lines) - 1) / 2) * 1.08 + size * 0.37
        x = round(sheet.wide * _TEN / 2 - width / 2, 1)
        paths.append({"d": path, "x": x, "y": round(y, 1), "bold": round(size * 0.022, 1)})
    return size, paths


def _words(title: str, sheet: Format, *, middle: float) -> dict[str, Any]:
    """A title in a script that only the engine can set: its lines, their size and place in units."""
    lines = [title] if width_in_ems(title) <= 12 else _halves(title)
    room = sheet.wide - 51
    size = min(TITLE_HEIGHT / len(lines), *(room / width_in_ems(line, family=BIAOSONG) for line in lines))
    return {"lines": lines, "size": round(size, 2), "lines_top": round(middle - size * 0.6 * len(lines), 2)}


def _halves(title: str) -> list[str]:
    """Parted at the blank nearest to the middle."""
    places = [place for place, char in enumerate(title) if char == " " and 0 < place < len(title) - 1]
    if not places:
        return [title]
    place = min(places, key=lambda place: abs(place - len(title) / 2))
    return [title[:place], title[place + 1 :]]


def _corners(width: int, height: int) -> list[dict[str, int]]:
    near, right, foot = 118, width - 118, height - 118
    places = ((near, near, 1, 1), (right, near, -1, 1), (near, foot, 1, -1), (right, foot, -1, -1))
    return [dict(zip(("x", "y", "sx", "sy"), place, strict=True)) for place in places]

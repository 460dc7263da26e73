"""标牌: plaques of any size as PDF. Text is fitted by rule and never cut."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import override, pgettext

from posts.documents.cutting import Cut
from posts.documents.designs import find_design
from posts.documents.measure import MM_PER_POINT, width_in_ems
from posts.documents.plaque_ground import BLEED, Panel
from posts.documents.plaque_pages import PlaquePages
from posts.documents.plaque_rows import Row, content_of, fitting_size, gap, plaque_rows, plaque_title
from posts.documents.plaque_sizes import LARGER, SHORT_SIDE, Format, parse_size
from posts.documents.qr import public_address
from posts.domain.emblems import emblem_for
from posts.models import Plaque

QR_SIDE = 44.6
_LABEL = 33.0  # units
_SIGN_SIZES = (18, 17, 15, 13, 11, 10)


@dataclass(frozen=True)
class Look:
    """How plaques are printed: size, empty for the scheme's own; design; whether for a print shop, with crop marks."""

    size: str = ""
    design: str = ""
    marks: bool = False


@dataclass(frozen=True)
class Places:
    """Where things stand on a sheet, in units from its upper left corner."""

    text_width: float
    text_room: float
    code_left: float
    code_top: float
    sign_width: float
    number_bottom: float
    rows_top: float = 90.0

    def text_width_at(self, size: float) -> float:
        """What large labels leave the text."""
        return self.text_width - (label_width(size) - _LABEL)


def label_width(size: float) -> float:
    """Of the column of labels in units: four characters and a gap, at a size in points."""
    return max(_LABEL, round(4 * size * MM_PER_POINT + 2, 2))


def size_of(plaque: Plaque, look: Look) -> str:
    """The size asked for, or the one that its scheme gives it."""
    return look.size or plaque.conferral.post_kind.plaque.get("size") or "A4"


def places_on(sheet: Format, *, has_qr: bool) -> Places:
    """The code stands beside the text, or below it on an upright sheet."""
    if sheet.is_upright:
        column, foot = sheet.wide - 87.5, 76 if has_qr else 44
        sign = sheet.wide - (108 if has_qr else 56)
        air = min(8.0, (sheet.high - SHORT_SIDE) / 10)  # a square has none to spare
        return Places(column, sheet.high - 90 - foot - air, 27.5, sheet.high - 73 - air / 2, sign, 10.5 + air / 3)
    column = sheet.wide - (151 if has_qr else 94)
    return Places(column, sheet.high - 124, sheet.wide - 74, 90, 150, 17)


def plaque_pdf(plaques: Sequence[Plaque], look: Look = Look()) -> bytes:
    """One page for each plaque, in order; the same plaques give the same bytes.

    Raises DomainError when a text does not fit at the smallest size that can be read, or a character is in no face.
    """
    prefetch_related_objects(plaques, "conferral__holders", "conferral__post_kind", "conferral__org_unit")
    emblem_at = cache(emblem_for)
    with override(settings.LANGUAGE_CODE):
        sheets = [{**sheet_of(plaque, look), "emblem": emblem_at(issuer_path(plaque))} for plaque in plaques]
        title = plaques[0].conferral.honour if len(plaques) == 1 else pgettext("plaque", "Plaques")
        cut = Cut(BLEED if look.marks else 0, look.marks)
        return PlaquePages(title, find_design(look.design), cut).print(sheets)


def issuer_path(plaque: Plaque) -> str:
    """The place in the tree of the organisation whose plaque it is."""
    unit = plaque.issuer_unit if plaque.issuer_unit_id else plaque.conferral.org_unit
    return unit.path


def sheet_of(plaque: Plaque, look: Look) -> dict[str, Any]:
    """Everything that stands on the plaque, and where. Raises DomainError when it cannot be fitted."""
    conferral, content = plaque.conferral, content_of(plaque)
    sheet = parse_size(size_of(plaque, look))
    at = places_on(sheet, has_qr="qr" in content)
    rows = plaque_rows(plaque)
    size = fitting_size(
        conferral.name, rows, sizes=sheet.points, larger=LARGER, width=at.text_width_at, room=at.text_room
    )
    width = at.text_width_at(size)
    day = conferral.conferred_on or plaque.issued_on or plaque.made_at.date()
    return {
        "sheet": sheet,
        "at": at,
        "class": f"f{sheet.width}x{sheet.height}{'' if 'qr' in content else '-bare'}-{label_width(size):.0f}",
        "title_width": sheet.wide - 50,
        "label_width": label_width(size),
        "text_width": width,
        "rows_width": at.text_width + 38,
        "caption_left": at.code_left - 0.7,
        "caption_top": at.code_top + QR_SIDE + 2.4,
        "title": plaque_title(plaque),
        "rows": [(row, _lines(row, size, width)) for row in rows],
        "size": size,
        "gap": gap(rows, size, width=width, room=at.text_room),
        "issuer": plaque.issuer if "issuer" in content else "",
        "issuer_size": _sign_size(plaque.issuer, at.sign_width),
        "day": date_format(day, "Y年n月j日") if "month" in content else "",
        "number": plaque.number if "number" in content else "",
        "panel": _panel(at, public_address(conferral.public_id)) if "qr" in content else None,
    }


def _lines(row: Row, size: float, width: float) -> list[str]:
    return row.name_lines(size, width) if row.code == "names" else row.text.splitlines()


def _panel(at: Places, address: str) -> Panel:
    return Panel(address, at.code_left, at.code_top, QR_SIDE)


def _sign_size(issuer: str, width: float) -> int:
    for size in _SIGN_SIZES:
        if width_in_ems(issuer, bold=True) * size * MM_PER_POINT <= width:
            return size
    return _SIGN_SIZES[-1]  # the template lets it take a second line

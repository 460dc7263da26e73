"""标牌: plaques of any size as PDF. Text is fitted by rule and never cut.

Ground, frame and title are drawn once for each title and laid under every page (measured: drawing them on every page
makes 500 plaques take seven times as long); the code is drawn with operators, not as an image, for the same reason.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import override, pgettext

from posts.documents.cutting import POINTS_PER_MM, Cut, finish_page
from posts.documents.designs import Design, find_design
from posts.documents.joining import join_pdfs
from posts.documents.measure import MM_PER_POINT, width_in_ems
from posts.documents.plaque_art import plaque_art
from posts.documents.plaque_rows import Row, content_of, fitting_size, gap, plaque_rows, plaque_title
from posts.documents.plaque_sizes import Format, parse_size
from posts.documents.qr import pdf_colour, public_address, qr_operators
from posts.documents.render import render_pdf
from posts.domain.emblems import emblem_for
from posts.models import Plaque

#: Millimetres that the ground reaches beyond the edge where a print shop cuts.
BLEED = 3.0
QR_SIDE = 44.6
#: Pages laid out together: more cost no less each, only more memory.
AT_ONCE = 25
_UNIT = 1 / POINTS_PER_MM  # a drawing counts in points, the page in units
_SIGN_SIZES = (18, 17, 15, 13, 11, 10)


@dataclass(frozen=True)
class Look:
    """How plaques are printed: size, empty for the scheme's own; design; whether for a print shop, with crop marks."""

    size: str = ""
    design: str = ""
    marks: bool = False


@dataclass(frozen=True)
class Panel:
    """A code on its white panel: where it leads, and its place in units from the upper left corner."""

    address: str
    left: float
    top: float
    side: float


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


def size_of(plaque: Plaque, look: Look) -> str:
    """The size asked for, or the one that its scheme gives it."""
    return look.size or plaque.conferral.post_kind.plaque.get("size") or "A4"


def places_on(sheet: Format, *, has_qr: bool) -> Places:
    """The code stands beside the text, or below it on an upright sheet."""
    if sheet.is_upright:
        column, foot = sheet.wide - 87.5, 76 if has_qr else 44
        sign = sheet.wide - (108 if has_qr else 56)
        return Places(column, sheet.high - 90 - foot, 27.5, sheet.high - 73, sign, 10.5)
    column = sheet.wide - (151 if has_qr else 94)
    return Places(column, sheet.high - 124, sheet.wide - 74, 90, 150, 17)


def plaque_pdf(plaques: Sequence[Plaque], look: Look = Look()) -> bytes:
    """One page for each plaque, in order; the same plaques give the same bytes.

    Raises DomainError when a text does not fit at the smallest size that can be read, or a character is in no face.
    """
    if len(plaques) <= AT_ONCE:
        return _some(plaques, look)
    with TemporaryDirectory(prefix="plaques-") as folder:
        parts = []
        for start in range(0, len(plaques), AT_ONCE):
            parts.append(Path(folder) / f"{start:06}")
            parts[-1].write_bytes(_some(plaques[start : start + AT_ONCE], look))
        join_pdfs(parts, whole := Path(folder) / "whole")
        return whole.read_bytes()


def _some(plaques: Sequence[Plaque], look: Look) -> bytes:
    prefetch_related_objects(plaques, "conferral__holders", "conferral__post_kind", "conferral__org_unit")
    design, emblem_at = find_design(look.design), cache(emblem_for)
    with override(settings.LANGUAGE_CODE):
        sheets = [{**sheet_of(plaque, look), "emblem": emblem_at(issuer_path(plaque))} for plaque in plaques]
        title = plaques[0].conferral.honour if len(plaques) == 1 else pgettext("plaque", "Plaques")
        formats = list({sheet["class"]: sheet for sheet in sheets}.values())
        context = {"sheets": sheets, "formats": formats, "title": title, "design": design}
        text = render_pdf("documents/plaque.html", context)
    return lay_under(text, sheets, design, Cut(BLEED if look.marks else 0, look.marks))


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
    size = fitting_size(conferral.name, rows, sizes=sheet.points, width=at.text_width, room=at.text_room)
    day = conferral.conferred_on or plaque.issued_on or plaque.made_at.date()
    return {
        "sheet": sheet,
        "at": at,
        "class": f"f{sheet.width}x{sheet.height}{'' if 'qr' in content else '-bare'}",
        "title_width": sheet.wide - 50,
        "rows_width": at.text_width + 38,
        "caption_left": at.code_left - 0.7,
        "caption_top": at.code_top + QR_SIDE + 2.4,
        "title": plaque_title(plaque),
        "rows": [(row, _lines(row, size, at.text_width)) for row in rows],
        "size": size,
        "gap": gap(rows, size, width=at.text_width, room=at.text_room),
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


def lay_under(text: bytes, sheets: Sequence[dict], design: Design, cut: Cut) -> bytes:
    """The pages at their size, each with the drawing of its title under it and its code over it."""
    out = io.BytesIO()
    forms: dict[tuple, tuple[str, pikepdf.Object]] = {}
    with pikepdf.open(io.BytesIO(text)) as pdf:
        for page, told in zip(pdf.pages, sheets, strict=True):
            sheet: Format = told["sheet"]
            # A print shop's bleed is so many millimetres whatever the size; in units it is not.
            bleed = round(cut.bleed / sheet.unit, 2)
            key = (told["title"], sheet, told["emblem"])
            if key not in forms:
                art = plaque_art(told["title"], sheet, design=design, bleed=bleed, emblem=told["emblem"])
                # Pages share one dictionary of resources, and a random name would change the bytes.
                forms[key] = f"/SfgArt{len(forms)}", pdf.copy_foreign(art.pages[0].as_form_xobject())
            name, form = forms[key]
            page.add_resource(form, pikepdf.Name.XObject, name=pikepdf.Name(name))
            over = _code(told["panel"], sheet) if told["panel"] else ""
            finish_page(
                page, sheet, cut, under=f"{_UNIT:.6f} 0 0 {_UNIT:.6f} {-bleed:.2f} {-bleed:.2f} cm {name} Do", over=over
            )
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def _code(panel: Panel, sheet: Format) -> str:
    """The code in units from the lower left corner; the quiet zone lies wholly inside the panel."""
    bottom = sheet.high - panel.top - panel.side
    frame = f"{panel.left:.2f} {bottom:.2f} {panel.side} {panel.side} re"
    ground = f"{pdf_colour('#fffdf6')} rg {pdf_colour('#a30d14')} RG 1.4 w 1 j {frame} B"
    return ground + "\n" + qr_operators(panel.address, x=panel.left + 0.7, y=bottom + 0.7, side=panel.side - 1.4)

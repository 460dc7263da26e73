"""胸牌: one badge for each Party member of the post, as large as a bank card by default."""

from collections.abc import Sequence
from functools import cache
from math import ceil
from typing import Any

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from campaigns.domain.errors import DomainError
from posts.documents.cutting import Cut
from posts.documents.designs import find_design
from posts.documents.measure import MM_PER_POINT, width_in_ems
from posts.documents.plaque import Look, issuer_path
from posts.documents.plaque_ground import BLEED, Panel, lay_under
from posts.documents.plaque_rows import Row, content_of, fitting_size, holders_shown, plaque_title
from posts.documents.plaque_sizes import Format, parse_size
from posts.documents.qr import public_address
from posts.documents.render import render_pdf
from posts.domain.emblems import emblem_for
from posts.models import Plaque

DEFAULT_SIZE = "90x54mm"
_CODE_SIDE = 84.0
_NAME_POINTS = (96, 84, 72, 60, 50, 42, 36, 30)
#: Points of the drawing; the smallest is six and a half on a badge of the usual size.
_FOOT = 186.0  # units: there the number begins
_SMALL_POINTS = (40.0, 36.0, 32.0, 28.0, 25.5)


def badge_pdf(plaques: Sequence[Plaque], look: Look) -> bytes:
    """A badge for each current member of each post, in order.

    Raises DomainError for a name of a post that does not fit, and for a badge that is higher than wide.
    """
    prefetch_related_objects(plaques, "conferral__holders", "conferral__post_kind", "conferral__org_unit")
    design, emblem_at = find_design(look.design), cache(emblem_for)
    with override(settings.LANGUAGE_CODE):
        sheets = [
            {**sheet, "emblem": emblem_at(issuer_path(plaque))}
            for plaque in plaques
            for sheet in badges_of(plaque, look)
        ]
        context = {"sheets": sheets, "title": pgettext("plaque", "Badges"), "design": design}
        text = render_pdf("documents/badge.html", context)
    return lay_under(text, sheets, design, Cut(BLEED if look.marks else 0, look.marks))


def badges_of(plaque: Plaque, look: Look) -> list[dict[str, Any]]:
    """What stands on the badges of one post; nothing for a post without Party members."""
    return [_badge(plaque, name, look) for name in holders_shown(plaque)]


def _badge(plaque: Plaque, name: str, look: Look) -> dict[str, Any]:
    conferral, content = plaque.conferral, content_of(plaque)
    sheet = parse_size(look.size or DEFAULT_SIZE)
    if sheet.is_upright:
        raise DomainError(_("A badge is wider than high: write 90x54mm, say."), field="own_size")
    has_qr = "qr" in content
    width = sheet.wide - (150 if has_qr else 54)
    rows = [Row("post", _("Post"), conferral.name), Row("unit", _("Unit"), conferral.org_unit.name)]
    name_size, top, size = _fit(name, rows, width)
    return {
        "sheet": sheet,
        "title": plaque_title(plaque),
        "title_width": sheet.wide - 50,
        "name": name,
        "name_size": name_size,
        "rows": rows,
        "size": size,
        "width": width,
        "rows_top": top,
        "number": plaque.number if "number" in content else "",
        "panel": _panel(sheet, public_address(conferral.public_id)) if has_qr else None,
    }


def _panel(sheet: Format, address: str) -> Panel:
    return Panel(address, left=sheet.wide - 27.5 - _CODE_SIDE, top=94, side=_CODE_SIDE)


def _fit(name: str, rows: Sequence[Row], width: float) -> tuple[float, float, float]:
    """Size of the name, where the rows begin, their size: the largest name that leaves the rows room."""
    ems = width_in_ems(name, bold=True) * MM_PER_POINT
    sizes = [size for size in _NAME_POINTS if ems * size <= width] or [_NAME_POINTS[-1]]
    for size in sizes:
        lines = 1 if ems * size <= width else ceil(ems * size / width + 0.1)
        top = round(88 + lines * size * MM_PER_POINT * 1.35, 2)
        try:
            return size, top, fitting_size(name, rows, sizes=_SMALL_POINTS, width=lambda _size: width, room=_FOOT - top)
        except DomainError:
            if size == sizes[-1]:
                raise
    raise AssertionError(name)

"""标牌: the plaque as a fine A4 sheet. Text is fitted by rule and never cut.

The gold, the frame and the title are drawn once for each title and laid under every page (measured: drawing them on
every page makes 500 plaques take seven times as long).
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from django.conf import settings
from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from campaigns.domain.errors import DomainError
from campaigns.models import HolderKind
from posts.documents.fonts import BIAOSONG, check_characters
from posts.documents.measure import MM_PER_POINT, count_lines, outlines, width_in_ems
from posts.documents.qr import public_address, qr_svg
from posts.documents.render import render_pdf
from posts.models import Conferral, Plaque, PlaqueKind

DEFAULT_CONTENT = (
    "post_name",
    "category",
    "duties",
    "party_member_count",
    "names",
    "phone",
    "issuer",
    "month",
    "number",
    "qr",
)

# Millimetres on A4 landscape.
TEXT_WIDTH, TEXT_HEIGHT = 146.0, 86.0
SIGN_WIDTH = 150.0
TITLE_WIDTH, TITLE_HEIGHT = 246.0, 38.0

LINE_HEIGHT = 1.45
GAP = 0.55  # between two rows, in lines
SIZES = (20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9)  # points; below 9 nobody reads it from the door
SIGN_SIZES = (19, 17, 15, 13, 11, 10)


@dataclass(frozen=True)
class Row:
    """A labelled line of the plaque."""

    code: str
    label: str
    text: str
    names: tuple[str, ...] = ()
    count: int | None = None

    @property
    def length(self) -> int:
        return len(self.text) + sum(map(len, self.names))

    def lines(self, size: float) -> int:
        """How many lines it takes at a size in points."""
        if not self.names and self.count is None:
            return count_lines(self.text, width=TEXT_WIDTH, size=size, bold=self.code == "post_name")
        items = [*self.names, _count_words(self.count)] if self.count is not None else self.names
        room = TEXT_WIDTH / (size * MM_PER_POINT)
        lines, left = 1, room
        for width in (width_in_ems(item) + 1.3 for item in items):  # names are never broken
            if width > left:
                lines, left = lines + 1, room
            left -= width
        return lines


def _count_words(count: int) -> str:
    return pgettext("plaque", "%(n)s members") % {"n": count}


def plaque_pdf(plaques: Sequence[Plaque]) -> bytes:
    """One page for each plaque, in order. Raises DomainError when a text does not fit at the smallest size."""
    prefetch_related_objects(plaques, "conferral__holders", "conferral__post_kind", "conferral__org_unit")
    with override(settings.LANGUAGE_CODE):
        sheets = [_sheet(plaque, i) for i, plaque in enumerate(plaques)]
        assets = {f"qr-{i}": sheet["qr"] for i, sheet in enumerate(sheets) if sheet["qr"]}
        title = plaques[0].conferral.honour if len(plaques) == 1 else pgettext("plaque", "Plaques")
        text = render_pdf("documents/plaque.html", {"sheets": sheets, "title": title}, assets=assets)
        arts = {title: _art(title) for title in dict.fromkeys(sheet["title"] for sheet in sheets)}
    return _lay_under(text, [arts[sheet["title"]] for sheet in sheets])


def _sheet(plaque: Plaque, number: int) -> dict:
    conferral = plaque.conferral
    content = conferral.post_kind.plaque.get("content") or DEFAULT_CONTENT
    rows = _rows(plaque, content)
    size = _fitting_size(conferral.name, rows)
    day = conferral.conferred_on or plaque.issued_on or plaque.made_at.date()
    return {
        "title": _title(plaque),
        "rows": rows,
        "size": size,
        "gap": _gap(rows, size),
        "issuer": plaque.issuer if "issuer" in content else "",
        "issuer_size": _sign_size(plaque.issuer),
        "day": date_format(day, "Y年n月j日") if "month" in content else "",
        "number": plaque.number if "number" in content else "",
        "qr": qr_svg(public_address(conferral.public_id)) if "qr" in content else b"",
        "qr_name": f"qr-{number}",
    }


def _title(plaque: Plaque) -> str:
    if plaque.kind != PlaqueKind.CREATING:
        return plaque.conferral.honour
    given = plaque.conferral.post_kind.plaque.get("creating_title")
    return given or pgettext("plaque", "Creating: %(honour)s") % {"honour": plaque.conferral.honour}


def _rows(plaque: Plaque, content: Sequence[str]) -> list[Row]:
    conferral = plaque.conferral
    # The row is headed 岗位党员: people of a collective post who are not in the Party do not stand under it.
    members = [holder for holder in conferral.holders.all() if holder.until_on is None and holder.member_id]
    names = tuple(holder.name for holder in members) if "names" in content else ()
    count = len(members) if "party_member_count" in content else None
    rows = [
        Row("post_name", pgettext("plaque", "Post"), conferral.name),
        _organisation(conferral),
        Row("category", pgettext("plaque", "Category"), conferral.category),
        Row("duties", pgettext("plaque", "Duties"), _tidy(conferral.duties)),
        Row("names", pgettext("plaque", "Members on duty"), "", names, count) if names or count else None,
        Row("commitment", pgettext("plaque", "Commitment"), _tidy(conferral.commitment)),
        Row("phone", pgettext("plaque", "Supervision"), conferral.contact_phone or conferral.org_unit.phone),
    ]
    shown = {*content, "names", "unit"}
    return [row for row in rows if row and row.code in shown and (row.text or row.code == "names")]


def _organisation(conferral: Conferral) -> Row | None:
    """Whose plaque it is, where a whole organisation holds the title under a name of its own."""
    if conferral.post_kind.holder != HolderKind.ORG or conferral.name == conferral.org_unit.name:
        return None
    return Row("unit", pgettext("plaque", "Unit"), conferral.org_unit.name)


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def _height(rows: Sequence[Row], size: float) -> float:
    """The height of the rows in mm, with the smallest gaps."""
    lines = sum(row.lines(size) for row in rows)
    return (lines * LINE_HEIGHT + (len(rows) - 1) * GAP * LINE_HEIGHT) * size * MM_PER_POINT


def _fitting_size(name: str, rows: Sequence[Row]) -> int:
    for size in SIZES:
        if _height(rows, size) <= TEXT_HEIGHT:
            return size
    longest = max(rows, key=lambda row: row.length)
    raise DomainError(
        _(
            "The plaque of “%(post)s” has too much text to be readable: “%(label)s” alone has %(n)s characters. "
            "Shorten the duties or the commitment for the plaque."
        )
        % {"post": name, "label": longest.label, "n": longest.length}
    )


def _gap(rows: Sequence[Row], size: float) -> float:
    """Rows spread over the free space, but never more than a line and a half apart. In mm."""
    line = LINE_HEIGHT * size * MM_PER_POINT
    spare = TEXT_HEIGHT - _height(rows, size)
    return round(min(GAP * line + spare / max(1, len(rows)), 1.25 * line), 2)


def _sign_size(issuer: str) -> int:
    for size in SIGN_SIZES:
        if width_in_ems(issuer, bold=True) * size * MM_PER_POINT <= SIGN_WIDTH:
            return size
    return SIGN_SIZES[-1]  # the template lets it take a second line


def _art(title: str) -> pikepdf.Pdf:
    """The page without words: gold, frame, ornaments, the title as outlines."""
    check_characters(title)
    lines = [title] if len(title) <= 12 else [title[: (len(title) + 1) // 2], title[(len(title) + 1) // 2 :]]
    size = min(TITLE_HEIGHT / len(lines), *(TITLE_WIDTH / (len(line) * 1.06) for line in lines)) * 10
    emblem = _emblem()
    middle = 560 if emblem else 500
    paths = []
    for i, line in enumerate(lines):
        gap = size * (0.16 if len(line) <= 6 else 0.05)
        path, width = outlines(line, family=BIAOSONG, size=round(size, 1), gap=round(gap, 1))
        y = middle + size * (i - (len(lines) - 1) / 2) * 1.08 + size * 0.37
        paths.append({"d": path, "x": round(1485 - width / 2, 1), "y": round(y, 1), "bold": round(size * 0.022, 1)})
    context = {"paths": paths, "rule": 815 if emblem else 775, "has_emblem": bool(emblem)}
    svg = render_to_string("documents/plaque_art.svg", context).encode()
    assets = {"art": svg, **({"emblem": emblem} if emblem else {})}
    return pikepdf.open(io.BytesIO(render_pdf("documents/plaque_art.html", context, assets=assets, tagged=False)))


def _emblem() -> bytes:
    """The emblem the site's owner supplied, unaltered; none by default (党徽党旗条例: never redrawn)."""
    return Path(settings.PLAQUE_EMBLEM).read_bytes() if settings.PLAQUE_EMBLEM else b""


def _lay_under(text: bytes, arts: Sequence[pikepdf.Pdf]) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(text)) as pdf:
        forms: dict[int, tuple[pikepdf.Name, pikepdf.Object]] = {}
        for page, art in zip(pdf.pages, arts, strict=True):
            if id(art) not in forms:
                # Pages share one dictionary of resources, and a random name would change the bytes.
                name = pikepdf.Name(f"/SfgArt{len(forms)}")
                forms[id(art)] = name, pdf.copy_foreign(art.pages[0].as_form_xobject())
            name, form = forms[id(art)]
            page.add_resource(form, pikepdf.Name.XObject, name=name)
            page.contents_add(f"/Artifact BMC q {name} Do Q EMC".encode(), prepend=True)
        pdf.save(out, deterministic_id=True)
    return out.getvalue()

"""Pages for the print shop: drawn in units, scaled to their size, with boxes and crop marks."""

from dataclasses import dataclass

import pikepdf

from posts.documents.plaque_sizes import Format

POINTS_PER_MM = 72 / 25.4
#: Millimetres of paper around a plaque that is to be cut: room for bleed and marks.
MARGIN = 12.0
_MARK_LENGTH, _MARK_WIDTH = 6.0, 0.1


@dataclass(frozen=True)
class Cut:
    """How far the ground reaches beyond the edge, in millimetres, and whether marks show where to cut."""

    bleed: float = 0.0
    marks: bool = False

    @property
    def margin(self) -> float:
        return MARGIN if self.marks else 0.0


def finish_page(page: pikepdf.Page, sheet: Format, cut: Cut, *, under: str, over: str) -> None:
    """Scale a page that was laid out in units to its millimetres, and put drawings under and over its text.

    ``under`` and ``over`` as in ``framed``.
    """
    before, after = framed(sheet, cut, under=under, over=over)
    page.contents_add(before.encode(), prepend=True)
    page.contents_add(after.encode())
    for name, box in boxes(sheet, cut).items():
        page.obj[name] = box


def framed(sheet: Format, cut: Cut, *, under: str, over: str) -> tuple[str, str]:
    """What comes before and after the operators of a page that counts in points of the drawing.

    ``under`` and ``over`` are PDF operators in units from the lower left corner of the plaque.
    """
    to_points = sheet.unit * POINTS_PER_MM
    corner = cut.margin * POINTS_PER_MM
    place = f"q {sheet.unit:.6f} 0 0 {sheet.unit:.6f} {corner:.4f} {corner:.4f} cm"
    units = f"q {to_points:.6f} 0 0 {to_points:.6f} {corner:.4f} {corner:.4f} cm"
    before = f"/Artifact BMC {units} {under} Q EMC\n{place}\n"
    return before, f"\nQ\n/Artifact BMC {units} {over} Q\n{_marks(sheet) if cut.marks else ''} EMC\n"


def boxes(sheet: Format, cut: Cut) -> dict[str, pikepdf.Array]:
    """The trim box is the plaque itself; the bleed box is as much larger as the ground reaches."""
    width, height = sheet.width * POINTS_PER_MM, sheet.height * POINTS_PER_MM
    corner, bleed = cut.margin * POINTS_PER_MM, cut.bleed * POINTS_PER_MM
    return {
        "/MediaBox": _box(0, 0, width + 2 * corner, height + 2 * corner),
        "/TrimBox": _box(corner, corner, corner + width, corner + height),
        "/BleedBox": _box(corner - bleed, corner - bleed, corner + width + bleed, corner + height + bleed),
    }


def _box(*edges: float) -> pikepdf.Array:
    return pikepdf.Array([round(edge, 3) for edge in edges])


def _marks(sheet: Format) -> str:
    """Two hairlines at each corner, outside the bleed, in black of the fourth colour."""
    far, near = MARGIN - 1, MARGIN - 1 - _MARK_LENGTH
    lines = [
        f"{x:.3f} {start:.3f} m {x:.3f} {start + _MARK_LENGTH:.3f} l"
        for x in (MARGIN, MARGIN + sheet.width)
        for start in (MARGIN - far, MARGIN + sheet.height + near)
    ]
    lines += [
        f"{start:.3f} {y:.3f} m {start + _MARK_LENGTH:.3f} {y:.3f} l"
        for y in (MARGIN, MARGIN + sheet.height)
        for start in (MARGIN - far, MARGIN + sheet.width + near)
    ]
    scale = f"{POINTS_PER_MM:.6f} 0 0 {POINTS_PER_MM:.6f} 0 0 cm"
    return f"q {scale} 0 0 0 1 K {_MARK_WIDTH} w {' '.join(lines)} S Q"

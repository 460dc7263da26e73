"""What plaques and badges share below and above their words: the drawing of their title, the code, the cut.

Ground, frame and title are drawn once for each title and laid under every page (measured: drawing them on every page
makes 500 plaques take seven times as long); the code is drawn with operators, not as an image, for the same reason.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pikepdf

from posts.documents.cutting import POINTS_PER_MM, Cut, finish_page
from posts.documents.designs import Design
from posts.documents.plaque_art import plaque_art
from posts.documents.plaque_sizes import Format
from posts.documents.qr import pdf_colour, qr_operators

#: Millimetres that the ground reaches beyond the edge where a print shop cuts.
BLEED = 3.0
_UNIT = 1 / POINTS_PER_MM  # a drawing counts in points, the page in units


@dataclass(frozen=True)
class Panel:
    """A code on its white panel: where it leads, and its place in units from the upper left corner."""

    address: str
    left: float
    top: float
    side: float


class Grounds:
    """The drawings of one file, each in it once."""

    def __init__(self, pdf: pikepdf.Pdf, design: Design, cut: Cut) -> None:
        self.pdf, self.design, self.cut = pdf, design, cut
        self._forms: dict[tuple, tuple[str, pikepdf.Object]] = {}

    def find(self, told: dict[str, Any]) -> tuple[str, pikepdf.Object]:
        """The drawing for a sheet, and its name among the resources of a page."""
        key = (told["title"], told["sheet"], told["emblem"])
        if key not in self._forms:
            bleed = self._bleed(told["sheet"])
            art = plaque_art(told["title"], told["sheet"], design=self.design, bleed=bleed, emblem=told["emblem"])
            # Pages may share one dictionary of resources, and a random name would change the bytes.
            name, form = f"/SfgArt{len(self._forms)}", art.pages[0].as_form_xobject()
            self._forms[key] = name, self.pdf.copy_foreign(form)
        return self._forms[key]

    def under(self, told: dict[str, Any]) -> str:
        """The operators that draw it, in units."""
        bleed = self._bleed(told["sheet"])
        return f"{_UNIT:.6f} 0 0 {_UNIT:.6f} {-bleed:.2f} {-bleed:.2f} cm {self.find(told)[0]} Do"

    def _bleed(self, sheet: Format) -> float:
        """A print shop's bleed is so many millimetres whatever the size; in units it is not."""
        return round(self.cut.bleed / sheet.unit, 2)


def lay_under(text: bytes, sheets: Sequence[dict], design: Design, cut: Cut) -> bytes:
    """The pages at their size, each with the drawing of its title under it and its code over it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(text)) as pdf:
        grounds = Grounds(pdf, design, cut)
        for page, told in zip(pdf.pages, sheets, strict=True):
            name, form = grounds.find(told)
            page.add_resource(form, pikepdf.Name.XObject, name=pikepdf.Name(name))
            finish_page(page, told["sheet"], cut, under=grounds.under(told), over=code_on(told))
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def code_on(told: dict[str, Any]) -> str:
    """The code in units from the lower left corner; the quiet zone lies wholly inside the panel."""
    panel: Panel | None = told["panel"]
    if panel is None:
        return ""
    bottom = told["sheet"].high - panel.top - panel.side
    frame = f"{panel.left:.2f} {bottom:.2f} {panel.side} {panel.side} re"
    ground = f"{pdf_colour('#fffdf6')} rg {pdf_colour('#a30d14')} RG 1.4 w 1 j {frame} B"
    return ground + "\n" + qr_operators(panel.address, x=panel.left + 0.7, y=bottom + 0.7, side=panel.side - 1.4)

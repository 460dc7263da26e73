"""How large a plaque is, and the measures that follow: every size is one drawing, scaled.

A drawing has its own unit: the shorter side is 210 units, so that one unit is a millimetre on A4. Texts, frame and code
grow and shrink with the plaque; a longer side gives longer lines, a taller one more of them.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.schemes.vocabulary import SIZES

SHORT_SIDE = 210.0
#: Smallest side, longest side in millimetres: a name tag, and what a sign maker still cuts from one sheet.
LEAST, MOST = 40, 1500

_NAMED = {"A4": (297, 210), "A5": (210, 148), "20x10": (200, 100), "30x20": (300, 200), "60x40": (600, 400)}
# Points on the paper: nobody reads less from the door, or in the hand.
_FROM_THE_DOOR, _IN_THE_HAND = 9.0, 6.5
_OWN = r"(\d{2,4})x(\d{2,4})mm"
#: For few words: a text grows above the usual sizes only while that costs no line.
LARGER = (32.0, 30.0, 28.0, 26.0, 24.0)
_POINTS = (22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7)


@dataclass(frozen=True)
class Format:
    """A sheet in millimetres, and its drawing in units."""

    width: float
    height: float

    @cached_property
    def unit(self) -> float:
        """Millimetres per unit."""
        return min(self.width, self.height) / SHORT_SIDE

    @cached_property
    def wide(self) -> float:
        return round(self.width / self.unit, 2)

    @cached_property
    def high(self) -> float:
        return round(self.height / self.unit, 2)

    @property
    def is_upright(self) -> bool:
        """Whether code and signature stand below the text instead of beside it."""
        return self.wide < 1.25 * self.high

    @cached_property
    def points(self) -> tuple[float, ...]:
        """The sizes a text may take, in points of the drawing, largest first; none is too small on the paper."""
        least = (_FROM_THE_DOOR if self.unit >= 1 else max(_IN_THE_HAND, _FROM_THE_DOOR * self.unit)) / self.unit
        return tuple(float(size) for size in _POINTS if size >= least) or (least,)


def parse_size(code: str) -> Format:
    """The format of a size: a named one, or ``<width>x<height>mm``. Raises DomainError for any other."""
    if code in _NAMED:
        return Format(*_NAMED[code])
    match = re.fullmatch(_OWN, code)
    sides = (int(match[1]), int(match[2])) if match else (0, 0)
    if not LEAST <= min(sides) <= max(sides) <= MOST or max(sides) > 4 * min(sides):
        raise DomainError(
            _("Give the size in millimetres, such as 420x297mm: each side %(least)s to %(most)s, at most four to one.")
            % {"least": LEAST, "most": MOST},
            field="own_size",
        )
    return Format(*sides)


def size_label(code: str) -> str:
    """What people call the size."""
    return str(SIZES[code]) if code in SIZES else code.replace("x", " × ").replace("mm", " mm")

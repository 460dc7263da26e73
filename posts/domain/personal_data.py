"""What must never stand on a public notice: numbers of identity cards, mobile phones and bank cards.

Prosecutors have brought public-interest cases over identity numbers left in notices; a scan costs nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.errors import DomainError

# Grouped the way people group them, so that two dates side by side are no card number.
_IDENTITY = re.compile(r"(?<!\d)\d{6}[ \-]?\d{8}[ \-]?\d{3}[\dXx](?![\dXx])")
_MOBILE = re.compile(r"(?<!\d)(?:\+?86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?!\d)")
_CARD = re.compile(r"(?<!\d)(?:\d{13,19}|\d{4}(?:[ \-]\d{4}){3}(?:[ \-]?\d{1,3})?)(?!\d)")
_FULL_WIDTH = str.maketrans("０１２３４５６７８９Ｘ", "0123456789X")


@dataclass(frozen=True)
class Leak:
    """A number that may not be published, and the place it was found in."""

    label: str | Promise
    shown: str
    place: str


def find_leaks(texts: Iterable[tuple[str, str]]) -> list[Leak]:
    """Every forbidden number in ``(place, text)`` pairs; the number itself is shown shortened."""
    found = []
    for place, text in texts:
        plain = text.translate(_FULL_WIDTH)
        taken: list[tuple[int, int]] = []
        for label, pattern, holds in _RULES:
            for match in pattern.finditer(plain):
                digits = re.sub(r"[^\dXx]", "", match.group())
                if holds(digits) and not any(a < match.end() and match.start() < b for a, b in taken):
                    taken.append(match.span())
                    found.append(Leak(label, f"{digits[:3]}…{digits[-2:]}", place))
    return found


def refuse_leaks(texts: Iterable[tuple[str, str]], *, field: str | None = None) -> None:
    """Raise DomainError naming the first forbidden number and where it stands."""
    if leaks := find_leaks(texts):
        leak = leaks[0]
        raise DomainError(
            _("“%(place)s” contains %(what)s (%(shown)s). Take it out before publishing: everybody reads a notice.")
            % {"place": leak.place, "what": leak.label, "shown": leak.shown},
            field=field,
        )


def _is_identity(digits: str) -> bool:
    """Eighteen places with a plausible birthday; the check sum is not asked, a mistyped number leaks as much."""
    month, day = int(digits[10:12]), int(digits[12:14])
    return len(digits) == 18 and digits[6:8] in {"18", "19", "20"} and 1 <= month <= 12 and 1 <= day <= 31


def _is_mobile(_digits: str) -> bool:
    return True


def _is_card(digits: str) -> bool:
    """Luhn's sum, by which bank cards are numbered."""
    total = 0
    for i, char in enumerate(reversed(digits)):
        value = int(char) * (1 + i % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


_RULES = (
    (gettext_lazy("an identity-card number"), _IDENTITY, _is_identity),
    (gettext_lazy("a bank-card number"), _CARD, _is_card),
    (gettext_lazy("a mobile telephone number"), _MOBILE, _is_mobile),
)

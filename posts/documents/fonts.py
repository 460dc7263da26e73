"""The two Chinese families all paper is set in: where they are, and which characters they have."""

import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from campaigns.domain.errors import DomainError

SANS, SERIF = "Noto Sans CJK SC", "Noto Serif CJK SC"
FAMILIES = (SANS, SERIF)
INSTALL_COMMAND = "apt-get install fonts-noto-cjk"

#: What the text may hold although no font has a glyph for it.
_UNPRINTED = frozenset("\n\r\t")


@dataclass(frozen=True)
class Face:
    """A font file, and the face's place in it (the Noto files hold several)."""

    path: str
    index: int

    def open(self) -> TTFont:
        return TTFont(self.path, fontNumber=self.index, lazy=True)


class FontMissingError(DomainError):
    """The family is not installed, so the paper would come out with wrong or empty characters."""


@cache
def find_face(family: str, *, bold: bool = False) -> Face:
    """The installed face of exactly this family. Raises FontMissingError when fontconfig would take another one."""
    program = shutil.which("fc-match")
    found = ["", "0", ""]
    if program:
        pattern = family + (":bold" if bold else "")
        asked = [program, "--format=%{file}|%{index}|%{family}", pattern]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603  no user text
        found = done.stdout.split("|") if done.returncode == 0 else found
    if len(found) != 3 or family not in found[2].split(","):
        raise FontMissingError(
            _(
                "The font “%(family)s” is not installed on this server, so no Chinese paper can be printed. "
                "Ask the administrator to run: %(command)s"
            )
            % {"family": family, "command": INSTALL_COMMAND}
        )
    return Face(found[0], int(found[1]))


@cache
def printable_characters() -> frozenset[str]:
    """Every character that one of the families can print."""
    points: set[int] = set()
    for family in FAMILIES:
        with find_face(family).open() as font:
            points.update(font["cmap"].getBestCmap())
    return frozenset(map(chr, points))


def check_characters(text: str) -> None:
    """Raise DomainError naming the first character that cannot be printed, and the words around it."""
    missing = {char for char in set(text) - printable_characters() - _UNPRINTED if not _is_invisible(char)}
    if not missing:
        return
    place = min(text.index(char) for char in missing)
    char = text[place]
    around = re.split(r"[<>\n]", text[max(0, place - 12) : place])[-1] + char
    around += re.split(r"[<>\n]", text[place + 1 : place + 13])[0]
    raise DomainError(
        _(
            "The character “%(char)s” (%(code)s) in “%(around)s” is in none of the installed fonts and would be left "
            "blank on the paper. Write it differently, or have a font installed that contains it."
        )
        % {"char": char if char.isprintable() else "?", "code": f"U+{ord(char):04X}", "around": around.strip()}
    )


def _is_invisible(char: str) -> bool:
    """Joiners, marks of direction and the like: they are meant to leave no ink."""
    return unicodedata.category(char) in {"Cf", "Zs", "Zl", "Zp"}

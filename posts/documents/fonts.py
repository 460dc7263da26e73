"""The faces all paper is set in, one family per role: where they are, and which characters they have.

A role is named in CSS by its family. Text set in Song, FangSong or Kai names ``NUM`` first, so that letters and figures
are those of a book face. Where a site has a licensed face of its own for a role, every document shows that one.
"""

import json
import re
import struct
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

from campaigns.domain.errors import DomainError
from posts.documents.own_faces import prepare_own_faces

BIAOSONG, SONG, HEI, FANGSONG, KAI = "SFG BiaoSong", "SFG Song", "SFG Hei", "SFG FangSong", "SFG Kai"
NUM = "SFG Num"
ROLES = (BIAOSONG, SONG, HEI, FANGSONG, KAI)
FAMILIES = (*ROLES, NUM)
#: Asked last, whatever the family: the one that has nearly everything, then scripts of their own.
LAST = (SONG, "SFG Mongolian", "SFG Arabic", "SFG Tibetan", "SFG Yi")
INSTALL_COMMAND = "python3 scripts/setup.py"

#: What the text may hold although no font has a glyph for it.
_UNPRINTED = frozenset("\n\r\t")


@dataclass(frozen=True)
class Face:
    """A TrueType file, and the family under which it is known here."""

    path: str
    family: str

    def open(self) -> TTFont:
        return TTFont(self.path, lazy=True, recalcTimestamp=False)


@dataclass(frozen=True)
class Library:
    """Every face this site prints with."""

    made: dict[tuple[str, bool], Face]
    own: dict[tuple[str, bool], Face] = field(default_factory=dict)
    more: tuple[Face, ...] = ()  # the site's faces without a role: for characters that the others lack

    def faces(self) -> list[Face]:
        return [*self.own.values(), *self.made.values(), *self.more]


class FontMissingError(DomainError):
    """The family is not there, so the paper would come out with wrong or empty characters."""


def library() -> Library:
    """The faces in ``FONTS_DIR``, and the site's own in ``OWN_FONTS_DIR``, which come first. Read once per process."""
    return _library(str(settings.FONTS_DIR), str(settings.OWN_FONTS_DIR), str(settings.FONT_CACHE_DIR))


@cache
def _library(folder: str, own_folder: str, cache_folder: str) -> Library:
    mark = Path(folder) / "made.json"
    files = json.loads(mark.read_text())["files"] if mark.is_file() else {}
    made = {}
    for name, told in files.items():
        made[told["family"], told["bold"]] = Face(str(Path(folder) / name), told["family"])
    own, more = {}, []
    for prepared in prepare_own_faces(Path(own_folder), Path(cache_folder)):
        face = Face(str(prepared.path), prepared.family)
        if prepared.role:
            own.setdefault((prepared.role, prepared.bold), face)
        else:
            more.append(face)
    return Library(made, own, tuple(more))


def find_face(family: str, *, bold: bool = False) -> Face:
    """The face in which this family is set. Raises FontMissingError when there is none.

    仿宋 and 楷体 are set in Song where their faces could not be had (``missing_faces`` says so).
    """
    known = library()
    tried = [
        (name, weight) for name in (family, SONG if family in (FANGSONG, KAI) else family) for weight in (bold, False)
    ]
    for key in tried:
        if face := known.own.get(key) or known.made.get(key):
            return face
    raise FontMissingError(
        _(
            "The font “%(family)s” has not been made on this server, so no Chinese paper can be printed. "
            "Ask the administrator to run: %(command)s"
        )
        % {"family": family, "command": INSTALL_COMMAND}
    )


def missing_faces() -> list[str]:
    """The roles that are set in Song because their faces could not be had."""
    known = library()
    return [role for role in ROLES if (role, False) not in known.made and (role, False) not in known.own]


@cache
def _characters(path: str) -> frozenset[str]:
    return frozenset(map(chr, _points(path)))


def _points(path: str) -> set[int]:
    """The code points of a face, from the table of their ranges: without a name for each of 30,000 glyphs."""
    with TTFont(path, lazy=True) as font:
        table = font.reader["cmap"]
        for start in {place for _platform, _encoding, place in struct.iter_unpack(">HHL", _records(table))}:
            if table[start : start + 2] == b"\x00\x0c":  # segmented coverage, all planes
                end = start + int.from_bytes(table[start + 4 : start + 8], "big")
                groups = struct.iter_unpack(">LLL", table[start + 16 : end])
                return {point for first, last, _glyph in groups for point in range(first, last + 1)}
        return set(font["cmap"].getBestCmap())


def _records(table: bytes) -> bytes:
    return table[4 : 4 + 8 * int.from_bytes(table[2:4], "big")]


def face_characters(family: str) -> frozenset[str]:
    """The characters of the face in which the family is set."""
    return _characters(find_face(family).path)


def printable_characters() -> frozenset[str]:
    """Every character that one of the faces can print."""
    find_face(SONG)
    return _union(tuple(face.path for face in library().faces()))


@cache
def _union(paths: tuple[str, ...]) -> frozenset[str]:
    # Of all faces only the union is kept: a set for each would cost every process 40 MB.
    points: set[int] = set()
    for path in paths:
        points |= _points(path)
    return frozenset(map(chr, points))


def rare_characters(text: str, *, family: str) -> list[str]:
    """The characters that the family lacks, so that another face prints them; in order, each once.

    Scripts that have a face of their own are no matter of the family.
    """
    has = face_characters(family) | face_characters(NUM) | _UNPRINTED
    lacking = [char for char in dict.fromkeys(text) if char not in has and not _is_invisible(char)]
    return [char for char in lacking if not _has_own_face(char)] if lacking else []


def _has_own_face(char: str) -> bool:
    made = library().made
    scripts = (made[name, False] for name in LAST[1:] if (name, False) in made)
    return any(char in _characters(face.path) for face in scripts)


def rare_character_warning(text: str, *, family: str, role: str) -> str:
    """A sentence naming the characters that will look different, for the preview; empty when there are none.

    ``role`` is what the reader calls the family, such as 仿宋.
    """
    if not (rare := rare_characters(text, family=family)):
        return ""
    named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in rare[:12])
    return _("%(role)s lacks %(chars)s; they are printed in another face. Check the proof.") % {
        "role": role,
        "chars": named,
    }


def unprintable(text: str) -> set[str]:
    """The characters that no face has."""
    return {char for char in set(text) - printable_characters() - _UNPRINTED if not _is_invisible(char)}


def check_characters(text: str) -> None:
    """Raise DomainError naming the first character that cannot be printed, and the words around it."""
    if not (missing := unprintable(text)):
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

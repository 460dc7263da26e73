"""A site's own licensed faces, laid into a folder: recognised by their family names and made fit for print.

The files themselves are never changed; what is printed with is a copy in the cache with our metrics, so that a line
keeps its height whatever face it is set in.
"""

import hashlib
import io
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from posts.documents import truetype

log = logging.getLogger(__name__)

#: Names in lower case without spaces, hyphens and underscores. 方正, 华文, 微软 and the GB_2312 names in use.
NAMES = {
    "SFG BiaoSong": ("方正小标宋", "fzxiaobiaosong", "小标宋", "华文中宋", "stzhongsong"),
    "SFG FangSong": ("仿宋", "fangsong", "方正仿宋", "fzfangsong", "华文仿宋", "stfangsong"),
    "SFG Kai": ("楷体", "kaiti", "方正楷体", "fzkai", "华文楷体", "stkaiti", "simkai"),
    "SFG Hei": ("黑体", "simhei", "方正黑体", "fzhei", "华文黑体", "stheiti"),
    "SFG Song": ("宋体", "simsun", "方正书宋", "fzshusong", "华文宋体", "stsong", "nsimsun"),
}
#: A change of what is done to a copy makes all copies anew.
_EDITION = 1
_NO_EMBEDDING = 0x0002


@dataclass(frozen=True)
class Prepared:
    """A copy in the cache; ``role`` is the family it stands in for, empty for a face that only adds characters."""

    path: Path
    family: str
    role: str
    bold: bool


def prepare_own_faces(folder: Path, cache_folder: Path) -> list[Prepared]:
    """The faces of the folder, in the order of their file names; what cannot be used is told in the log."""
    if not folder.is_dir():
        return []
    found = []
    for file in sorted(folder.iterdir()):
        if file.suffix.lower() not in (".ttf", ".otf", ".ttc"):
            continue
        try:
            found += _prepare(file, cache_folder)
        except (TTLibError, OSError, ValueError, KeyError, AttributeError) as error:
            log.warning("font file %s cannot be used: %s", file.name, error)
    return found


def _prepare(file: Path, cache_folder: Path) -> Iterator[Prepared]:
    data = file.read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:16]
    for number, font in enumerate(_members(data)):
        with font:
            yield _prepare_member(font, cache_folder, key=f"{digest}-{number}-{_EDITION}", file=file)


def _prepare_member(font: TTFont, cache_folder: Path, *, key: str, file: Path) -> Prepared:
    if font["OS/2"].fsType & 0x000F == _NO_EMBEDDING:
        raise ValueError("its maker does not allow it to be embedded in documents")
    role, bold = role_of(font), font["OS/2"].usWeightClass >= 600
    family = f"{role.replace('SFG', 'SFG Own')}" if role else f"SFG Own {key[:8]}"
    copy = cache_folder / "own" / f"{key}.ttf"
    if not copy.exists():
        copy.parent.mkdir(parents=True, exist_ok=True)
        part = copy.with_suffix(f".{os.getpid()}")
        _fit(font, family, bold).save(part)
        part.replace(copy)
    return Prepared(copy, family, role, bold)


def _fit(font: TTFont, family: str, bold: bool) -> TTFont:
    if "glyf" in font:
        return truetype.rename(font, family=family, bold=bold, drop_layout=True)
    points = truetype.common_first(font.getBestCmap())
    return truetype.make_face(font, family=family, points=points, bold=bold)


def _members(data: bytes) -> Iterator[TTFont]:
    if data.startswith(b"ttcf"):
        yield from TTCollection(io.BytesIO(data))
    else:
        yield TTFont(io.BytesIO(data), recalcTimestamp=False)


def role_of(font: TTFont) -> str:
    """The role that a face stands in for, by any of its family names; empty when it is none of them."""
    names = {str(name).lower() for name in font["name"].names if name.nameID in (1, 16)}
    plain = {name.translate(str.maketrans("", "", " -_")) for name in names}
    matches = [
        (len(start), role)
        for role, starts in NAMES.items()
        for start in starts
        for name in plain
        if name.startswith(start)
    ]
    return max(matches)[1] if matches else ""

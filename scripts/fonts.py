"""Makes the faces all paper is set in, out of Debian's packages, into var/fonts. Safe to run again.

Run by ``scripts/setup.py`` with the virtual environment's Python; needs fontTools and nothing else. What each face is
made of, and under which licence, stands in ``docs/operations.md``.
"""

import argparse
import contextlib
import hashlib
import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from debian import MissingSourceError, Source, find_source  # noqa: E402  after the path
from fontTools.ttLib import TTCollection, TTFont  # noqa: E402

from posts.documents import truetype  # noqa: E402

MARK = "made.json"
TEXLIVE = "usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/"
NOTO = "usr/share/fonts/opentype/noto/"
MINOR = "usr/share/fonts/truetype/noto/"

# Letters and digits of the serif face go before the Chinese ones, whose own are a typewriter's; its quotation marks
# and dashes do not, for in Chinese they are as wide as a character.
LATIN = [*range(0x20, 0x7F), *range(0xC0, 0x250), *range(0x370, 0x400)]
HAN = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00)]
MARKS = [*range(0x20, 0x590), *range(0x1E00, 0x2C00), *range(0x2E80, 0x3400), *range(0xFE10, 0xFE70)]
MARKS += range(0xFF00, 0xFFF0)
# What one face must have so that no name is blank: the supplementary planes, and Korean syllables in use.
RARE = [*range(0x20000, 0x32400)]
KOREAN = [point for point in range(0xAC00, 0xD7A4) if truetype.can_encode(chr(point), "euc_kr")]


@dataclass(frozen=True)
class Face:
    """One file to make: its family and weight, where it comes from, which characters it takes."""

    family: str
    source: Source
    inner: str = ""  # the family inside a collection
    bold: bool = False
    points: Sequence[int] = ()
    whole: bool = False  # a script that needs its own shaping: taken over as it is

    @property
    def file(self) -> str:
        return f"{self.family.replace(' ', '')}-{'Bold' if self.bold else 'Regular'}.ttf"


def noto(style: str, weight: str) -> Source:
    return Source("fonts-noto-cjk", f"{NOTO}Noto{style}CJK-{weight}.ttc")


CHINESE = [*HAN, *MARKS]
FANDOL = "texlive-lang-chinese"
SERIF, SANS = "Noto Serif CJK SC", "Noto Sans CJK SC"
FACES = [
    Face("SFG Song", noto("Serif", "Regular"), SERIF, points=[*CHINESE, *RARE, *KOREAN]),
    Face("SFG BiaoSong", noto("Serif", "Bold"), SERIF, points=CHINESE),
    Face("SFG Hei", noto("Sans", "Regular"), SANS, points=CHINESE),
    Face("SFG Hei", noto("Sans", "Bold"), SANS, bold=True, points=CHINESE),
    Face("SFG FangSong", Source(FANDOL, f"{TEXLIVE}FandolFang-Regular.otf", fetched=True), points=CHINESE),
    Face("SFG Kai", Source(FANDOL, f"{TEXLIVE}FandolKai-Regular.otf", fetched=True), points=CHINESE),
    Face("SFG Num", noto("Serif", "Regular"), SERIF, points=LATIN),
    Face("SFG Num", noto("Serif", "Bold"), SERIF, bold=True, points=LATIN),
    Face("SFG Mongolian", Source("fonts-noto-core", f"{MINOR}NotoSansMongolian-Regular.ttf", fetched=True), whole=True),
    Face("SFG Arabic", Source("fonts-noto-core", f"{MINOR}NotoNaskhArabic-Regular.ttf", fetched=True), whole=True),
    Face("SFG Tibetan", Source("fonts-noto-core", f"{MINOR}NotoSerifTibetan-Regular.ttf", fetched=True), whole=True),
    Face("SFG Yi", Source("fonts-noto-core", f"{MINOR}NotoSansYi-Regular.ttf", fetched=True), whole=True),
]
#: What the faces are for, when their package cannot be had.
INSTEAD = {
    FANDOL: "documents show Song where 仿宋 and 楷体 belong",
    "fonts-noto-core": "Mongolian, Uyghur, Tibetan and Yi letters cannot be printed",
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--into", type=Path, default=Path(os.environ.get("FONTS_DIR") or ROOT / "var" / "fonts"))
    parser.add_argument("--offline", action="store_true", help="make what the machine's own packages give")
    asked = parser.parse_args()
    mark = asked.into / MARK
    done = json.loads(mark.read_text()) if mark.exists() else {}
    edition = recipe()
    kept = done["files"] if done.get("recipe") == edition and is_whole(asked.into, done) else {}
    if kept and (asked.offline or not done["missing"]):
        say(f"all here in {asked.into}")
        return 0
    asked.into.mkdir(parents=True, exist_ok=True)
    try:
        return make_all(asked.into, edition, kept, offline=asked.offline)
    except MissingSourceError as error:
        say(str(error))
        return 1


def say(text: str) -> None:
    print(f"fonts: {text}", flush=True)


def recipe() -> str:
    """Changes with whatever may change the bytes: the list of faces, how they are made, fontTools."""
    whole = hashlib.sha256(importlib.metadata.version("fontTools").encode())
    whole.update(repr(FACES).encode())
    whole.update(Path(truetype.__file__).read_bytes())
    return whole.hexdigest()[:16]


def is_whole(folder: Path, done: dict) -> bool:
    return all((folder / name).is_file() for name in done["files"])


def make_all(folder: Path, edition: str, kept: dict, *, offline: bool) -> int:
    started, files = time.monotonic(), dict(kept)
    jobs, missing = find_sources([face for face in FACES if face.file not in kept], offline=offline)
    with ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1)) as pool:
        results = [(face, pool.submit(make_file, face, path, folder)) for face, path in jobs]
        for number, (face, result) in enumerate(results, 1):
            told = {"family": face.family, "bold": face.bold, "from": face.source.package}
            files[face.file] = {**told, "sha256": result.result()}
            say(f"{number} of {len(results)}: {face.file}")
    for old in folder.glob("*.ttf"):
        if old.name not in files:
            old.unlink()
    record = {"recipe": edition, "missing": missing, "files": dict(sorted(files.items()))}
    (folder / MARK).write_text(json.dumps(record, ensure_ascii=False, indent=1))
    say(f"made {len(jobs)} faces in {time.monotonic() - started:.0f} s")
    return 0


def find_sources(faces: list[Face], *, offline: bool) -> tuple[list[tuple[Face, Path]], dict[str, str]]:
    """Each face with its source; and what cannot be had, with what is done without it. Raises MissingSourceError."""
    jobs, missing = [], {}
    for face in faces:
        package = face.source.package
        try:
            jobs.append((face, find_source(face.source, offline=offline, say=say)))
        except MissingSourceError as error:
            if package not in INSTEAD:
                raise
            if package not in missing:
                say(f"{error}; until then {INSTEAD[package]}")
            missing[package] = INSTEAD[package]
    return jobs, missing


def make_file(face: Face, source: Path, folder: Path) -> str:
    """Make one face; return its hash. The file appears whole or not at all."""
    part = folder / f".{face.file}.{os.getpid()}"
    with open_source(face, source) as font:
        if face.whole:
            made = truetype.rename(font, family=face.family, bold=face.bold)
        else:
            points = truetype.common_first(face.points)
            made = truetype.make_face(font, family=face.family, points=points, bold=face.bold)
        made.save(part)
    mark = hashlib.sha256(part.read_bytes()).hexdigest()
    part.replace(folder / face.file)
    return mark


@contextlib.contextmanager
def open_source(face: Face, path: Path) -> Iterator[TTFont]:
    if not face.inner:
        with TTFont(path, recalcTimestamp=False) as font:
            yield font
        return
    with TTCollection(path, lazy=True) as members:
        yield next(font for font in members if font["name"].getDebugName(1).startswith(face.inner))


if __name__ == "__main__":
    sys.exit(main())

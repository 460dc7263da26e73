"""The archive 归档包 as a ZIP: names that every system takes, an index, check sums, and the program that checks it."""

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.template.loader import render_to_string

SUMS, VERIFIER, INDEX, DATA = "SHA256SUMS.txt", "核对.py", "目录.html", "目录.json"
MOST_NAME = 50  # characters; three folders deep a path stays below the 260 of Windows
_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_PACKED = (".pdf", ".xlsx", ".docx", ".zip", ".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Filed:
    """A file of the archive: where it lies, its title; why it could not be printed, or what is to be said of it."""

    path: str
    title: str
    fault: str = ""
    note: str = ""


@dataclass
class Folder:
    """Names within one folder: no two are the same, whatever the case of their letters."""

    taken: set[str] = field(default_factory=set)

    def name(self, wanted: str, ending: str = "") -> str:
        base, number = safe_name(wanted), 1
        name = base + ending
        while name.lower() in self.taken:
            number += 1
            name = f"{base}（{number}）{ending}"
        self.taken.add(name.lower())
        return name


def safe_name(text: str) -> str:
    """A name of a file or folder that Windows, macOS and Linux take; Chinese stays Chinese."""
    text = _FORBIDDEN.sub(" ", unicodedata.normalize("NFC", text))
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    text = re.sub(r"\s+", " ", text).strip(" .")[:MOST_NAME].strip(" .")
    return f"_{text}" if _RESERVED.fullmatch(text) else text or "_"


def pack(files: Sequence[tuple[Filed, bytes]]) -> bytes:
    """A few files with what is said of them, to be laid into the archive later."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_STORED) as parcel:
        told = [asdict(filed) for filed, _content in files]
        parcel.writestr(ZipInfo("told"), json.dumps(told, ensure_ascii=False))
        for number, (_filed, content) in enumerate(files):
            parcel.writestr(ZipInfo(str(number)), content)
    return out.getvalue()


def write_archive(parcels: Sequence[Path], out: Path, *, root: str, about: Mapping[str, Any], at: datetime) -> None:
    """Lay all parcels into one ZIP below the folder ``root``. The same parcels give the same bytes."""
    sums: dict[str, str] = {}
    entries: list[dict[str, Any]] = []
    with ZipFile(out, "w") as archive:

        def add(path: str, content: bytes) -> None:
            info = ZipInfo(f"{root}/{path}", at.timetuple()[:6])
            info.compress_type = ZIP_STORED if path.lower().endswith(_PACKED) else ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
            sums[path] = hashlib.sha256(content).hexdigest()

        for parcel in parcels:
            with ZipFile(parcel) as source:
                for number, told in enumerate(json.loads(source.read("told"))):
                    entry = dict(told)
                    if not told["fault"]:
                        content = source.read(str(number))
                        add(told["path"], content)
                        entry |= {"size": len(content), "sha256": sums[told["path"]]}
                    entries.append(entry)
        data = {**about, "made_at": at.isoformat(timespec="seconds"), "files": entries}
        add(DATA, json.dumps(data, ensure_ascii=False, indent=1).encode())
        add(INDEX, render_to_string("documents/archive_index.html", data | {"groups": _grouped(entries)}).encode())
        add(VERIFIER, (Path(__file__).parent / "verify_archive.py").read_bytes())
        lines = "".join(f"{value}  {path}\n" for path, value in sorted(sums.items()))
        add(SUMS, lines.encode())


def _grouped(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for entry in entries:
        groups.setdefault(entry["path"].rpartition("/")[0], []).append(entry)
    return list(groups.items())

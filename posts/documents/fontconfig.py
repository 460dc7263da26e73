"""Which fonts the text layout may see: the made faces, the site's own, and nothing of the system's.

A system font that slipped in would give other bytes on another machine, and outlines that some printers leave blank.
"""

import hashlib
import os
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from django.conf import settings

from posts.documents.fonts import BIAOSONG, FANGSONG, HEI, KAI, LAST, SONG, Library, library, missing_faces


def config_file() -> Path:
    """The file that lists the faces, written when it is not there yet; its name changes with what it says."""
    return _write(str(settings.FONT_CACHE_DIR), _config(library(), missing_faces()))


#: What Word files call the faces of official papers, and which of ours takes their place.
OFFICE_NAMES = {
    BIAOSONG: ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S"),
    FANGSONG: ("仿宋", "仿宋_GB2312", "FangSong", "FangSong_GB2312", "STFangsong"),
    KAI: ("楷体", "楷体_GB2312", "KaiTi", "KaiTi_GB2312", "STKaiti"),
    HEI: ("黑体", "SimHei", "微软雅黑", "Microsoft YaHei", "等线"),
    SONG: ("宋体", "SimSun", "新宋体", "NSimSun", "Times New Roman", "Calibri", "Cambria"),
}


def office_config() -> Path:
    """The same list for LibreOffice, where Word's names for the faces lead to ours."""
    aliases = "\n".join(_prepend(name, role) for role, names in OFFICE_NAMES.items() for name in names)
    text = _config(library(), missing_faces()).replace("<fontconfig>", f"<fontconfig>\n{aliases}", 1)
    return _write(str(settings.FONT_CACHE_DIR), text)


@cache
def _write(folder: str, text: str) -> Path:
    path = Path(folder) / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(text)
        part.replace(path)
    return path


def _config(known: Library, missing: list[str]) -> str:
    folders = dict.fromkeys(str(Path(face.path).parent) for face in known.faces())
    parts = [f"<dir>{escape(folder)}</dir>" for folder in folders]
    parts.append(f"<cachedir>{escape(str(Path(settings.FONT_CACHE_DIR) / 'fontconfig'))}</cachedir>")
    parts += [
        _prepend(role, face.family)
        for (role, bold), face in known.own.items()
        if not bold or (role, False) not in known.own
    ]
    parts += [_prepend(role, SONG) for role in missing if role in (FANGSONG, KAI)]
    last = "".join(f"<string>{escape(family)}</string>" for family in (*LAST, *(face.family for face in known.more)))
    parts.append(
        f'<match target="pattern"><edit name="family" mode="append_last" binding="strong">{last}</edit></match>'
    )
    return '<?xml version="1.0"?>\n<fontconfig>\n' + "\n".join(parts) + "\n</fontconfig>\n"


def _prepend(role: str, family: str) -> str:
    """Where a document names the role, this family comes before it."""
    return (
        f'<match target="pattern"><test name="family"><string>{escape(role)}</string></test>'
        f'<edit name="family" mode="prepend" binding="strong"><string>{escape(family)}</string></edit></match>'
    )

"""Page numbers put onto a file that was joined from parts: only then is known how many pages there are."""

import io
from pathlib import Path

import pikepdf

from posts.documents.fonts import NUM
from posts.documents.type_case import cast_letters

MM = 72 / 25.4
#: From the right and from the lower edge to the end of the number's line, and its size in points.
RIGHT, BASE, SIZE = 20 * MM, 10.2 * MM, 9
PREFIX = "SfgPage"


def number_pages(path: Path) -> None:
    """Write “n / m” where a form that was laid out whole has it: at the foot on the right."""
    case = cast_letters("0123456789/ ", families=f"'{NUM}'")
    with pikepdf.open(path, allow_overwriting_input=True) as whole, pikepdf.open(io.BytesIO(case.pdf)) as letters:
        fonts = [whole.copy_foreign(letters.pages[0].Resources.Font[name]) for name in case.names]
        total = len(whole.pages)
        for number, page in enumerate(whole.pages, 1):
            for index, font in enumerate(fonts):
                page.add_resource(font, pikepdf.Name.Font, name=pikepdf.Name(f"/{PREFIX}{index}"))
            words = f"{number} / {total}"
            x = float(page.mediabox[2]) - RIGHT - case.width(words) * SIZE / 1000
            drawn = f"BT 0 g {x:.2f} {BASE:.2f} Td {case.show(words, PREFIX, SIZE)} ET"
            page.contents_add(b"q", prepend=True)
            page.contents_add(f"Q /Artifact BMC q {drawn} Q EMC".encode(), prepend=False)
        whole.save(path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)

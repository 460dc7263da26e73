"""Pages of a PDF as pictures for the browser: phones show no PDF inside a page."""

import base64
import io
import threading
from dataclasses import dataclass

import pypdfium2

# PDFium may be entered by one thread at a time.
_LOCK = threading.Lock()
DOTS, SHOWN = 80, 6


@dataclass(frozen=True)
class Pages:
    """The first pages as addresses of pictures, and how many pages there are."""

    images: list[str]
    count: int


def picture_pages(pdf: bytes, *, shown: int = SHOWN) -> Pages:
    """The first ``shown`` pages as ``data:`` addresses of grey or coloured PNG files."""
    with _LOCK:
        document = pypdfium2.PdfDocument(pdf)
        try:
            count = len(document)
            images = [_png(document[n].render(scale=DOTS / 72).to_pil()) for n in range(min(shown, count))]
        finally:
            document.close()
    return Pages(images, count)


def _png(image) -> str:
    """Few colours are enough for black, red and grey: a page takes 30 KB instead of 120."""
    out = io.BytesIO()
    image.convert("RGB").quantize(32).save(out, format="PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()

"""WeasyPrint itself, with strings in and bytes out. Only the press loads this, in its own process."""

import logging
from contextlib import contextmanager

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetchingError

from posts.documents.fetcher import LockedFetcher
from posts.documents.press import Order, Result

#: Loaded once and inherited by the forks: reading the list anew costs a third of a short document.
_fonts = FontConfiguration()


def lay_out(order: Order) -> Result:
    """One document. What is wrong with it comes back as a word; memory and depth are the caller's to catch."""
    fetcher = LockedFetcher(order.assets)
    with _complaints() as missing:
        try:
            css = [CSS(string=sheet, url_fetcher=fetcher, font_config=_fonts) for sheet in order.sheets]
            document = HTML(string=order.html, url_fetcher=fetcher)
            pdf = document.write_pdf(
                stylesheets=css, font_config=_fonts, pdf_tags=order.tagged, pdf_variant=order.variant
            )
        except URLFetchingError:
            return Result(fault="resource")
    return Result(fault="glyph", detail=missing[0]) if missing else Result(pdf)


def warm_up() -> None:
    """What every document needs, done once and inherited by the forks."""
    HTML(string="<p>公示 2026").write_pdf(font_config=_fonts)


class _NotdefHandler(logging.Handler):
    """Collects WeasyPrint's complaints about characters without a glyph."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(".notdef") and record.args:
            self.found.append('"{}" (U+{:04X})'.format(*record.args))


@contextmanager
def _complaints():
    """The characters that came out blank while the block ran. The messages quote names: they go nowhere else."""
    logger, handler = logging.getLogger("weasyprint"), _NotdefHandler()
    logger.handlers, logger.propagate = [handler], False
    try:
        yield handler.found
    finally:
        logger.handlers = [logging.NullHandler()]

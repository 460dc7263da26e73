"""HTML to PDF, with what a printed matter must never have ruled out: foreign resources, missing characters."""

import logging
import threading
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetchingError

from campaigns.domain.errors import DomainError
from posts.documents.fetcher import LockedFetcher
from posts.documents.fonts import FAMILIES, SANS, SERIF, check_characters, find_face

__all__ = ["MAX_CHARACTERS", "MAX_PARAGRAPH", "SANS", "SERIF", "html_to_pdf", "render_pdf"]

# Measured with WeasyPrint 70: 100,000 characters in one paragraph take 14 s, so a paragraph ends far below.
MAX_CHARACTERS = 6_000_000
MAX_PARAGRAPH = 20_000


def render_pdf(
    template_name: str,
    context: Mapping[str, Any],
    *,
    stylesheets: Iterable[str] = (),
    assets: Mapping[str, bytes] | None = None,
    base_font: str = SANS,
    tagged: bool = True,
) -> bytes:
    """Render a template to a PDF; the same template and context give the same bytes.

    ``stylesheets`` are names of CSS templates, ``assets`` images that the template addresses as ``asset:<name>``.
    Users' text goes through the template's escaping only, never into CSS. Raises DomainError for a character that
    no font has, a text beyond all measure, or a missing font.
    """
    sheets = [render_to_string(name, dict(context)) for name in stylesheets]
    html = render_to_string(template_name, dict(context))
    return html_to_pdf(html, sheets=sheets, assets=assets, base_font=base_font, tagged=tagged)


def html_to_pdf(
    html: str,
    *,
    sheets: Iterable[str] = (),
    assets: Mapping[str, bytes] | None = None,
    base_font: str = SANS,
    tagged: bool = True,
) -> bytes:
    """The same for HTML and CSS that are there already."""
    for family in FAMILIES:
        find_face(family)
    _check_size(html)
    check_characters(html)
    fetcher, fonts = LockedFetcher(assets), FontConfiguration()
    base = f"html {{ font-family: '{base_font}', '{SANS}' }}"
    with _complaints() as missing:
        try:
            css = [CSS(string=sheet, url_fetcher=fetcher, font_config=fonts) for sheet in (base, *sheets)]
            document = HTML(string=html, url_fetcher=fetcher)
            pdf = document.write_pdf(stylesheets=css, font_config=fonts, pdf_tags=tagged)
        except RecursionError as error:
            raise DomainError(_("The document is nested too deeply to be printed.")) from error
        except URLFetchingError as error:
            raise DomainError(_("The document names a file that it may not load.")) from error
    if missing:
        raise DomainError(_("A character is in none of the installed fonts: %(what)s") % {"what": missing[0]})
    return pdf


def _check_size(html: str) -> None:
    longest = max(map(len, html.split("<")))
    if len(html) > MAX_CHARACTERS or longest > MAX_PARAGRAPH:
        raise DomainError(
            _("The text is too long for one document: at most %(n)s characters in a paragraph. Shorten it.")
            % {"n": MAX_PARAGRAPH}
        )


class _NotdefHandler(logging.Handler):
    """Collects WeasyPrint's complaints about characters without a glyph, of this thread only."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread and str(record.msg).startswith(".notdef") and record.args:
            self.found.append('"{}" (U+{:04X})'.format(*record.args))


@contextmanager
def _complaints():
    """The characters that came out blank while the block ran.

    The project's logging switches the logger's own output off (the message quotes people's names); this handler is
    what makes the complaint an error.
    """
    logger, handler = logging.getLogger("weasyprint"), _NotdefHandler()
    logger.addHandler(handler)
    try:
        yield handler.found
    finally:
        logger.removeHandler(handler)

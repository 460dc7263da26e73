"""HTML to PDF, with what a printed matter must never have ruled out: foreign resources, missing characters, no end.

The layout itself is done by the press, in a process of its own (posts.documents.press).
"""

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from posts.documents.fontconfig import config_file
from posts.documents.fonts import FAMILIES, HEI, NUM, check_characters, find_face
from posts.documents.press import Order, Press, Result
from posts.documents.spelling import spelled

# Measured with WeasyPrint 70: 100,000 characters in one paragraph take 14 s, so a paragraph ends far below.
MAX_CHARACTERS = 6_000_000
MAX_PARAGRAPH = 20_000

#: For papers that go into the archive: accessible, with everything in it that a reader of later days needs.
ARCHIVED = "pdf/a-3a"

logger = logging.getLogger(__name__)
_press = Press()


def render_pdf(
    template_name: str,
    context: Mapping[str, Any],
    *,
    stylesheets: Iterable[str] = (),
    assets: Mapping[str, bytes] | None = None,
    base_font: str = HEI,
    tagged: bool = True,
    variant: str | None = None,
    created: datetime | None = None,
) -> bytes:
    """Render a template to a PDF; the same template and context give the same bytes.

    ``stylesheets`` are names of CSS templates, ``assets`` images that the template addresses as ``asset:<name>``.
    Users' text goes through the template's escaping only, never into CSS. ``variant``: ``ARCHIVED`` for the archive;
    ``created``: the day the paper carries inside. Raises DomainError for a character that no font has, a text beyond
    all measure, a layout that takes too long or too much memory, or a missing font.
    """
    sheets = [render_to_string(name, dict(context)) for name in stylesheets]
    html = render_to_string(template_name, dict(context))
    return html_to_pdf(
        html, sheets=sheets, assets=assets, base_font=base_font, tagged=tagged, variant=variant, created=created
    )


def html_to_pdf(
    html: str,
    *,
    sheets: Iterable[str] = (),
    assets: Mapping[str, bytes] | None = None,
    base_font: str = HEI,
    tagged: bool = True,
    variant: str | None = None,
    created: datetime | None = None,
) -> bytes:
    """The same for HTML and CSS that are there already."""
    for family in FAMILIES:
        find_face(family)
    html = spelled(html)
    _check_size(html)
    check_characters(html)
    families = [base_font] if base_font == HEI else [NUM, base_font]
    base = "html {{ font-family: {} }}".format(", ".join(f"'{family}'" for family in families))
    order = Order(_dated(html, created), (base, *sheets), dict(assets or {}), tagged, variant)
    result = _press.lay_out(
        order, fonts=config_file(), seconds=settings.PRINT_SECONDS, megabytes=settings.PRINT_MEGABYTES
    )
    if result.fault:
        logger.warning(
            "a document was not laid out: %s %s", result.fault, "" if result.fault == "glyph" else result.detail
        )
        raise DomainError(_sentence(result))
    return result.pdf


def _dated(html: str, created: datetime | None) -> str:
    """The paper's own day, so that a later print is the same."""
    if created is None:
        return html
    day = timezone.localtime(created).isoformat(timespec="seconds")
    metas = format_html(
        '<meta name="dcterms.created" content="{}"><meta name="dcterms.modified" content="{}">', day, day
    )
    return html.replace("<head>", f"<head>{metas}", 1)


def _check_size(html: str) -> None:
    longest = max(map(len, html.split("<")))
    if len(html) > MAX_CHARACTERS or longest > MAX_PARAGRAPH:
        raise DomainError(
            _("The text is too long for one document: at most %(n)s characters in a paragraph. Shorten it.")
            % {"n": MAX_PARAGRAPH}
        )


def _sentence(result: Result) -> str:
    if result.fault == "time":
        return _("The document took longer than %(n)s seconds and was given up. Shorten its longest text.") % {
            "n": settings.PRINT_SECONDS
        }
    if result.fault == "memory":
        return _("The document needs more memory than one document may have. Print less at once, or shorten it.")
    if result.fault == "depth":
        return _("The document is nested too deeply to be printed.")
    if result.fault == "resource":
        return _("The document names a file that it may not load.")
    if result.fault == "glyph":
        return _("A character is in none of the installed fonts: %(what)s") % {"what": result.detail}
    return _(
        "The document could not be laid out. Shorten its longest text and try again; else tell your administrator."
    )

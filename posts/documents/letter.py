"""A formal letter on A4 in the measures of official papers: title, number, paragraphs, signature, day."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import override

from posts.documents.fonts import FANGSONG
from posts.documents.notice_sheet import SHEET_CSS
from posts.documents.render import render_pdf
from posts.domain.notice_texts import formal_date


def letter_pdf(
    title: str, paragraphs: Sequence[str], *, signed: str, day: date, number: str = "", addressee: str = ""
) -> bytes:
    """The letter; the same facts give the same bytes, so a later print is the same."""
    with override(settings.LANGUAGE_CODE):
        context = {
            "title": title,
            "number": number,
            "addressee": addressee,
            "paragraphs": [part for part in paragraphs if part],
            "signed": signed,
            "day": formal_date(day),
        }
        return render_pdf("documents/letter.html", context, stylesheets=[SHEET_CSS], base_font=FANGSONG)

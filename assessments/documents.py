"""Printed matter of a survey: slips with ballot codes, and QR codes."""

import io
from collections.abc import Sequence

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from assessments.domain.sealing import show_code
from assessments.models import Survey
from posts.documents.render import render_pdf


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG for a page: no style attributes, because the content policy forbids them."""
    svg = segno.make(text, error="m", micro=False).svg_inline(border=4, svgclass="qr", omitsize=True)
    return mark_safe(svg)  # noqa: S308  digits and paths that segno wrote


def ballot_slips(survey: Survey, codes: Sequence[str]) -> bytes:
    """An A4 PDF with ten slips a page, each with the QR code of its ballot code and the code in groups of four."""
    entry = settings.SITE_URL + reverse("assessments:vote_entry")
    slips = [{"code": show_code(code), "qr": f"qr{number}.png"} for number, code in enumerate(codes)]
    context = {
        "survey": survey,
        "entry": entry,
        "pages": [slips[start : start + 10] for start in range(0, len(slips), 10)],
    }
    assets = {f"qr{number}.png": _qr(f"{entry}#{code}") for number, code in enumerate(codes)}
    return render_pdf("documents/ballot_slips.html", context, assets=assets, tagged=False)


def _qr(text: str) -> bytes:
    """As pixels: WeasyPrint draws a code of paths at half the speed, and a batch has up to 2000."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", border=2, scale=8)
    return out.getvalue()

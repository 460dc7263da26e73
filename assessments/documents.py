"""Printed matter of a survey: slips with ballot codes, and QR codes."""

import io
from collections.abc import Sequence

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.domain.paper_counts import n_issued
from assessments.domain.sealing import show_code
from assessments.domain.tallies import option_word
from assessments.domain.voting_links import PersonalLink
from assessments.models import PaperSheet, Survey
from posts.documents.render import render_pdf

# Lines of a ballot up to which so many fit on a page.
THREE_ON_A_PAGE, TWO_ON_A_PAGE = 2, 7


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG for a page: no style attributes, because the content policy forbids them."""
    svg = segno.make(text, error="m", micro=False).svg_inline(border=4, svgclass="qr", omitsize=True)
    return mark_safe(svg)  # noqa: S308  digits and paths that segno wrote


def ballot_slips(survey: Survey, codes: Sequence[str]) -> bytes:
    """An A4 PDF with ten slips a page, each with the QR code of its ballot code and the code in groups of four."""
    return _slips(survey, [{"token": code} for code in codes])


def link_slips(survey: Survey, links: Sequence[PersonalLink]) -> bytes:
    """The same for personal links: the owner's name and branch stand on each slip."""
    return _slips(survey, [{"token": link.token, "member": link.member} for link in links])


def _slips(survey: Survey, slips: list[dict]) -> bytes:
    entry = settings.SITE_URL + reverse("assessments:vote_entry")
    assets = {}
    for number, slip in enumerate(slips):
        assets[f"qr{number}.png"] = _qr(f"{entry}#{slip['token']}")
        half = len(slip["token"]) // 2
        slip |= {"lines": [show_code(slip["token"][:half]), show_code(slip["token"][half:])], "qr": f"qr{number}.png"}
    pages = [slips[start : start + 10] for start in range(0, len(slips), 10)]
    # For typing: browsers add what stands before the host.
    context = {"survey": survey, "site": entry.partition("://")[2], "pages": pages}
    return render_pdf("documents/ballot_slips.html", context, assets=assets, tagged=False)


def _qr(text: str) -> bytes:
    """As pixels: WeasyPrint draws a code of paths at half the speed, and a batch has up to 2000.

    With its quiet zone of four modules (ISO/IEC 18004): some phones find no code without it.
    """
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", border=4, scale=8)
    return out.getvalue()


def paper_ballots(survey: Survey) -> bytes:
    """An A4 page of three, two or one blank ballots, by their lines, to be copied: alike, without number or mark."""
    lines = list(survey.lines.order_by("position"))
    words = [option_word(option, rules=survey.rules) for option in survey.rules["options"]]
    n = 3 if len(lines) <= THREE_ON_A_PAGE else 2 if len(lines) <= TWO_ON_A_PAGE else 1
    context = {"survey": survey, "lines": lines, "words": words, "copies": range(n)}
    return render_pdf("documents/paper_ballots.html", context)


def counting_sheet(sheet: PaperSheet) -> bytes:
    """The tally sheet of one teller on A4, to be filled in by hand beside the box."""
    survey = sheet.survey
    words = [option_word(option, rules=survey.rules) for option in survey.rules["options"]]
    columns = [*words, _("left blank"), _("spoiled"), _("together")]
    context = {"sheet": sheet, "survey": survey, "lines": survey.lines.order_by("position"), "columns": columns}
    return render_pdf("documents/counting_sheet.html", context | {"n_issued": n_issued(sheet)})

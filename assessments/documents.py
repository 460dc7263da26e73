"""Printed matter of a survey: slips with ballot codes, and QR codes."""

from collections.abc import Iterable, Sequence
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.domain.paper_counts import n_issued
from assessments.domain.sealing import ALPHABET, show_code
from assessments.domain.tallies import option_word
from assessments.domain.voting_links import PersonalLink
from assessments.models import PaperSheet, Survey
from campaigns.models import Member
from posts.documents.fonts import HEI, check_characters
from posts.documents.measure import fitted_size
from posts.documents.rare import rare_warnings
from posts.documents.render import render_pdf
from posts.documents.stamps import Sheet, Stamp, stamp_sheets
from posts.documents.type_case import cast_letters

SLIPS = 10  # on a page
CODE_SIZE = 13.5  # points
# Lines of a ballot up to which so many fit on a page.
THREE_ON_A_PAGE, TWO_ON_A_PAGE = 2, 7


def slip_warnings(survey: Survey, members: Iterable[Member] = ()) -> list[str]:
    """What to say of rare characters before slips or ballots are printed.

    Raises DomainError for a character that no face has: codes are shown once, so this comes before they are made.
    """
    lines = survey.lines.values_list("label", flat=True)
    people = [name for member in members for name in (member.name, member.branch.name)]
    texts = [survey.title, survey.org_unit.name, *lines, *people]
    check_characters("\n".join(texts))
    return rare_warnings(texts, family=HEI)


def qr_svg(text: str) -> SafeString:
    """A QR code as SVG for a page: no style attributes, because the content policy forbids them."""
    svg = segno.make(text, error="m", micro=False).svg_inline(border=4, svgclass="qr", omitsize=True)
    return mark_safe(svg)  # noqa: S308  digits and paths that segno wrote


def ballot_slips(survey: Survey, codes: Sequence[str]) -> bytes:
    """An A4 PDF with ten slips a page, each with the QR code of its ballot code and the code in groups of four.

    All slips are alike but for the code: two sheets are laid out, a full one and the last, and the codes stamped on.
    """
    full, rest = divmod(len(codes), SLIPS)
    laid_out = [[None] * n for n in (SLIPS, rest) if n and len(codes) >= n]
    numbers = [0] * full + [len(laid_out) - 1] * bool(rest)
    return _slips(survey, laid_out, numbers, codes)


def link_slips(survey: Survey, links: Sequence[PersonalLink]) -> bytes:
    """The same for personal links: the owner's name and branch stand on each slip."""
    owners = [link.member for link in links]
    laid_out = [owners[start : start + SLIPS] for start in range(0, len(owners), SLIPS)]
    return _slips(survey, laid_out, range(len(laid_out)), [link.token for link in links])


def _slips(survey: Survey, laid_out: list[list], numbers: Sequence[int], tokens: Sequence[str]) -> bytes:
    entry = settings.SITE_URL + reverse("assessments:vote_entry")
    # For typing: browsers add what stands before the host.
    pages = [[_slip(survey, member) for member in page] for page in laid_out]
    title_size = fitted_size(survey.title, width=89, height=7.2, most=12)
    context = {"survey": survey, "site": entry.partition("://")[2], "pages": pages, "title_size": title_size}
    base = render_pdf("documents/ballot_slips.html", context, tagged=False)
    stamps = [_stamp(f"{entry}#{token}", token, place % SLIPS) for place, token in enumerate(tokens)]
    sheets = [Sheet(page, stamps[n * SLIPS : (n + 1) * SLIPS]) for n, page in enumerate(numbers)]
    letters = cast_letters(ALPHABET, families=f"'{HEI}'", weight=700)
    return stamp_sheets(base, sheets, letters=letters, size=CODE_SIZE)


def _slip(survey: Survey, member: Member | None) -> dict[str, Any]:
    """The words that one slip has of its own, and the sizes at which they are not cut."""
    if member is None:
        words = [_("Secret ballot. Do not let anybody photograph it.")]
        words += [_("Open until %(at)s") % {"at": _closing(survey)}] if survey.closes_at else []
        who = ""
    else:
        words = [_("Until %(at)s. Works on one phone; do not pass it on.") % {"at": _closing(survey)}]
        who = f"{member.name} {member.branch.name}"
    foot = " · ".join([*words, str(survey.org_unit)])
    return {
        "member": member,
        "who_size": fitted_size(who, width=50, height=5.4, most=8),
        "foot": foot,
        "foot_size": fitted_size(foot, width=89, height=7.3, most=7, lead=1.35),
    }


def _closing(survey: Survey) -> str:
    return date_format(timezone.localtime(survey.closes_at), "Y-m-d H:i") if survey.closes_at else ""


def _stamp(address: str, token: str, place: int) -> Stamp:
    """Where templates/documents/ballot_slips.html leaves room, in millimetres."""
    left, top, half = 6 + 99 * (place % 2), 6 + 57 * (place // 2), len(token) // 2
    lines = (show_code(token[:half]), show_code(token[half:]))
    return Stamp(address, (left + 60.5, top + 11, 36.5), lines, (left + 5, top + 24.2, 6))


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

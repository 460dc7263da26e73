"""Ballot slips with codes, ten on an A4 sheet, to be cut and handed out.

No serial number stands on a slip: beside a list of who was given which slip it would tell who voted how.
"""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from posts.documents.qr import qr_svg
from posts.documents.render import render_pdf

PER_SHEET = 10


def slips_pdf(title: str, codes: Sequence[str], address: str, *, note: str = "") -> bytes:
    """A sheet of slips. ``address``: where one votes; the QR code carries the slip's code in the fragment,
    which no server ever sees in its log. ``note``: one line at the foot (closing time, organiser)."""
    with override(settings.LANGUAGE_CODE):
        assets = {f"qr-{i}": qr_svg(f"{address}#{code}", dark="#000") for i, code in enumerate(codes)}
        context = {
            "title": title,
            "document_title": _("Ballot slips: %(title)s") % {"title": title},
            "address": address.rsplit("://", maxsplit=1)[-1].rstrip("/"),
            "note": note,
            "sheets": list(_sheets(codes)),
        }
        return render_pdf("documents/ballot_slips.html", context, assets=assets, tagged=False)


def _sheets(codes: Sequence[str]) -> Iterator[list[dict]]:
    slips = [{"code": code, "qr": f"qr-{i}", "right": i % 2} for i, code in enumerate(codes)]
    for start in range(0, len(slips), PER_SHEET):
        yield slips[start : start + PER_SHEET]

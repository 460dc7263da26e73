"""QR codes for paper."""

import io

import segno
from django.conf import settings

QUIET = 4  # modules of white on every side; with less, phones fail on a busy ground


def public_address(public_id: str) -> str:
    """Where the code on the plaque leads."""
    return f"{settings.SITE_URL}/p/{public_id}/"


def _code(address: str) -> segno.QRCode:
    # The fixed mask costs a fifth of trying all eight.
    return segno.make(address, error="m", boost_error=False, micro=False, mask=3)


def qr_svg(address: str, *, dark: str = "#3a0508") -> bytes:
    """A QR code with its quiet zone of four modules."""
    out = io.BytesIO()
    _code(address).save(
        out, kind="svg", border=QUIET, dark=dark, light=None, xmldecl=False, svgclass=None, lineclass=None
    )
    return out.getvalue()


def qr_operators(address: str, *, x: float, y: float, side: float, dark: str = "#3a0508") -> str:
    """The same as PDF drawing operators: one rectangle for each run of dark modules. No ground is drawn.

    ``x`` and ``y`` are the lower left corner of the quiet zone, ``side`` its length, in the units of the page. An image
    on every page of a batch takes the layout three times as long.
    """
    rows = _code(address).matrix
    module = side / (len(rows) + 2 * QUIET)
    parts = [f"{pdf_colour(dark)} rg"]
    for number, row in enumerate(rows):
        bottom = y + side - (number + 1 + QUIET) * module
        start = None
        for column, is_dark in enumerate((*row, 0)):
            if is_dark and start is None:
                start = column
            elif not is_dark and start is not None:
                left, width = x + (start + QUIET) * module, (column - start) * module
                parts.append(f"{left:.3f} {bottom:.3f} {width:.3f} {module:.3f} re")
                start = None
    return "\n".join([*parts, "f"])


def pdf_colour(colour: str) -> str:
    """``#rrggbb`` as three numbers from 0 to 1."""
    return " ".join(f"{int(colour[i : i + 2], 16) / 255:.3f}" for i in (1, 3, 5))

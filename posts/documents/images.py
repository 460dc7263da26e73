"""Whether an uploaded image may stand on paper: a PNG or an SVG that draws and does nothing else."""

import io
import warnings
import xml.etree.ElementTree as ET

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from campaigns.domain.errors import DomainError

MAX_IMAGE_BYTES = 500_000  # what a document may load
PNG, SVG = "image/png", "image/svg+xml"
#: Fewer dots than this look torn on a wall plaque; more than that is a bomb.
LEAST_DOTS, MOST_DOTS = 300, 5000
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "symbol")
_HELPERS = (
    "svg",
    "g",
    "defs",
    "title",
    "desc",
    "metadata",
    "clipPath",
    "mask",
    "stop",
    "linearGradient",
    "radialGradient",
)
_DRAWING = frozenset((*_SHAPES, *_HELPERS))
_MOST_ELEMENTS, _MOST_DEPTH = 5000, 40


def check_image(data: bytes) -> str:
    """The image's type. Raises DomainError for anything but a fit PNG or a plain SVG of at most 500 kB."""
    if len(data) > MAX_IMAGE_BYTES:
        raise DomainError(_("The image is larger than %(n)s kB.") % {"n": MAX_IMAGE_BYTES // 1000}, field="image")
    if data.startswith(b"\x89PNG"):
        _check_png(data)
        return PNG
    _check_svg(data)
    return SVG


def _check_png(data: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
                image.verify()  # finds a torn file even where the layout engine has told PIL to put up with it
            with Image.open(io.BytesIO(data), formats=["PNG"]) as image:
                sides = image.size
                if max(sides) <= MOST_DOTS:
                    image.load()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning) as error:
        raise DomainError(_("The PNG file is damaged."), field="image") from error
    if min(sides) < LEAST_DOTS or max(sides) > MOST_DOTS:
        raise DomainError(
            _("The PNG file has %(width)s × %(height)s dots; needed are %(least)s to %(most)s on each side.")
            % {"width": sides[0], "height": sides[1], "least": LEAST_DOTS, "most": MOST_DOTS},
            field="image",
        )


def _check_svg(data: bytes) -> None:
    # Without a document type there are no entities that could grow or read files.
    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        raise DomainError(_("The SVG file has a document type; save it as plain SVG."), field="image")
    try:
        root = ET.fromstring(data)  # noqa: S314  no document type, no entities
    except (ET.ParseError, ValueError) as error:
        raise DomainError(_("The file is neither a PNG nor an SVG image."), field="image") from error
    if root.tag != f"{_SVG}svg" or not (root.get("viewBox") or (root.get("width") and root.get("height"))):
        raise DomainError(_("The SVG file does not say its size (viewBox)."), field="image")
    if bad := next(_what_is_not_drawing(root), None):
        raise DomainError(
            _("The SVG file contains “%(what)s”, which is not plain drawing; save it as plain SVG.") % {"what": bad},
            field="image",
        )


def _what_is_not_drawing(root: ET.Element):
    stack, seen = [(root, 1)], 0
    while stack:
        element, depth = stack.pop()
        seen += 1
        if seen > _MOST_ELEMENTS or depth > _MOST_DEPTH:
            yield "…"
            return
        name = str(element.tag)
        if name.startswith(_SVG) and name.removeprefix(_SVG) not in _DRAWING:
            yield name.removeprefix(_SVG)
        for key, value in element.attrib.items():
            plain = key.rsplit("}", 1)[-1].lower()
            points_out = "url(" in value.lower().replace(" ", "") and "url(#" not in value.lower().replace('"', "")
            if plain.startswith("on") or (plain == "href" and not value.startswith("#")) or points_out:
                yield plain
        stack += [(child, depth + 1) for child in element if isinstance(child.tag, str)]

"""Photographs with a report: anybody may send them, so each is drawn anew and nothing else of the file is kept."""

import hashlib
import io
from collections.abc import Sequence
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from assessments.models import Incident, ReportPhoto
from campaigns.domain.errors import DomainError

MAX_PHOTOS = 4
MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 60_000_000  # a phone's largest; more would fill the memory when it is opened
LONGEST_SIDE = 2000
FORMATS = ("JPEG", "PNG", "WEBP")


def keep_report_photos(incident: Incident, uploads: Sequence[UploadedFile]) -> list[ReportPhoto]:
    """Store the photographs of a new report; the same one twice is kept once.

    What the camera wrote into the file (place, time, device, owner) and the file's name are gone. Needs a transaction;
    raises DomainError (field ``photos``) for too many, too large or anything that is no photograph.
    """
    if len(uploads) > MAX_PHOTOS:
        raise DomainError(_("At most %(n)s photographs.") % {"n": MAX_PHOTOS}, field="photos")
    drawn = {hashlib.sha256(content).hexdigest(): (content, size) for content, size in map(_draw_anew, uploads)}
    kept = []
    for checksum, (content, (width, height)) in drawn.items():
        photo = ReportPhoto(incident=incident, width=width, height=height, size=len(content), sha256=checksum)
        photo.file.save(f"{uuid4().hex}.jpg", ContentFile(content), save=False)
        photo.save()
        kept.append(photo)
    return kept


def _draw_anew(upload: UploadedFile) -> tuple[bytes, tuple[int, int]]:
    """The picture alone, upright and not larger than needed, as a JPEG without any note."""
    if upload.size > MAX_BYTES:
        values = {"size": filesizeformat(upload.size), "most": filesizeformat(MAX_BYTES)}
        raise DomainError(_("The file has %(size)s; at most %(most)s are taken.") % values, field="photos")
    try:
        with Image.open(upload, formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise DomainError(_("The photograph is too large to be opened safely."), field="photos")
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        text = _("“%(name)s” is no photograph that can be read. JPG, PNG and WebP are taken.")
        raise DomainError(text % {"name": (upload.name or "")[:60]}, field="photos") from None
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    plain = Image.new("RGB", upright.size)
    plain.paste(upright)  # a new picture has no notes to carry along
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=85, optimize=True)
    return out.getvalue(), plain.size

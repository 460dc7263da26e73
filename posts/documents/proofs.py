"""校样: many plaques small on A4, with number and post under each, to be read through before the order goes out."""

import io
from collections.abc import Sequence

import pikepdf
from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from posts.documents.cutting import POINTS_PER_MM
from posts.documents.plaque import Look, plaque_pdf, size_of
from posts.documents.plaque_sizes import size_label
from posts.documents.render import render_pdf
from posts.domain.notice_texts import formal_date
from posts.models import Plaque

PER_PAGE = 8
# Millimetres on A4: where the first picture stands, its room, and the way to the next one.
_LEFT, _TOP, _WIDTH, _HEIGHT = 15.0, 32.0, 87.0, 50.0
_ACROSS, _DOWN = 93.0, 60.0
_PAGE_HEIGHT = 297.0


def proof_pdf(plaques: Sequence[Plaque], look: Look) -> bytes:
    """Eight to a page. Raises DomainError as the plaques themselves do."""
    pictures = plaque_pdf(plaques, Look(look.size, look.design))
    cells = [
        {
            "left": _LEFT + number % 2 * _ACROSS,
            "top": _TOP + number % PER_PAGE // 2 * _DOWN + _HEIGHT + 1,
            "plaque": plaque,
            "size": size_label(size_of(plaque, look)),
        }
        for number, plaque in enumerate(plaques)
    ]
    pages = [cells[start : start + PER_PAGE] for start in range(0, len(cells), PER_PAGE)]
    with override(settings.LANGUAGE_CODE):
        context = {"pages": pages, "number": len(plaques), "day": formal_date(timezone.localdate())}
        sheet = render_pdf("documents/proof_sheet.html", context)
    return _paste(sheet, pictures)


def _paste(sheet: bytes, pictures: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sheet)) as pdf, pikepdf.open(io.BytesIO(pictures)) as source:
        for page in pdf.pages:  # what the layout leaves turned and scaled ends before the pictures
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"Q")
        for number, picture in enumerate(source.pages):
            page, cell = pdf.pages[number // PER_PAGE], number % PER_PAGE
            name = pikepdf.Name(f"/SfgProof{number}")
            page.add_resource(pdf.copy_foreign(picture.as_form_xobject()), pikepdf.Name.XObject, name=name)
            width, height = (float(side) for side in picture.mediabox[2:])
            scale = min(_WIDTH * POINTS_PER_MM / width, _HEIGHT * POINTS_PER_MM / height)
            x = (_LEFT + cell % 2 * _ACROSS) * POINTS_PER_MM
            y = (_PAGE_HEIGHT - _TOP - cell // 2 * _DOWN) * POINTS_PER_MM - height * scale
            page.contents_add(
                f"/Artifact BMC q {scale:.5f} 0 0 {scale:.5f} {x:.2f} {y:.2f} cm {name} Do Q EMC".encode()
            )
        pdf.save(out, deterministic_id=True)
    return out.getvalue()

"""The dossier 一岗一档 as one PDF: cover, contents, chapters, and the papers behind them; pages numbered through."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from posts.documents.fonts import HEI, SONG
from posts.documents.joining import append_pdf
from posts.documents.render import ARCHIVED, render_pdf
from posts.documents.type_case import TypeCase, cast_letters


@dataclass(frozen=True)
class Appended:
    """A paper behind the chapters: its title, its day as it is told, its file and how many pages it has."""

    title: str
    day: str
    path: Path
    n_pages: int


def dossier_text(facts: Mapping[str, Any], appended: Sequence[Appended], *, created: datetime) -> bytes:
    """Cover, contents and chapters. Laid out twice: the contents name pages that come after the contents."""
    n_pages = 1
    for _unused in range(3):
        pdf = _laid_out(facts, appended, n_pages, created)
        found = count_pages(pdf)
        if found == n_pages:
            break
        n_pages = found
    return pdf


def _laid_out(facts: Mapping[str, Any], appended: Sequence[Appended], n_pages: int, created: datetime) -> bytes:
    entries, at = [], n_pages + 1
    for paper in appended:
        entries.append((paper, at))
        at += paper.n_pages
    with override(settings.LANGUAGE_CODE):
        context = {**facts, "appended": entries, "total": at - 1}
        return render_pdf("documents/dossier.html", context, base_font=SONG, variant=ARCHIVED, created=created)


def count_pages(pdf: bytes | Path) -> int:
    with pikepdf.open(pdf if isinstance(pdf, Path) else _stream(pdf)) as document:
        return len(document.pages)


def bind(text: bytes, appended: Sequence[Appended], out: Path) -> None:
    """The text and the papers behind it in one file: every page with its number, every paper with its bookmark."""
    with pikepdf.open(_stream(text)) as whole:
        numbers = cast_letters("0123456789/ ", families=f"'{HEI}'")
        starts = []
        for paper in appended:
            starts.append(len(whole.pages))
            append_pdf(whole, paper.path)
        total = len(whole.pages)
        if appended:
            _number(whole, numbers, first=starts[0], total=total)
            with whole.open_outline() as outline:
                papers = pikepdf.OutlineItem(_("Papers"), starts[0])
                papers.children.extend(
                    pikepdf.OutlineItem(paper.title, start) for paper, start in zip(appended, starts, strict=True)
                )
                outline.root.append(papers)
        whole.Root.PageMode = pikepdf.Name.UseOutlines
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def _number(whole: pikepdf.Pdf, case: TypeCase, *, first: int, total: int) -> None:
    """The dossier's page number in the upper right corner of what has a number of its own at the foot."""
    with pikepdf.open(_stream(case.pdf)) as letters:
        fonts = [whole.copy_foreign(letters.pages[0].Resources.Font[name]) for name in case.names]
    for number, page in list(enumerate(whole.pages, 1))[first:]:
        for index, font in enumerate(fonts):
            page.add_resource(font, pikepdf.Name.Font, name=pikepdf.Name(f"/SfgNumber{index}"), replace_existing=True)
        words = f"{number} / {total}"
        box = page.mediabox
        x, y = float(box[2]) - 42 - case.width(words) * 0.008, float(box[3]) - 30
        shown = f"BT 0.4 0.4 0.4 rg {x:.2f} {y:.2f} Td {case.show(words, 'SfgNumber', 8)} ET"
        page.contents_add(b"q", prepend=True)
        page.contents_add(f"Q /Artifact BMC q {shown} Q EMC".encode(), prepend=False)


def _stream(pdf: bytes):
    return io.BytesIO(pdf)

"""Printing many plaques: as plaques, as badges, as a proof or as the list by which they are fetched."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.errors import DomainError
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.documents.badge import badge_pdf, badges_of
from posts.documents.fonts import HEI
from posts.documents.page_tags import split_pages
from posts.documents.pickup import pickup_pdf
from posts.documents.plaque import Look, plaque_pdf, sheet_of
from posts.documents.plaque_rows import holders_shown
from posts.documents.proofs import proof_pdf
from posts.documents.rare import rare_warnings
from posts.documents.type_case import needs_engine
from posts.domain.plaques import mark_printed
from posts.domain.print_makers import PDF, ZIP, Maker, printer
from posts.models import Plaque
from posts.models.conferral import PlaqueQuerySet

KIND = "plaques"
MOST = 2000
PART = 48  # whole proof sheets; a few seconds each
MANY = 10  # times as many plaques as that, where no layout engine is needed and each is no file of its own
_SMALL = 8
#: The time that every entry of a ZIP bears: its own would make other bytes.
_STAMP = (2026, 1, 1, 0, 0, 0)


class Form(models.TextChoices):
    PLAQUE = "plaque", gettext_lazy("plaques")
    BADGE = "badge", gettext_lazy("badges, one for each Party member")
    PROOF = "proof", gettext_lazy("proof sheet, eight on A4")
    PICKUP = "pickup", gettext_lazy("pick-up list to sign")


def printable(user: User, plaques: PlaqueQuerySet) -> list[Plaque]:
    """Those that this user issues, in the order of the register, ready for print. Raises DomainError for none."""
    rows = list(plaques.for_list().prefetch_related("conferral__holders")[: MOST + 1])
    allowed: dict[int, bool] = {}
    for plaque in rows:
        if plaque.issuer_unit_id not in allowed:
            allowed[plaque.issuer_unit_id] = may_on_unit(user, "issue_plaque", plaque.issuer_unit)
    chosen = [plaque for plaque in rows if allowed[plaque.issuer_unit_id]]
    if not chosen:
        raise DomainError(_("Tick at least one plaque."))
    if len(chosen) > MOST:
        raise DomainError(_("At most %(n)s plaques are printed at once; narrow the list down.") % {"n": MOST})
    return chosen


def wanted_for(plaques: Sequence[Plaque], form: str) -> list[Plaque]:
    """Those that give something in this form: nobody wears the badge of a village. Raises DomainError for none."""
    if form != Form.BADGE:
        return list(plaques)
    if not (worn := [plaque for plaque in plaques if holders_shown(plaque)]):
        raise DomainError(_("None of these posts has a Party member who could wear a badge."))
    return worn


def print_problems(plaques: Sequence[Plaque], form: str, look: Look) -> list[str]:
    """What keeps plaques from being printed so, a sentence each; empty when all fit."""
    problems = []
    for plaque in plaques:
        try:
            if form == Form.BADGE:
                badges_of(plaque, look)
            elif form != Form.PICKUP:
                sheet_of(plaque, look)
        except DomainError as error:
            problems.append(f"{plaque.number}: {error}")
    return problems


def print_warnings(plaques: Sequence[Plaque]) -> list[str]:
    """Plaques with characters that are printed in another face, for the proof."""
    return [
        f"{plaque.number}: {warning}" for plaque in plaques for warning in rare_warnings(_typed(plaque), family=HEI)
    ]


def _typed(plaque: Plaque) -> str:
    conferral = plaque.conferral
    rows = [conferral.name, conferral.category, conferral.duties, conferral.commitment, conferral.area]
    return "".join([*rows, conferral.org_unit.name, plaque.issuer, *holders_shown(plaque)])


def make_pdf(plaques: Sequence[Plaque], form: str, look: Look) -> bytes:
    """The plaques in one of the forms."""
    makers = {Form.PLAQUE: plaque_pdf, Form.BADGE: badge_pdf, Form.PROOF: proof_pdf}
    return pickup_pdf(plaques) if form == Form.PICKUP else makers[Form(form)](plaques, look)


@printer(KIND, gettext_lazy("plaques"))
class PlaquePrint(Maker):
    """``params``: plaques (numbers of rows), form, size, design, marks, each (one file per plaque, in a ZIP)."""

    def __init__(self, actor: User, params: Mapping[str, Any], folder: Path) -> None:
        super().__init__(actor, params, folder)
        self.form, self.each = params["form"], bool(params.get("each")) and params["form"] in (Form.PLAQUE, Form.BADGE)
        self.look = Look(params.get("size", ""), params.get("design", ""), bool(params.get("marks")))
        self.content_type = ZIP if self.each else PDF

    def is_small(self) -> bool:
        return len(self.params["plaques"]) <= _SMALL

    def plan(self) -> int:
        plaques = printable(self.actor, Plaque.objects.visible_to(self.actor).filter(pk__in=self.params["plaques"]))
        plaques = wanted_for(plaques, self.form)
        if problems := print_problems(plaques, self.form, self.look):
            raise DomainError("\n".join(problems[:20]))
        self.keep("plaques", [plaque.pk for plaque in plaques])
        self.keep("part", part := self._part_of(plaques))
        return -(-len(plaques) // part)

    def make(self, number: int) -> bytes:
        part = self.kept("part")
        plaques = self._plaques(slice(number * part, (number + 1) * part))
        pdf = make_pdf(plaques, self.form, self.look)
        return _zipped(plaques, pdf, self.form, self.look) if self.each else pdf

    def join(self, parts: Sequence[Path], out: Path) -> None:
        if self.each:
            _join_zips(parts, out)
        else:
            super().join(parts, out)
        if self.form == Form.PLAQUE:
            printed = Plaque.objects.filter(pk__in=self.kept("plaques")).select_related("issuer_unit")
            mark_printed(list(printed), actor=self.actor)

    def file_name(self) -> str:
        numbers = [plaque.number for plaque in self._plaques()]
        name = numbers[0] if len(numbers) == 1 else f"{Form(self.form).label}-{numbers[0]}-{len(numbers)}"
        return f"{name}.{'zip' if self.each else 'pdf'}"

    def _part_of(self, plaques: Sequence[Plaque]) -> int:
        """How many plaques are made at once."""
        if self.form == Form.PICKUP:
            return len(plaques)
        if self.form != Form.PLAQUE or self.each or any(needs_engine(_typed(plaque)) for plaque in plaques):
            return PART
        return PART * MANY

    def _plaques(self, part: slice = slice(None)) -> list[Plaque]:
        """Those of a part only: a job of many parts must not read all of them for each."""
        kept = self.kept("plaques")[part]
        rows = Plaque.objects.filter(pk__in=kept).for_list().prefetch_related("conferral__holders")
        by_pk = {plaque.pk: plaque for plaque in rows}
        return [by_pk[pk] for pk in kept]


def _zipped(plaques: Sequence[Plaque], pdf: bytes, form: str, look: Look) -> bytes:
    """One file for each page, named by number, post and, for a badge, person."""
    names = []
    for plaque in plaques:
        post = "".join(char for char in plaque.conferral.name if char.isalnum())
        people = [sheet["name"] for sheet in badges_of(plaque, look)] if form == Form.BADGE else [""]
        names += ["-".join(filter(None, (plaque.number, post, person))) for person in people]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, page in zip(names, split_pages(pdf, names), strict=True):
            archive.writestr(zipfile.ZipInfo(f"{name}.pdf", _STAMP), page)
    return out.getvalue()


def _join_zips(parts: Sequence[Path], out: Path) -> None:
    with zipfile.ZipFile(out, "w") as whole:
        for part in parts:
            with zipfile.ZipFile(part) as archive:
                for entry in archive.infolist():
                    whole.writestr(entry, archive.read(entry))

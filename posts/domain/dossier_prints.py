"""The dossier of a post as a print job: first its papers, then the text whose contents names their pages."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from campaigns.domain.anchors import anchor_of
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.models import JournalHead
from posts.documents.dossier import Appended, bind, count_pages, dossier_text
from posts.documents.official_layout import official_pdf
from posts.documents.official_paper import OfficialPaper
from posts.documents.spelling import Speller, spelling_out
from posts.domain.chapters import Chapter, Entry, dossier_of
from posts.domain.notice_texts import formal_date
from posts.domain.papers import Paper, papers_of
from posts.domain.print_makers import Maker, printer
from posts.models import Conferral

SHORT = 70


@printer("dossier", gettext_lazy("Dossier of a post"))
class DossierMaker(Maker):
    """Everything about one post, as far as who ordered it may see it."""

    def plan(self) -> int:
        head = JournalHead.objects.filter(pk=1).first()
        chapters = [_plain(chapter) for chapter in dossier_of(self._conferral, self.actor)]
        papers = [
            {"code": paper.code, "title": paper.title, "day": formal_date(paper.on) if paper.on else ""}
            for paper in self._papers.values()
        ]
        foot = anchor_of(head) if head and head.seq else ""
        told = (speller := Speller()).spell({"chapters": chapters, "papers": papers, "foot": foot})
        self.keep("spelled-plan", list(speller.found))
        self.keep("facts", told | {"at": timezone.now().isoformat()})
        return len(papers) + 1

    def make(self, number: int) -> bytes:
        facts = self.kept("facts")
        if number < len(facts["papers"]):
            with spelling_out() as speller:
                paper = self._paper(facts["papers"][number])
            self.keep(f"spelled-{number}", list(speller.found))
            return paper
        parts = [self.folder / f"part-{at:05}" for at in range(number)]
        created = datetime.fromisoformat(facts["at"])
        return dossier_text(self.text(), self._appended(facts, parts), created=created)

    def join(self, parts: Sequence[Path], out: Path) -> None:
        *papers, text = parts
        bind(text.read_bytes(), self._appended(self.kept("facts"), papers), out)

    def file_name(self) -> str:
        word = _("dossier")
        return f"{self._conferral.name}-{word}.pdf"

    def _paper(self, kept: dict[str, str]) -> bytes:
        """One of the papers; one that cannot be printed, or is gone, leaves a page that says so."""
        paper = self._papers.get(kept["code"])
        why = _("It is not there any more.")
        if paper:
            try:
                return paper.make()
            except DomainError as error:
                why = str(error)
        sentence = _("“%(title)s” could not be printed: %(why)s") % {"title": kept["title"], "why": why}
        return official_pdf(OfficialPaper(title=kept["title"], text=sentence, signer="", day=timezone.localdate()))

    def _appended(self, facts: dict[str, Any], parts: Sequence[Path]) -> list[Appended]:
        kept = zip(facts["papers"], parts, strict=True)
        return [Appended(paper["title"], paper["day"], part, count_pages(part)) for paper, part in kept]

    def text(self) -> dict[str, Any]:
        """What cover and chapters say, and which characters of the whole are written as codes."""
        post, facts = self._conferral, self.kept("facts")
        created = datetime.fromisoformat(facts["at"])
        with override(settings.LANGUAGE_CODE):
            cover = [
                (_("Unit"), post.org_unit.name),
                (_("Campaign"), post.campaign.title),
                (_("Conferred on"), formal_date(post.conferred_on) if post.conferred_on else ""),
                (_("State"), post.get_status_display()),
                (_("Printed on"), formal_date(timezone.localdate(created))),
            ]
            title = _("Dossier of %(conferral)s") % {"conferral": post.name}
        speller = Speller(char for kept in self.folder.glob("kept-spelled-*") for char in json.loads(kept.read_bytes()))
        text = {
            "title": title,
            "name": post.name,
            "honour": post.honour,
            "owner": post.campaign.owner.name,
            "cover": [(label, value) for label, value in cover if value],
            "chapters": facts["chapters"],
            "foot": facts["foot"],
        }
        return speller.spell(text) | {"note": speller.note()}

    @cached_property
    def _conferral(self) -> Conferral:
        related = ("campaign__owner", "post_kind", "org_unit", "decision", "nomination")
        seen = Conferral.objects.visible_to(self.actor).select_related(*related)
        post = seen.filter(pk=self.params["conferral"]).first()
        if post is None:
            raise NotAllowedError(_("You do not see this post any more."))
        return post

    @cached_property
    def _papers(self) -> dict[str, Paper]:
        with override(settings.LANGUAGE_CODE):
            return {paper.code: paper for paper in papers_of(self._conferral, self.actor)}


def _plain(chapter: Chapter) -> dict[str, Any]:
    return {"title": chapter.title, "entries": [_plain_entry(entry) for entry in chapter.entries]}


def _plain_entry(entry: Entry) -> dict[str, Any]:
    """Few words stand in a line; more get a table."""
    told = [(str(label), value) for label, value in entry.told]
    line = "；".join(f"{label}：{value}" for label, value in told)
    short = line if len(told) <= 2 and len(line) <= SHORT and "\n" not in line else ""
    files = [name for name, _url in entry.files]
    return {"title": str(entry.title), "day": _day(entry.on), "told": told, "short": short, "files": files}


def _day(on: Any) -> str:
    if isinstance(on, datetime):
        return f"{timezone.localtime(on):%Y-%m-%d %H:%M}"
    return f"{on:%Y-%m-%d}" if on else ""

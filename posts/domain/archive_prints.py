"""The archive 归档包 of a campaign: ledgers, notices, each post's papers and evidence, as one ZIP with check sums.

It leaves the system whole, with people's data: only who runs the campaign for its owner may order it, it holds what
he may see and nothing else, and the order stands in the journal.
"""

import tempfile
from collections.abc import Callable, Sequence
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
from campaigns.domain.exports import write_xlsx_file
from campaigns.domain.ledgers import Wanted, find_ledger, ledgers_for, rows_of, stream
from campaigns.domain.rule_files import rules_as_file
from campaigns.models import Campaign, JournalHead, User
from campaigns.permissions import may_on_unit
from posts.documents.archive import Filed, Folder, pack, safe_name, write_archive
from posts.documents.dossier import dossier_text
from posts.documents.spelling import spelling_out
from posts.domain.document_papers import kept_pdf, notice_pdf
from posts.domain.dossier_prints import DossierMaker
from posts.domain.ledger_prints import LedgerMaker, ledger_params
from posts.domain.papers import Paper, papers_of, sheet_papers
from posts.domain.print_jobs import make_whole
from posts.domain.print_makers import ZIP, Maker, printer
from posts.models import Conferral, Nomination, Notice, OfficialDocument

#: Who may take a campaign's papers out of the system (the right is needed on the campaign's owner).
ALLOWED = ("manage_campaign",)
#: The folders.
LEDGERS, NOTICES = gettext_lazy("1 Ledgers"), gettext_lazy("2 Public notices")
POSTS, NOT_NAMED = gettext_lazy("3 Posts"), gettext_lazy("4 Nominations not named")
DOCUMENTS = gettext_lazy("5 Official documents")
EVIDENCE = gettext_lazy("Evidence")


def may_archive(user: User, campaign: Campaign) -> bool:
    return any(may_on_unit(user, permission, campaign.owner) for permission in ALLOWED)


@printer("archive", gettext_lazy("Archive of a campaign"))
class ArchiveMaker(Maker):
    """One part for each ledger, each notice, each post, each nomination that did not become one."""

    content_type = ZIP

    def plan(self) -> int:
        head, campaign = JournalHead.objects.filter(pk=1).first(), self._campaign
        posts, papers, top = Folder(), Folder(), Folder()
        seen = Conferral.objects.visible_to(self.actor).filter(campaign=campaign)
        todo: list[dict[str, Any]] = [{"what": "rules", "at": top.name(_("Rules of the campaign"), ".toml")}]
        todo += [{"what": "ledger", "code": entry.code} for entry in ledgers_for(self.actor) if entry.campaign]
        for notice in Notice.objects.visible_to(self.actor).filter(campaign=campaign).order_by("starts_on", "pk"):
            todo.append({"what": "notice", "pk": notice.pk, "at": papers.name(notice.title, ".pdf")})
        issued = OfficialDocument.objects.visible_to(self.actor).filter(campaign=campaign, issued_at__isnull=False)
        for document in issued.order_by("issued_at", "pk"):
            todo.append({"what": "document", "pk": document.pk, "at": papers.name(str(document), ".pdf")})
        for post in seen.select_related("org_unit").order_by("org_unit__path", "pk"):
            todo.append({"what": "post", "pk": post.pk, "at": posts.name(f"{post.org_unit.name} {post.name}")})
        others = Nomination.objects.visible_to(self.actor).filter(campaign=campaign)
        for paper in others.exclude(pk__in=seen.values("nomination")).exclude(status="draft").order_by("pk"):
            todo.append({"what": "nomination", "pk": paper.pk, "at": posts.name(f"{paper.org_unit.name} {paper}")})
        anchor = anchor_of(head) if head and head.seq else ""
        self.keep("facts", {"todo": todo, "at": timezone.now().isoformat(), "anchor": anchor})
        return len(todo)

    def make(self, number: int) -> bytes:
        task = self.kept("facts")["todo"][number]
        files: dict[str, Callable[[dict[str, Any]], list[tuple[Filed, bytes]]]] = {
            "rules": self._rules,
            "ledger": self._ledger,
            "notice": self._notice,
            "document": self._document,
            "post": self._post,
            "nomination": self._nomination,
        }
        with override(settings.LANGUAGE_CODE):
            return pack(files[task["what"]](task))

    def join(self, parts: Sequence[Path], out: Path) -> None:
        facts, campaign = self.kept("facts"), self._campaign
        about = {"title": self._title, "owner": campaign.owner.name, "anchor": facts["anchor"]}
        at = timezone.localtime(datetime.fromisoformat(facts["at"]))
        with override(settings.LANGUAGE_CODE):
            write_archive(parts, out, root=safe_name(self._title), about=about, at=at)

    def file_name(self) -> str:
        return f"{safe_name(self._title)}.zip"

    def _rules(self, task: dict[str, Any]) -> list[tuple[Filed, bytes]]:
        return [(Filed(task["at"], _("Rules of the campaign")), rules_as_file(self._campaign).encode())]

    def _ledger(self, task: dict[str, Any]) -> list[tuple[Filed, bytes]]:
        entry, wanted = find_ledger(task["code"], self.actor), Wanted(campaign=self._campaign)
        if entry is None or not (rows := rows_of(entry, self.actor, wanted)).exists():
            return []
        label, told = str(entry.label), self._campaign.title
        with write_xlsx_file(entry.excel_columns(), stream(entry, rows), title=label, about=told) as file:
            sheet = file.read()
        where = f"{LEDGERS}/{safe_name(label)}"
        printed = self._printed(f"{where}.pdf", label, lambda: self._ledger_pdf(task["code"], wanted, told))
        return [printed, (Filed(f"{where}.xlsx", label), sheet)]

    def _ledger_pdf(self, code: str, wanted: Wanted, told: str) -> bytes:
        with tempfile.TemporaryDirectory(prefix="ledger-", dir=self.folder) as folder:
            maker = LedgerMaker(self.actor, ledger_params(code, wanted, told), Path(folder))
            return make_whole(maker).content

    def _notice(self, task: dict[str, Any]) -> list[tuple[Filed, bytes]]:
        notice = Notice.objects.visible_to(self.actor).filter(pk=task["pk"]).first()
        if notice is None:
            return []
        return [self._printed(f"{NOTICES}/{task['at']}", notice.title, lambda: notice_pdf(notice))]

    def _document(self, task: dict[str, Any]) -> list[tuple[Filed, bytes]]:
        document = OfficialDocument.objects.visible_to(self.actor).filter(pk=task["pk"]).first()
        if document is None:
            return []
        return [(Filed(f"{DOCUMENTS}/{task['at']}", str(document)), kept_pdf(document))]

    def _post(self, task: dict[str, Any]) -> list[tuple[Filed, bytes]]:
        post = Conferral.objects.visible_to(self.actor).filter(pk=task["pk"]).select_related("nomination").first()
        if post is None:
            return []
        where, title = f"{POSTS}/{task['at']}", _("dossier")
        files = [self._printed(f"{where}/{title}.pdf", title, lambda: self._dossier(post))]
        papers = [paper for paper in papers_of(post, self.actor) if not paper.code.startswith("notice:")]
        return files + self._papers(where, papers) + self._evidence(where, post.nomination_id)

    def _nomination(self, task: dict[str, Any]) -> list[tuple[Filed, bytes]]:
        paper = Nomination.objects.visible_to(self.actor).filter(pk=task["pk"]).first()
        if paper is None:
            return []
        where = f"{NOT_NAMED}/{task['at']}"
        return self._papers(where, list(sheet_papers(paper, self.actor))) + self._evidence(where, paper.pk)

    def _dossier(self, post: Conferral) -> bytes:
        with tempfile.TemporaryDirectory(prefix="dossier-", dir=self.folder) as folder:
            maker = DossierMaker(self.actor, {"conferral": post.pk}, Path(folder))
            maker.plan()
            return dossier_text(maker.text(), [], created=datetime.fromisoformat(self.kept("facts")["at"]))

    def _papers(self, where: str, papers: Sequence[Paper]) -> list[tuple[Filed, bytes]]:
        folder = Folder()
        return [
            self._printed(f"{where}/{folder.name(f'{number:02} {paper.title}', '.pdf')}", paper.title, paper.make)
            for number, paper in enumerate(papers, 1)
        ]

    def _evidence(self, where: str, nomination: int | None) -> list[tuple[Filed, bytes]]:
        found, folder = [], Folder()
        for paper in Nomination.objects.visible_to(self.actor).filter(pk=nomination):
            for evidence in paper.evidence.all():
                name = Path(evidence.name)
                path = f"{where}/{EVIDENCE}/{folder.name(name.stem, safe_name(name.suffix))}"
                with evidence.file.open("rb") as file:
                    found.append((Filed(path, evidence.name), file.read()))
        return found

    def _printed(self, path: str, title: str, make: Callable[[], bytes]) -> tuple[Filed, bytes]:
        """A paper, or what is to be said in the index when it could not be printed."""
        try:
            with spelling_out() as speller:
                content = make()
        except DomainError as error:
            return Filed(path, title, fault=str(error)), b""
        return Filed(path, title, note=speller.note()), content

    @property
    def _title(self) -> str:
        day = timezone.localdate(datetime.fromisoformat(self.kept("facts")["at"]))
        with override(settings.LANGUAGE_CODE):
            return _("%(campaign)s archive %(day)s") % {"campaign": self._campaign.title, "day": f"{day:%Y%m%d}"}

    @cached_property
    def _campaign(self) -> Campaign:
        seen = Campaign.objects.visible_to(self.actor).select_related("owner")
        campaign = seen.filter(pk=self.params["campaign"]).first()
        if campaign is None or not may_archive(self.actor, campaign):
            raise NotAllowedError(_("Only who runs the campaign may take its archive."))
        return campaign

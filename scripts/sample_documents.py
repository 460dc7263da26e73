"""Issues an official document of each kind from the cases of a demonstration: the pictures of the guides show them."""

from pathlib import Path

from django.apps import apps
from django.db.models import Model
from django.utils import timezone, translation

from assessments.domain.commendations import choose_posts, open_commendation, release_commendation
from campaigns.domain.errors import DomainError
from campaigns.models import Campaign, User
from posts.domain.document_issue import issue_document
from posts.domain.document_papers import kept_pdf
from posts.domain.drafting import BLANK, DraftMaker, each_maker
from posts.domain.official_documents import save_document, start_document
from posts.domain.setting_aside import set_aside_revocation
from posts.models import Conferral, ConferralStatus, OfficialDocument, Revocation

FIELDS = {"code": "青示委发", "copies_to": "示例县委组织部，示例县直机关工委"}
REASON = "附件名单有误，更正后另行印发。"


def issue_each_kind(folder: str) -> None:
    """Write the PDF of one document of each kind into the folder, under the name of its kind."""
    with translation.override("zh-hans"):
        _commend()
        for maker in each_maker():
            if maker.kind == "set_aside":
                _set_aside()
            Path(folder, f"{maker.kind}.pdf").write_bytes(kept_pdf(_issued(maker)))


def _issued(maker: DraftMaker) -> OfficialDocument:
    """The document that the demonstration issued, else the first that can be issued now."""
    if found := OfficialDocument.objects.issued().filter(kind=maker.kind).order_by("pk").first():
        return found
    faults = []
    for source in apps.get_model(maker.model).objects.order_by("pk"):
        try:
            return _issue(maker, source)
        except DomainError as error:
            faults.append(str(error))
    raise RuntimeError(f"no {maker.kind}: {faults}")


def _issue(maker: DraftMaker, source: Model) -> OfficialDocument:
    officer = User.objects.get(username="demo-officer")
    draft = start_document(source, kind=maker.kind, actor=officer)
    fields = {"text": draft.text.replace(BLANK, REASON), **(FIELDS if maker.formal else {})}
    draft = save_document(draft, actor=officer, version=draft.version, fields=fields)
    return issue_document(draft, actor=officer)


def _commend() -> None:
    """A list for 七一 with two posts."""
    officer, chooser = (User.objects.get(username=f"demo-{name}") for name in ("officer", "committee"))
    campaign = Campaign.objects.earliest("pk")
    commendation = open_commendation(campaign, actor=officer, label="庆祝建党纪念日")
    posts = Conferral.objects.filter(campaign=campaign, status=ConferralStatus.ACTIVE).order_by("pk")[:2]
    choose_posts(commendation, actor=chooser, conferrals=posts, reason="服务群众便捷周到，考核连续优秀。")
    release_commendation(
        commendation, actor=officer, held_on=timezone.localdate(), document_number="青示委发〔2026〕18号"
    )


def _set_aside() -> None:
    kept = Revocation.objects.standing().select_related("conferral").earliest("pk")
    others = User.objects.exclude(pk=kept.decided_by_id).order_by("pk")
    for user in others:
        try:
            set_aside_revocation(
                kept.conferral, actor=user, reason="复查认定原事实有误。", document="青示委发〔2026〕30号", despite=True
            )
        except DomainError:
            continue
        return
    raise RuntimeError("nobody could set the revocation aside")

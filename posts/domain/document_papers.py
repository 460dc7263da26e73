"""The paper of a document: of a draft as it would come out today, of an issued one the kept bytes."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import override

from posts.documents.fonts import BIAOSONG, FANGSONG
from posts.documents.official_layout import official_pdf
from posts.documents.official_paper import Imprint, OfficialPaper
from posts.documents.rare import rare_warnings
from posts.domain.document_numbers import parse_number
from posts.domain.drafting import Case, fill_in, find_maker
from posts.models import Notice, OfficialDocument


def paper_of(document: OfficialDocument, case: Case) -> OfficialPaper:
    """What the layout sets: the edited text with the facts of the case, its lists, the number if there is one."""
    day = document.day or case.day or timezone.localdate()
    printed_on = timezone.localdate(document.issued_at) if document.issued_at else timezone.localdate()
    text = document.final_text or fill_in(document.text, case.facts).text
    return OfficialPaper(
        title=document.title,
        text=text,
        signer=document.org_unit.name,
        day=day,
        letterhead=document.letterhead,
        number=document.number or _blank_number(document, case),
        addressee=document.addressee,
        annexes=case.annexes,
        imprint=Imprint(document.printed_by, printed_on, document.copies_to) if document.printed_by else None,
        sealed=document.sealed,
        corner=case.corner,
        keep=(document.org_unit.name, *case.keep),
        foot=case.foot,
        is_draft=document.is_draft,
    )


def sheet_of(case: Case) -> OfficialPaper:
    """A plain sheet straight from a case, for what is frozen already without being a document here."""
    return OfficialPaper(
        title=case.title,
        text=fill_in(case.text, case.facts).text,
        signer=case.org_unit.name,
        day=case.day or timezone.localdate(),
        annexes=case.annexes,
        corner=case.corner,
        keep=(case.org_unit.name, *case.keep),
        foot=case.foot,
    )


def rare_in(paper: OfficialPaper) -> list[str]:
    """What to say of characters that come out in another face: in the body, and in the lines of 小标宋."""
    large = [paper.letterhead, paper.title, *(annex.title for annex in paper.annexes)]
    return [*rare_warnings(paper, family=FANGSONG), *rare_warnings(large, family=BIAOSONG)]


def notice_pdf(notice: Notice) -> bytes:
    """The notice to be put up, straight from what was published: the text is frozen, so a later print is the same."""
    maker = find_maker("public_notice")
    with override(settings.LANGUAGE_CODE):
        return official_pdf(sheet_of(maker.make(notice)))


def draft_pdf(document: OfficialDocument, case: Case) -> bytes:
    """How the draft would come out now, marked as a draft. Raises DomainError as the layout does."""
    return official_pdf(paper_of(document, case))


def kept_pdf(document: OfficialDocument) -> bytes:
    """The bytes that were frozen at the issue."""
    return bytes(document.paper.pdf)


def _blank_number(document: OfficialDocument, case: Case) -> str:
    """A draft shows where its number will stand."""
    if not document.code and not case.number:
        return ""
    year = (document.day or timezone.localdate()).year
    return str(parse_number(case.number) or f"{document.code}〔{year}〕　号")

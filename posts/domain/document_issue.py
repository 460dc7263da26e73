"""The issue 印发: a number for good, text and file frozen with a checksum, and what another document loses by it."""

import hashlib
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.anchors import anchor_of
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from campaigns.permissions import holders_at
from posts.documents.official_layout import official_pdf
from posts.domain.document_numbers import ParsedNumber, is_given, parse_number, take_number
from posts.domain.document_papers import paper_of
from posts.domain.drafting import BLANK, Case, fill_in, source_of
from posts.domain.official_documents import case_of, lock_draft, maker_of, why_not_issue
from posts.domain.personal_data import refuse_leaks
from posts.models import DocumentStatus, IssuedPaper, OfficialDocument

MAX_BACKDATED = 60


def hindrances_of(document: OfficialDocument, case: Case | None = None) -> list[str]:
    """Why a draft cannot be issued now; empty when it can."""
    case = case or case_of(document)
    found = [*filter(None, [case.unfit]), *case.hindrances, *fill_in(document.text, case.facts).problems]
    if BLANK in document.text:
        found.append(_("The text still has a blank (%(blank)s): write there what belongs there.") % {"blank": BLANK})
    if document.letterhead and not document.code and not parse_number(case.number):
        found.append(_("Write the code of the numbers: a document with a letterhead has a number."))
    return found


@transaction.atomic
def issue_document(
    document: OfficialDocument, *, actor: User, day: date | None = None, serial: int | None = None
) -> OfficialDocument:
    """Give it its number, freeze text and file, and let it take effect; what it withdraws stops to hold.

    ``serial``: exactly this number instead of the next. A case that has its number already gives it to the paper.
    Raises NotAllowedError, OutOfOrderError, DomainError with what is still missing; then nothing has happened and no
    number is used.
    """
    document = lock_draft(document)
    if barred := why_not_issue(actor, document):
        raise NotAllowedError(barred)
    case, maker = case_of(document), maker_of(document)
    if found := hindrances_of(document, case):
        raise DomainError(" ".join(found))
    document.day = case.day or _checked(day or timezone.localdate())
    _take_number(document, case, actor=actor, serial=serial)
    document.issued_by, document.issued_at = actor, timezone.now()
    document.status = DocumentStatus.ISSUED
    filled = fill_in(document.text, case.facts)
    if maker.public:
        refuse_leaks([(_("title"), document.title), (_("text"), filled.text)], field="text")
    document.final_text = filled.text
    document.facts = [{"name": fact.name, "value": fact.value} for fact in case.facts]
    pdf = official_pdf(paper_of(document, case))
    document.sha256 = hashlib.sha256(pdf).hexdigest()
    document.save()
    IssuedPaper.objects.create(document=document, pdf=pdf)
    entry = record("document_issued", document, actor=actor, number=document.number, sha256=document.sha256)
    document.anchor = anchor_of(entry)
    document.save(update_fields=["anchor"])
    _withdraw_other(document, actor=actor)
    if maker.issued:
        maker.issued(source_of(document), document)
    _tell(document, actor)
    return document


def _checked(day: date) -> date:
    today = timezone.localdate()
    if day > today:
        raise DomainError(_("The date of the document lies in the future."), field="day")
    if day < today - timedelta(days=MAX_BACKDATED):
        raise DomainError(
            _("The date of the document lies more than %(n)s days back.") % {"n": MAX_BACKDATED}, field="day"
        )
    return day


def fixed_number(document: OfficialDocument, case: Case) -> ParsedNumber | None:
    """The number of the case, unless an earlier paper of the same case took it and was withdrawn since."""
    number = parse_number(case.number)
    return None if number is None or is_given(document.org_unit, number) else number


def _take_number(document: OfficialDocument, case: Case, *, actor: User, serial: int | None) -> None:
    """The number of the case, else the one that was asked for, else the next; none for a sheet without a code."""
    if fixed := fixed_number(document, case):
        given = take_number(document, actor=actor, code=fixed.code, year=fixed.year, serial=fixed.serial)
    elif document.code:
        given = take_number(document, actor=actor, code=document.code, year=document.day.year, serial=serial)
    else:
        return
    document.number = str(given)


def _withdraw_other(document: OfficialDocument, *, actor: User) -> None:
    if document.withdraws_id is None:
        return
    other = OfficialDocument.objects.select_for_update(of=("self",)).get(pk=document.withdraws_id)
    if other.status != DocumentStatus.ISSUED:
        raise OutOfOrderError(
            _("%(document)s does not hold any more: there is nothing to withdraw.") % {"document": other}
        )
    other.status = DocumentStatus.WITHDRAWN
    other.save(update_fields=["status"])
    record("document_withdrawn", other, actor=actor, by=document.pk)


def _tell(document: OfficialDocument, actor: User) -> None:
    """The heads of the units that it is addressed to."""
    if document.conferral_id:
        readers = holders_at("nominate", [document.conferral.org_unit])
    elif document.is_wide:
        readers = holders_at("nominate", document.campaign.units.all())
    else:
        return
    tell(
        readers.exclude(pk=actor.pk),
        key=f"document:{document.pk}",
        title=_("Issued: %(document)s") % {"document": document.title},
        body=document.number,
        url=reverse("posts:document_detail", args=[document.pk]),
    )

"""Drafts of official documents: begun from a case, edited around its facts, given up. Issued ones never change."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import record
from campaigns.models import OrgUnit, User
from campaigns.permissions import may_on_unit
from posts.domain.document_numbers import known_codes, parse_number
from posts.domain.drafting import Case, DraftMaker, fill_in, find_maker, source_of
from posts.domain.rights import own_case
from posts.domain.stake import is_holder
from posts.models import Conferral, DocumentStatus, OfficialDocument

EDITABLE = ("title", "addressee", "text", "letterhead", "code", "copies_to", "printed_by", "sealed")
MAX_TEXT = 8000


def maker_of(document: OfficialDocument) -> DraftMaker:
    """How documents of this kind are made."""
    maker = find_maker(document.kind)
    if maker is None:
        raise DomainError(_("Documents of this kind are not made any more."))
    return maker


def case_of(document: OfficialDocument) -> Case:
    """The case as it stands today."""
    with override(settings.LANGUAGE_CODE):
        return maker_of(document).make(source_of(document))


def why_not_write(user: User, org_unit: OrgUnit, conferral: Conferral | None = None) -> str:
    """Why the user may not draft a document of this body; empty when he may."""
    if not (may_on_unit(user, "draft_document", org_unit) or may_on_unit(user, "issue_document", org_unit)):
        return _("Your role does not allow you to draft documents of %(unit)s.") % {"unit": org_unit}
    return _own_case(user, org_unit, conferral)


def why_not_issue(user: User, document: OfficialDocument) -> str:
    """Why the user may not issue, withdraw or discard this document; empty when he may."""
    if not may_on_unit(user, "issue_document", document.org_unit):
        return _("%(unit)s issues this document; your role does not allow it.") % {"unit": document.org_unit}
    return _own_case(user, document.org_unit, document.conferral)


def _own_case(user: User, org_unit: OrgUnit, conferral: Conferral | None) -> str:
    return own_case() if conferral is not None and is_holder(user, conferral, acting=org_unit) else ""


@transaction.atomic
def start_document(source: models.Model, *, kind: str, actor: User) -> OfficialDocument:
    """Draft a document from its case; a case that has an open draft of this kind gives that one.

    Raises NotAllowedError, OutOfOrderError when it has been issued and holds.
    """
    maker = find_maker(kind)
    if maker is None or maker.model.lower() != source._meta.label_lower:  # noqa: SLF001  public API by another name
        raise DomainError(_("No such document is drafted from this."))
    with override(settings.LANGUAGE_CODE):
        case = maker.make(source)
    if barred := why_not_write(actor, case.org_unit, case.conferral):
        raise NotAllowedError(barred)
    if case.unfit:
        raise DomainError(case.unfit)
    key = {"kind": kind, "source_type": source._meta.label_lower, "source_id": source.pk}  # noqa: SLF001  as above
    OrgUnit.objects.select_for_update(of=("self",)).get(pk=case.org_unit.pk)
    if standing := OfficialDocument.objects.standing().filter(**key).first():
        if standing.is_draft:
            return standing
        raise OutOfOrderError(
            _("%(document)s has been issued already. Withdraw it by another document before a new one is drafted.")
            % {"document": standing}
        )
    with override(settings.LANGUAGE_CODE):
        fields = _first_fields(maker, case)
    document = OfficialDocument.objects.create(**key, **fields, created_by=actor)
    record("document_drafted", document, actor=actor, document_kind=kind)
    return document


def _first_fields(maker: DraftMaker, case: Case) -> dict[str, Any]:
    number = parse_number(case.number)
    codes = known_codes(case.org_unit) if maker.formal else []
    return {
        "campaign": case.campaign,
        "org_unit": case.org_unit,
        "conferral": case.conferral,
        "is_wide": case.is_wide,
        "withdraws": case.withdraws,
        "title": case.title[:120],
        "addressee": case.addressee[:300],
        "text": case.text,
        "letterhead": f"{case.org_unit.name}文件"[:60] if maker.formal else "",
        "code": number.code if number else codes[0] if codes else "",
        "printed_by": f"{case.org_unit.name}办公室"[:60] if maker.formal else "",
    }


@transaction.atomic
def save_document(
    document: OfficialDocument, *, actor: User, version: int, fields: Mapping[str, Any]
) -> OfficialDocument:
    """Save what was edited. Raises StaleError when somebody else saved meanwhile, OutOfOrderError after the issue."""
    document = lock_draft(document)
    if barred := why_not_write(actor, document.org_unit, document.conferral):
        raise NotAllowedError(barred)
    if version != document.version:
        raise StaleError(_("Somebody else has saved this draft meanwhile. Look at both texts, then save again."))
    for name in EDITABLE:
        if name in fields:
            value = fields[name]
            setattr(document, name, value.strip() if isinstance(value, str) else value)
    _check_fields(document)
    document.version += 1
    document.save()
    record("document_edited", document, actor=actor, version=document.version)
    return document


def _check_fields(document: OfficialDocument) -> None:
    if not document.title:
        raise DomainError(_("A document has a title."), field="title")
    if not document.text:
        raise DomainError(_("A document has a text."), field="text")
    if len(document.text) > MAX_TEXT:
        raise DomainError(_("The text is longer than %(n)s characters. Shorten it.") % {"n": MAX_TEXT}, field="text")
    document.text = "\n".join(row.strip() for row in document.text.splitlines() if row.strip())
    case = case_of(document)
    if problems := fill_in(document.text, case.facts).problems:
        raise DomainError(" ".join(problems), field="text")


@transaction.atomic
def discard_document(document: OfficialDocument, *, actor: User) -> OfficialDocument:
    """Give up a draft. It took no number, so nothing is missing in the register."""
    document = lock_draft(document)
    if barred := why_not_write(actor, document.org_unit, document.conferral):
        raise NotAllowedError(barred)
    document.status = DocumentStatus.DISCARDED
    document.save(update_fields=["status"])
    record("document_discarded", document, actor=actor)
    return document


def lock_draft(document: OfficialDocument) -> OfficialDocument:
    fresh = (
        OfficialDocument.objects.select_for_update(of=("self",))
        .select_related("org_unit", "campaign__owner", "conferral__post_kind", "conferral__org_unit")
        .get(pk=document.pk)
    )
    if not fresh.is_draft:
        raise OutOfOrderError(
            _("This document is %(state)s. What was issued is never changed; another document withdraws it.")
            % {"state": fresh.get_status_display()}
        )
    return fresh

"""The unit's own blanks: kept after a check, replaced and taken out of use with their history, filled for a case."""

import hashlib
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import OrgUnit, User
from campaigns.permissions import may_on_unit, require_on_unit, units_for
from posts.documents.blank_file import MAX_BYTES, read_word_file
from posts.documents.blank_template import Fault, fill_blank, find_faults, used_fields
from posts.domain.blank_kinds import BlankKind, find_blank_kind, kind_of
from posts.domain.evidence import safe_name
from posts.models import Blank

#: Who keeps blanks for a unit and what lies below it.
KEEPS = "manage_campaign"
MAX_ACTIVE = 100  # a unit


class BlankFaultsError(DomainError):
    """The blank cannot be kept as it is; ``faults`` says what is wrong with which mark."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(_("The blank was not kept. Correct these marks and upload it again."), field="upload")
        self.faults = faults


def units_with_blanks(user: User) -> QuerySet[OrgUnit]:
    """The units for which the user keeps blanks."""
    return units_for(user, KEEPS).filter(is_active=True)


@transaction.atomic
def keep_blank(
    org_unit: OrgUnit, *, actor: User, kind: str, title: str, upload: UploadedFile, replaces: Blank | None = None
) -> Blank:
    """Keep an uploaded blank for a unit; with ``replaces`` as the next version of another one.

    Raises PermissionDenied, DomainError (field ``upload``) for a file that is no harmless Word document,
    BlankFaultsError with every mark that cannot be filled, OutOfOrderError when ``replaces`` is out of use.
    """
    require_on_unit(actor, KEEPS, org_unit)
    found = find_blank_kind(kind)
    if found is None:
        raise DomainError(_("Choose a kind of case."), field="kind")
    if replaces is not None:
        replaces = _retire(replaces, actor=actor)
    content = examine_blank(upload, found)
    _require_place(org_unit, kind, title)
    blank = Blank(
        org_unit=org_unit,
        kind=kind,
        title=title,
        version=replaces.version + 1 if replaces else 1,
        replaces=replaces,
        name=safe_name(upload.name or "", ".docx"),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        fields=used_fields(content),
        uploaded_by=actor,
    )
    blank.file.save(f"{uuid4().hex}.docx", ContentFile(content), save=False)
    blank.save()
    facts = {"kind": kind, "sha256": blank.sha256, "version": blank.version}
    record("blank_kept", blank, actor=actor, replaces=replaces.pk if replaces else None, **facts)
    return blank


def examine_blank(upload: UploadedFile, kind: BlankKind) -> bytes:
    """The content of a blank that may be kept; raises DomainError or BlankFaultsError otherwise."""
    content = upload.read(MAX_BYTES + 1)
    file = read_word_file(content)
    if faults := find_faults(file, content, kind.vocabulary):
        raise BlankFaultsError(faults)
    return content


@transaction.atomic
def retire_blank(blank: Blank, *, actor: User) -> Blank:
    """Take a blank out of use; it stays in the history. Raises PermissionDenied, OutOfOrderError."""
    require_on_unit(actor, KEEPS, blank.org_unit)
    blank = _retire(blank, actor=actor)
    record("blank_retired", blank, actor=actor, kind=blank.kind, version=blank.version)
    return blank


def blanks_for(case: Model, user: User) -> list[Blank]:
    """The blanks in use that hold for a case the user sees: its unit's own and those of what stands above."""
    kind = kind_of(case)
    if kind is None or not kind.rows(user).filter(pk=case.pk).exists():
        return []
    return list(Blank.objects.active().filter(kind=kind.code).for_unit(kind.unit_of(case)).order_by("title", "pk"))


def fill_for(blank: Blank, case: Model, *, user: User) -> bytes:
    """The blank filled with what this user may read of a case, as a Word file.

    Raises PermissionDenied for a blank that does not hold for the case's unit, DomainError when it cannot be filled.
    """
    kind = find_blank_kind(blank.kind)
    if kind is None or not Blank.objects.filter(pk=blank.pk).for_unit(kind.unit_of(case)).exists():
        raise PermissionDenied
    with blank.file.open("rb") as stream:
        content = stream.read()
    return fill_blank(content, kind.values_of(case, user), kind.vocabulary, title=f"{blank.title} {case}")


def versions_of(blank: Blank) -> list[Blank]:
    """The blank and everything it replaced or that replaced it, newest first."""
    found = [blank]
    while successor := Blank.objects.filter(replaces=found[0]).first():
        found.insert(0, successor)
    while found[-1].replaces_id:
        found.append(Blank.objects.select_related("uploaded_by", "retired_by").get(pk=found[-1].replaces_id))
    return found


def may_keep(user: User, blank: Blank) -> bool:
    return may_on_unit(user, KEEPS, blank.org_unit)


def _retire(blank: Blank, *, actor: User) -> Blank:
    locked = Blank.objects.select_for_update().get(pk=blank.pk)
    if not locked.is_active:
        raise OutOfOrderError(_("This version is out of use already. Look at the newest one."))
    locked.retired_at, locked.retired_by = timezone.now(), actor
    locked.save(update_fields=["retired_at", "retired_by"])
    return locked


def _require_place(org_unit: OrgUnit, kind: str, title: str) -> None:
    active = Blank.objects.active().filter(org_unit=org_unit)
    if active.filter(kind=kind, title=title).exists():
        text = _("The unit has a blank “%(title)s” for this kind of case already. Replace it, or choose another title.")
        raise DomainError(text % {"title": title}, field="title")
    if active.count() >= MAX_ACTIVE:
        raise DomainError(
            _("At most %(n)s blanks a unit. Take one out of use first.") % {"n": MAX_ACTIVE}, field="title"
        )

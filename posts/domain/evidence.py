"""Evidence files: their type is told from their content, their name made harmless, the same file taken once."""

import hashlib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from uuid import uuid4

import puremagic
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from posts.domain.pipeline import lock_nomination
from posts.domain.proposing import require_may_edit
from posts.models import Evidence, Nomination

MAX_FILES = 20
#: What an office document may unpack to; more is a zip bomb.
MAX_UNPACKED = 300 * 1024 * 1024
TYPES = {
    ".pdf": "application/pdf",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SCANS = (".pdf", ".jpg", ".png")
_OFFICE = {"word/document.xml": ".docx", "xl/workbook.xml": ".xlsx"}


@transaction.atomic
def add_evidence(
    nomination: Nomination, *, upload: UploadedFile, actor: User, purpose: str = "", sealed: bool = False
) -> Evidence:
    """Add a file to a paper that can still be changed. ``sealed``: the actor says that it bears the official seal.

    Raises DomainError (field ``upload``) for a wrong type, a file too large, one too many or the same file twice, and
    for a sealed paper that is no scan.
    """
    nomination = _lock(nomination, actor)
    if nomination.evidence.count() >= MAX_FILES:
        raise DomainError(_("At most %(n)s files. Remove one first.") % {"n": MAX_FILES}, field="upload")
    taken = read_upload(upload)
    if sealed and taken.suffix not in SCANS:
        raise DomainError(_("A paper with a seal is a scan or a photograph: PDF, JPG or PNG."), field="upload")
    if same := nomination.evidence.filter(sha256=taken.sha256).first():
        raise DomainError(_("This file is here already, as “%(name)s”.") % {"name": same}, field="upload")
    evidence = Evidence(
        nomination=nomination,
        name=taken.name,
        content_type=taken.content_type,
        size=len(taken.content),
        sha256=taken.sha256,
        purpose=purpose[:120],
        sealed=sealed,
        uploaded_by=actor,
    )
    evidence.file.save(f"{uuid4().hex}{taken.suffix}", ContentFile(taken.content), save=False)
    evidence.save()
    facts = {"evidence": evidence.pk, "sha256": taken.sha256, "size": len(taken.content), "sealed": sealed}
    record("evidence_added", nomination, actor=actor, **facts)
    return evidence


@dataclass(frozen=True)
class Taken:
    """An uploaded file that may be kept: its harmless name, its type told from its content."""

    name: str
    suffix: str
    content: bytes
    sha256: str

    @property
    def content_type(self) -> str:
        return TYPES[self.suffix]


def read_upload(upload: UploadedFile) -> Taken:
    """Read an uploaded file; raises DomainError (field ``upload``) for a wrong type or a file too large."""
    if upload.size > settings.UPLOAD_MAX_BYTES:
        values = {"size": filesizeformat(upload.size), "most": filesizeformat(settings.UPLOAD_MAX_BYTES)}
        raise DomainError(_("The file has %(size)s; at most %(most)s are taken.") % values, field="upload")
    content = upload.read()
    suffix = tell_type(content)
    return Taken(safe_name(upload.name or "", suffix), suffix, content, hashlib.sha256(content).hexdigest())


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor: User) -> None:
    """Take a file off a paper that can still be changed; the stored file goes after the commit."""
    nomination = _lock(evidence.nomination, actor)
    record("evidence_removed", nomination, actor=actor, evidence=evidence.pk, sha256=evidence.sha256)
    storage, name = evidence.file.storage, evidence.file.name
    evidence.delete()
    transaction.on_commit(lambda: storage.delete(name))


def tell_type(content: bytes) -> str:
    """The suffix that belongs to the content; raises DomainError for anything that is not taken."""
    if not content:
        raise DomainError(_("The file is empty."), field="upload")
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    try:
        suffix = puremagic.from_string(content).lower()
    except (puremagic.PureError, ValueError):
        suffix = ""
    suffix = {".jpeg": ".jpg", ".jfif": ".jpg", ".jpe": ".jpg"}.get(suffix, suffix)
    if suffix not in SCANS:
        raise DomainError(
            _("Only PDF, JPG, PNG, Word (docx) and Excel (xlsx) files are taken; this one is something else."),
            field="upload",
        )
    return suffix


def safe_name(name: str, suffix: str) -> str:
    """The file's own name without folders, control and direction characters, with the suffix of its content."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    stem = "".join(c for c in unicodedata.normalize("NFC", stem) if unicodedata.category(c)[0] != "C")
    stem = re.sub(r'[<>:"/|?*;%]+', "_", stem).strip(" .")
    return (stem[:120] or str(_("evidence"))) + suffix


def _office_type(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = {info.filename: info.file_size for info in archive.infolist()}
    except zipfile.BadZipFile:
        raise DomainError(_("The file is damaged. Save it again and upload it once more."), field="upload") from None
    if sum(entries.values()) > MAX_UNPACKED:
        raise DomainError(_("The file unpacks to an enormous size and is not taken."), field="upload")
    suffix = next((suffix for part, suffix in _OFFICE.items() if part in entries), None)
    if suffix is None or any(name.lower().endswith("vbaproject.bin") for name in entries):
        raise DomainError(_("Archives and documents with macros are not taken. Upload a PDF instead."), field="upload")
    return suffix


def _lock(nomination: Nomination, actor: User) -> Nomination:
    fresh = lock_nomination(nomination.pk)
    require_may_edit(actor, fresh)
    if not fresh.is_editable:
        raise OutOfOrderError(_("The paper has been submitted; its evidence can no longer be changed."))
    return fresh

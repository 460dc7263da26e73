"""Files of rectifications and reports; taken by the same rules as the evidence of a paper."""

from collections.abc import Sequence
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from assessments.models import CaseFile, Incident, Rectification
from campaigns.domain.errors import DomainError
from campaigns.models import User
from posts.domain.evidence import read_upload

MAX_FILES = 20  # a case, all purposes together


def keep_case_files(
    case: Rectification | Incident, uploads: Sequence[UploadedFile], *, purpose: str, actor: User
) -> list[CaseFile]:
    """Store files of a case. Part of an act whose right the caller has asked for; needs a transaction.

    Raises DomainError (field ``upload``) for a wrong type, a file too large or one too many; a file that is there
    already is left out.
    """
    if case.files.count() + len(uploads) > MAX_FILES:
        raise DomainError(_("At most %(n)s files. Remove one first.") % {"n": MAX_FILES}, field="upload")
    owner = {"incident": case} if isinstance(case, Incident) else {"rectification": case}
    kept = []
    for upload in uploads:
        taken = read_upload(upload)
        if case.files.filter(sha256=taken.sha256, purpose=purpose).exists():
            continue
        file = CaseFile(
            **owner,
            purpose=purpose,
            name=taken.name,
            content_type=taken.content_type,
            size=len(taken.content),
            sha256=taken.sha256,
            uploaded_by=actor,
        )
        file.file.save(f"{uuid4().hex}{taken.suffix}", ContentFile(taken.content), save=False)
        file.save()
        kept.append(file)
    return kept

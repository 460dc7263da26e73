"""Files of an assessment's records; taken by the same rules as the evidence of a paper."""

from collections.abc import Sequence
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from assessments.models import AssessmentRecord, RecordFile
from campaigns.domain.errors import DomainError
from posts.domain.evidence import read_upload

MAX_FILES = 10


def keep_files(entry: AssessmentRecord, uploads: Sequence[UploadedFile]) -> list[RecordFile]:
    """Store the files of a new record. Needs a transaction; raises DomainError (field ``upload``)."""
    if len(uploads) > MAX_FILES:
        raise DomainError(_("At most %(n)s files. Remove one first.") % {"n": MAX_FILES}, field="upload")
    taken = [read_upload(upload) for upload in uploads]
    kept = []
    for upload in taken:
        file = RecordFile(
            record=entry,
            name=upload.name,
            content_type=upload.content_type,
            size=len(upload.content),
            sha256=upload.sha256,
        )
        file.file.save(f"{uuid4().hex}{upload.suffix}", ContentFile(upload.content), save=False)
        file.save()
        kept.append(file)
    return kept

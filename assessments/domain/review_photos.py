"""The photograph of the plaque where it hangs, for reviews of which the scheme asks it."""

from collections.abc import Sequence
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from assessments.domain.review_rules import voice_rules
from assessments.models import Review, ReviewPhoto
from campaigns.domain.errors import DomainError
from campaigns.models import User
from posts.domain.evidence import read_upload
from posts.models.conferral import OUT_PLAQUES

MAX_PHOTOS = 5
PICTURES = (".jpg", ".png")


def wants_photo(review: Review) -> bool:
    """Whether the scheme asks for a photograph, and there is a plaque that hangs."""
    hangs = review.conferral.plaques.filter(status__in=OUT_PLAQUES)
    return voice_rules(review.rule).plaque_photo and hangs.exists()


def keep_photos(review: Review, uploads: Sequence[UploadedFile], *, actor: User) -> list[ReviewPhoto]:
    """Store the photographs of a result. Needs a transaction; raises DomainError (field ``photos``)."""
    if not uploads:
        if wants_photo(review):
            raise DomainError(_("The scheme asks for a photograph of the plaque where it hangs."), field="photos")
        return []
    if len(uploads) > MAX_PHOTOS:
        raise DomainError(_("At most %(n)s files. Remove one first.") % {"n": MAX_PHOTOS}, field="photos")
    return [_keep(review, upload, actor) for upload in uploads]


def _keep(review: Review, upload: UploadedFile, actor: User) -> ReviewPhoto:
    try:
        taken = read_upload(upload)
    except DomainError as error:
        raise DomainError(str(error), field="photos") from None
    if taken.suffix not in PICTURES:
        raise DomainError(_("A photograph is a JPG or PNG file."), field="photos")
    facts = {"content_type": taken.content_type, "size": len(taken.content), "sha256": taken.sha256}
    photo = ReviewPhoto(review=review, name=taken.name, added_by=actor, **facts)
    photo.file.save(f"{uuid4().hex}{taken.suffix}", ContentFile(taken.content), save=False)
    photo.save()
    return photo

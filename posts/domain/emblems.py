"""The emblem on plaques: only what an organisation uploads, unaltered (党徽党旗条例: never redrawn)."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import OrgUnit, User
from campaigns.permissions import require_on_unit
from posts.documents.images import check_image
from posts.models import Emblem


@transaction.atomic
def set_emblem(org_unit: OrgUnit, *, actor: User, image: bytes, source: str, declared: bool) -> Emblem:
    """Print this image on the plaques of the organisation and of all below it that have none of their own.

    ``declared``: the person answers for its being the official drawing, unaltered. Raises DomainError for a file that
    is no fit PNG or SVG.
    """
    require_on_unit(actor, "issue_plaque", org_unit)
    if not declared:
        raise DomainError(_("Confirm that this is the official drawing, unaltered."), field="declared")
    content_type = check_image(image)
    _end(org_unit)
    emblem = Emblem.objects.create(
        org_unit=org_unit,
        content_type=content_type,
        content=image,
        sha256=hashlib.sha256(image).hexdigest(),
        source=source.strip()[:200],
        uploaded_by=actor,
    )
    record("emblem_set", emblem, actor=actor, sha256=emblem.sha256)
    return emblem


@transaction.atomic
def remove_emblem(emblem: Emblem, *, actor: User) -> None:
    """Print plaques without it from now on; the file stays in the record."""
    require_on_unit(actor, "issue_plaque", emblem.org_unit)
    if _end(emblem.org_unit):
        record("emblem_removed", emblem, actor=actor)


def _end(org_unit: OrgUnit) -> int:
    OrgUnit.objects.select_for_update().get(pk=org_unit.pk)
    return Emblem.objects.in_use().filter(org_unit=org_unit).update(ended_at=timezone.now())


def emblem_for(path: str) -> bytes:
    """The image of the organisation at this path of the tree, or of the nearest above it; else the site's own."""
    found = Emblem.objects.in_use().select_related("org_unit")
    above = [emblem for emblem in found if path.startswith(emblem.org_unit.path)]
    if above:
        return bytes(max(above, key=lambda emblem: len(emblem.org_unit.path)).content)
    return _site_file(settings.PLAQUE_EMBLEM) if settings.PLAQUE_EMBLEM else b""


@cache
def _site_file(path: str) -> bytes:
    data = Path(path).read_bytes()
    check_image(data)
    return data

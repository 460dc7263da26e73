"""A named post gets another name 更名: the body that named it decides; plaques with the old name are replaced."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from posts.domain.conferrals import may_end, page_of, people_of
from posts.domain.locks import lock_conferral
from posts.models import Conferral, PlaqueStatus, Renaming


@transaction.atomic
def rename_post(conferral: Conferral, *, actor: User, name: str, reason: str, document: str = "") -> Renaming:
    """Give a live post another name; title, public address and history go on.

    A plaque that waits to be made is made with the new name; one that hangs is shown as bearing the old name until it
    is replaced. Raises NotAllowedError, OutOfOrderError when the title has ended, DomainError at the field.
    """
    conferral = lock_conferral(conferral.pk)
    if not may_end(actor, conferral):
        raise NotAllowedError(_("The body that named the post renames it, and nobody in his own case."))
    if not conferral.is_live:
        raise OutOfOrderError(_("The title has ended already."))
    name = name.strip()
    if not name or name == conferral.name or len(name) > 60:
        raise DomainError(_("Write a new name of at most 60 characters."), field="name")
    if not reason.strip():
        raise DomainError(_("Say why the post is renamed."), field="reason")
    renaming = Renaming.objects.create(
        conferral=conferral,
        old_name=conferral.name,
        new_name=name,
        reason=reason.strip()[:300],
        document=document.strip()[:40],
        renamed_by=actor,
    )
    conferral.name = name
    conferral.save(update_fields=["name"])
    conferral.plaques.filter(status=PlaqueStatus.TO_PRINT).update(shown_name=name, printed_at=None)
    record("post_renamed", conferral, actor=actor, renaming=renaming.pk)
    tell(
        people_of(conferral),
        key=f"post-renamed-{renaming.pk}",
        title=_("“%(old)s” is called “%(new)s” now") % {"old": renaming.old_name, "new": name},
        body=_("Plaques with the old name are to be replaced.") if _hanging(conferral) else "",
        url=page_of(conferral),
    )
    return renaming


def _hanging(conferral: Conferral) -> bool:
    return conferral.plaques.filter(status=PlaqueStatus.DISPLAYED).exists()

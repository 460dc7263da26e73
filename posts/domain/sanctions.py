"""A holder of a named post came under a sanction: nothing ends by itself; who verifies reports settles it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import Member, User
from campaigns.permissions import holders_of, may_on_unit
from posts.domain.conferrals import page_of
from posts.domain.locks import lock_conferral
from posts.domain.rights import holds
from posts.models import Conferral, SanctionMatter

SETTLES = ("verify_incident", "decide_veto")


def open_matter(conferral: Conferral, member: Member, *, actor: User | None) -> SanctionMatter:
    """Note that somebody has to look; once for a sanction. Needs the post's lock."""
    matter, created = SanctionMatter.objects.get_or_create(
        conferral=conferral, member=member, until=member.sanction_until
    )
    if created:
        record("sanction_noted", conferral, actor=actor, matter=matter.pk)
        tell(
            {user for permission in SETTLES for user in holders_of(permission, conferral.org_unit)},
            key=f"sanction:{matter.pk}",
            title=_("A holder of “%(post)s” is under a sanction") % {"post": conferral},
            body=_("Verify what it means for the title, then settle it on the page of the post."),
            url=page_of(conferral),
        )
    return matter


def may_settle(user: User, conferral: Conferral) -> bool:
    """Whether the user may say what a holder's sanction means for the title: who verifies or decides, not his own."""
    return any(may_on_unit(user, permission, conferral.org_unit) for permission in SETTLES) and not holds(
        user, conferral
    )


@transaction.atomic
def settle_matter(matter: SanctionMatter, *, actor: User, conclusion: str) -> SanctionMatter:
    """Close the matter with what was found; ending or revoking the title is an act of its own.

    Raises NotAllowedError, OutOfOrderError when it is settled already, DomainError without a conclusion.
    """
    conferral = lock_conferral(matter.conferral_id)
    matter = SanctionMatter.objects.select_for_update().get(pk=matter.pk)
    if not may_settle(actor, conferral):
        raise NotAllowedError(_("Only who verifies reports or decides on them settles this, and nobody his own case."))
    if matter.settled_at is not None:
        raise OutOfOrderError(_("This has been settled already."))
    if not conclusion.strip():
        raise DomainError(_("Write what was found and why the title stays or goes."), field="conclusion")
    matter.settled_at, matter.settled_by, matter.conclusion = timezone.now(), actor, conclusion.strip()[:300]
    matter.save()
    record("sanction_settled", conferral, actor=actor, matter=matter.pk)
    return matter

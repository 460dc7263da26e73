"""Who has a stake in a named post: nobody handles his own case."""

from django.db.models import QuerySet

from campaigns.models import OrgUnit, User
from posts.domain.rights import holds
from posts.models import Conferral, Holder


def is_holder(user: User, conferral: Conferral, *, acting: OrgUnit | None = None) -> bool:
    """Whether the user is, or was, one of the people who carry the title; of an organisation, who leads it.

    ``acting`` is the unit for which the user would judge: the organisation itself may look at itself.
    """
    if holds(user, conferral, acting=acting):
        return True
    return Holder.objects.filter(conferral=conferral, member__user=user).exists()


def without_holders(users: QuerySet[User], conferral: Conferral) -> QuerySet[User]:
    """Those of the users who are not people of the post."""
    return users.exclude(member__held__conferral=conferral)

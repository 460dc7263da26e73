"""Who has a stake in a named post: nobody handles his own case."""

from django.db.models import QuerySet

from campaigns.models import User
from posts.models import Conferral, Holder


def is_holder(user: User, conferral: Conferral) -> bool:
    """Whether the user is, or was, one of the people who carry the title."""
    return Holder.objects.filter(conferral=conferral, member__user=user).exists()


def without_holders(users: QuerySet[User], conferral: Conferral) -> QuerySet[User]:
    """Those of the users who are not people of the post."""
    return users.exclude(member__held__conferral=conferral)

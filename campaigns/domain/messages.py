"""What people are told inside the application."""

from collections.abc import Iterable

from campaigns.models import Message, User


def tell(users: Iterable[User], *, key: str, title: str, body: str = "", url: str = "") -> None:
    """Leave a message for each user, once per ``key``, in the transaction of the event."""
    Message.objects.bulk_create(
        [Message(user=user, key=key, title=title[:120], body=body[:500], url=url) for user in users],
        ignore_conflicts=True,
    )

"""The work list. Each app contributes its part through this register; the home page and the menu read it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.utils import timezone

from campaigns.models import JournalHead, User

URGENT_DAYS = 2
COUNTS_SECONDS = 60


@dataclass(frozen=True)
class Todo:
    """Something that waits for this person."""

    title: str
    url: str
    action: str  # the word on the button
    icon: str = "clipboard-list"
    meta: str = ""
    due_on: date | None = None
    section: str = "home"  # the menu entry that carries the count

    @property
    def days_left(self) -> int | None:
        return None if self.due_on is None else (self.due_on - timezone.localdate()).days

    @property
    def is_overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def is_urgent(self) -> bool:
        return self.days_left is not None and self.days_left <= URGENT_DAYS


Provider = Callable[[User], Iterable[Todo]]
_providers: list[Provider] = []


def todo_provider(provider: Provider) -> Provider:
    """Declare a function that lists what waits for a user."""
    _providers.append(provider)
    return provider


def each_todo(user: User) -> Iterator[Todo]:
    """Everything that waits for the user as it is found; who looks for one thing need not ask for all."""
    return (todo for provider in _providers for todo in provider(user))


def todos_for(user: User) -> list[Todo]:
    """Everything that waits for the user: overdue first, then by deadline, then what has none."""
    return sorted(each_todo(user), key=lambda todo: (todo.due_on is None, todo.due_on or date.max, todo.title))


def counts_for(user: User, todos: Iterable[Todo] | None = None) -> Counter[str]:
    """How much waits for the user behind each entry of the menu; counted from ``todos`` when they are known.

    Kept until the next event of the journal, and for a minute at most: reading the work list takes about thirty
    queries, and every page shows the menu.
    """
    if not _providers:
        return Counter()
    head = JournalHead.objects.values_list("hash", flat=True).first()
    key = f"menu:{user.pk}:{timezone.localdate()}:{head}"
    counts = None if todos is not None or not head else cache.get(key)
    if counts is None:
        counts = Counter(todo.section for todo in (todos_for(user) if todos is None else todos))
        counts["home"] = counts.total()
        cache.set(key, counts, COUNTS_SECONDS)
    return counts

"""The history of a post in words: what happened to its title and to its plaques, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import JournalEntry, User
from posts.models import Conferral

#: Words for the journal's events; other areas add theirs with ``tell_post_event``. What has no word is not shown.
_words: dict[str, str | Promise] = {
    "admitted": _("admitted to the creation"),
    "conferred": _("title conferred"),
    "displayed": _("displayed for the first time"),
    "display_suspended": _("display suspended"),
    "display_resumed": _("display resumed"),
    "conferral_ended": _("title ended"),
    "banned": _("barred for the year"),
    "ban_lifted": _("ban lifted"),
    "plaque_issued": _("plaque entered into the register"),
    "plaque_handed_over": _("plaque handed over"),
    "plaque_recalled": _("plaque called back"),
    "plaque_returned": _("plaque taken in"),
    "plaque_lost": _("plaque recorded as lost"),
}


@dataclass(frozen=True)
class Event:
    """A line of the history."""

    at: datetime
    text: str
    who: User | None


def tell_post_event(kind: str, word: str | Promise) -> None:
    """Let an event of the journal about a conferral appear in the history of its post."""
    _words[kind] = word


def history_of_post(conferral: Conferral) -> list[Event]:
    """The events of the title and of its plaques, in one query."""
    plaques = {str(pk): number for pk, number in conferral.plaques.values_list("pk", "number")}
    title = JournalEntry.objects.filter(subject_type="posts.conferral", subject_id=str(conferral.pk))
    entries = title | JournalEntry.objects.filter(subject_type="posts.plaque", subject_id__in=plaques)
    shown = entries.filter(kind__in=list(_words)).select_related("actor").order_by("-seq")
    return [Event(entry.at, _text(entry, plaques), entry.actor) for entry in shown]


def _text(entry: JournalEntry, plaques: dict[str, str]) -> str:
    word = str(_words[entry.kind])
    return f"{word} {plaques[entry.subject_id]}" if entry.subject_type == "posts.plaque" else word

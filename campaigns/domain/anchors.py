"""Anchors: heads of the journal that are remembered outside of it, on paper, in a file, at somebody else's.

Whoever rewrites the whole chain inside the database makes a chain that agrees with itself; it does not agree with the
paper it was printed on. An anchor is a line: the number of an entry, a space, the first 16 characters of its hash;
what follows is for people. Empty lines and lines that begin with ``#`` are skipped.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.utils.functional import Promise

from campaigns.domain.journal import Break
from campaigns.models import JournalEntry, JournalHead

_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{16,64})(?: .*)?")
_LENGTH = 16
_CHUNK = 500


class Anchor(NamedTuple):
    """A remembered head, and where it is remembered."""

    seq: int
    beginning: str
    where: str = ""


AnchorSource = Callable[[], Iterable[tuple[str | Promise, str]]]
_sources: list[AnchorSource] = []


def anchor_source(source: AnchorSource) -> AnchorSource:
    """Declare a function that gives the anchors stored with printed matter: what it is, and the line printed on it."""
    _sources.append(source)
    return source


def anchor_of(entry: JournalEntry | JournalHead) -> str:
    """The line to be printed."""
    return f"{entry.seq} {entry.hash[:_LENGTH]}"


def verify_anchors(text: str, *, where: str = "") -> list[Break]:
    """Compare the chain with the anchors of a file; a line that is none is a break at number 0."""
    anchors, breaks = [], []
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found:
            anchors.append(Anchor(int(found[1]), found[2], where))
        else:
            breaks.append(Break(0, "unreadable", line.strip()[:60]))
    return breaks + compare(anchors)


def verify_printed() -> list[Break]:
    """Compare the chain with the anchors that are stored beside the printed matter they stand on.

    Somebody who rewrites the chain must find and rewrite these too, and still not the paper.
    """
    anchors = []
    for source in _sources:
        for where, line in source():
            if found := _LINE.fullmatch(line):
                anchors.append(Anchor(int(found[1]), found[2], str(where)))
            else:
                anchors.append(Anchor(0, line, str(where)))
    return compare(anchors)


def compare(anchors: Iterable[Anchor]) -> list[Break]:
    """Where the chain is not what the anchors remember, in the order of the numbers."""
    wanted = sorted(set(anchors))
    breaks = []
    for start in range(0, len(wanted), _CHUNK):
        chunk = wanted[start : start + _CHUNK]
        rows = JournalEntry.objects.filter(seq__in={anchor.seq for anchor in chunk})
        known = dict(rows.values_list("seq", "hash"))
        for anchor in chunk:
            if anchor.seq not in known:
                breaks.append(Break(anchor.seq, "tail", anchor.where))
            elif not known[anchor.seq].startswith(anchor.beginning):
                breaks.append(Break(anchor.seq, "anchor", anchor.where))
    return breaks

"""The history: domain events in a hash chain, written in the transaction of what they tell.

Never one entry per vote (order would leak). Bodies hold ids, codes and counts, no personal text.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models, transaction
from django.utils import timezone

from campaigns.models import JournalEntry, JournalHead, User

ALG = "sha256"


def record(kind: str, subject: models.Model, /, *, actor: User | None = None, **facts: object) -> JournalEntry:
    """Append an event about ``subject``. If it cannot be written, the act it tells does not happen either."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a journal entry belongs into the transaction of its event")
    head = _lock_head()
    entry = JournalEntry(
        seq=head.seq + 1,
        at=timezone.now(),
        actor=actor,
        kind=kind,
        subject_type=subject._meta.label_lower,  # noqa: SLF001  public API by another name
        subject_id=str(subject.pk),
        prev=head.hash,
        alg=ALG,
    )
    entry.body = _canonical(entry, facts)
    entry.hash = chain_hash(entry)
    entry.save(force_insert=True)
    head.seq, head.hash = entry.seq, entry.hash
    head.save(update_fields=["seq", "hash"])
    return entry


def _lock_head() -> JournalHead:
    head = JournalHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        JournalHead.objects.get_or_create(pk=1)
        head = JournalHead.objects.select_for_update().get(pk=1)
    return head


def history_of(subject: models.Model) -> models.QuerySet[JournalEntry]:
    """The events of one object, oldest first."""
    return JournalEntry.objects.filter(
        subject_type=subject._meta.label_lower,  # noqa: SLF001
        subject_id=str(subject.pk),
    ).select_related("actor")


def chain_hash(entry: JournalEntry) -> str:
    """``H(prev | seq | body)``; the body repeats every column."""
    return hashlib.new(entry.alg, f"{entry.prev}|{entry.seq}|{entry.body}".encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """A place where the chain does not hold."""

    seq: int
    problem: str


def verify_journal() -> Iterator[Break]:
    """Recompute the whole chain; yield every break."""
    prev, expected = "", 1
    for entry in JournalEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected:
            yield Break(entry.seq, "missing")
        if entry.prev != prev or chain_hash(entry) != entry.hash:
            yield Break(entry.seq, "changed")
        elif not _columns_match(entry):
            yield Break(entry.seq, "columns")
        prev, expected = entry.hash, entry.seq + 1
    head = JournalHead.objects.filter(pk=1).first()
    if head and (head.seq, head.hash) != (expected - 1, prev):
        yield Break(head.seq, "head")


def verify_anchors(text: str) -> list[Break]:
    """Check heads that were remembered outside (printed on notices, mailed): lines of number and hash beginning.

    Whoever rewrites the whole chain inside the database cannot rewrite the paper it was printed on.
    """
    breaks = []
    for line in text.splitlines():
        number, _space, beginning = line.strip().partition(" ")
        if not number:
            continue
        if not (number.isdigit() and beginning):
            breaks.append(Break(0, f"unreadable anchor: {line[:60]}"))
        elif not JournalEntry.objects.filter(seq=int(number), hash__startswith=beginning.strip()).exists():
            breaks.append(Break(int(number), "differs from the remembered head"))
    return breaks


def _canonical(entry: JournalEntry, facts: dict[str, object]) -> str:
    body = {
        "at": entry.at.isoformat(),
        "actor": entry.actor_id,
        "kind": entry.kind,
        "subject": [entry.subject_type, entry.subject_id],
        "facts": facts,
    }
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)


def _columns_match(entry: JournalEntry) -> bool:
    body = json.loads(entry.body)
    return (
        body["actor"] == entry.actor_id
        and body["kind"] == entry.kind
        and body["subject"] == [entry.subject_type, entry.subject_id]
    )

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
    """A place where the chain does not hold: the number of the entry, a code for what is wrong, and where it was seen.

    ``missing`` (the entry before it is not there), ``changed``, ``columns``, ``head``, ``beyond`` (it stands after the
    head); of anchors also ``anchor`` (the entry differs from what was remembered), ``tail`` (it is not there any more)
    and ``unreadable``.
    """

    seq: int
    problem: str
    where: str = ""


def verify_journal() -> Iterator[Break]:
    """Recompute the whole chain as it stands now; yield every break. Entries written meanwhile are left to the next."""
    # In this order: an entry is there at the latest when the head names it, so what lies beyond the head is forged.
    last = JournalEntry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    head = JournalHead.objects.filter(pk=1).first() or JournalHead()
    prev, expected = "", 1
    for entry in JournalEntry.objects.filter(seq__lte=head.seq).order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected:
            yield Break(entry.seq, "missing")
        if entry.prev != prev or chain_hash(entry) != entry.hash:
            yield Break(entry.seq, "changed")
        elif not _columns_match(entry):
            yield Break(entry.seq, "columns")
        prev, expected = entry.hash, entry.seq + 1
    if (head.seq, head.hash) != (expected - 1, prev):
        yield Break(head.seq, "head")
    if last > head.seq:
        yield Break(last, "beyond")


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

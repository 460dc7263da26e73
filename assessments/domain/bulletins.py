"""The public bulletin of a closed survey, which anybody can check without trusting this site (votes-and-trust 2.5)."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from assessments.domain.rules import canonical, frozen_rules
from assessments.domain.sealing import receipt_line
from assessments.domain.tallies import is_small, shown_counts
from assessments.models import Bulletin, OpenedBallot, RequestState, Survey
from campaigns.domain.journal import record
from campaigns.models import JournalHead
from posts.domain.seals import public_key, sign_line, verify_line

FORMAT = "survey-bulletin-1"
_RECEIPT = re.compile(r"[0-9a-f]{16}")


def publish_bulletin(survey: Survey, *, reason: str = "") -> Bulletin:
    """Write the bulletin of a counted survey, or with a ``reason`` its next version. Part of a larger transaction."""
    last = survey.bulletins.order_by("-version").first()
    version = last.version + 1 if last else 1
    published_at = timezone.now()
    text = canonical(_content(survey, version=version, reason=reason, published_at=published_at.isoformat()))
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    bulletin = Bulletin.objects.create(
        survey=survey,
        version=version,
        text=text,
        sha256=sha256,
        signature=sign_line(bulletin_line(survey.public_id, sha256)),
        reason=reason,
        published_at=published_at,
    )
    record("bulletin_published", survey, version=version, sha256=sha256)
    return bulletin


def bulletin_line(public_id: str, sha256: str) -> str:
    """What the server signs of a bulletin."""
    return f"bulletin-v1|{public_id}|{sha256}"


def _content(survey: Survey, *, version: int, reason: str, published_at: str) -> dict[str, Any]:
    result = survey.result
    head = JournalHead.objects.get(pk=1)
    return {
        "format": FORMAT,
        "version": version,
        "reason": reason,
        "published_at": published_at,
        "title": survey.title,
        "unit": str(survey.org_unit),
        "opened_at": survey.opens_at.isoformat(),
        "closed_at": survey.closed_at.isoformat(),
        "frozen": frozen_rules(survey),
        "rules_sha256": survey.rules_sha256,
        "roll_sha256": survey.roll_sha256,
        "rights": {
            "roll": result.n_roll,
            "roll_voted": result.n_roll_voted,
            "codes_printed": result.n_codes + result.n_codes_voided,
            "codes_used": result.n_codes_used,
            "codes_unused": result.n_codes - result.n_codes_used,
            "codes_voided": result.n_codes_voided,
            "roll_changes": survey.roll_changes.filter(state=RequestState.DONE).count(),
        },
        "paper": {
            "members_issued": result.n_paper_members_issued,
            "members": result.n_paper_members,
            "public_issued": result.n_paper_public_issued,
            "public": result.n_paper_public,
        },
        "ballots": result.n_ballots,
        "leaf_root": result.leaf_root,
        "verdict": result.verdict,
        "verdict_reason": result.reason,
        "lines": [_line(row, n_ballots=result.n_ballots, rules=survey.rules) for row in result.lines],
        "journal": {"seq": head.seq, "hash": head.hash},
        "algorithms": {"hash": "sha256", "signature": "ed25519", "ballot": "ballot-v1", "receipt": "receipt-v1"},
        "public_key": public_key(),
    }


def _line(row: dict[str, Any], *, n_ballots: int, rules: dict[str, Any]) -> dict[str, Any]:
    """The figures of a line as everybody may see them: none where they would tell who voted how."""
    known = {"position": row["line"], "label": row["label"], "passed": row["passed"]}
    if is_small(row, n_ballots=n_ballots, rules=rules):
        return {**known, "hidden": True}
    counts, others = shown_counts(row["counts"], rules, min_cell=rules["small_group"]["min_cell"])
    return {
        **known,
        "hidden": False,
        "valid": row["valid"],
        "positive": row["positive"],
        "invalid": n_ballots - row["valid"],
        "counts": counts,
        "others": others,
    }


def bulletin_json(bulletin: Bulletin) -> Iterator[str]:
    """The file to download, piece by piece: the text, its checksum and signature, and every ballot's hash in order."""
    head = {"content": bulletin.text, "sha256": bulletin.sha256, "signature": bulletin.signature}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "leaves": [\n'
    comma = ""
    for leaf in leaves_of(bulletin.survey).iterator(chunk_size=5000):
        yield f'{comma}"{leaf}"'
        comma = ",\n"
    yield "\n]}\n"


def leaves_of(survey: Survey) -> QuerySet:
    return OpenedBallot.objects.filter(survey=survey).order_by("leaf").values_list("leaf", flat=True)


@dataclass(frozen=True)
class Found:
    """What became of a receipt. ``signed``: None when no signature was given with it."""

    receipt: str
    is_listed: bool
    signed: bool | None


def find_receipt(survey: Survey, *, receipt: str, signature: str = "") -> Found | None:
    """Look for a ballot by its receipt; None when what was typed is no receipt."""
    text = re.sub(r"[\s-]", "", receipt).lower()
    if not _RECEIPT.fullmatch(text):
        return None
    listed = OpenedBallot.objects.filter(survey=survey, leaf__startswith=text).exists()
    given = "".join(signature.split())
    signed = verify_line(receipt_line(survey.public_id, text), given) if given else None
    return Found(text, listed, signed)

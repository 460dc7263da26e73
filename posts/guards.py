"""What of issued documents the database itself keeps as it is, whoever asks: see ``campaigns.guards``."""

from collections.abc import Callable

from campaigns.guards import Guard, install

ISSUED, GIVEN = "an issued document is final", "a number is given once"
_KEPT = ("kind", "title", "addressee", "final_text", "number", "sha256", "letterhead", "issued_at", "day")


def _changes_issued(_table: Callable[[str], str]) -> str:
    """Whatever stands on the paper; that it is withdrawn later, and the head of the journal, are written beside it."""
    changed = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _KEPT)
    return f"OLD.issued_at IS NOT NULL AND ({changed} OR NEW.status NOT IN ('issued', 'withdrawn'))"


def _was_issued(_table: Callable[[str], str]) -> str:
    return "OLD.issued_at IS NOT NULL"


GUARDS = (
    Guard("issuedpaper_update", "posts.IssuedPaper", "UPDATE", ISSUED),
    Guard("issuedpaper_delete", "posts.IssuedPaper", "DELETE", ISSUED),
    Guard("officialdocument_update", "posts.OfficialDocument", "UPDATE", ISSUED, _changes_issued),
    Guard("officialdocument_delete", "posts.OfficialDocument", "DELETE", ISSUED, _was_issued),
    Guard("documentnumber_update", "posts.DocumentNumber", "UPDATE", GIVEN),
    Guard("documentnumber_delete", "posts.DocumentNumber", "DELETE", GIVEN),
)


def install_guards(using: str = "default", **_signal: object) -> None:
    """After a migration; safe to call at any time."""
    install(GUARDS, using)

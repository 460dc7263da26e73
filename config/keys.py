"""Secrets of the embedded default: made once, kept beside the data, readable by the owner only."""

import os
import secrets
from pathlib import Path


def load_or_create_key(folder: Path, name: str) -> str:
    """Return the secret kept in ``folder/name``; make it on the first call."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(f".{os.getpid()}")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w") as handle:
            handle.write(secrets.token_urlsafe(48))
        try:
            # A link, not a rename: of two processes that start together the first one wins.
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()

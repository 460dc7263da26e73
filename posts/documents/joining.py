"""Several PDF files as one, without keeping them all in memory."""

from collections.abc import Sequence
from pathlib import Path

import pikepdf


def join_pdfs(parts: Sequence[Path], out: Path) -> None:
    """Write the pages of the parts into one file, title and language from the first; the same parts, the same bytes."""
    if len(parts) == 1:
        out.write_bytes(parts[0].read_bytes())
        return
    with pikepdf.open(parts[0]) as whole:
        for part in parts[1:]:
            with pikepdf.open(part) as more:
                whole.pages.extend(more.pages)
        whole.save(out, deterministic_id=True)

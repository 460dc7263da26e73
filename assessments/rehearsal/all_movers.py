"""The register of movers, filled."""

from assessments.rehearsal import paper_moves, public_moves, score_moves  # noqa: F401  each declares its movers
from assessments.rehearsal.movers import moved_kinds, mover_of

__all__ = ["moved_kinds", "mover_of"]

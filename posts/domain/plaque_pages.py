"""What the plaque pages ask."""

from posts.models import Plaque, PlaqueKind


def wants_badge(plaque: Plaque) -> bool:
    """Whether the scheme has the members of the post wear the Party badge: said at the stage or at the kind."""
    runs = plaque.conferral.nomination.runs.filter(kind="plaque").order_by("-position", "-attempt")
    params = [run.params for run in runs if run.params.get("plaque_kind", PlaqueKind.NAMED) == plaque.kind]
    return any(p.get("badge") for p in params) or bool(plaque.conferral.post_kind.plaque.get("badge"))

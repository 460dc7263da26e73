"""What the plaque pages ask."""

from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.rights import is_concerned
from posts.models import Plaque, PlaqueKind


def may_issue(user: User, plaque: Plaque) -> bool:
    """Whether the user hands over, calls back and takes in this plaque: an officer of the issuer, not his own."""
    return may_on_unit(user, "issue_plaque", plaque.issuer_unit) and not is_concerned(user, plaque.conferral.nomination)


def wants_badge(plaque: Plaque) -> bool:
    """Whether the scheme has the members of the post wear the Party badge: said at the stage or at the kind."""
    runs = plaque.conferral.nomination.runs.filter(kind="plaque").order_by("-position", "-attempt")
    params = [run.params for run in runs if run.params.get("plaque_kind", PlaqueKind.NAMED) == plaque.kind]
    return any(p.get("badge") for p in params) or bool(plaque.conferral.post_kind.plaque.get("badge"))

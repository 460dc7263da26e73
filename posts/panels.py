"""The home page's card with the posts of one's own units, or one's own."""

from django.db.models import Prefetch

from campaigns.domain.home import Panel, home_panel
from campaigns.models import User
from posts.models import Nomination, RunStatus, StageRun

SHOWN = 6


@home_panel
def latest_posts(user: User) -> Panel | None:
    """The nominations that moved last, with the step at which they stand."""
    open_runs = Prefetch("runs", StageRun.objects.filter(status=RunStatus.OPEN), to_attr="open_runs")
    found = Nomination.objects.visible_to(user).for_list().prefetch_related(open_runs)[: SHOWN + 1]
    nominations = list(found)
    if not nominations:
        return None
    return Panel(
        "posts/_home_posts.html", {"nominations": nominations[:SHOWN], "more": len(nominations) > SHOWN}, order=20
    )

"""The home page's card with the posts of one's own units, or one's own."""

from campaigns.domain.home import Panel, home_panel
from campaigns.models import User
from posts.models import Nomination

SHOWN = 6


@home_panel
def latest_posts(user: User) -> Panel | None:
    """The nominations that moved last, with the step at which they stand."""
    nominations = list(Nomination.objects.visible_to(user).for_list()[: SHOWN + 1])
    if not nominations:
        return None
    return Panel(
        "posts/_home_posts.html", {"nominations": nominations[:SHOWN], "more": len(nominations) > SHOWN}, order=20
    )

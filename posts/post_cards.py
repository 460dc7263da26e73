"""The cards of a post's page that tell of its people."""

from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.adjustments import may_propose
from posts.domain.post_sections import PostSection, post_section
from posts.domain.sanctions import SETTLES, may_settle
from posts.domain.zones import is_zone, may_record, tasks_with_progress
from posts.models import Conferral, RepairStatus

SHOWN = 3


@post_section
def members_of_post(conferral: Conferral, user: User) -> PostSection | None:
    """The repair with its day, changes of members, and the way to propose one."""
    repairs = list(conferral.repairs.order_by("-pk"))
    adjustments = list(conferral.adjustments.prefetch_related("lines").order_by("-pk"))
    proposes = may_propose(user, conferral)
    if not (repairs or adjustments or proposes):
        return None
    context = {
        "conferral": conferral,
        "repair": next((task for task in repairs if task.status == RepairStatus.OPEN), None),
        "repairs": [task for task in repairs if task.status != RepairStatus.OPEN],
        "adjustments": adjustments,
        "may_propose": proposes and not any(change.status == "open" for change in adjustments),
    }
    return PostSection("posts/_post_members.html", context, order=10)


@post_section
def tasks_of_zone(conferral: Conferral, user: User) -> PostSection | None:
    """What the zone has to do, how far it is, and what was published of it."""
    if not is_zone(conferral):
        return None
    context = {
        "conferral": conferral,
        "tasks": tasks_with_progress(conferral),
        "publications": list(conferral.publications.prefetch_related("results__task")[:SHOWN]),
        "may_record": may_record(user, conferral),
    }
    return PostSection("posts/_post_zone.html", context, order=5)


@post_section
def sanctions_of_post(conferral: Conferral, user: User) -> PostSection | None:
    """Only for those who verify or decide: whose sanction has to be settled, and how earlier ones were."""
    if not any(may_on_unit(user, permission, conferral.org_unit) for permission in SETTLES):
        return None
    matters = list(conferral.sanction_matters.select_related("member", "settled_by").order_by("-pk"))
    if not matters:
        return None
    context = {"matters": matters, "may_settle": may_settle(user, conferral)}
    return PostSection("posts/_post_sanctions.html", context, order=12)

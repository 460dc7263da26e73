"""The cards of a post's page that tell of its people."""

from django.utils.translation import gettext_lazy as _

from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.adjustments import may_propose
from posts.domain.post_history import tell_post_event
from posts.domain.post_sections import PostSection, post_section
from posts.domain.sanctions import SETTLES, may_settle
from posts.domain.zones import is_zone, may_record, tasks_with_progress
from posts.models import Conferral, RepairStatus

SHOWN = 3

tell_post_event("task_added", _("task added"))
tell_post_event("task_closed", _("task closed"))
tell_post_event("results_published", _("results published"))
tell_post_event("holder_left", _("a holder left"))
tell_post_event("holder_joined", _("a holder joined"))
tell_post_event("repair_opened", _("members to be completed"))
tell_post_event("repair_repaired", _("members complete again"))
tell_post_event("repair_lapsed", _("members not completed in time"))
tell_post_event("adjustment_proposed", _("change of members proposed"))
tell_post_event("adjustment_confirmed", _("change of members confirmed"))
tell_post_event("adjustment_refused", _("change of members refused"))
tell_post_event("adjustment_withdrawn", _("change of members withdrawn"))


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

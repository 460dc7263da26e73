"""What public notices and objections add to the menu and to the work list."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from campaigns.navigation import nav_entry, needs
from campaigns.permissions import may_anywhere
from posts.domain.notices import runs_to_publish
from posts.domain.objections import waiting_objections
from posts.domain.progress import tell_event
from posts.models import ObjectionStatus

SECTION = "notices"

tell_event("put_on_notice", gettext_lazy("put it on public notice"))

nav_entry(
    SECTION,
    gettext_lazy("Notices and objections"),
    icon="megaphone",
    url_name="posts:notice_list",
    order=40,
    visible=needs("publish_notice", "handle_objection"),
)


@todo_provider
def notices_to_publish(user: User) -> Iterator[Todo]:
    """One entry for each unit and campaign, however many nominations wait."""
    if not may_anywhere(user, "publish_notice"):
        return
    groups: dict[tuple[int, int], list] = {}
    for run in runs_to_publish(user, own_units=True):
        groups.setdefault((run.actor_unit_id, run.nomination.campaign_id), []).append(run)
    for runs in groups.values():
        title = ngettext("Publish a notice for %(n)s post", "Publish a notice for %(n)s posts", len(runs))
        query = "&".join(f"run={run.pk}" for run in runs)
        yield Todo(
            title=title % {"n": len(runs)},
            url=f"{reverse('posts:notice_create')}?{query}",
            action=_("Prepare"),
            icon="megaphone",
            meta=f"{runs[0].nomination.campaign} · {runs[0].actor_unit or runs[0].nomination.org_unit}",
            section=SECTION,
        )


@todo_provider
def objections_to_handle(user: User) -> Iterator[Todo]:
    """Open objections with the day by which they are verified."""
    if not may_anywhere(user, "handle_objection"):
        return
    for objection in waiting_objections(user):
        is_new = objection.status == ObjectionStatus.REGISTERED
        title = _("Objection to “%(post)s”: accept or not") if is_new else _("Objection to “%(post)s”: verify")
        yield Todo(
            title=title % {"post": objection.item},
            url=reverse("posts:objection_detail", args=[objection.pk]),
            action=_("Look at it") if is_new else _("Enter the finding"),
            icon="circle-alert",
            meta=str(objection.item.run.nomination.org_unit),
            due_on=objection.due_on,
            section=SECTION,
        )

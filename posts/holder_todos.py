"""What waits for people when a named post loses or changes its members."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from campaigns.permissions import paths_for
from posts.domain.adjustments import may_decide
from posts.domain.sanctions import SETTLES, may_settle
from posts.domain.zones import overdue_zones
from posts.models import Adjustment, AdjustmentLine, AdjustmentStatus, ConsentAnswer, RepairStatus, RepairTask
from posts.models import SanctionMatter as Matter


@todo_provider
def repairs_to_do(user: User) -> Iterator[Todo]:
    """Posts of one's own unit that must get their people together, unless the proposal lies with somebody else."""
    paths = paths_for(user, "nominate")
    if not paths:
        return
    tasks = RepairTask.objects.filter(status=RepairStatus.OPEN, conferral__org_unit__path__in=paths)
    waiting = Adjustment.objects.open().values("conferral")
    for task in tasks.exclude(conferral__in=waiting).select_related("conferral__org_unit"):
        yield Todo(
            title=_("Repair “%(post)s”: %(problem)s") % {"post": task.conferral, "problem": task.problem},
            url=reverse("posts:conferral_adjust", args=[task.conferral_id]),
            action=_("Propose members"),
            icon="user-plus",
            meta=task.conferral.org_unit.name,
            due_on=task.due_on,
            section="nominations",
        )


@todo_provider
def adjustments_to_answer(user: User) -> Iterator[Todo]:
    """Questions to oneself, and signed papers of members without an account."""
    asked = AdjustmentLine.objects.filter(
        adjustment__status=AdjustmentStatus.OPEN, member__isnull=False, consent=ConsentAnswer.WAITING
    )
    paper = Q(member__user__isnull=True, adjustment__conferral__org_unit__path__in=paths_for(user, "nominate"))
    for line in asked.filter(Q(member__user=user) | paper).select_related("adjustment__conferral", "member"):
        own = line.member.user_id == user.pk
        title = _("Do you agree to hold the post “%(post)s”?") if own else _("Record the signed consents of “%(post)s”")
        address = ("adjustment_answer", line.pk) if own else ("adjustment_detail", line.adjustment_id)
        yield Todo(
            title=title % {"post": line.adjustment.conferral},
            url=reverse(f"posts:{address[0]}", args=[address[1]]),
            action=_("Answer") if own else _("Record"),
            icon="hand" if own else "signature",
            meta=line.name,
            section="nominations",
        )


@todo_provider
def adjustments_to_confirm(user: User) -> Iterator[Todo]:
    """Changes to which everybody has agreed, for the body that named the post."""
    paths = paths_for(user, "release_decision")
    if not paths:
        return
    unanswered = AdjustmentLine.objects.filter(member__isnull=False).exclude(consent=ConsentAnswer.AGREED)
    ready = Adjustment.objects.open().filter(conferral__decision__org_unit__path__in=paths)
    related = ("conferral__org_unit", "conferral__post_kind", "conferral__decision__org_unit")
    for adjustment in ready.exclude(lines__in=unanswered).select_related(*related):
        if may_decide(user, adjustment):
            yield Todo(
                title=_("Change of members of “%(post)s” waits for confirmation") % {"post": adjustment.conferral},
                url=reverse("posts:adjustment_detail", args=[adjustment.pk]),
                action=_("Examine"),
                icon="users",
                meta=adjustment.conferral.org_unit.name,
                section="decisions",
            )


@todo_provider
def sanctions_to_settle(user: User) -> Iterator[Todo]:
    """Holders under a sanction, for who verifies and who decides."""
    paths = {path for permission in SETTLES for path in paths_for(user, permission)}
    if not paths:
        return
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(conferral__org_unit__path__startswith=path)
    related = ("conferral__org_unit", "conferral__post_kind", "member")
    for matter in Matter.objects.open().filter(below).select_related(*related):
        if may_settle(user, matter.conferral):
            yield Todo(
                title=_("%(name)s of “%(post)s” is under a sanction: verify and settle it")
                % {"name": matter.member, "post": matter.conferral},
                url=reverse("posts:sanction_settle", args=[matter.pk]),
                action=_("Settle"),
                icon="shield-alert",
                meta=matter.conferral.org_unit.name,
                section="incidents",
            )


@todo_provider
def zones_to_record(user: User) -> Iterator[Todo]:
    """Zones in which a task's last period has no result yet: for the branch and for who answers for them."""
    for zone, due_on in overdue_zones(user, paths_for(user, "nominate")):
        yield Todo(
            title=_("Record what was done in “%(zone)s”") % {"zone": zone},
            url=reverse("posts:zone_tasks", args=[zone.pk]),
            action=_("Record"),
            icon="map-pin",
            meta=zone.org_unit.name,
            due_on=due_on,
            section="nominations",
        )

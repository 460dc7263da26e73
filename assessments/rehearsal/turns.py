"""The turns of rotating plaques: one hands its plaque on, the others keep theirs where the scheme lets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.rotation import decide_rotation, release_rotation, why_not_decide, why_not_hold
from assessments.models import Rotation, RotationItem, RotationStatus
from assessments.rehearsal.case import Case, somebody
from assessments.rehearsal.report import DONE
from campaigns.domain.rules import rotation_rules
from campaigns.permissions import may_on_unit

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play


def take_turns(play: Play, cases: dict[int, Case]) -> None:
    """Decide what waits; what was decided on an earlier day is released."""
    for rotation in Rotation.objects.open().select_related("deciding_unit", "post_kind"):
        items = list(rotation.items.select_related("conferral__org_unit").filter(conferral__ended_on__isnull=True))
        first = next((cases[i.conferral.nomination_id] for i in items if i.conferral.nomination_id in cases), None)
        if first is None:
            continue
        left = [item for item in items if not item.choice]
        if left:
            play.guard(first, lambda f=first, r=rotation, its=left: _decide(play, cases, f, r, its))
        else:
            play.guard(first, lambda f=first, r=rotation: _release(play, f, r))


def turns_are_due(play: Play) -> bool:
    """Whether the scheme rotates plaques and no turn has been released yet though titles hang."""
    released = Rotation.objects.filter(status=RotationStatus.RELEASED).exists()
    return rotation_rules(play.campaign) is not None and not released and play.campaign.conferrals.named().exists()


def _decide(play: Play, cases: dict[int, Case], first: Case, rotation: Rotation, items: list[RotationItem]) -> None:
    _watch(play, first, rotation, "decide")
    for number, item in enumerate(items):
        holds = number > 0 and not why_not_hold(item)
        fits = lambda user, item=item: not why_not_decide(user, item)  # noqa: E731
        actor = somebody("decide", rotation.deciding_unit, fits, what=_("rotation of the plaques"))
        reason = "群众公认，连续挂牌。" if holds else "流动到下一个岗位。"
        decide_rotation(item, actor=actor, hold=holds, reason=reason)
        said = _("Rotation: “%(post)s” keeps the plaque.") if holds else _("Rotation: “%(post)s” hands the plaque on.")
        case = cases.get(item.conferral.nomination_id, first)
        play.say(case, actor, "rotation_hold" if holds else "rotation_out", DONE, said % {"post": item.conferral})


def _release(play: Play, first: Case, rotation: Rotation) -> None:
    _watch(play, first, rotation, "release_decision")
    unit = rotation.deciding_unit
    fits = lambda user: may_on_unit(user, "release_decision", unit)  # noqa: E731
    actor = somebody("release_decision", unit, fits, what=_("rotation of the plaques"))
    number = play.document_number()
    release_rotation(rotation, actor=actor, held_on=timezone.localdate(), meeting=f"{unit}会议", document_number=number)
    play.say(None, actor, "rotation_released", DONE, _("The rotation is released, %(number)s.") % {"number": number})


def _watch(play: Play, case: Case, rotation: Rotation, permission: str) -> None:
    url = reverse("assessments:rotation_detail", args=[rotation.pk])
    unit, key = rotation.deciding_unit, ("rotation", permission, rotation.post_kind_id)
    play.watch.look_for(case, key, _("rotation of the plaques"), url=url, unit=unit, permissions=[permission])

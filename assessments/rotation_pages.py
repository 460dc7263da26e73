"""What rotations add to other pages: the history of a post, its card, the work list, the close of a campaign."""

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain.rotation_history import carriers_of
from assessments.models import Rotation, RotationItem, RotationStatus
from campaigns.domain.progress import declare_carry_over, declare_closing_check
from campaigns.domain.rules import rotation_rules
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Campaign, User
from campaigns.permissions import paths_for
from posts.domain.post_sections import PostSection, post_section
from posts.models import Conferral


@post_section
def rotations_of_post(conferral: Conferral, user: User) -> PostSection | None:
    """What released rotations decided about the post, and who has carried its plaque; nothing when it never rotated."""
    released = RotationItem.objects.filter(rotation__status=RotationStatus.RELEASED).exclude(choice="")
    related = ("rotation", "conferral", "successor")
    items = list(released.filter(conferral=conferral).select_related(*related).order_by("-rotation__period_ends_on"))
    carriers = carriers_of(conferral)
    if not items and len(carriers) == 1:
        return None
    shown = {"turns": items, "carriers": carriers if len(carriers) > 1 else []}
    return PostSection("assessments/_post_rotations.html", shown, order=42)


@todo_provider
def rotations_to_do(user: User) -> Iterator[Todo]:
    """Decide, for the body that named the posts; release, when everything is decided."""
    decide, release = paths_for(user, "decide"), paths_for(user, "release_decision")
    if not decide and not release:
        return
    mine = Rotation.objects.open().filter(deciding_unit__path__in={*decide, *release})
    waiting = Q(items__choice="", items__conferral__ended_on__isnull=True)
    for rotation in mine.select_related("post_kind", "deciding_unit").annotate(left=Count("items", waiting)):
        if rotation.left and rotation.deciding_unit.path in decide:
            text = ngettext(
                "Rotation of the plaques: %(n)s post to decide",
                "Rotation of the plaques: %(n)s posts to decide",
                rotation.left,
            )
            yield _todo(rotation, text % {"n": rotation.left}, _("Decide"))
        elif not rotation.left and rotation.deciding_unit.path in release:
            yield _todo(rotation, _("Rotation of the plaques: everything is decided, not released"), _("Release"))


def _todo(rotation: Rotation, title: str, action: str) -> Todo:
    return Todo(
        title=title,
        url=reverse("assessments:rotation_detail", args=[rotation.pk]),
        action=action,
        icon="refresh-cw",
        meta=f"{rotation.post_kind} · {rotation.deciding_unit}",
        due_on=rotation.due_on,
        section="reviews",
    )


@declare_closing_check
def rotations_under_way(campaign: Campaign) -> list[str]:
    """Turns of the plaques that wait for a decision."""
    n = Rotation.objects.open().filter(post_kind__campaign=campaign).count()
    text = ngettext("%(n)s rotation is not released yet.", "%(n)s rotations are not released yet.", n)
    return [text % {"n": n}] if n else []


@declare_carry_over
def reviews_and_turns_go_on(campaign: Campaign) -> list[str]:
    """What is reviewed after the campaign's last day, and whether its plaques rotate on."""
    sentences = []
    going = [rule.label for rule in campaign.review_rules.order_by("pk") if rule.params.get("after_campaign")]
    ending = [rule.label for rule in campaign.review_rules.order_by("pk") if not rule.params.get("after_campaign")]
    if going:
        sentences.append(_("Goes on after the campaign's last day: %(reviews)s.") % {"reviews": "、".join(going)})
    if ending:
        sentences.append(_("Ends with the campaign's last day: %(reviews)s.") % {"reviews": "、".join(ending)})
    if rotation_rules(campaign):
        sentences.append(_("The plaques rotate on; successors come from the new campaign once this one is closed."))
    return sentences

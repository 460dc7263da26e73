"""Who has carried a rotating plaque, one after the other 历任: read from the released turns, nothing typed twice."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assessments.models import RotationChoice, RotationItem, RotationStatus
from posts.models import Conferral, Holder


@dataclass(frozen=True)
class Carrier:
    """A post with its people, and the days from and until which it carried the plaque."""

    conferral: Conferral
    people: list[str]
    since: date | None
    until: date | None  # None: today


def carriers_of(conferral: Conferral) -> list[Carrier]:
    """The posts through whose hands this post's plaque has gone, oldest first; itself alone when it never moved."""
    chain = [conferral]
    while (before := _before(chain[0])) and before not in chain:
        chain.insert(0, before)
    while (after := _after(chain[-1])) and after not in chain:
        chain.append(after)
    names: dict[int, list[str]] = {}
    for holder in Holder.objects.filter(conferral__in=chain).order_by("pk"):
        names.setdefault(holder.conferral_id, []).append(holder.name)
    return [
        Carrier(post, names.get(post.pk, []), post.displayed_on or post.conferred_on, post.ended_on) for post in chain
    ]


def _handed_on() -> QuerySet[RotationItem]:
    released = RotationItem.objects.filter(rotation__status=RotationStatus.RELEASED)
    return released.filter(choice=RotationChoice.ROTATE_OUT, successor__isnull=False)


def _before(conferral: Conferral) -> Conferral | None:
    item = _handed_on().filter(successor=conferral.nomination_id).select_related("conferral__org_unit").first()
    return item.conferral if item else None


def _after(conferral: Conferral) -> Conferral | None:
    item = _handed_on().filter(conferral=conferral).first()
    following = Conferral.objects.filter(nomination=item.successor_id) if item else Conferral.objects.none()
    return following.select_related("org_unit").first()

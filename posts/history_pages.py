"""Which objects of posts have a history, what belongs to each, and what of it not everybody may read."""

from django.db.models import Q
from django.urls import reverse

from campaigns.domain.history import Part, belongs, guard, history_page, with_fact
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.domain.sanctions import SETTLES
from posts.models import Adjustment, Conferral, Decision, Nomination, Notice, Objection, Plaque

OBJECTION_EVENTS = ("objection_filed", "objection_accepted", "objection_postponed", "objection_settled")
ADJUSTMENT_EVENTS = (
    "adjustment_proposed",
    "adjustment_answered",
    "adjustment_confirmed",
    "adjustment_refused",
    "adjustment_withdrawn",
)


def _about_objection(objection: Objection) -> Q:
    """Written about the nomination, because the branch must not even see that there is an objection."""
    nomination = str(objection.item.run.nomination_id)
    return Q(subject_type="posts.nomination", subject_id=nomination, kind__in=OBJECTION_EVENTS) & with_fact(
        "objection", objection.pk
    )


def _about_adjustment(adjustment: Adjustment) -> Q:
    own = with_fact("adjustment", adjustment.pk)
    for line in adjustment.lines.values_list("pk", flat=True):
        own |= with_fact("line", line)
    conferral = Q(subject_type="posts.conferral", subject_id=str(adjustment.conferral_id))
    return conferral & Q(kind__in=ADJUSTMENT_EVENTS) & own


history_page(
    "nomination",
    Nomination,
    addresses=("posts:nomination_detail",),
)
history_page(
    "notice",
    Notice,
    addresses=("posts:notice_detail",),
)
history_page(
    "objection",
    Objection,
    addresses=("posts:objection_detail",),
    entries=_about_objection,
)
history_page(
    "decision",
    Decision,
    addresses=("posts:decision_detail",),
)
history_page(
    "post",
    Conferral,
    addresses=("posts:conferral_detail", "posts:zone_tasks"),
)
history_page(
    "plaque",
    Plaque,
    addresses=("posts:plaque_hand_over", "posts:plaque_recall", "posts:plaque_return", "posts:plaque_lost"),
    back=lambda plaque: reverse("posts:conferral_detail", args=[plaque.conferral_id]),
)
history_page(
    "adjustment",
    Adjustment,
    addresses=("posts:adjustment_detail",),
    entries=_about_adjustment,
)


def _plaques(conferral: Conferral, user: User) -> Part:
    return Part(Plaque, dict(conferral.plaques.values_list("pk", "number")))


def _sees_objections(nomination: Nomination, user: User) -> bool:
    return Objection.objects.visible_to(user).filter(item__run__nomination=nomination).exists()


def _sees_sanctions(conferral: Conferral, user: User) -> bool:
    return any(may_on_unit(user, permission, conferral.org_unit) for permission in SETTLES)


belongs("post", _plaques)
guard("nomination", OBJECTION_EVENTS, _sees_objections)
guard("post", ("sanction_noted", "sanction_settled"), _sees_sanctions)

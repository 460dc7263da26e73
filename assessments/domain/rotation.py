"""Rotating plaques 流动挂牌: after each interval people decide, post by post, who keeps the plaque and who hands it on.

Quiet until the release, like every decision: nobody outside the deciding body sees what is noted.
"""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.rotation_clock import successor_kinds
from assessments.domain.rotation_preview import preview_rotation, require_unblocked
from assessments.models import Rotation, RotationChoice, RotationItem, RotationStatus
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import rotation_rules
from campaigns.models import User
from campaigns.permissions import may_on_unit, require_on_unit
from posts.domain.conferrals import end_conferral
from posts.domain.decisions import propose_action, propose_decisions, release_decision
from posts.domain.rights import own_case
from posts.domain.stake import is_holder
from posts.models import (
    ConferralStatus,
    Decision,
    DecisionEffect,
    DecisionItem,
    DecisionOutcome,
    Nomination,
    RunStatus,
    StageRun,
)


def why_not_decide(user: User, item: RotationItem) -> str:
    """Why the user may not decide about this post's plaque; empty when he may. The sentence is for the user."""
    unit = item.rotation.deciding_unit
    if not may_on_unit(user, "decide", unit):
        return _("%(unit)s decides on this; your role does not allow it.") % {"unit": unit}
    if is_holder(user, item.conferral):
        return own_case()
    return ""


def why_not_hold(item: RotationItem) -> str:
    """Why the post may not keep its plaque; empty when it may.

    Without re-election nobody carries a plaque beyond a whole interval, so a second hold is out of the question too.
    """
    rules = rotation_rules(item.rotation.post_kind.campaign)
    if rules is None or rules.re_election or item.conferral.displayed_on > item.rotation.period_starts_on:
        return ""
    return _("The scheme knows no re-election: “%(post)s” has carried the plaque for a whole interval.") % {
        "post": item.conferral
    }


def candidates(rotation: Rotation) -> QuerySet[Nomination]:
    """Nominations that could take a plaque over: at their naming decision by the same body, nothing decided yet."""
    runs = StageRun.objects.filter(
        kind="decide",
        status=RunStatus.OPEN,
        actor_unit=rotation.deciding_unit,
        nomination__post_kind__in=successor_kinds(Rotation.objects.filter(pk=rotation.pk)),
    )
    naming = runs.filter(Q(params__effect=DecisionEffect.NAME) | Q(params__effect__isnull=True))
    waiting = naming.exclude(decision_items__in=DecisionItem.objects.filter(is_live=True))
    return Nomination.objects.filter(pk__in=waiting.values("nomination")).select_related("org_unit").order_by("pk")


@transaction.atomic
def decide_rotation(
    item: RotationItem, *, actor: User, hold: bool, reason: str, successor: Nomination | None = None
) -> RotationItem:
    """Note what becomes of one post's plaque: it is kept (re-elected), or handed on, to ``successor`` if there is one.

    May be changed until the release. ``item`` is the row as the user saw it. Raises NotAllowedError, OutOfOrderError
    when the turn is over or the title has ended, StaleError when somebody else decided meanwhile, DomainError without
    a reason, for a hold without re-election, or for a successor who is not ready or taken.
    """
    rotation = lock_rotation(item.rotation)
    fresh = RotationItem.objects.select_related("conferral__org_unit", "decided_by").get(pk=item.pk)
    fresh.rotation = rotation
    if reason_not := why_not_decide(actor, fresh):
        raise NotAllowedError(reason_not)
    _require_current(fresh, seen=item.version)
    _check_choice(fresh, hold, reason, successor)
    fresh.choice = RotationChoice.HOLD if hold else RotationChoice.ROTATE_OUT
    fresh.reason, fresh.successor = reason.strip()[:300], successor
    fresh.decided_by, fresh.decided_at = actor, timezone.now()
    fresh.version += 1
    fresh.save()
    record("rotation_decided", rotation, actor=actor, conferral=fresh.conferral_id, choice=fresh.choice)
    return fresh


@transaction.atomic
def hold_all(items: Iterable[RotationItem], *, actor: User, reason: str) -> list[RotationItem]:
    """Note that several posts keep their plaques, for one reason, all or none; raises what ``decide_rotation`` does."""
    return [decide_rotation(item, actor=actor, hold=True, reason=reason) for item in items]


@transaction.atomic
def release_rotation(
    rotation: Rotation, *, actor: User, held_on: date, meeting: str = "", document_number: str = ""
) -> Rotation:
    """Let a turn take effect at once: titles handed on end as rotated out and successors are named, or nothing happens.

    Of two officers who press at once one releases; the other gets OutOfOrderError. Raises DomainError with every
    problem that the preview shows, and what the release of the successors' naming raises.
    """
    rotation = lock_rotation(rotation)
    require_on_unit(actor, "release_decision", rotation.deciding_unit)
    if held_on > timezone.localdate():
        raise DomainError(_("The day of the decision lies in the future."), field="held_on")
    items = _lock_items(rotation)
    require_unblocked(preview_rotation(rotation))
    rotation.held_on, rotation.meeting, rotation.document_number = held_on, meeting.strip(), document_number.strip()
    rotation.status, rotation.released_by, rotation.released_at = RotationStatus.RELEASED, actor, timezone.now()
    rotation.save()
    record("rotation_released", rotation, actor=actor, posts=len(items))
    for item in items:
        _apply(item, rotation, actor)
    _name_successors(rotation, items, actor)
    return rotation


def lock_rotation(rotation: Rotation) -> Rotation:
    """The turn with its row locked; OutOfOrderError when it is over."""
    fresh = Rotation.objects.select_for_update(of=("self",)).get(pk=rotation.pk)
    if fresh.status == RotationStatus.RELEASED:
        raise OutOfOrderError(
            _("%(name)s has released this rotation at %(time)s. What was released is not changed.")
            % {"name": fresh.released_by, "time": timezone.localtime(fresh.released_at).strftime("%Y-%m-%d %H:%M")}
        )
    if fresh.status != RotationStatus.OPEN:
        raise OutOfOrderError(_("This rotation was not decided in time; the next one has taken its place."))
    return fresh


def _require_current(item: RotationItem, *, seen: int) -> None:
    if item.version != seen:
        raise StaleError(
            _("%(name)s has decided about “%(post)s” meanwhile: %(choice)s. Reload the page to see it.")
            % {"name": item.decided_by, "post": item.conferral, "choice": item.get_choice_display()}
        )
    if not item.conferral.is_live:
        raise OutOfOrderError(_("The title has ended already; there is nothing to decide."))


def _check_choice(item: RotationItem, hold: bool, reason: str, successor: Nomination | None) -> None:
    if not reason.strip():
        raise DomainError(_("Give the reasons: the post and the record keep them."), field="reason")
    if hold and (barred := why_not_hold(item)):
        raise DomainError(barred, field="hold")
    if successor is None:
        return
    if hold:
        raise DomainError(_("A plaque that is kept has no successor."), field="successor")
    if not candidates(item.rotation).filter(pk=successor.pk).exists():
        text = _("“%(post)s” does not stand at its naming decision (any more), or is decided on elsewhere.")
        raise DomainError(text % {"post": successor}, field="successor")
    if item.rotation.items.filter(successor=successor).exclude(pk=item.pk).exists():
        raise DomainError(_("“%(post)s” takes over another plaque already.") % {"post": successor}, field="successor")


def _lock_items(rotation: Rotation) -> list[RotationItem]:
    """The posts that still carry their titles, with all nominations of the batch locked in one order."""
    pairs = list(rotation.items.values_list("conferral__nomination_id", "successor_id"))
    wanted = {pk for pair in pairs for pk in pair if pk}
    list(Nomination.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
    items = rotation.items.select_related("conferral", "decided_by").order_by("conferral__nomination_id")
    return [item for item in items if item.conferral.is_live]


def _apply(item: RotationItem, rotation: Rotation, actor: User) -> None:
    conferral = item.conferral
    if item.choice == RotationChoice.ROTATE_OUT:
        status, document = ConferralStatus.ROTATED_OUT, rotation.document_number
        end_conferral(conferral, actor=actor, status=status, reason=item.reason, document=document)
        return
    record("rotation_held", conferral, actor=actor, rotation=rotation.pk)
    tell(
        _people_of(item),
        key=f"rotation_held:{item.pk}",
        title=_("Rotation: “%(post)s” keeps the plaque") % {"post": conferral},
        body=item.reason,
        url=reverse("posts:conferral_detail", args=[conferral.pk]),
    )


def _people_of(item: RotationItem) -> QuerySet[User]:
    held = {"member__held__conferral": item.conferral, "member__held__until_on__isnull": True}
    return User.objects.filter(is_active=True, **held).distinct()


def _name_successors(rotation: Rotation, items: list[RotationItem], actor: User) -> None:
    """Through the ordinary decision: who decided about the plaque has decided about the successor."""
    decision: Decision | None = None
    for item in items:
        if item.successor_id is None:
            continue
        run = StageRun.objects.get(nomination=item.successor_id, kind="decide", status=RunStatus.OPEN)
        by = actor if propose_action(run) == "record" else item.decided_by
        decision = propose_decisions(
            [run],
            outcome=DecisionOutcome.APPROVED,
            actor=by,
            reasons=item.reason,
            held_on=rotation.held_on,
            meeting=rotation.meeting,
            document_number=rotation.document_number,
            into=decision,
        )
    if decision is not None:
        release_decision(decision, actor=actor)

"""The honour itself: how it begins, rests, and ends. Its history is never overwritten."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from campaigns.permissions import holders_of, may_on_unit, nearest_holders_of
from posts.domain.bans import ban_people, bans_at_end
from posts.domain.locks import lock_conferral
from posts.domain.pipeline import stop
from posts.domain.plaque_register import call_back_all
from posts.domain.rights import holds, own_case
from posts.domain.zone_tasks import copy_tasks
from posts.models import (
    Conferral,
    ConferralStatus,
    Decision,
    DecisionEffect,
    Holder,
    Nomination,
    PlaqueKind,
)
from posts.stages.base import logic_of

#: Called with the conferral when it hangs for the first time, and when it has ended; in the same transaction.
on_displayed: list[Callable[[Conferral], None]] = []
on_ended: list[Callable[[Conferral], None]] = []

QUIET_ENDS = (ConferralStatus.ADJUSTED, ConferralStatus.ROTATED_OUT, ConferralStatus.EXPIRED)


def confer(nomination: Nomination, *, decision: Decision, actor: User, run_position: int = 0) -> Conferral:
    """Give effect to an approved item: admit the post to the creation, or name it.

    A post that was admitted before keeps its conferral, its public address and its history. Part of a release: the
    caller holds the nomination's lock. Raises OutOfOrderError when the conferral has ended or is named already.
    """
    naming = decision.effect == DecisionEffect.NAME
    conferral = Conferral.objects.select_for_update(of=("self",)).filter(nomination=nomination).first()
    if conferral is None:
        conferral = Conferral(nomination=nomination, campaign=nomination.campaign, post_kind=nomination.post_kind)
    elif not (naming and conferral.status == ConferralStatus.CREATING):
        raise OutOfOrderError(_("“%(name)s” has been decided on already.") % {"name": nomination})
    _copy_post(conferral, nomination)
    conferral.decision = decision
    conferral.status = ConferralStatus.ACTIVE if naming else ConferralStatus.CREATING
    conferral.conferred_on = decision.held_on if naming else None
    conferral.save()
    sync_holders(conferral, on=decision.held_on)
    copy_tasks(conferral)
    record("conferred" if naming else "admitted", conferral, actor=actor, decision=decision.pk)
    if naming and not _gets_plaque(nomination, run_position):
        mark_displayed(conferral, on=decision.held_on, actor=actor)
    return conferral


def sync_holders(conferral: Conferral, *, on: date) -> None:
    """Make the current holders those people of the nomination who were not dropped."""
    live = {
        (person.member_id, person.name): person
        for person in conferral.nomination.members.filter(dropped_at__isnull=True)
    }
    current = {(h.member_id, h.name): h for h in conferral.holders.filter(until_on__isnull=True)}
    gone = [holder.pk for key, holder in current.items() if key not in live]
    conferral.holders.filter(pk__in=gone).update(until_on=on)
    Holder.objects.bulk_create(
        Holder(
            conferral=conferral,
            member_id=person.member_id,
            name=person.name,
            duty=person.duty,
            shared=person.shared,
            from_on=on,
        )
        for key, person in live.items()
        if key not in current
    )


def mark_displayed(conferral: Conferral, *, on: date, actor: User | None) -> None:
    """The title is shown in public for the first time: reviews begin. Later plaques change nothing."""
    if conferral.displayed_on is not None:
        return
    conferral.displayed_on = on
    conferral.save(update_fields=["displayed_on"])
    record("displayed", conferral, actor=actor, on=on)
    for call in on_displayed:
        call(conferral)


@transaction.atomic
def end_conferral(
    conferral: Conferral,
    *,
    actor: User | None,
    status: str,
    reason: str,
    document: str = "",
    on: date | None = None,
) -> Conferral:
    """End a title without stigma: adjusted, rotated out or expired (F21, F24, F32); plaques are called back.

    It bars nobody, unless the scheme says so (``[consequences] ban_on``).

    Who released the naming may end it; ``actor=None`` is the clock. A revocation is ``revoke_title``.
    """
    if status not in QUIET_ENDS:
        raise DomainError(_("Choose adjusted, rotated out or expired."), field="status")
    conferral = lock_conferral(conferral.pk)
    if actor is not None:
        require_ending(actor, "release_decision", conferral)
    people = [pk for pk in conferral.holders.filter(until_on__isnull=True).values_list("member", flat=True) if pk]
    conferral = end_now(conferral, actor=actor, status=status, reason=reason, document=document, on=on)
    if bans_at_end(conferral, status):
        ban_people(conferral, actor=actor, reason=reason, document=document, members=people, on=conferral.ended_on)
    return conferral


def may_end(user: User, conferral: Conferral) -> bool:
    """Whether this user may end the title quietly: for the body that named it, and not his own."""
    body = conferral.decision.org_unit
    return may_on_unit(user, "release_decision", body) and not holds(user, conferral, acting=body)


def mark_rectifying(conferral: Conferral) -> None:
    """The post must mend something by a day. Part of a larger act whose right the caller has asked for."""
    _switch(conferral, ConferralStatus.ACTIVE, ConferralStatus.RECTIFYING)


def mark_active(conferral: Conferral) -> None:
    """What had to be mended is settled. Part of a larger act whose right the caller has asked for."""
    _switch(conferral, ConferralStatus.RECTIFYING, ConferralStatus.ACTIVE)


def end_now(
    conferral: Conferral,
    *,
    actor: User | None,
    status: str,
    reason: str,
    document: str = "",
    on: date | None = None,
    recall_due_on: date | None = None,
) -> Conferral:
    """End a live title in whatever way: people, plaques, nomination, messages, and what other apps registered.

    Part of a larger act whose right the caller has asked for; needs the post's lock.
    """
    if not conferral.is_live:
        raise OutOfOrderError(
            _("The title ended on %(date)s already (%(status)s).")
            % {"date": conferral.ended_on.isoformat(), "status": conferral.get_status_display()}
        )
    if not reason.strip():
        raise DomainError(_("Say why the title ends."), field="reason")
    conferral.status, conferral.ended_on = status, on or timezone.localdate()
    conferral.end_reason, conferral.end_document = reason.strip()[:300], document.strip()
    conferral.suspended_at = None
    conferral.save()
    people = list(people_of(conferral))
    conferral.holders.filter(until_on__isnull=True).update(until_on=conferral.ended_on)
    called = call_back_all(conferral, reason=reason, actor=actor, due_on=recall_due_on)
    stop(conferral.nomination, actor=actor, reason=reason)
    record("conferral_ended", conferral, actor=actor, status=status, plaques=[plaque.pk for plaque in called])
    tell(
        people,
        key=f"conferral-ended-{conferral.pk}-{timezone.now():%Y%m%d%H%M%S%f}",
        title=_end_title(conferral),
        body=_end_body(conferral, called),
        url=page_of(conferral),
        urgent=status == ConferralStatus.REVOKED,
    )
    for call in on_ended:
        call(conferral)
    return conferral


def _end_title(conferral: Conferral) -> str:
    return _("Title %(status)s: %(post)s") % {"status": conferral.get_status_display(), "post": conferral.name}


def _end_body(conferral: Conferral, called: list) -> str:
    if not called:
        return conferral.end_reason
    return _("%(reason)s Plaque %(numbers)s is to be returned by %(date)s.") % {
        "reason": conferral.end_reason,
        "numbers": "、".join(plaque.number for plaque in called),
        "date": called[0].recall_due_on.isoformat(),
    }


def page_of(conferral: Conferral) -> str:
    """The address of the post's own page."""
    return reverse("posts:conferral_detail", args=[conferral.pk])


def people_of(conferral: Conferral) -> Iterable[User]:
    """Whom an event concerns: the holders, the branch's own clerks, the office that keeps the plaques."""
    holders = User.objects.filter(member__held__conferral=conferral, member__held__until_on__isnull=True)
    office = holders_of("issue_plaque", conferral.campaign.owner)
    branch = nearest_holders_of("nominate", conferral.org_unit)
    return User.objects.filter(pk__in={*_ids(holders), *_ids(office), *_ids(branch)}, is_active=True)


def _ids(users: Iterable[User]) -> list[int]:
    return [user.pk for user in users]


def _switch(conferral: Conferral, before: str, after: str) -> None:
    if conferral.status != before:
        raise OutOfOrderError(_("The post is in the state “%(status)s”.") % {"status": conferral.get_status_display()})
    conferral.status = after
    conferral.save(update_fields=["status"])


def require_ending(actor: User, permission: str, conferral: Conferral) -> None:
    body = None if permission == "decide_veto" else conferral.decision.org_unit
    unit = body or conferral.org_unit
    if not may_on_unit(actor, permission, unit):
        raise NotAllowedError(_("Your role does not allow this in %(unit)s.") % {"unit": unit})
    if holds(actor, conferral, acting=body):
        raise NotAllowedError(own_case())


def _copy_post(conferral: Conferral, nomination: Nomination) -> None:
    """The post as it reads on the day of the decision."""
    conferral.org_unit = nomination.org_unit
    conferral.honour = nomination.post_kind.plaque.get("honour") or nomination.campaign.honour
    for field in ("name", "category", "area", "duties", "commitment", "place"):
        setattr(conferral, field, getattr(nomination, field))
    conferral.contact_phone = nomination.contact_phone or nomination.campaign.owner.phone


def _gets_plaque(nomination: Nomination, after: int) -> bool:
    runs = nomination.runs.filter(kind="plaque", position__gt=after)
    return any(logic_of(run).params.plaque_kind == PlaqueKind.NAMED for run in runs)

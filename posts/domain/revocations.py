"""A title withdrawn 撤销称号: at once, with everything that follows, and with the decision kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import Member, User
from campaigns.permissions import require_on_unit
from posts.domain.bans import ban_people, bans_at_end
from posts.domain.conferrals import end_now, require_ending
from posts.domain.locks import lock_conferral
from posts.models import Conferral, ConferralStatus, Decision, DecisionStatus, PlaqueStatus, Revocation
from posts.models.conferral import LIVE_CONFERRALS


@transaction.atomic
def revoke_title(
    conferral: Conferral,
    *,
    actor: User,
    reason: str,
    document: str = "",
    ground_text: str = "",
    ban: bool | None = None,
    members: Iterable[Member] | None = None,
    recall_due_on: date | None = None,
) -> Conferral:
    """Withdraw the title at once 撤销称号 (domain F15): status, end, recall of every plaque out, bans, messages.

    ``ban=None`` follows the campaign's rules (on by default, F25); ``members`` limits the ban to these people.
    Everything happens in one transaction or not at all. Raises NotAllowedError for who may not decide on a veto,
    OutOfOrderError when the title has ended already.
    """
    conferral = lock_conferral(conferral.pk)
    require_ending(actor, "decide_veto", conferral)
    return _revoke(
        conferral,
        actor=actor,
        reason="：".join(part.strip() for part in (ground_text, reason) if part.strip()),
        document=document,
        ban=bans_by_default(conferral) if ban is None else ban,
        members=members,
        recall_due_on=recall_due_on,
    )


@dataclass(frozen=True)
class ItemToReturn:
    """What a post hands in after an annulment (domain 3.1)."""

    conferral: Conferral
    plaques: list[str]
    documents: list[str]


@transaction.atomic
def annul_decision(decision: Decision, *, actor: User, reason: str, document: str) -> list[ItemToReturn]:
    """Withdraw everything a released decision conferred, by order of a superior body, without bans.

    Recorded by the office of the deciding body. Returns what each post has to hand in.
    """
    decision = Decision.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=decision.pk)
    require_on_unit(actor, "release_decision", decision.org_unit)
    if decision.status != DecisionStatus.RELEASED or decision.annulled_on is not None:
        raise OutOfOrderError(_("Only a released decision can be annulled, and only once."))
    if not reason.strip() or not document.strip():
        raise DomainError(_("An annulment needs its reason and the document that orders it."), field="reason")
    decision.annulled_on, decision.annul_reason = timezone.localdate(), reason.strip()[:300]
    decision.annul_document = document.strip()
    decision.save(update_fields=["annulled_on", "annul_reason", "annul_document"])
    record("decision_annulled", decision, actor=actor)
    found = []
    for pk in (
        decision.conferrals.filter(status__in=LIVE_CONFERRALS).order_by("nomination_id").values_list("pk", flat=True)
    ):
        conferral = lock_conferral(pk)
        numbers = list(conferral.plaques.out().values_list("number", flat=True))
        _revoke(conferral, actor=actor, reason=reason, document=document, ban=False, members=None, recall_due_on=None)
        documents = [_("certificate"), _("approval form"), _("naming decision %(number)s") % {"number": decision}]
        found.append(ItemToReturn(conferral, numbers, documents))
    return found


def bans_by_default(conferral: Conferral) -> bool:
    """Whether a revocation bars the holders for the year: a rule of the campaign, on unless it says no (F25)."""
    return bans_at_end(conferral, ConferralStatus.REVOKED)


def _revoke(
    conferral: Conferral,
    *,
    actor: User,
    reason: str,
    document: str,
    ban: bool,
    members: Iterable[Member] | None,
    recall_due_on: date | None,
) -> Conferral:
    status, holders = conferral.status, list(conferral.holders.filter(until_on__isnull=True))
    plaques = list(conferral.plaques.filter(status__in=(PlaqueStatus.DISPLAYED, PlaqueStatus.TO_PRINT)))
    conferral = end_now(
        conferral,
        actor=actor,
        status=ConferralStatus.REVOKED,
        reason=reason,
        document=document,
        recall_due_on=recall_due_on,
    )
    kept = Revocation.objects.create(
        conferral=conferral,
        revoked_on=conferral.ended_on,
        reason=conferral.end_reason,
        document=conferral.end_document,
        decided_by=actor,
        status_before=status,
    )
    kept.holders.set(holders)
    kept.plaques.set(plaques)
    if ban:
        chosen = {holder.member_id for holder in holders if holder.member_id}
        if members is not None:
            chosen &= {member.pk for member in members}
        day = conferral.ended_on
        ban_people(conferral, actor=actor, reason=reason, document=document, members=chosen, on=day)
    return conferral

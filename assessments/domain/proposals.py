"""Proposals to end a title, from a review, a failed rectification or a true report; the naming body decides."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.standing import end_rectifying
from assessments.models import Incident, Proposal, ProposalStatus, ProposedEnd, Rectification, Review
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import fail_effects
from campaigns.models import Campaign, OrgUnit, User
from campaigns.permissions import holders_of, may_on_unit
from posts.domain.conferrals import end_conferral
from posts.domain.locks import lock_conferral
from posts.domain.revocations import revoke_title
from posts.domain.rights import own_case
from posts.domain.stake import is_holder, without_holders
from posts.models import Conferral, ConferralStatus

END_STATUS = {
    ProposedEnd.ADJUST: ConferralStatus.ADJUSTED,
    ProposedEnd.ROTATE_OUT: ConferralStatus.ROTATED_OUT,
}


def ends_by_failure(campaign: Campaign) -> list[str]:
    """The ends that the scheme knows for a post that is not up to standard; an adjustment where it names none."""
    named = fail_effects(campaign)
    return [end for end in ProposedEnd.values if end in named] or [ProposedEnd.ADJUST.value]


def deciding_unit_of(conferral: Conferral) -> OrgUnit:
    """The body whose decision named the post, as the scheme's last decide stage said."""
    return conferral.decision.org_unit


@transaction.atomic
def propose_end(
    conferral: Conferral,
    *,
    end: str,
    reasons: str,
    actor: User | None,
    review: Review | None = None,
    rectification: Rectification | None = None,
    incident: Incident | None = None,
) -> Proposal:
    """Put the end of a title before the deciding body; ``actor=None`` is the clock.

    One proposal at a time; raises DomainError for a second.
    """
    if end not in ProposedEnd.values:
        raise DomainError(_("Choose what is proposed: adjust or revoke."), field="proposed_end")
    if conferral.proposals.filter(status=ProposalStatus.OPEN).exists():
        raise DomainError(_("A proposal to end this title is waiting for its decision already."), field="outcome")
    unit = deciding_unit_of(conferral)
    proposal = Proposal.objects.create(
        conferral=conferral,
        end=end,
        review=review,
        rectification=rectification,
        incident=incident,
        deciding_unit=unit,
        reasons=reasons,
        proposed_by=actor,
    )
    record("end_proposed", proposal, actor=actor, conferral=conferral.pk, end=end)
    right = "decide_veto" if end == ProposedEnd.REVOKE else "release_decision"
    tell(
        without_holders(holders_of(right, unit), conferral).exclude(pk=actor.pk if actor else None),
        key=f"proposal:{proposal.pk}",
        title=_("Proposed for “%(post)s”: %(end)s") % {"post": conferral, "end": proposal.get_end_display()},
        url=reverse("assessments:proposal_detail", args=[proposal.pk]),
    )
    return proposal


def why_not_decide(user: User, proposal: Proposal) -> str:
    """Why the user may not decide on the proposal; empty when he may."""
    if not _has_right(user, proposal):
        return _("%(unit)s decides on this; your role does not allow it.") % {"unit": proposal.deciding_unit}
    if is_holder(user, proposal.conferral):
        return own_case()
    if proposal.proposed_by_id == user.pk:
        return _("You have proposed this yourself; somebody else has to decide.")
    return ""


@transaction.atomic
def decide_proposal(
    proposal: Proposal, *, actor: User, accept: bool, decision_text: str, document_number: str = ""
) -> Proposal:
    """Agree to the end of the title, or not. Agreed: the title ends in this transaction, with all that follows.

    Raises NotAllowedError, OutOfOrderError when it was decided already, DomainError without a text.
    """
    proposal = _lock(proposal)
    if proposal.status != ProposalStatus.OPEN:
        raise OutOfOrderError(_("This proposal has been decided already. Reload the page to see how."))
    if reason := why_not_decide(actor, proposal):
        raise NotAllowedError(reason)
    if not decision_text.strip():
        raise DomainError(_("Write the decision and its reason."), field="decision_text")
    proposal.status = ProposalStatus.ACCEPTED if accept else ProposalStatus.REFUSED
    proposal.decided_by, proposal.decided_at = actor, timezone.now()
    proposal.decision_text, proposal.document_number = decision_text.strip(), document_number.strip()
    proposal.save()
    record("proposal_decided", proposal, actor=actor, conferral=proposal.conferral_id, accepted=accept)
    if accept:
        _end(proposal, actor)
    else:
        end_rectifying(proposal.conferral, actor=actor)
    return proposal


def _has_right(user: User, proposal: Proposal) -> bool:
    """Who decides for the naming body and releases its decisions; a revocation needs the right to decide on a veto."""
    if proposal.end == ProposedEnd.REVOKE:
        return may_on_unit(user, "decide_veto", proposal.conferral.org_unit)
    return all(may_on_unit(user, right, proposal.deciding_unit) for right in ("decide", "release_decision"))


def _lock(proposal: Proposal) -> Proposal:
    conferral = lock_conferral(proposal.conferral_id)
    fresh = Proposal.objects.select_for_update(of=("self",)).select_related("deciding_unit").get(pk=proposal.pk)
    fresh.conferral = conferral
    return fresh


def _end(proposal: Proposal, actor: User) -> None:
    conferral, reason, document = proposal.conferral, proposal.decision_text, proposal.document_number
    if proposal.end == ProposedEnd.REVOKE:
        revoke_title(conferral, actor=actor, reason=reason, document=document)
    else:
        status = END_STATUS[ProposedEnd(proposal.end)]
        end_conferral(conferral, status=status, actor=actor, reason=reason, document=document)

"""One-vote veto 一票否决: on a verified finding the title ends at once, with everything that follows."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.incident_clock import cancel_clock
from assessments.domain.incident_rights import require_decide
from assessments.domain.incidents import finish, lock_incident, require_status
from assessments.domain.on_call import open_on_call
from assessments.domain.periods import NONE
from assessments.domain.proposals import ends_by_failure, propose_end
from assessments.domain.rectifications import open_rectification
from assessments.domain.review_clock import rules_for
from assessments.models import (
    Incident,
    IncidentFinding,
    IncidentMeasure,
    IncidentStatus,
    ProposedEnd,
    ReviewStatus,
)
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import ReviewRule, User
from posts.domain.revocations import bans_by_default, revoke_title
from posts.models import Conferral
from posts.models.conferral import OUT_PLAQUES


@dataclass(frozen=True)
class VetoPreview:
    """Exactly what a veto will do; shown before it is confirmed."""

    ground: str
    revoked_on: date
    plaques: list[str]
    barred: list[str]
    ban_year: int
    open_reviews: int
    running_rectifications: int
    ends_now: bool


def why_no_veto(incident: Incident) -> str:
    """Why the finding does not carry a veto; empty when it does (F14).

    A ground of the scheme must be named. Where the scheme demands 查证属实, a partly true report is not enough.
    """
    if not incident.conferral.campaign.veto_grounds.exists():
        return _("The scheme knows no one-vote veto; the deciding body handles what is true by an ordinary decision.")
    if incident.ground is None:
        return _("The finding names no veto ground of the scheme.")
    if incident.finding == IncidentFinding.PARTLY_VERIFIED and incident.ground.requires_verification:
        return _("The scheme demands that this ground be verified true; partly true is not enough.")
    if not incident.conferral.is_live:
        return _("The title has ended already.")
    return ""


def preview_veto(incident: Incident) -> VetoPreview:
    """What confirming the veto will change, read from the same rows."""
    conferral, today = incident.conferral, timezone.localdate()
    plaques = conferral.plaques.filter(status__in=OUT_PLAQUES)
    return VetoPreview(
        ground=incident.ground.text if incident.ground else "",
        revoked_on=today,
        plaques=list(plaques.values_list("number", flat=True)),
        barred=_barred(conferral),
        ban_year=today.year,
        open_reviews=conferral.reviews.filter(status=ReviewStatus.OPEN).count(),
        running_rectifications=conferral.rectifications.running().count(),
        ends_now=conferral.is_live,
    )


def _barred(conferral: Conferral) -> list[str]:
    if not bans_by_default(conferral):
        return []
    return list(conferral.holders.filter(until_on__isnull=True).values_list("name", flat=True))


@transaction.atomic
def decide_veto(incident: Incident, *, actor: User, decision_text: str, document_number: str = "") -> Incident:
    """Revoke the title for a verified ground: all in one transaction, or nothing.

    Title, plaque recall, public page, ban for the year, messages and journal come from ``revoke_title``; open reviews,
    rectifications and other reports' suspensions end through the register of ended titles.
    Raises NotAllowedError, OutOfOrderError when it is not waiting for a decision, DomainError for a missing text or
    a finding that does not carry a veto.
    """
    incident = lock_incident(incident)
    require_decide(actor, incident)
    require_status(incident, IncidentStatus.VERIFIED)
    if reason := why_no_veto(incident):
        raise OutOfOrderError(reason) if not incident.conferral.is_live else DomainError(reason)
    if not decision_text.strip():
        raise DomainError(_("Write the decision and its reason."), field="decision_text")
    incident.status, incident.decided_by, incident.decided_at = IncidentStatus.REVOKED, actor, timezone.now()
    incident.decision_text, incident.document_number = decision_text.strip(), document_number.strip()[:40]
    incident.save()
    cancel_clock(incident)
    conferral = revoke_title(
        incident.conferral,
        actor=actor,
        reason=incident.decision_text,
        document=incident.document_number,
        ground_text=incident.ground.text,
    )
    incident.revocation = conferral.revocations.standing().get()
    incident.save(update_fields=["revocation"])
    incident.statements.waiting().update(withdrawn_at=timezone.now())
    record("veto_decided", incident, actor=actor, conferral=incident.conferral_id, ground=incident.ground_id)
    return incident


def measures_for(incident: Incident) -> list[str]:
    """What the deciding body may do without a veto; ends only as the scheme names them for a post that fails."""
    found: list[str] = [IncidentMeasure.NONE, IncidentMeasure.TALK]
    if incident.conferral.is_live:
        found.append(IncidentMeasure.RECTIFY)
        if _on_call_rule(incident):
            found.append(IncidentMeasure.REVIEW)
        found += ends_by_failure(incident.conferral.campaign)
    return found


def _on_call_rule(incident: Incident) -> ReviewRule | None:
    return next((rule for rule in rules_for(incident.conferral) if rule.cadence == NONE), None)


def _call_review(incident: Incident, actor: User) -> None:
    rule = _on_call_rule(incident)
    assert rule is not None  # noqa: S101  measures_for offered it
    open_on_call(rule, actor=actor, conferrals=[incident.conferral], reason=_("A report was verified."))


@transaction.atomic
def close_without_veto(
    incident: Incident,
    *,
    actor: User,
    measure: str,
    reason: str,
    requirement: str = "",
    responsible: str = "",
    rectify_by: date | None = None,
) -> Incident:
    """The deciding body settles a proven report without a veto, with one of ``measures_for``. Needs a reason.

    A revocation is only proposed here: somebody else of the body decides on it, as on every proposal.
    """
    incident = lock_incident(incident)
    require_decide(actor, incident)
    require_status(incident, IncidentStatus.VERIFIED)
    if measure not in measures_for(incident):
        raise DomainError(_("Choose what is done instead."), field="measure")
    if not reason.strip():
        raise DomainError(_("Say why there is no veto: the reason stays in the record."), field="reason")
    if measure == IncidentMeasure.REVIEW:
        _call_review(incident, actor)
    elif measure in ProposedEnd.values:
        propose_end(
            incident.conferral, end=measure, reasons=incident.finding_text[:2000], actor=actor, incident=incident
        )
    elif measure == IncidentMeasure.RECTIFY:
        # The finding goes to the post; the report's own words never do (retaliation guard).
        open_rectification(
            incident.conferral,
            actor=actor,
            finding=incident.finding_text[:2000],
            requirement=requirement,
            responsible=responsible,
            due_on=rectify_by,
            incident=incident,
            checking_unit=incident.conferral.campaign.owner,
        )
    finish(incident, actor=actor, text=reason, measure=measure)
    record("incident_closed", incident, actor=actor, conferral=incident.conferral_id, measure=measure)
    return incident

"""Verification of a report 核查: taken up, the person heard, the finding; nobody closes one alone."""

from collections.abc import Sequence

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.case_files import keep_case_files
from assessments.domain.incident_clock import (
    cancel_clock,
    schedule_next,
    schedule_reminders,
    tell_found,
    tell_to_confirm,
    tell_verifiers,
)
from assessments.domain.incident_rights import require_verify, why_not_confirm
from assessments.domain.incidents import (
    PROVEN,
    finish,
    lock_incident,
    require_status,
)
from assessments.domain.statements import answered_statements
from assessments.models import (
    FilePurpose,
    Incident,
    IncidentFinding,
    IncidentMeasure,
    IncidentReporter,
    IncidentStatus,
)
from campaigns.domain.calendar import add_working_days
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.rules import verify_days
from campaigns.models import User, VetoGround
from posts.domain import display

DECIDE_DAYS = 1  # F15: one working day after the finding


@transaction.atomic
def take_up(incident: Incident, *, actor: User) -> Incident:
    """Accept the report for verification; who takes it up is its verifier from now on."""
    incident = lock_incident(incident)
    require_verify(actor, incident)
    require_status(incident, IncidentStatus.REPORTED)
    incident.status, incident.verifier = IncidentStatus.VERIFYING, actor
    incident.save(update_fields=["status", "verifier"])
    record("incident_taken_up", incident, actor=actor, conferral=incident.conferral_id)
    return incident


@transaction.atomic
def record_finding(
    incident: Incident,
    *,
    actor: User,
    finding: str,
    finding_text: str,
    ground: VetoGround | None = None,
    evidence_reference: str = "",
    statement: str = "",
    statement_note: str = "",
    uploads: Sequence[UploadedFile] = (),
) -> Incident:
    """Write down what the verification found; a proven one goes on to the deciding body.

    Any other is not closed by the verifier alone: a second person confirms it. A finding on a ground needs the
    evidence the scheme names for it. The person concerned is heard first: his statement, or why there is none. The
    facts found reach the post, so they never name who reported. Raises DomainError at the field that is wrong.
    """
    incident = lock_incident(incident)
    require_verify(actor, incident)
    require_status(incident, IncidentStatus.VERIFYING)
    proven = finding in PROVEN
    statement = statement.strip() or answered_statements(incident)
    _check_finding(incident, finding, finding_text, statement, statement_note)
    ground = ground if proven else None
    _check_ground(incident, ground, evidence_reference)
    incident.finding, incident.finding_text, incident.ground = finding, finding_text.strip(), ground
    incident.evidence_reference = evidence_reference.strip()[:200]
    incident.statement, incident.statement_note = statement.strip()[:2000], statement_note.strip()[:200]
    incident.verifier, incident.verified_at = actor, timezone.now()
    incident.status = IncidentStatus.VERIFIED if proven else IncidentStatus.TO_CONFIRM
    if proven:
        incident.decide_due_on = add_working_days(timezone.localdate(), DECIDE_DAYS)
    incident.save()
    keep_case_files(incident, uploads, purpose=FilePurpose.FINDING, actor=actor)
    schedule_next(incident)
    record("incident_found", incident, actor=actor, conferral=incident.conferral_id, finding=finding)
    if proven:
        tell_found(incident)
    else:
        tell_to_confirm(incident)
    return incident


@transaction.atomic
def dismiss_incident(incident: Incident, *, actor: User, reason: str) -> Incident:
    """Propose to close a report that gives no clue to follow. Needs a reason; a second person confirms."""
    incident = lock_incident(incident)
    require_verify(actor, incident)
    if incident.status not in (IncidentStatus.REPORTED, IncidentStatus.VERIFYING):
        require_status(incident, IncidentStatus.REPORTED)
    if not reason.strip():
        raise DomainError(_("Say why the report is not verified: the reason stays in the record."), field="reason")
    incident.verifier, incident.decision_text = actor, reason.strip()[:1000]
    incident.status = IncidentStatus.TO_CONFIRM
    incident.save()
    schedule_next(incident)
    record("incident_dismissed", incident, actor=actor, conferral=incident.conferral_id)
    tell_to_confirm(incident)
    return incident


@transaction.atomic
def confirm_closing(incident: Incident, *, actor: User) -> Incident:
    """The second look: close a report that was found not true, or without a clue. By another person.

    Raises NotAllowedError, OutOfOrderError when it does not wait for this.
    """
    incident = lock_incident(incident)
    _require_confirm(actor, incident)
    incident.decided_by = actor
    text = incident.decision_text or incident.finding_text
    finish(incident, actor=actor, text=text, measure=IncidentMeasure.NONE)
    record("incident_closing_confirmed", incident, actor=actor, conferral=incident.conferral_id)
    return incident


@transaction.atomic
def send_back(incident: Incident, *, actor: User, reason: str) -> Incident:
    """The second look found it too light: it is verified further, with a new deadline. Needs a reason."""
    incident = lock_incident(incident)
    _require_confirm(actor, incident)
    if not reason.strip():
        raise DomainError(_("Say what has still to be verified."), field="reason")
    incident.second_look = "\n".join(part for part in (incident.second_look, reason.strip()) if part)[:2000]
    incident.status, incident.finding, incident.decision_text = IncidentStatus.VERIFYING, "", ""
    incident.verified_at = None
    incident.verify_due_on = add_working_days(timezone.localdate(), verify_days(incident.conferral.campaign))
    incident.save()
    cancel_clock(incident)
    schedule_reminders(incident)
    record("incident_sent_back", incident, actor=actor, conferral=incident.conferral_id)
    tell_verifiers(incident, f"back:{timezone.now():%Y%m%d%H%M%S}", _("Verify the report about “%(post)s” further"))
    return incident


def _require_confirm(actor: User, incident: Incident) -> None:
    if reason := why_not_confirm(actor, incident):
        raise NotAllowedError(reason)
    require_status(incident, IncidentStatus.TO_CONFIRM)


@transaction.atomic
def suspend_display(incident: Incident, *, actor: User) -> Incident:
    """Take the post off display while a report about it is verified; the title stays as it is.

    Only after the person concerned was asked for his statement: before that he must not know of a report.
    """
    incident = lock_incident(incident)
    require_verify(actor, incident)
    if not incident.is_open or incident.suspended_display:
        raise OutOfOrderError(_("The display cannot be suspended now. Reload the page to see where the report stands."))
    if not incident.statements.exists():
        raise OutOfOrderError(
            _("Ask the person concerned for his statement first: a suspended display would tell him of the report.")
        )
    incident.suspended_display = True
    incident.save(update_fields=["suspended_display"])
    display.suspend_display(incident.conferral, actor=actor, reason=_("A matter is being looked into."))
    return incident


def _check_finding(incident: Incident, finding: str, text: str, statement: str, note: str) -> None:
    if finding not in IncidentFinding.values:
        raise DomainError(_("Choose what the verification found."), field="finding")
    if not text.strip():
        raise DomainError(_("Write the facts that were found."), field="finding_text")
    _check_names(incident, text)
    if finding in PROVEN and not (statement.strip() or note.strip()):
        raise DomainError(
            _("The person concerned must be heard: write his statement, or why there is none."), field="statement"
        )


def _check_names(incident: Incident, text: str) -> None:
    """Facts found go to the post: they must not tell who reported."""
    reporter = IncidentReporter.objects.filter(incident=incident).first()
    known = [reporter.name, reporter.contact] if reporter else []
    if any(word and word in text for word in known):
        raise DomainError(
            _("The facts found are read by the post: leave out the name and the address of who reported."),
            field="finding_text",
        )


def _check_ground(incident: Incident, ground: VetoGround | None, evidence: str) -> None:
    if ground is None:
        return
    if ground.campaign_id != incident.conferral.campaign_id:
        raise DomainError(_("This ground belongs to another scheme."), field="ground")
    if ground.evidence_needed and not evidence.strip():
        raise DomainError(
            _("The scheme demands for this ground: %(evidence)s. Write which document shows it.")
            % {"evidence": ground.evidence_needed},
            field="evidence_reference",
        )

"""Reports about a named post: intake, verification, finding. Nothing here ends a title (see vetoes)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.incident_rights import require_verify
from assessments.models import Incident, IncidentFinding, IncidentMeasure, IncidentSource, IncidentStatus
from assessments.models.incident import staked_conferrals
from campaigns.domain.calendar import add_working_days
from campaigns.domain.clock import cancel, on_due, schedule
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import verify_days
from campaigns.models import DueItem, User, VetoGround
from campaigns.permissions import holders_of
from posts.domain import conferrals
from posts.domain.locks import lock_conferral
from posts.models import Conferral

REMIND = "incident_remind"
REMIND_DAYS_BEFORE = (3, 1, 0, -1)
DECIDE_DAYS = 1  # F15: one working day after the finding
MAX_TEXT = 2000
MIN_TEXT = 8
MAX_PUBLIC_PER_DAY = 30
PROVEN = (IncidentFinding.VERIFIED, IncidentFinding.PARTLY_VERIFIED)


@dataclass(frozen=True)
class Reporter:
    """Who reports; everything may stay empty. Shown to the verifying role only."""

    name: str = ""
    contact: str = ""
    user: User | None = None


@transaction.atomic
def report_incident(
    conferral: Conferral,
    *,
    text: str,
    source: str = IncidentSource.PUBLIC,
    reporter: Reporter | None = None,
    public_id: str = "",
) -> Incident:
    """Take in a report about a named post. It changes nothing about the title.

    ``public_id`` makes a repeated click harmless: the report that was taken in before comes back.
    Raises DomainError for a text without substance or when the post gets a flood of reports.
    """
    reporter = reporter or Reporter()
    if public_id and (known := Incident.objects.filter(public_id=public_id, conferral=conferral).first()):
        return known
    text = text.strip()
    if not MIN_TEXT <= len(text) <= MAX_TEXT:
        raise DomainError(
            _("Say in %(min)s to %(max)s characters what happened, when and where.")
            % {"min": MIN_TEXT, "max": MAX_TEXT},
            field="text",
        )
    if source == IncidentSource.PUBLIC:
        _require_no_flood(conferral)
    incident = Incident.objects.create(
        conferral=conferral,
        source=source,
        text=text,
        reported_at=timezone.now(),
        reporter_name=reporter.name.strip()[:60],
        reporter_contact=reporter.contact.strip()[:100],
        reported_by=reporter.user,
        verify_due_on=add_working_days(timezone.localdate(), verify_days(conferral.campaign)),
        **({"public_id": public_id} if public_id else {}),
    )
    _schedule_reminders(incident)
    # No actor: the journal is read by more people than may know who reported.
    record("incident_reported", incident, conferral=conferral.pk, source=source)
    _tell_verifiers(incident, "new", _("A report about “%(post)s” waits for verification"))
    return incident


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
) -> Incident:
    """Write down what the verification found; a proven one goes on to the deciding body, any other is closed.

    A finding on a ground needs the evidence the scheme names for it. The person concerned is heard first: his
    statement, or why there is none. Raises DomainError at the field that is wrong.
    """
    incident = lock_incident(incident)
    require_verify(actor, incident)
    require_status(incident, IncidentStatus.VERIFYING)
    proven = finding in PROVEN
    _check_finding(incident, finding, finding_text, statement, statement_note)
    ground = ground if proven else None
    _check_ground(incident, ground, evidence_reference)
    incident.finding, incident.finding_text, incident.ground = finding, finding_text.strip(), ground
    incident.evidence_reference = evidence_reference.strip()[:200]
    incident.statement, incident.statement_note = statement.strip(), statement_note.strip()[:200]
    incident.verifier, incident.verified_at = actor, timezone.now()
    incident.status = IncidentStatus.VERIFIED if proven else IncidentStatus.CLOSED
    if proven:
        incident.decide_due_on = add_working_days(timezone.localdate(), DECIDE_DAYS)
    incident.save()
    cancel(REMIND, incident.pk)
    record("incident_found", incident, actor=actor, conferral=incident.conferral_id, finding=finding)
    if proven:
        _tell_deciders(incident)
    else:
        finish(incident, actor=actor, text=finding_text, measure=IncidentMeasure.NONE)
    return incident


@transaction.atomic
def dismiss_incident(incident: Incident, *, actor: User, reason: str) -> Incident:
    """Register a report without taking it up further: no clue to follow. Needs a reason."""
    incident = lock_incident(incident)
    require_verify(actor, incident)
    if incident.status not in (IncidentStatus.REPORTED, IncidentStatus.VERIFYING):
        require_status(incident, IncidentStatus.REPORTED)
    if not reason.strip():
        raise DomainError(_("Say why the report is not verified: the reason stays in the record."), field="reason")
    incident.verifier = actor
    finish(incident, actor=actor, text=reason, measure=IncidentMeasure.NONE)
    record("incident_dismissed", incident, actor=actor, conferral=incident.conferral_id)
    return incident


@transaction.atomic
def suspend_display(incident: Incident, *, actor: User) -> Incident:
    """Take the post off display while a report about it is verified; the title stays as it is."""
    incident = lock_incident(incident)
    require_verify(actor, incident)
    if not incident.is_open or incident.suspended_display:
        raise OutOfOrderError(_("The display cannot be suspended now. Reload the page to see where the report stands."))
    incident.suspended_display = True
    incident.save(update_fields=["suspended_display"])
    conferrals.suspend_display(incident.conferral, actor=actor, reason=_("A report is being verified."))
    return incident


def finish(incident: Incident, *, actor: User, text: str, measure: str) -> None:
    """Close without a veto: status, reason, display, reminders. The caller has locked and checked."""
    incident.status, incident.measure = IncidentStatus.CLOSED, measure
    incident.decision_text, incident.decided_at = text.strip()[:1000], timezone.now()
    if incident.decided_by_id is None and incident.verifier_id != actor.pk:
        incident.decided_by = actor
    incident.save()
    cancel(REMIND, incident.pk)
    others = incident.conferral.incidents.open().filter(suspended_display=True).exclude(pk=incident.pk)
    if incident.suspended_display and not others.exists():
        conferrals.resume_display(incident.conferral, actor=actor)


def lock_incident(incident: Incident) -> Incident:
    """The report with its post's row locked, so that two people act one after the other."""
    conferral = lock_conferral(incident.conferral_id)
    fresh = Incident.objects.select_for_update(of=("self",)).select_related("ground").get(pk=incident.pk)
    fresh.conferral = conferral
    return fresh


def require_status(incident: Incident, status: str) -> None:
    """Raise OutOfOrderError unless the report stands there."""
    if incident.status != status:
        raise OutOfOrderError(
            _("The report is “%(status)s” now. Reload the page to see where it stands.")
            % {"status": incident.get_status_display()}
        )


@on_due(REMIND, gettext_lazy("reminder of a verification"))
def remind_verifiers(item: DueItem) -> None:
    """Tell the verifying role that a report's deadline is near or has passed."""
    incident = Incident.objects.select_related("conferral__org_unit").get(pk=item.subject_id)
    if incident.status not in (IncidentStatus.REPORTED, IncidentStatus.VERIFYING):
        return
    left = (incident.verify_due_on - timezone.localdate()).days
    if any(left <= later < int(item.period.split(":")[1]) for later in REMIND_DAYS_BEFORE):
        return
    title = _("A report about “%(post)s” must be verified by %(day)s")
    if left < 0:
        title = _("The verification of a report about “%(post)s” is overdue since %(day)s")
    _tell_verifiers(incident, item.period, title)


def _require_no_flood(conferral: Conferral) -> None:
    since = timezone.now() - timedelta(days=1)
    if conferral.incidents.filter(reported_at__gte=since, source=IncidentSource.PUBLIC).count() >= MAX_PUBLIC_PER_DAY:
        raise DomainError(_("Too many reports about this post came in today. Please telephone the supervision office."))


def _check_finding(incident: Incident, finding: str, text: str, statement: str, note: str) -> None:
    if finding not in IncidentFinding.values:
        raise DomainError(_("Choose what the verification found."), field="finding")
    if not text.strip():
        raise DomainError(_("Write the facts that were found."), field="finding_text")
    if finding in PROVEN and not (statement.strip() or note.strip()):
        raise DomainError(
            _("The person concerned must be heard: write his statement, or why there is none."), field="statement"
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


def _schedule_reminders(incident: Incident) -> None:
    for offset in REMIND_DAYS_BEFORE:
        day: date = incident.verify_due_on - timedelta(days=offset)
        if day > timezone.localdate():
            morning = timezone.make_aware(datetime.combine(day, time(8)))
            schedule(REMIND, incident.pk, due_at=morning, period=f"{incident.verify_due_on}:{offset}")


def _without_stake(users: Iterable[User], incident: Incident) -> list[User]:
    return [
        user
        for user in users
        if user.pk != incident.reported_by_id and not staked_conferrals(user).filter(pk=incident.conferral_id).exists()
    ]


def _tell_verifiers(incident: Incident, event: str, title: str) -> None:
    users = holders_of("verify_incident", incident.conferral.org_unit)
    tell(
        _without_stake(users, incident),
        key=f"incident:{incident.pk}:{event}",
        title=title % {"post": incident.conferral, "day": incident.verify_due_on},
        url=reverse("assessments:incident_detail", args=[incident.pk]),
    )


def _tell_deciders(incident: Incident) -> None:
    users = holders_of("decide_veto", incident.conferral.org_unit).exclude(pk=incident.verifier_id)
    tell(
        _without_stake(users, incident),
        key=f"incident:{incident.pk}:found",
        title=_("A verified report about “%(post)s” waits for your decision") % {"post": incident.conferral},
        url=reverse("assessments:incident_detail", args=[incident.pk]),
    )

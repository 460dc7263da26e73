"""Reports about a named post: intake and closing. What is due of one is in ``incident_clock``, what is found in
``verification``, what ends a title in ``vetoes``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.incident_clock import cancel_clock, schedule_reminders, tell_new
from assessments.domain.report_photos import keep_report_photos
from assessments.models import (
    Incident,
    IncidentFinding,
    IncidentReporter,
    IncidentSource,
    IncidentStatus,
)
from campaigns.domain.calendar import add_working_days
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.rules import verify_days
from campaigns.models import User
from posts.domain import display
from posts.domain.locks import lock_conferral
from posts.models import Conferral

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
    photos: Sequence[UploadedFile] = (),
) -> Incident:
    """Take in a report about a named post. It changes nothing about the title.

    ``public_id`` makes a repeated click harmless: the report that was taken in before comes back.
    Raises DomainError for a text without substance, for photographs that cannot be taken, or when the post gets a
    flood of reports.
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
        verify_due_on=add_working_days(timezone.localdate(), verify_days(conferral.campaign)),
        **({"public_id": public_id} if public_id else {}),
    )
    IncidentReporter.objects.create(
        incident=incident,
        name=reporter.name.strip()[:60],
        contact=reporter.contact.strip()[:100],
        user=reporter.user,
    )
    kept = keep_report_photos(incident, photos)
    schedule_reminders(incident)
    # No actor: the journal is read by more people than may know who reported.
    record("incident_reported", incident, conferral=conferral.pk, source=source, photos=len(kept))
    tell_new(incident)
    return incident


def finish(incident: Incident, *, actor: User, text: str, measure: str) -> None:
    """Close without a veto: status, reason, display, reminders. The caller has locked and checked."""
    incident.status, incident.measure = IncidentStatus.CLOSED, measure
    incident.decision_text, incident.decided_at = text.strip()[:1000], timezone.now()
    if incident.decided_by_id is None and incident.verifier_id != actor.pk:
        incident.decided_by = actor
    incident.save()
    cancel_clock(incident)
    incident.statements.waiting().update(withdrawn_at=timezone.now())
    others = incident.conferral.incidents.open().filter(suspended_display=True).exclude(pk=incident.pk)
    if incident.suspended_display and not others.exists():
        display.resume_display(incident.conferral, actor=actor)


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


def _require_no_flood(conferral: Conferral) -> None:
    since = timezone.now() - timedelta(days=1)
    if conferral.incidents.filter(reported_at__gte=since, source=IncidentSource.PUBLIC).count() >= MAX_PUBLIC_PER_DAY:
        raise DomainError(_("Too many reports about this post came in today. Please telephone the supervision office."))

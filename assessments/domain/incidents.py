"""Reports about a named post: intake, deadline, closing. What is found is in ``verification``, what ends a title in
``vetoes``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import (
    Incident,
    IncidentFinding,
    IncidentReporter,
    IncidentSource,
    IncidentStatus,
)
from assessments.models.incident import staked_conferrals
from campaigns.domain.calendar import add_working_days
from campaigns.domain.clock import cancel, on_due, schedule
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import verify_days
from campaigns.models import DueItem, User
from campaigns.permissions import holders_of
from posts.domain import display
from posts.domain.locks import lock_conferral
from posts.models import Conferral

REMIND = "incident_remind"
REMIND_DAYS_BEFORE = (3, 1, 0, -1)
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
        verify_due_on=add_working_days(timezone.localdate(), verify_days(conferral.campaign)),
        **({"public_id": public_id} if public_id else {}),
    )
    IncidentReporter.objects.create(
        incident=incident,
        name=reporter.name.strip()[:60],
        contact=reporter.contact.strip()[:100],
        user=reporter.user,
    )
    schedule_reminders(incident)
    # No actor: the journal is read by more people than may know who reported.
    record("incident_reported", incident, conferral=conferral.pk, source=source)
    tell_verifiers(incident, "new", _("A report about “%(post)s” waits for verification"))
    return incident


def finish(incident: Incident, *, actor: User, text: str, measure: str) -> None:
    """Close without a veto: status, reason, display, reminders. The caller has locked and checked."""
    incident.status, incident.measure = IncidentStatus.CLOSED, measure
    incident.decision_text, incident.decided_at = text.strip()[:1000], timezone.now()
    if incident.decided_by_id is None and incident.verifier_id != actor.pk:
        incident.decided_by = actor
    incident.save()
    cancel(REMIND, incident.pk)
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
    tell_verifiers(incident, item.period, title)


def _require_no_flood(conferral: Conferral) -> None:
    since = timezone.now() - timedelta(days=1)
    if conferral.incidents.filter(reported_at__gte=since, source=IncidentSource.PUBLIC).count() >= MAX_PUBLIC_PER_DAY:
        raise DomainError(_("Too many reports about this post came in today. Please telephone the supervision office."))


def schedule_reminders(incident: Incident) -> None:
    """Reminders of the verification before, on and after its day."""
    for offset in REMIND_DAYS_BEFORE:
        day: date = incident.verify_due_on - timedelta(days=offset)
        if day > timezone.localdate():
            morning = timezone.make_aware(datetime.combine(day, time(8)))
            schedule(REMIND, incident.pk, due_at=morning, period=f"{incident.verify_due_on}:{offset}")


def without_stake(users: Iterable[User], incident: Incident) -> list[User]:
    """Those who may know of the report: not who reported, nobody of the post, nobody who runs its branch."""
    reporter = IncidentReporter.objects.filter(incident=incident).values_list("user", flat=True).first()
    return [
        user
        for user in users
        if user.pk != reporter and not staked_conferrals(user).filter(pk=incident.conferral_id).exists()
    ]


def tell_verifiers(incident: Incident, event: str, title: str) -> None:
    """Leave a message for the verifying role, as far as it has no stake."""
    users = holders_of("verify_incident", incident.conferral.org_unit)
    tell(
        without_stake(users, incident),
        key=f"incident:{incident.pk}:{event}",
        title=title % {"post": incident.conferral, "day": incident.verify_due_on},
        url=reverse("assessments:incident_detail", args=[incident.pk]),
    )

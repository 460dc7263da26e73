"""The clock of a report: who is reminded of the next step, and who hears of it when nobody takes it.

What a report says, and that there is one at all, is known to the verifying and the deciding role only. So an overdue
verification goes up to the deciding body; the office, which must not know, is told only that somebody has to be
appointed where nobody may verify.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import Incident, IncidentReporter, IncidentStatus
from assessments.models.incident import staked_conferrals
from campaigns.domain.clock import cancel, on_due, schedule
from campaigns.domain.messages import tell
from campaigns.models import DueItem, DueState, User
from campaigns.permissions import holders_of, nearest_holders_of

REMIND, NEXT = "incident_remind", "incident_next"
REMIND_DAYS_BEFORE = (3, 1, 0, -1, -7)  # -1, -7: overdue
NEXT_DAYS_AFTER = (1, 2, 7)  # after the finding, while nobody decides or takes the second look
UNVERIFIED = (IncidentStatus.REPORTED, IncidentStatus.VERIFYING)


def schedule_reminders(incident: Incident) -> None:
    """Reminders of the verification before, on and after its day."""
    _forget_cancelled(REMIND, incident)
    for offset in REMIND_DAYS_BEFORE:
        day: date = incident.verify_due_on - timedelta(days=offset)
        if day > timezone.localdate():
            schedule(REMIND, incident.pk, due_at=_morning(day), period=f"{incident.verify_due_on}:{offset}")


def schedule_next(incident: Incident) -> None:
    """The verification is over: from now on those are reminded who decide or look a second time."""
    cancel(REMIND, incident.pk)
    _forget_cancelled(NEXT, incident)
    today = timezone.localdate()
    for days in NEXT_DAYS_AFTER:
        schedule(NEXT, incident.pk, due_at=_morning(today + timedelta(days=days)), period=f"{today}:{days}")


def cancel_clock(incident: Incident) -> None:
    """Nothing more is due of it."""
    for kind in (REMIND, NEXT):
        cancel(kind, incident.pk)


@on_due(REMIND, gettext_lazy("reminder of a verification"))
def remind_verifiers(item: DueItem) -> None:
    """Tell the verifying role that a report's deadline is near or has passed; passed, also the deciding body."""
    incident = Incident.objects.select_related("conferral__org_unit").get(pk=item.subject_id)
    if incident.status not in UNVERIFIED:
        return
    left = (incident.verify_due_on - timezone.localdate()).days
    if any(left <= later < int(item.period.split(":")[1]) for later in REMIND_DAYS_BEFORE):
        return
    if left >= 0:
        tell_verifiers(incident, item.period, _("A report about “%(post)s” must be verified by %(day)s"))
        return
    title = _("The verification of a report about “%(post)s” is overdue since %(day)s")
    tell_verifiers(incident, item.period, title)
    _tell(deciders_of(incident), incident, f"late:{item.period}", title)
    if not verifiers_of(incident):
        _tell_office(incident)


@on_due(NEXT, gettext_lazy("reminder to decide on a report"))
def remind_next(item: DueItem) -> None:
    """A finding still waits for its decision, or a closing for its second look."""
    incident = Incident.objects.select_related("conferral__org_unit").get(pk=item.subject_id)
    if incident.status == IncidentStatus.VERIFIED:
        title = _("A verified report about “%(post)s” still waits for your decision")
        _tell(deciders_of(incident), incident, f"decide:{item.period}", title)
    elif incident.status == IncidentStatus.TO_CONFIRM:
        title = _("A report about “%(post)s” still waits for its second look")
        _tell(confirmers_of(incident), incident, f"confirm:{item.period}", title)


def verifiers_of(incident: Incident) -> list[User]:
    """Who may verify: the verifying role as far as it has no stake."""
    return without_stake(holders_of("verify_incident", incident.conferral.org_unit), incident)


def deciders_of(incident: Incident) -> list[User]:
    """Who may decide: the deciding body without a stake, and without who has verified."""
    users = without_stake(holders_of("decide_veto", incident.conferral.org_unit), incident)
    return [user for user in users if user.pk != incident.verifier_id]


def confirmers_of(incident: Incident) -> list[User]:
    """Who may take the second look."""
    users = {*verifiers_of(incident), *deciders_of(incident)}
    return [user for user in users if user.pk != incident.verifier_id]


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
    _tell(verifiers_of(incident), incident, event, title)


def tell_new(incident: Incident) -> None:
    """A report came in. Where nobody may verify it the deciding body hears of it, the office of the gap."""
    title = _("A report about “%(post)s” waits for verification")
    if verifiers_of(incident):
        tell_verifiers(incident, "new", title)
        return
    _tell(deciders_of(incident), incident, "new", title)
    _tell_office(incident)


def tell_found(incident: Incident) -> None:
    """A proven report goes to the deciding body."""
    _tell(deciders_of(incident), incident, "found", _("A verified report about “%(post)s” waits for your decision"))


def tell_to_confirm(incident: Incident) -> None:
    """A closing goes to a second person."""
    title = _("A report about “%(post)s” is to be closed: please take a second look")
    _tell(confirmers_of(incident), incident, f"confirm:{timezone.now():%Y%m%d%H%M%S}", title)


def _tell(users: Iterable[User], incident: Incident, event: str, title: str) -> None:
    tell(
        users,
        key=f"incident:{incident.pk}:{event}",
        title=title % {"post": incident.conferral, "day": incident.verify_due_on},
        url=reverse("assessments:incident_detail", args=[incident.pk]),
    )


def _tell_office(incident: Incident) -> None:
    """Without the post and without the report: who keeps the appointments need not know more."""
    tell(
        nearest_holders_of("manage_accounts", incident.conferral.campaign.owner),
        key=f"verifier-missing:{timezone.localdate()}",
        title=_("Nobody may verify a report: appoint a discipline commissioner"),
        body=_("All who hold the role have a stake in the matter, or nobody holds it."),
        url=reverse("campaigns:unit_detail", args=[incident.conferral.campaign.owner_id]),
    )


def _forget_cancelled(kind: str, incident: Incident) -> None:
    """What was called off and falls due again, because the report was sent back, waits anew."""
    DueItem.objects.filter(kind=kind, subject_id=incident.pk, state=DueState.CANCELLED).delete()


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))

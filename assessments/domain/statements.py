"""Hearing the person concerned 听取本人说明: asked in the verifier's words, answered by himself or taken down."""

from datetime import date, timedelta
from difflib import SequenceMatcher

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.incident_clock import tell_verifiers
from assessments.domain.incident_rights import require_verify
from assessments.domain.incidents import lock_incident, require_status
from assessments.models import Hearing, Incident, IncidentReporter, IncidentStatus
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from posts.models import Holder

ANSWER_DAYS = 5
MAX_COPIED = 12  # so many characters in a row of the report show its writer


@transaction.atomic
def ask_statement(
    incident: Incident,
    *,
    actor: User,
    matter: str,
    holder: Holder | None = None,
    name: str = "",
    due_on: date | None = None,
) -> Hearing:
    """Ask a person of the post about a matter. From now on he knows that something is looked into, never by whom.

    Raises NotAllowedError, OutOfOrderError unless it is being verified, DomainError when nobody is named, or when the
    matter copies the report or names who reported.
    """
    incident = lock_incident(incident)
    require_verify(actor, incident)
    require_status(incident, IncidentStatus.VERIFYING)
    if holder is not None and holder.conferral_id != incident.conferral_id:
        raise DomainError(_("This person does not belong to the post."), field="holder")
    name = holder.name if holder else name.strip()
    if not name:
        raise DomainError(_("Choose who is heard, or write the name."), field="holder")
    _check_matter(incident, matter.strip())
    statement = Hearing.objects.create(
        incident=incident,
        holder=holder,
        name=name[:60],
        matter=matter.strip(),
        due_on=due_on or timezone.localdate() + timedelta(days=ANSWER_DAYS),
        asked_by=actor,
    )
    record("statement_asked", incident, actor=actor, statement=statement.pk)
    tell(
        User.objects.filter(is_active=True, member__held=holder) if holder else [],
        key=f"statement:{statement.pk}",
        title=_("You are asked for a statement on a matter of “%(post)s”") % {"post": incident.conferral},
        body=_("Please answer by %(day)s.") % {"day": statement.due_on},
        url=reverse("assessments:statement_detail", args=[statement.pk]),
    )
    return statement


def why_not_state(user: User, statement: Hearing) -> str:
    """Why the user may not answer in person; empty when he may."""
    if statement.holder is None or statement.holder.member is None or statement.holder.member.user_id != user.pk:
        return _("Only %(name)s himself answers here.") % {"name": statement.name}
    return ""


@transaction.atomic
def give_statement(statement: Hearing, *, actor: User, text: str) -> Hearing:
    """Answer in person, once, while the matter is being looked into."""
    if reason := why_not_state(actor, statement):
        raise NotAllowedError(reason)
    return _answer(statement, actor=actor, text=text, recorded_by=None)


@transaction.atomic
def take_down_statement(statement: Hearing, *, actor: User, text: str) -> Hearing:
    """The verifier writes down what the person said or signed."""
    require_verify(actor, statement.incident)
    return _answer(statement, actor=actor, text=text, recorded_by=actor)


def answered_statements(incident: Incident) -> str:
    """What the people concerned have said, for the finding."""
    rows = incident.statements.filter(answered_at__isnull=False)
    return "\n".join(f"{row.name}：{row.text}" for row in rows)[:2000]


def _answer(statement: Hearing, *, actor: User, text: str, recorded_by: User | None) -> Hearing:
    incident = lock_incident(statement.incident)
    fresh = Hearing.objects.select_for_update(of=("self",)).get(pk=statement.pk)
    if not fresh.is_waiting or incident.status != IncidentStatus.VERIFYING:
        raise OutOfOrderError(_("This statement is no longer asked for. Reload the page to see where it stands."))
    if not text.strip():
        raise DomainError(_("Write the statement."), field="text")
    fresh.text, fresh.answered_at, fresh.recorded_by = text.strip()[:2000], timezone.now(), recorded_by
    fresh.save(update_fields=["text", "answered_at", "recorded_by"])
    record("statement_given", incident, actor=actor, statement=fresh.pk, recorded=recorded_by is not None)
    if recorded_by is None:
        tell_verifiers(incident, f"statement:{fresh.pk}", _("The statement on “%(post)s” is there"))
    return fresh


def _check_matter(incident: Incident, matter: str) -> None:
    if not matter:
        raise DomainError(_("Write in your own words what the person is heard about."), field="matter")
    reporter = IncidentReporter.objects.filter(incident=incident).first()
    named = reporter and any(word and word in matter for word in (reporter.name, reporter.contact))
    report = incident.text
    same = SequenceMatcher(None, report, matter, autojunk=False).find_longest_match(0, len(report), 0, len(matter))
    copied = report[same.a : same.a + same.size].replace(incident.conferral.name, "")
    if named or len(copied) >= MAX_COPIED:
        raise DomainError(
            _("Use your own words: the words of the report, or a name, would show who wrote it (“%(part)s”).")
            % {"part": copied[:40]},
            field="matter",
        )

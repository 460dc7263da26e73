"""Paper ballots in a meeting: handed out against the right to vote, counted by two people, added at the close.

Who takes a paper ballot gives up his vote by phone, and the other way round: both use up the same right. The papers
are counted before the electronic box is opened, so that nobody knows one result while he counts the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.ballots import oversees
from assessments.domain.paper_counts import SPOILED, uncounted
from assessments.domain.rules import takes_codes
from assessments.domain.survey_subjects import has_stake, lock_subject, require_run
from assessments.domain.surveys import close_survey, lock_open_survey
from assessments.domain.tallies import BLANK
from assessments.domain.traces import wipe_boxes
from assessments.models import PaperCount, PaperSheet, SealedBallot, Stratum, Survey, SurveyState
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import Member, User
from campaigns.permissions import may_on_unit

COUNTERS = ("run_survey", "audit_survey", "handle_objection")
MAX_HANDED_OUT = 5000


@dataclass(frozen=True)
class Issue:
    """Who got a paper ballot, and who had used his right already."""

    given: list[Member]
    refused: list[Member]


@transaction.atomic
def hand_out_to_members(survey: Survey, *, actor: User, members: Iterable[Member]) -> Issue:
    """Give paper ballots to members on the roll. Who has voted by phone, or has one already, is refused by name."""
    survey = lock_open_survey(survey)
    require_run(actor, survey, "close_survey")
    issue = Issue([], [])
    for member in members:
        right = survey.roll.unused().filter(member=member)
        (issue.given if right.update(on_paper=True) else issue.refused).append(member)
    if not issue.given and not issue.refused:
        raise DomainError(_("Choose who gets a paper ballot."), field="members")
    if issue.given:
        PaperSheet.objects.get_or_create(survey=survey, stratum=Stratum.MEMBERS)
        record("paper_handed_out", survey, actor=actor, n=len(issue.given), stratum=Stratum.MEMBERS)
    return issue


@transaction.atomic
def hand_out_to_public(survey: Survey, *, actor: User, n: int, witness: str) -> PaperSheet:
    """Note that ``n`` more paper ballots were handed out to the public before a witness."""
    survey = lock_open_survey(survey)
    require_run(actor, survey, "close_survey")
    if not takes_codes(survey.rules):
        raise DomainError(_("Only members on the roll vote in this survey."), field="n")
    if not 1 <= n <= MAX_HANDED_OUT:
        raise DomainError(_("Enter between 1 and %(most)s ballots.") % {"most": MAX_HANDED_OUT}, field="n")
    if not witness.strip() or witness.strip() == actor.name:
        raise DomainError(_("The witness must be a second person."), field="witness")
    sheet, _created = PaperSheet.objects.select_for_update().get_or_create(survey=survey, stratum=Stratum.PUBLIC)
    sheet.n_handed_out, sheet.witness = sheet.n_handed_out + n, witness.strip()
    sheet.save(update_fields=["n_handed_out", "witness"])
    record("paper_handed_out", survey, actor=actor, n=n, stratum=Stratum.PUBLIC)
    return sheet


def may_count(user: User, survey: Survey) -> bool:
    """Tellers hold an office over the unit and have no stake; two of them count."""
    if has_stake(user, survey):
        return False
    return any(may_on_unit(user, permission, survey.org_unit) for permission in COUNTERS)


@transaction.atomic
def enter_count(sheet: PaperSheet, *, actor: User, n_returned: int, lines: list[dict[str, int]]) -> PaperSheet:
    """Enter what one teller counted. When the second teller has the same, the sheet is agreed.

    If the survey's time is over it then closes. Raises NotAllowedError for a third person, OutOfOrderError for an
    agreed sheet, DomainError when a line does not add up to the ballots out of the box.
    """
    survey = sheet.survey
    lock_subject(survey)
    sheet = PaperSheet.objects.select_for_update(of=("self",)).select_related("survey__org_unit").get(pk=sheet.pk)
    _require_teller(actor, sheet)
    if sheet.is_agreed or sheet.survey.state != SurveyState.OPEN:
        raise OutOfOrderError(_("These ballots are counted already."))
    _check_count(sheet.survey, n_returned, lines)
    PaperCount.objects.update_or_create(
        sheet=sheet, counter=actor, defaults={"n_returned": n_returned, "lines": _plain(sheet.survey, lines)}
    )
    counts = list(sheet.counts.all())
    sheet.is_agreed = len(counts) == 2 and not differing(counts)
    if sheet.is_agreed:
        sheet.save(update_fields=["is_agreed"])
        record("paper_counted", sheet.survey, actor=actor, stratum=sheet.stratum)
        if sheet.survey.closes_at <= timezone.now() and not uncounted(sheet.survey):
            close_survey(sheet.survey)
    return sheet


def differing(counts: list[PaperCount]) -> list[int]:
    """The lines in which two counts differ; -1 for the number of ballots."""
    one, other = counts
    found = [-1] if one.n_returned != other.n_returned else []
    pairs = enumerate(zip(one.lines, other.lines, strict=True))
    return found + [number for number, (mine, theirs) in pairs if mine != theirs]


@transaction.atomic
def void_survey(survey: Survey, *, actor: User, reason: str) -> Survey:
    """End a survey whose paper ballots cannot be counted: void, its ballots destroyed unread; it may be repeated.

    For the level above, once the time is over.
    """
    lock_subject(survey)
    survey = Survey.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=survey.pk)
    if not oversees(actor, survey) or has_stake(actor, survey):
        raise NotAllowedError(_("Only the level above, without a stake in the survey, may declare it void."))
    if survey.state != SurveyState.OPEN or survey.closes_at > timezone.now() or not uncounted(survey):
        raise OutOfOrderError(_("A survey is declared void only when its time is over and its papers are not counted."))
    if not reason.strip():
        raise DomainError(_("Say why the survey is void."), field="reason")
    SealedBallot.objects.filter(survey=survey).delete()
    wipe_boxes()
    survey.state, survey.void_reason, survey.closed_at = SurveyState.VOID, reason.strip()[:200], timezone.now()
    survey.save(update_fields=["state", "void_reason", "closed_at"])
    record("survey_voided", survey, actor=actor)
    return survey


def _require_teller(actor: User, sheet: PaperSheet) -> None:
    if not may_count(actor, sheet.survey):
        raise NotAllowedError(_("Tellers hold an office over the unit and have no stake in the survey."))
    others = sheet.counts.filter(~Q(counter=actor)).count()
    if others >= 2:
        raise NotAllowedError(_("Two tellers have counted these ballots; a third does not enter a count."))


def _check_count(survey: Survey, n_returned: int, lines: list[dict[str, int]]) -> None:
    labels = list(survey.lines.order_by("position").values_list("label", flat=True))
    if len(lines) != len(labels):
        raise DomainError(_("The sheet does not fit this survey. Load the page again."))
    for label, row in zip(labels, lines, strict=True):
        if sum(row.values()) != n_returned:
            text = _("“%(line)s” adds up to %(sum)s; there are %(n)s ballots.")
            raise DomainError(text % {"line": label, "sum": sum(row.values()), "n": n_returned})


def _plain(survey: Survey, lines: list[dict[str, int]]) -> list[dict[str, int]]:
    """The counts in the order of the ballot's options, whatever order they came in."""
    return [{name: row.get(name, 0) for name in [*survey.rules["options"], BLANK, SPOILED]} for row in lines]

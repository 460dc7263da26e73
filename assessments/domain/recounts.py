"""After the close: a second count by two people, and the end of the openings (votes-and-trust 2.5, 2.7)."""

import hashlib
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain import sealing
from assessments.domain.survey_subjects import has_stake
from assessments.domain.traces import wipe_openings
from assessments.models import BallotCode, OpenedBallot, Recount, RequestState, Stratum, Survey, SurveyState, VotingLink
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.guards import maintenance
from campaigns.models import Appointment, DueItem, User
from campaigns.permissions import holders_of, may_on_unit
from posts.domain.guards import count_open_objections

RECOUNT, DESTROY = "survey_recount", "openings_destroy"
LATER = timedelta(days=7)
COUNTED = (SurveyState.CLOSED, SurveyState.VOID)
_CHUNK = 2000


def may_audit(user: User, survey: Survey) -> bool:
    """Whether the user may ask for or confirm a recount: an auditor without a part in this survey."""
    if not may_on_unit(user, "audit_survey", survey.org_unit) or survey.opened_by_id == user.pk:
        return False
    return not has_stake(user, survey)


def are_opened(survey: Survey) -> bool:
    """Whether the openings are still there."""
    return OpenedBallot.objects.filter(survey=survey).exclude(salt=b"").exists()


@transaction.atomic
def ask_recount(survey: Survey, *, actor: User, reason: str) -> Recount:
    """Ask for a recount. Raises OutOfOrderError when nothing can be counted, DomainError without a reason."""
    survey = Survey.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=survey.pk)
    _require_auditor(actor, survey)
    if survey.state not in COUNTED or not are_opened(survey):
        raise OutOfOrderError(_("There are no ballots to count again: they were destroyed, or none was cast."))
    if not reason.strip():
        raise DomainError(_("Say why the ballots are counted again."), field="reason")
    if survey.recounts.filter(state__in=(RequestState.ASKED, RequestState.CONFIRMED)).exists():
        raise OutOfOrderError(_("A recount of this survey is under way already."))
    recount = Recount.objects.create(survey=survey, asked_by=actor, reason=reason.strip())
    record("recount_asked", survey, actor=actor, recount=recount.pk)
    auditors = holders_of("audit_survey", survey.org_unit).exclude(pk=actor.pk)
    tell(
        auditors,
        key=f"recount-{recount.pk}",
        title=_("A recount waits for a second auditor: %s") % survey.title,
        body=recount.reason,
        url=reverse("assessments:survey_detail", args=[survey.pk]),
    )
    return recount


@transaction.atomic
def confirm_recount(recount: Recount, *, actor: User) -> Recount:
    """The second auditor agrees; the clock then counts. The two must hold different offices."""
    recount = Recount.objects.select_for_update(of=("self",)).select_related("survey__org_unit").get(pk=recount.pk)
    survey = recount.survey
    _require_auditor(actor, survey)
    if recount.state != RequestState.ASKED:
        raise OutOfOrderError(_("This request was settled already."))
    if actor.pk == recount.asked_by_id or not offices(actor) - offices(recount.asked_by):
        raise NotAllowedError(_("The second auditor must be another person with another office than the first."))
    recount.state, recount.settled_by, recount.settled_at = RequestState.CONFIRMED, actor, timezone.now()
    recount.save(update_fields=["state", "settled_by", "settled_at"])
    record("recount_confirmed", survey, actor=actor, recount=recount.pk)
    schedule(RECOUNT, recount.pk, due_at=timezone.now())
    return recount


def offices(user: User) -> set[tuple[int, str]]:
    """The present offices of a person: unit and role."""
    return set(Appointment.objects.current().filter(user=user).values_list("org_unit", "role"))


def _require_auditor(actor: User, survey: Survey) -> None:
    if not may_audit(actor, survey):
        raise NotAllowedError(_("Only an auditor without a part in this survey may do this."))


@on_due(RECOUNT, gettext_lazy("recount of a survey"))
def count_again(item: DueItem) -> None:
    """Open every ballot once more: its hash, its counts, and the root of all, against the published result."""
    recount = Recount.objects.select_for_update(of=("self",)).select_related("survey__result").get(pk=item.subject_id)
    if recount.state != RequestState.CONFIRMED:
        return
    survey, result = recount.survey, recount.survey.result
    n, root, counts, broken = count_ballots(survey, len(result.lines))
    recount.n_opened = n
    recount.differences = [
        {"line": row["line"], "counted": dict(counted), "published": published}
        for row, counted in zip(result.lines, counts, strict=True)
        if (published := _by_phone(row)) != dict(counted)
    ]
    opened = result.n_ballots - result.n_paper
    recount.agrees = not (recount.differences or broken) and (n, root) == (opened, result.leaf_root)
    recount.state = RequestState.DONE
    recount.save(update_fields=["n_opened", "differences", "agrees", "state"])
    record("recounted", survey, recount=recount.pk, n=n, agrees=recount.agrees)
    tell(
        holders_of("audit_survey", survey.org_unit),
        key=f"recounted-{recount.pk}",
        title=(_("The recount agrees: %s") if recount.agrees else _("The recount does not agree: %s")) % survey.title,
        body=_("%(n)s ballots were opened once more.") % {"n": n},
        url=reverse("assessments:survey_detail", args=[survey.pk]),
    )


def _by_phone(row: dict) -> dict[str, int]:
    """The published counts of a line less what came on paper; options without a vote left out."""
    paper = row.get("paper", {})
    counts = {option: number - paper.get(option, 0) for option, number in row["counts"].items()}
    return {option: number for option, number in counts.items() if number}


def count_ballots(survey: Survey, n_lines: int) -> tuple[int, str, list[Counter[str]], int]:
    """Number of ballots, root of their hashes, counts of each line, and how many do not fit their hash.

    One after the other: nothing but the counts is kept of a ballot.
    """
    counts: list[Counter[str]] = [Counter() for _unused in range(n_lines)]
    root, n, broken = hashlib.sha256(), 0, 0
    for row in OpenedBallot.objects.filter(survey=survey).order_by("leaf").iterator(chunk_size=_CHUNK):
        ballot = sealing.Ballot(row.stratum, tuple(row.choices), bytes(row.salt))
        broken += sealing.leaf_of(survey.public_id, ballot).hex() != row.leaf
        root.update(bytes.fromhex(row.leaf))
        n += 1
        for counter, choice in zip(counts, ballot.choices, strict=True):
            counter[choice] += 1
    return n, root.hexdigest(), counts, broken


# --- The end of the openings ------------------------------------------------------------------------------------------


def schedule_destruction(survey: Survey) -> None:
    """Write down when the openings of a closed survey are destroyed."""
    days = survey.rules.get("keep_openings_days")
    if days:
        schedule(DESTROY, survey.pk, due_at=survey.closed_at + timedelta(days=days))


@on_due(DESTROY, gettext_lazy("destruction of opened ballots"))
def destroy_when_due(item: DueItem) -> None:
    """Not while an objection or a recount is open: then a week later."""
    survey = Survey.objects.select_for_update(of=("self",)).get(pk=item.subject_id)
    if _is_contested(survey):
        again = timezone.now() + LATER
        schedule(DESTROY, survey.pk, due_at=again, period=f"{again:%Y%m%d}")
        return
    destroy_openings(survey)


def _is_contested(survey: Survey) -> bool:
    if survey.recounts.filter(state__in=(RequestState.ASKED, RequestState.CONFIRMED)).exists():
        return True
    return bool(survey.run_id and count_open_objections(survey.run.nomination_id))


@transaction.atomic
def destroy_openings(survey: Survey) -> int:
    """Keep the hashes of the ballots and nothing that opens them; destroy the hashes of the codes too.

    Written anew instead of changed: the database refuses to change a counted ballot, and to delete one unless it is
    told that this is maintenance. Returns how many ballots there are. May be called again.
    """
    opened = OpenedBallot.objects.filter(survey=survey).order_by("leaf").values_list("leaf", "stratum")
    strata = {stratum: stratum for stratum in Stratum.values}  # one text for all ballots, and hashes as bytes
    kept = [(bytes.fromhex(leaf), strata[stratum]) for leaf, stratum in opened.iterator(chunk_size=_CHUNK)]
    with maintenance():
        OpenedBallot.objects.filter(survey=survey).delete()
    for start in range(0, len(kept), _CHUNK):
        OpenedBallot.objects.bulk_create(
            OpenedBallot(leaf=leaf.hex(), survey=survey, stratum=stratum, choices=[], salt=b"")
            for leaf, stratum in kept[start : start + _CHUNK]
        )
    BallotCode.objects.filter(survey=survey).delete()
    VotingLink.objects.filter(entry__survey=survey).delete()
    wipe_openings()
    record("openings_destroyed", survey, n=len(kept))
    return len(kept)

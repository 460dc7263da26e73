"""The right to vote and the ballot. Nothing but ``cast_ballot`` ever writes a vote (votes-and-trust 2.2-2.4)."""

import random
from dataclasses import dataclass, replace
from typing import NoReturn

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain import sealing
from assessments.domain.ballot_box import is_open, put_into_box
from assessments.domain.rules import takes_codes
from assessments.domain.sealing import receipt_line
from assessments.domain.survey_subjects import is_person_of, people_of
from assessments.domain.voting_rights import (
    Right,
    UnknownCodeError,
    is_used,
    right_of_code,
    right_of_member,
    right_of_user,
)
from assessments.models import BallotCode, CodeBatch, RollEntry, Stratum, Survey, SurveyState
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import record
from campaigns.models import User
from campaigns.permissions import paths_for
from posts.domain.seals import sign_line

__all__ = [
    "AlreadyVotedError",
    "NotOpenError",
    "Receipt",
    "Right",
    "UnknownCodeError",
    "cast_ballot",
    "cast_ticket",
    "is_used",
    "make_code_batch",
    "oversees",
    "prepare_ballot",
    "right_of_code",
    "right_of_member",
    "right_of_user",
    "takes_ballots",
    "void_batch",
]

MAX_BATCH = 2000


class NotOpenError(OutOfOrderError):
    """The survey does not take ballots now."""


class AlreadyVotedError(StaleError):
    """The right was used before. Not a fault of the voter: his ballot is there."""


@dataclass(frozen=True)
class Receipt:
    """What the voter takes home: it finds his ballot on the list of hashes and proves no choice.

    ``signature`` is there once the ballot is in the box: with it the voter can show that it was taken.
    """

    text: str
    leaf: str
    signature: str = ""


def takes_ballots(survey: Survey) -> bool:
    """Whether the survey is open and its time has not run out."""
    return survey.state == SurveyState.OPEN and survey.closes_at is not None and timezone.now() < survey.closes_at


def prepare_ballot(survey: Survey, *, right: Right, choices: list[str], comment: str = "") -> tuple[str, Receipt]:
    """A ticket for the last click, and the receipt that is shown before it.

    The ticket is the ballot under the application's key, bound to this right: it travels in the page, so that
    neither a lost session nor a reload loses the choice, and nobody else can hand it in.
    """
    ballot = sealing.Ballot(
        _stratum(right), _clean_choices(survey, choices), sealing.make_salt(), _clean_comment(comment)
    )
    box = sealing.seal(ballot, seal_salt=survey.seal_salt, context=ticket_context(survey, right))
    return sealing.to_text(box), _receipt(survey, ballot)


def cast_ticket(survey: Survey, *, right: Right, ticket: str) -> Receipt:
    """Hand in the ballot of a ticket. Raises DomainError for a ticket of somebody else or of another survey."""
    ballot = _open_ticket(survey, right, ticket)
    if ballot is None:
        raise DomainError(_("This page is out of date. Tick your answers again."))
    return _cast(survey, right, ballot)


def read_ticket(survey: Survey, *, right: Right, ticket: str) -> tuple[sealing.Ballot, Receipt] | None:
    """The ballot of a ticket and its receipt, to show them again; None for a ticket of another right or survey."""
    ballot = _open_ticket(survey, right, ticket)
    return (ballot, _receipt(survey, ballot)) if ballot else None


def _open_ticket(survey: Survey, right: Right, ticket: str) -> sealing.Ballot | None:
    context = ticket_context(survey, right)
    try:
        return sealing.unseal(sealing.from_text(ticket), seal_salt=survey.seal_salt, context=context)
    except sealing.BrokenSealError:
        return None


def cast_ballot(survey: Survey, *, right: Right, choices: list[str], comment: str = "") -> Receipt:
    """Use up a right and put a sealed ballot into the box, both or neither.

    ``choices`` has one option code, or "" for a blank, for each line of the survey. Must not run inside another
    transaction: the receipt says that the ballot is there. Raises NotOpenError, AlreadyVotedError, UnknownCodeError.
    """
    ballot = sealing.Ballot(
        _stratum(right), _clean_choices(survey, choices), sealing.make_salt(), _clean_comment(comment)
    )
    return _cast(survey, right, ballot)


def _cast(survey: Survey, right: Right, ballot: sealing.Ballot) -> Receipt:
    if survey.rules.get("paper_only"):
        raise NotOpenError(_("This survey is held on paper in a meeting."))
    box = sealing.seal(ballot, seal_salt=survey.seal_salt, context=survey.public_id)
    if not put_into_box(survey, right=right, box=box):
        _raise_why_not(survey, right)
    receipt = _receipt(survey, ballot)
    return replace(receipt, signature=sign_line(receipt_line(survey.public_id, receipt.leaf)))


def _raise_why_not(survey: Survey, right: Right) -> NoReturn:
    """The cause, read after the box refused the ballot."""
    if not is_open(survey):
        raise NotOpenError(_("The survey is closed. Ballots are no longer taken."))
    if isinstance(right, BallotCode) and not BallotCode.objects.filter(pk=right.pk, voided=False).exists():
        raise UnknownCodeError(_("This code is not valid. Compare it with your slip, or ask for another one."))
    if isinstance(right, RollEntry) and RollEntry.objects.filter(pk=right.pk, on_paper=True).exists():
        raise AlreadyVotedError(_("You were given a paper ballot; it is your vote."))
    raise AlreadyVotedError(_("You have voted already. Your ballot is in the box."))


def _clean_choices(survey: Survey, choices: list[str]) -> tuple[str, ...]:
    allowed = {"", *survey.rules["options"]}
    if len(choices) != len(survey.lines.all()) or not allowed.issuperset(choices):
        raise DomainError(_("The ballot does not fit this survey. Load the page again."))
    return tuple(choices)


def _clean_comment(comment: str) -> str:
    """One line of printable text."""
    return " ".join("".join(c if c.isprintable() else " " for c in comment).split())[: sealing.COMMENT_CHARS]


def _stratum(right: Right) -> str:
    return Stratum.MEMBERS if isinstance(right, RollEntry) else Stratum.PUBLIC


def ticket_context(survey: Survey, right: Right) -> str:
    """What a ticket is sealed for: one right in one survey."""
    return f"ticket|{survey.public_id}|{_stratum(right)}|{right.pk}"


def _receipt(survey: Survey, ballot: sealing.Ballot) -> Receipt:
    leaf = sealing.leaf_of(survey.public_id, ballot)
    return Receipt(sealing.receipt_of(leaf), leaf.hex())


# --- Codes for people without a roll ----------------------------------------------------------------------------------


def may_make_codes(user: User, survey: Survey) -> bool:
    """The level above the branch prints codes, never the branch itself (votes-and-trust 2.9)."""
    return oversees(user, survey) and not _is_subject(user, survey)


def oversees(user: User, survey: Survey) -> bool:
    """Whether the user runs surveys above the survey's unit; for a unit without a superior, in it."""
    unit = survey.org_unit
    above = [path for path in paths_for(user, "run_survey") if unit.path.startswith(path)]
    return any(path != unit.path or unit.depth == 1 for path in above)


def require_code_maker(user: User, survey: Survey) -> None:
    """Raise NotAllowedError unless the user may make and void the codes of this survey."""
    if not may_make_codes(user, survey):
        raise NotAllowedError(_("Ballot codes are made one level above the branch, by somebody without a stake."))


@transaction.atomic
def make_code_batch(survey: Survey, *, n: int, actor: User, witness: str) -> list[str]:
    """Make ``n`` ballot codes before a witness and return them, shuffled. They are shown once: only hashes stay.

    Raises NotAllowedError for the branch itself and for a member of the post, DomainError for a bad number or witness.
    """
    require_code_maker(actor, survey)
    survey = Survey.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=survey.pk)
    _check_batch(survey, n=n, actor=actor, witness=witness)
    codes = [sealing.make_code() for _unused in range(n)]
    batch = CodeBatch.objects.create(survey=survey, n_printed=n, made_by=actor, witness=witness.strip())
    hashes = sorted(sealing.hash_code(code) for code in codes)
    BallotCode.objects.bulk_create(
        [BallotCode(survey=survey, batch=batch, code_hash=digest) for digest in hashes], batch_size=500
    )
    random.SystemRandom().shuffle(codes)
    record("ballot_codes_made", survey, actor=actor, batch=batch.pk, n=n)
    return codes


def _check_batch(survey: Survey, *, n: int, actor: User, witness: str) -> None:
    if survey.state not in (SurveyState.DRAFT, SurveyState.OPEN):
        raise OutOfOrderError(_("The survey is closed: no more codes can be made."))
    if not takes_codes(survey.rules):
        raise DomainError(_("Only members on the roll vote in this survey; it has no ballot codes."))
    if survey.rules.get("paper_only"):
        raise DomainError(_("This survey is held on paper in a meeting."))
    if not 1 <= n <= MAX_BATCH:
        raise DomainError(_("Make between 1 and %(most)s codes at a time.") % {"most": MAX_BATCH}, field="n")
    check_witness(survey, actor=actor, witness=witness)


def check_witness(survey: Survey, *, actor: User, witness: str) -> None:
    """Raise DomainError unless a second person, who is not of the post, was there when rights were printed."""
    name = witness.strip()
    if not name:
        raise DomainError(_("Name the witness who was present."), field="witness")
    if name == actor.name:
        raise DomainError(_("The witness must be a second person."), field="witness")
    if people_of(survey).filter(name=name).exists():
        raise DomainError(_("A member of the post cannot be the witness."), field="witness")


@transaction.atomic
def void_batch(batch: CodeBatch, *, actor: User) -> None:
    """Void the codes of a batch that were not used; how many is shown after the close only."""
    survey = Survey.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=batch.survey_id)
    require_code_maker(actor, survey)
    if survey.state not in (SurveyState.DRAFT, SurveyState.OPEN):
        raise OutOfOrderError(_("The survey is closed: its codes can no longer be used anyway."))
    BallotCode.objects.filter(batch=batch, used=False).update(voided=True)
    record("ballot_codes_voided", survey, actor=actor, batch=batch.pk)


def _is_subject(user: User, survey: Survey) -> bool:
    return is_person_of(user, survey)

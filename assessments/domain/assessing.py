"""考核, 考察, 实地考评: assessors score by the rubric, visits and reports are recorded, somebody concludes."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.assessment_results import score_state, what_is_missing
from assessments.domain.record_files import keep_files
from assessments.domain.rubrics import Entry, shown
from assessments.domain.score_sheets import (
    require_version,
    rubric_of_run,
    rubric_of_self_score,
    self_sheet_of,
    write_sheet,
)
from assessments.models import Assessment, AssessmentRecord, AssessmentState, Method, ScoreSheet
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from posts.domain.pipeline import advance, lock_nomination, require_open
from posts.domain.proposing import may_edit
from posts.domain.rights import is_concerned, require
from posts.models import Nomination, StageRun
from posts.stages.base import logic_of


@transaction.atomic
def open_assessment(run: StageRun) -> Assessment:
    """Begin the assessment of a run that has just opened."""
    return Assessment.objects.create(run=run)


@transaction.atomic
def drop_assessment(run: StageRun) -> None:
    """End an assessment whose nomination was returned, withdrawn or stopped; what was scored and recorded stays."""
    Assessment.objects.filter(run=run, state=AssessmentState.OPEN).update(state=AssessmentState.DROPPED)


@transaction.atomic
def save_score_sheet(
    run: StageRun, *, actor: User, entries: Iterable[Entry], submit: bool, version: int | None = None
) -> ScoreSheet:
    """Save the actor's own sheet; with ``submit`` it counts. It may be changed and submitted anew until the conclusion.

    ``version``: the version of the sheet the typing started from, 0 for a new sheet, None to write in any case. Raises
    NotAllowedError, OutOfOrderError when the same person saved it in another window meanwhile, and
    SheetFaultsError with every fault.
    """
    assessment = _lock(run, actor, "score")
    rubric = rubric_of_run(assessment.run)
    if rubric is None:
        raise DomainError(_("This assessment is not scored by a rubric."))
    sheet = assessment.sheets.filter(assessor=actor).first()
    require_version(sheet, version)
    if sheet is None:
        sheet = ScoreSheet(nomination=assessment.run.nomination, assessment=assessment, assessor=actor)
    again = sheet.is_submitted
    score = write_sheet(sheet, rubric, entries, submit=submit)
    if submit or again:
        facts = {"base": shown(score.base), "bonus": shown(score.bonus), "again": again}
        kind = "score_submitted" if submit else "score_taken_back"
        record(kind, assessment.run.nomination, actor=actor, run=assessment.run_id, sheet=sheet.pk, **facts)
    return sheet


@transaction.atomic
def save_self_score(
    nomination: Nomination, *, actor: User, entries: Iterable[Entry], submit: bool, version: int | None = None
) -> ScoreSheet:
    """Save the applicant's own scoring of his paper; with ``submit`` it is complete and the paper may be handed in.

    The people of the post fill it in, or whoever writes the paper on their behalf. Raises NotAllowedError,
    OutOfOrderError when the paper has been submitted, StaleError, SheetFaultsError.
    """
    nomination = lock_nomination(nomination.pk)
    if not may_self_score(actor, nomination):
        raise NotAllowedError(_("Only the applicant, or who writes the paper for him, fills in the self-score."))
    rubric = rubric_of_self_score(nomination)
    if rubric is None:
        raise DomainError(_("This kind of post asks for no self-score."))
    if not nomination.is_editable:
        raise OutOfOrderError(_("The paper has been submitted; its self-score can no longer be changed."))
    sheet = self_sheet_of(nomination)
    require_version(sheet, version)
    sheet = sheet or ScoreSheet(nomination=nomination, is_self=True)
    sheet.assessor = actor
    score = write_sheet(sheet, rubric, entries, submit=submit)
    if submit:
        facts = {"base": shown(score.base), "bonus": shown(score.bonus)}
        record("self_score_submitted", nomination, actor=actor, sheet=sheet.pk, **facts)
    return sheet


def may_self_score(user: User, nomination: Nomination) -> bool:
    """Whether the user may fill in the self-score: a person of the post, or who may write the paper."""
    return is_concerned(user, nomination) or may_edit(user, nomination)


@transaction.atomic
def record_assessment(
    run: StageRun,
    *,
    actor: User,
    method: str,
    held_on: date,
    text: str,
    place: str = "",
    people: str = "",
    document_number: str = "",
    files: Sequence[UploadedFile] = (),
) -> AssessmentRecord:
    """Record an inspection, a report, a hearing or the opinion of the masses. Several of one method may be recorded.

    Raises NotAllowedError, OutOfOrderError, and DomainError with the field for a method that the step does not use, a
    day in the future, a missing text, or a file that is not taken.
    """
    assessment = _lock(run, actor, "record")
    _check_record(assessment.run, method=method, held_on=held_on, text=text)
    entry = AssessmentRecord.objects.create(
        assessment=assessment,
        method=method,
        held_on=held_on,
        place=place.strip()[:120],
        people=people.strip()[:300],
        document_number=document_number.strip()[:60],
        text=text.strip(),
        recorded_by=actor,
    )
    kept = keep_files(entry, files)
    facts = {"run": assessment.run_id, "entry": entry.pk, "method": method, "files": [file.sha256 for file in kept]}
    record("assessment_recorded", assessment.run.nomination, actor=actor, **facts)
    return entry


@transaction.atomic
def conclude_assessment(run: StageRun, *, actor: User, passed: bool, conclusion: str, reason: str = "") -> Assessment:
    """Conclude: the nomination goes on, or ends here as not passed.

    Where the rubric has a pass mark, ``reason`` says why the conclusion differs from it. Raises NotAllowedError,
    OutOfOrderError, and DomainError while a record or a sheet is missing or a text is empty.
    """
    assessment = _lock(run, actor, "conclude")
    if missing := what_is_missing(assessment):
        raise DomainError(_("It cannot be concluded yet: ") + " ".join(missing))
    if not conclusion.strip():
        raise DomainError(_("Write the conclusion in a sentence: it goes on file."), field="conclusion")
    state = score_state(assessment)
    contrary = state is not None and state.proposed is not None and state.proposed != passed
    if contrary and not reason.strip():
        raise DomainError(_("This differs from what the pass mark says. Give the reason."), field="reason")
    assessment.passed, assessment.conclusion = passed, conclusion.strip()
    assessment.contrary_reason = reason.strip()[:500] if contrary else ""
    assessment.score = state.frozen() if state else {}
    assessment.state, assessment.concluded_by, assessment.concluded_at = (
        AssessmentState.CONCLUDED,
        actor,
        timezone.now(),
    )
    assessment.save()
    facts = {"run": assessment.run_id, "passed": passed, "contrary": contrary, "score": assessment.score}
    record("assessment_concluded", assessment.run.nomination, actor=actor, **facts)
    advance(assessment.run.nomination_id, actor=actor)
    return assessment


def _lock(run: StageRun, actor: User, action: str) -> Assessment:
    """The open assessment of an open run, under the nomination's lock, if the actor may do this."""
    run = require_open(run)
    require(actor, action, run)
    if run.nomination.submitted_at is None:
        raise OutOfOrderError(_("The nomination has not been submitted yet."))
    assessment = Assessment.objects.select_for_update(of=("self",)).get(run=run)
    assessment.run = run
    return assessment


def _check_record(run: StageRun, *, method: str, held_on: date, text: str) -> None:
    if method == Method.RUBRIC or method not in logic_of(run).params.method:
        raise DomainError(_("This step does not use that method."), field="method")
    if held_on > timezone.localdate():
        raise DomainError(_("This day lies in the future. Record it afterwards."), field="held_on")
    if not text.strip():
        raise DomainError(_("Write down what was found."), field="text")

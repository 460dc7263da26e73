"""The rubric in a review: the post's own sheet beside those of the assessors, by the same sheets as an assessment."""

from collections.abc import Iterable
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.domain.assessment_results import ScoreState, added_up
from assessments.domain.review_rights import lock_open_review, require_voice
from assessments.domain.review_rules import ITEM, voice_rules
from assessments.domain.rubrics import Entry, shown
from assessments.domain.score_sheets import entries_of, find_rubric, require_version, write_sheet
from assessments.domain.tallies import is_small
from assessments.models import Review, ScoreSheet, Survey, SurveyState, Voice
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import User
from campaigns.schemes.afterwards import Rubric


def rubric_of_review(review: Review) -> Rubric | None:
    """The rubric by which a review scores; None when it does not."""
    code = voice_rules(review.rule).rubric
    return find_rubric(review.rule.campaign, code) if code else None


@transaction.atomic
def save_review_sheet(
    review: Review, *, actor: User, entries: Iterable[Entry], submit: bool, version: int | None, is_self: bool = False
) -> ScoreSheet:
    """Save the actor's own sheet, or the post's about itself; with ``submit`` it counts until the result is recorded.

    Raises NotAllowedError, OutOfOrderError, StaleError, and SheetFaultsError with every fault.
    """
    review = lock_open_review(review)
    require_voice(actor, review, Voice.SELF if is_self else Voice.ORGANISATION)
    rubric = rubric_of_review(review)
    if rubric is None:
        raise DomainError(_("This review is not scored by a rubric."))
    own = {"is_self": True} if is_self else {"is_self": False, "assessor": actor}
    sheet = review.sheets.filter(**own).first()
    require_version(sheet, version)
    if sheet is None:
        sheet = ScoreSheet(nomination_id=review.conferral.nomination_id, review=review, is_self=is_self)
    sheet.assessor = actor
    score = write_sheet(sheet, rubric, with_survey(review, rubric, entries), submit=submit)
    if submit:
        facts = {"base": shown(score.base), "bonus": shown(score.bonus), "own": is_self}
        record("review_score_submitted", review, actor=actor, sheet=sheet.pk, **facts)
    return sheet


def with_survey(review: Review, rubric: Rubric, entries: Iterable[Entry]) -> list[Entry]:
    """The entries with the figures of the review's own survey in the items that want a rate, where the scheme says so.

    A group so small that figures would tell who voted how leaves them to the assessor.
    """
    found = list(entries)
    counted = counted_answers(review)
    if counted is None or voice_rules(review.rule).satisfaction != ITEM:
        return found
    satisfied, valid = counted
    wanted = {item.number for item in rubric.base_items if item.satisfaction is not None}
    known = {entry.number for entry in found}
    found += [Entry(number) for number in sorted(wanted - known)]
    return [
        replace(entry, satisfied=satisfied, valid=valid)
        if entry.number in wanted and not entry.not_applicable
        else entry
        for entry in found
    ]


def counted_answers(review: Review) -> tuple[int, int] | None:
    """Satisfied and valid answers of the review's closed survey; None without one, or for a small group."""
    survey = closed_survey(review)
    if survey is None:
        return None
    line = survey.result.lines[0]
    if is_small(line, n_ballots=survey.result.n_ballots, rules=survey.rules) or not line["valid"]:
        return None
    return line["positive"], line["valid"]


def closed_survey(review: Review) -> Survey | None:
    """The survey of the review that was counted."""
    closed = Survey.objects.filter(review=review, state=SurveyState.CLOSED).select_related("result", "org_unit")
    return closed.order_by("-pk").first()


def review_score_state(review: Review) -> ScoreState | None:
    """The scoring as it stands now; None when the review does not score."""
    rubric = rubric_of_review(review)
    if rubric is None:
        return None
    rules = voice_rules(review.rule)
    rows = list(review.sheets.select_related("assessor").prefetch_related("items"))
    own = next((sheet for sheet in rows if sheet.is_self and sheet.is_submitted), None)
    return ScoreState(
        rubric=rubric,
        sheets=[added_up(sheet, rubric) for sheet in rows if not sheet.is_self],
        own=added_up(own, rubric) if own else None,
        wanted=rules.least[Voice.ORGANISATION],
        aggregate=rules.aggregate,
    )


def found_vetoes(state: ScoreState) -> list[tuple[str, str]]:
    """The vetoes that assessors found, as the number of the item and the evidence, each once."""
    texts = {item.number: item.text for item in state.rubric.veto_items}
    found: dict[str, str] = {}
    for row in state.submitted:
        for entry in entries_of(row.sheet):
            if entry.found and entry.number in texts:
                found.setdefault(entry.number, f"{texts[entry.number]} {entry.evidence}".strip())
    return sorted(found.items())

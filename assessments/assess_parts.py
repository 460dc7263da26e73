"""What assessments and self-scores add to the pages of a nomination, to its submission and to its decision."""

from collections.abc import Iterator
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.assessing import may_self_score
from assessments.domain.assessment_page import AssessmentPage, page_of
from assessments.domain.assessment_results import score_sentence
from assessments.domain.rubrics import add_up, mark_of, remark_of, shown, shown_score
from assessments.domain.score_sheets import entries_of, rubric_of_self_score, self_sheet_of
from assessments.models import Assessment, AssessmentState
from campaigns.models import User
from posts.domain.deciding import decision_notes
from posts.domain.dossier import paper_section, section
from posts.domain.eligibility import Problem, submission_requirements
from posts.domain.progress import tell_event
from posts.models import Nomination

tell_event("score_submitted", gettext_lazy("submitted a score sheet"))
tell_event("score_taken_back", gettext_lazy("took a score sheet back"))
tell_event("self_score_submitted", gettext_lazy("completed the self-score"))
tell_event("assessment_recorded", gettext_lazy("recorded an assessment"))
tell_event("assessment_concluded", gettext_lazy("concluded the assessment"))


def self_score_missing(nomination: Nomination) -> Iterator[Problem]:
    """The self-score is complete before the paper is submitted."""
    if rubric_of_self_score(nomination) is None:
        return
    sheet = self_sheet_of(nomination)
    if sheet is None or not sheet.is_submitted:
        yield Problem(_("The self-score is not complete"), "self_score")


submission_requirements.append(self_score_missing)


def self_score_of(nomination: Nomination, user: User) -> dict[str, Any] | None:
    """The card of the self-score, on both pages; None where the scheme asks for none."""
    rubric = rubric_of_self_score(nomination)
    if rubric is None:
        return None
    sheet = self_sheet_of(nomination)
    score = add_up(rubric, entries_of(sheet)) if sheet else None
    lines = [(line.label, shown(line.points), line.full) for line in score.sections] if score else []
    entries = {entry.number: entry for entry in entries_of(sheet)}
    items = [(item, mark_of(entries.get(item.number)), entries.get(item.number)) for item in rubric.items]
    return {
        "nomination": nomination,
        "rubric": rubric,
        "sheet": sheet,
        "score": shown_score(score, rubric) if score else "",
        "lines": lines,
        "items": [(item, mark, remark_of(entry)) for item, mark, entry in items if entry],
        "may_fill": nomination.is_editable and may_self_score(user, nomination),
    }


def assessments_of(nomination: Nomination, user: User) -> list[AssessmentPage] | None:
    """Assessments that are over, oldest first; the open one stands in its step."""
    over = Assessment.objects.filter(run__nomination=nomination).exclude(state=AssessmentState.OPEN)
    pages = []
    for assessment in over.select_related("run__actor_unit", "concluded_by").order_by("pk"):
        assessment.run.nomination = nomination
        pages.append(page_of(assessment, user))
    return pages or None


def notes_for_deciding(nominations: set[int]) -> dict[int, str]:
    """The last conclusion of each nomination in a line: the score, or the sentence where nothing was scored."""
    concluded = Assessment.objects.filter(run__nomination__in=nominations, state=AssessmentState.CONCLUDED)
    notes = {}
    for assessment in concluded.select_related("run").order_by("pk"):
        text = score_sentence(assessment) or Truncator(assessment.conclusion).chars(60)
        notes[assessment.run.nomination_id] = f"{assessment.run.label}{_(': ')}{text}"
    return notes


decision_notes.append(notes_for_deciding)
paper_section("assessments/_self_score.html", self_score_of, order=30)
section("assessments/_self_score.html", self_score_of, order=15)
section("assessments/_nomination_assessments.html", assessments_of, order=46)

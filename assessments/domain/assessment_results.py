"""What an assessment has brought so far: sheets, official score, self-score beside it, and what is still missing."""

from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assessments.domain.rubrics import Score, add_up, combine, is_excellent, passes, shown, shown_score
from assessments.domain.score_sheets import entries_of, rubric_of_run, self_sheet_of
from assessments.models import Assessment, Method, ScoreSheet
from campaigns.schemes.afterwards import Rubric
from posts.models import StageRun
from posts.stages.base import logic_of


@dataclass(frozen=True)
class SheetScore:
    """A sheet and what it adds up to, as a number and as text."""

    sheet: ScoreSheet
    score: Score
    text: str

    @property
    def is_submitted(self) -> bool:
        return self.sheet.is_submitted


@dataclass(frozen=True)
class ScoreState:
    """The scoring of one assessment as it stands now."""

    rubric: Rubric
    sheets: list[SheetScore]  # of the assessors, drafts too
    own: SheetScore | None  # the applicant's self-score by the same rubric
    wanted: int  # so many sheets have to be submitted
    aggregate: str

    @property
    def submitted(self) -> list[SheetScore]:
        """The sheets that count."""
        return [row for row in self.sheets if row.is_submitted]

    @property
    def is_enough(self) -> bool:
        """Whether enough assessors have submitted; one who stays away then blocks nothing."""
        return len(self.submitted) >= self.wanted

    @property
    def official(self) -> Score | None:
        """The mean of the submitted sheets, trimmed where the scheme says so."""
        return combine([row.score for row in self.submitted], aggregate=self.aggregate)

    @property
    def proposed(self) -> bool | None:
        """What the pass mark says, once enough sheets are there; None without a pass mark."""
        if not self.is_enough:
            return None
        return passes(self.rubric, self.official.base, vetoes=self.official.vetoes)

    @property
    def difference(self) -> Fraction | None:
        """How far the official base lies above (or below) the self-score."""
        return self.official.base - self.own.score.base if self.official and self.own else None

    def frozen(self) -> dict[str, object]:
        """What is kept of it at the conclusion: exact fractions as text."""
        official = self.official
        return {
            "rubric": self.rubric.code,
            "base": str(official.base),
            "bonus": str(official.bonus),
            "has_bonus": bool(self.rubric.bonus_limit),
            "self": str(self.own.score.base) if self.own else None,
            "sheets": len(self.submitted),
            "excellent": is_excellent(self.rubric, official.base),
        }


def score_state(assessment: Assessment) -> ScoreState | None:
    """The scoring of an assessment; None when it does not score."""
    run = assessment.run
    rubric = rubric_of_run(run)
    if rubric is None:
        return None
    params = logic_of(run).params
    rows = assessment.sheets.select_related("assessor").prefetch_related("items")
    own = self_sheet_of(run.nomination)
    comparable = own is not None and own.rubric == rubric.code and own.is_submitted
    return ScoreState(
        rubric=rubric,
        sheets=[added_up(sheet, rubric) for sheet in rows],
        own=added_up(own, rubric) if comparable else None,
        wanted=params.min_assessors,
        aggregate=params.aggregate,
    )


def added_up(sheet: ScoreSheet, rubric: Rubric) -> SheetScore:
    """A sheet with what it adds up to."""
    score = add_up(rubric, entries_of(sheet))
    return SheetScore(sheet, score, shown_score(score, rubric))


def what_is_missing(assessment: Assessment) -> list[str]:
    """Sentences about what has to be there before the assessment can be concluded; empty when nothing is missing."""
    methods = logic_of(assessment.run).params.method
    have = set(assessment.records.values_list("method", flat=True))
    missing = [
        _("No record yet: %(method)s.") % {"method": Method(method).label}
        for method in methods
        if method != Method.RUBRIC and method not in have
    ]
    state = score_state(assessment)
    if state is not None and not state.is_enough:
        text = ngettext(
            "%(have)s of %(wanted)s score sheet is submitted.",
            "%(have)s of %(wanted)s score sheets are submitted.",
            state.wanted,
        )
        missing.append(text % {"have": len(state.submitted), "wanted": state.wanted})
    return missing


def score_sentence(assessment: Assessment) -> str:
    """The frozen score of a concluded assessment in one line, with the self-score beside it; empty without a score."""
    score = assessment.score
    if not score:
        return ""
    text = shown(Fraction(score["base"]))
    if score["has_bonus"]:
        text += f" + {shown(Fraction(score['bonus']))}"
    sentence = _("Score %(score)s") % {"score": text}
    if score["self"] is not None:
        sentence += _(", self-score %(score)s") % {"score": shown(Fraction(score["self"]))}
    return sentence + (_(" (excellent)") if score["excellent"] else "")


def concluded_assessment(run: StageRun) -> Assessment | None:
    """The assessment of a run if it is concluded."""
    return Assessment.objects.filter(run=run, state="concluded").first()

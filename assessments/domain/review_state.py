"""How a review stands: who was heard, what the numbers say and propose, and what of it a reader may see."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.aspects import AspectScore, Said, aspect_scores
from assessments.domain.assessment_results import ScoreState
from assessments.domain.ballots import oversees
from assessments.domain.review_rules import ITEM, VoiceRules, voice_rules
from assessments.domain.review_scores import Weighed, by_marks, mean_grade, percent_of, propose, weigh
from assessments.domain.review_sheets import closed_survey, review_score_state
from assessments.domain.rubrics import passes, shown
from assessments.domain.tallies import is_small
from assessments.models import PeerTally, Review, ReviewOutcome, Statement, Survey, SurveyState, Voice
from campaigns.models import User


@dataclass(frozen=True)
class VoiceState:
    """One voice: how many have spoken, of how many at least, and what it comes to on 0 to 100."""

    code: str
    name: str
    weight: int | None
    heard: int
    least: int
    score: Fraction | None  # None while too few have spoken

    @property
    def is_heard(self) -> bool:
        """Whether enough have spoken."""
        return self.heard >= self.least

    @property
    def text(self) -> str:
        """The score as people read it."""
        return shown(self.score)


@dataclass(frozen=True)
class ReviewState:
    """A review as it stands now."""

    review: Review
    rules: VoiceRules
    voices: tuple[VoiceState, ...]
    statements: tuple[Statement, ...]
    peers: PeerTally | None
    survey: Survey | None  # the newest
    is_satisfied: bool | None
    figures_hidden: bool  # so few voted that figures would tell who voted how
    scoring: ScoreState | None
    weighed: Weighed | None
    total: Fraction | None
    proposed: str
    aspects: tuple[AspectScore, ...] = ()

    @property
    def absent(self) -> list[VoiceState]:
        """Whom the scheme asks for and who has not been heard."""
        return [voice for voice in self.voices if not voice.is_heard]

    @property
    def waits_until(self) -> date | None:
        """The day until which an absent voice is waited for; None when nobody is waited for."""
        until = self.review.voices_until
        return until if self.absent and until is not None and timezone.localdate() <= until else None

    def shows_figures(self, user: User) -> bool:
        """Whether the reader may see what the survey came to: always, unless it is small and he does not oversee it."""
        if not self.figures_hidden or self.survey is None:
            return True
        return oversees(user, self.survey)


def review_state(review: Review) -> ReviewState:
    """Read everything that was said in a review."""
    rules = voice_rules(review.rule)
    statements = tuple(review.statements.select_related("given_by")) if rules.voices else ()
    peers = PeerTally.objects.filter(review=review).first() if Voice.PEER in rules.voices else None
    survey = Survey.objects.filter(review=review).order_by("-pk").first() if Voice.MASS in rules.voices else None
    counted = closed_survey(review) if survey is not None and survey.state == SurveyState.CLOSED else None
    scoring = review_score_state(review)
    said = Said(statements, peers, counted)
    voices = tuple(_voice(code, rules, said, scoring) for code in rules.voices)
    scores = {voice.code: voice.score for voice in voices}
    weighed = weigh(scores, rules.weights) if rules.weights else None
    line = counted.result.lines[0] if counted else None
    satisfied = line["passed"] if line else None
    total = weighed.value if weighed else None if rules.weights else scores.get(Voice.ORGANISATION) if scoring else None
    vetoes = scoring.official.vetoes if scoring and scoring.official else ()
    return ReviewState(
        review=review,
        rules=rules,
        voices=voices,
        statements=statements,
        peers=peers,
        survey=survey,
        is_satisfied=satisfied,
        figures_hidden=bool(line and is_small(line, n_ballots=counted.result.n_ballots, rules=counted.rules)),
        scoring=scoring,
        weighed=weighed,
        total=total,
        proposed=propose(
            outcomes=rules.outcomes,
            by_total=_by_total(total, rules, scoring),
            is_satisfied=satisfied,
            satisfaction=rules.satisfaction,
            has_veto=bool(vetoes),
        ),
        aspects=aspect_scores(rules, said),
    )


def _by_total(total: Fraction | None, rules: VoiceRules, scoring: ScoreState | None) -> str:
    """What the total says by the marks; without marks what the rubric's pass mark says."""
    if rules.marks:
        return by_marks(total, rules.marks, rules.outcomes) if total is not None else ""
    reached = scoring.proposed if scoring else None
    if reached is None or not rules.outcomes:
        return ""
    failing = next((outcome for outcome in rules.outcomes if outcome != ReviewOutcome.PASS), rules.outcomes[-1])
    return rules.outcomes[0] if reached else failing


def _voice(code: str, rules: VoiceRules, said: Said, scoring: ScoreState | None) -> VoiceState:
    if scoring and code in (Voice.SELF, Voice.ORGANISATION):
        heard, score = _by_rubric(code, scoring)
    elif code == Voice.MASS:
        line = said.counted.result.lines[0] if said.counted else None
        heard = line["valid"] if line else 0
        score = percent_of(line["positive"], line["valid"]) if heard else None
    else:
        counts = _grades(code, said)
        heard, score = sum(counts.values()), mean_grade(counts, rules.grades)
    # Fewer than the scheme wants are not heard at all: a part of them would tell who said what.
    least = rules.least[code]
    return VoiceState(code, rules.name(code), rules.weights.get(code), heard, least, score if heard >= least else None)


def _by_rubric(code: str, scoring: ScoreState) -> tuple[int, Fraction | None]:
    """How many sheets, and the base as a part of what could be reached."""
    whole = scoring.rubric.base_total
    if code == Voice.SELF:
        return (1, percent_of(scoring.own.score.base, whole)) if scoring.own else (0, None)
    official = scoring.official
    return len(scoring.submitted), percent_of(official.base, whole) if official else None


def _grades(code: str, said: Said) -> dict[str, int]:
    if code == Voice.PEER:
        return said.peers.counts if said.peers else {}
    grades = [statement.grade for statement in said.statements if statement.voice == code]
    return {grade: grades.count(grade) for grade in grades}


def arithmetic(state: ReviewState, *, figures: bool = True) -> list[str]:
    """The sum in sentences, as it is shown and frozen; without ``figures`` nothing that a small survey would betray."""
    lines = []
    if state.weighed and figures:
        parts = " + ".join(
            f"{state.rules.name(code)} {shown(score)} × {weight}" for code, weight, score in state.weighed.parts
        )
        text = _("(%(parts)s) ÷ %(weight)s = %(total)s")
        said = text % {"parts": parts, "weight": state.weighed.weight, "total": shown(state.weighed.value)}
        cut = any((score * 100).denominator != 1 for _voice, _weight, score in state.weighed.parts)
        lines.append(said + (_(" (computed in fractions; what is shown is cut off)") if cut else ""))
    elif state.scoring and state.total is not None and not state.rules.weights:
        lines.append(_("Score by the rubric: %(total)s of 100.") % {"total": shown(state.total)})
    lines += _satisfaction(state, figures=figures)
    for voice in state.absent:
        weight = _("; its weight of %(n)s falls to the others") % {"n": voice.weight} if voice.weight else ""
        text = _("Not heard: %(voice)s (%(heard)s of at least %(least)s)%(weight)s.")
        lines.append(
            text % {"voice": voice.name, "heard": _heard(voice, figures), "least": voice.least, "weight": weight}
        )
    if state.scoring and state.scoring.official and state.scoring.official.vetoes:
        text = _("A veto was found: item %(numbers)s.")
        lines.append(text % {"numbers": "、".join(state.scoring.official.vetoes)})
    return lines


def _satisfaction(state: ReviewState, *, figures: bool) -> list[str]:
    """What the survey said against its threshold."""
    mass = next((voice for voice in state.voices if voice.code == Voice.MASS and voice.is_heard), None)
    if mass is None:
        return []
    if not figures:
        if state.is_satisfied is None:
            return [_("The survey was counted; so few voted that no figures are told.")]
        verdict = _("reaches") if state.is_satisfied else _("does not reach")
        text = _("Satisfaction %(verdict)s the %(threshold)s %% of the scheme; so few voted that no figures are told.")
        return [text % {"verdict": verdict, "threshold": state.rules.threshold}]
    if state.is_satisfied is None:
        return [_("Satisfied: %(rate)s %% of the valid answers.") % {"rate": mass.text}]
    verdict = _("reaches") if state.is_satisfied else _("does not reach")
    text = _("Satisfied: %(rate)s %% of the valid answers, %(verdict)s %(threshold)s %%.")
    return [text % {"rate": mass.text, "verdict": verdict, "threshold": state.rules.threshold}]


def _heard(voice: VoiceState, figures: bool) -> str:
    return str(voice.heard) if figures or voice.code != Voice.MASS else "–"


def frozen(state: ReviewState) -> dict[str, object]:
    """What is kept of it with the result: exact fractions as text, and the sentences in both forms."""
    if not state.rules.voices:
        return {}
    return {
        "voices": [
            {
                "code": voice.code,
                "name": voice.name,
                "weight": voice.weight,
                "heard": voice.heard,
                "least": voice.least,
                "score": None if voice.score is None else str(voice.score),
            }
            for voice in state.voices
        ],
        "total": None if state.total is None else str(state.total),
        "proposed": state.proposed,
        "satisfied": state.is_satisfied,
        "hidden": state.figures_hidden,
        "sentences": arithmetic(state),
        "told": arithmetic(state, figures=not state.figures_hidden),
        "aspects": {
            row.aspect: {voice: None if score is None else str(score) for voice, score in row.scores.items()}
            for row in state.aspects
        },
        "passes": passes_mark(state),
        "item": state.rules.satisfaction == ITEM,
    }


def passes_mark(state: ReviewState) -> bool | None:
    """Whether the rubric's own pass mark is reached; None without one."""
    if state.scoring is None or state.scoring.official is None:
        return None
    return passes(state.scoring.rubric, state.scoring.official.base, vetoes=state.scoring.official.vetoes)

"""The voices of a review as a page shows them: who was heard, what it comes to, what this reader may add."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.review_rights import why_not_review, why_not_speak
from assessments.domain.review_state import ReviewState, VoiceState, arithmetic, review_state
from assessments.domain.rubrics import shown
from assessments.domain.small_groups import limits
from assessments.models import Grade, PeerTurn, Review, ReviewOutcome, ReviewStatus, Statement, SurveyState, Voice
from campaigns.models import User
from campaigns.permissions import may_on_unit

_SAY: dict[str, str | Promise] = {
    Voice.SELF: gettext_lazy("Assess ourselves"),
    Voice.PEER: gettext_lazy("Speak as a fellow member"),
    Voice.LEADER: gettext_lazy("Write the comment"),
    Voice.ORGANISATION: gettext_lazy("Assess"),
}


@dataclass(frozen=True)
class VoiceRow:
    """A voice with what the reader may see and do."""

    voice: VoiceState
    shows_score: bool
    actions: list[tuple[str, str]]  # address, words
    grades: list[tuple[str, int]]  # of fellow members, where they are many
    statements: list[Statement] = field(default_factory=list)


@dataclass(frozen=True)
class VoicePanel:
    """The card of the voices."""

    state: ReviewState
    rows: list[VoiceRow]
    sentences: list[str]
    proposed: str
    shows_weights: bool
    is_insider: bool
    remarks: list[str]
    aspects: list[tuple[str, list[tuple[str, str]]]]  # what is compared, with each voice's name and its score
    may_prepare_survey: bool

    @property
    def total(self) -> str:
        """The total as people read it."""
        return shown(self.state.total)


def voice_panel(review: Review, user: User, state: ReviewState | None = None) -> VoicePanel | None:
    """The card for this reader; None where the scheme asks for nobody.

    The post and its unit read what was said when the result is recorded; what fellow members wrote never.
    """
    state = state or review_state(review)
    if not state.rules.voices:
        return None
    insider = may_on_unit(user, "view_unit", review.reviewer_unit) and not why_not_own(user, review)
    done = review.status == ReviewStatus.DONE
    figures = state.shows_figures(user)
    rows = [_row(voice, state, user, insider=insider or done, figures=figures) for voice in state.voices]
    frozen = review.score.get("sentences" if figures else "told") if done else None
    sentences = frozen or arithmetic(state, figures=figures)
    proposed = review.score.get("proposed", "") if done else state.proposed
    peers = next((voice for voice in state.voices if voice.code == Voice.PEER), None)
    open_now = review.status == ReviewStatus.OPEN
    return VoicePanel(
        state=state,
        rows=rows,
        sentences=sentences if insider or done else [],
        proposed=str(ReviewOutcome(proposed).label) if proposed and (insider or done) else "",
        shows_weights=bool(state.rules.weights),
        is_insider=insider,
        remarks=[r.text for r in review.peer_remarks.all()] if insider and peers and peers.is_heard else [],
        aspects=_aspects(state, rows),
        may_prepare_survey=open_now
        and Voice.MASS in state.rules.voices
        and (state.survey is None or state.survey.state == SurveyState.VOID)
        and not why_not_speak(user, review, Voice.MASS),
    )


def why_not_own(user: User, review: Review) -> bool:
    """Whether the reader belongs to the post itself."""
    return review.conferral.holders.filter(member__user=user).exists()


def _row(voice: VoiceState, state: ReviewState, user: User, *, insider: bool, figures: bool) -> VoiceRow:
    shows = insider and (figures or voice.code != Voice.MASS)
    said = [statement for statement in state.statements if statement.voice == voice.code]
    if not insider:
        said = [statement for statement in said if statement.voice == Voice.SELF]
    return VoiceRow(voice, shows, list(_actions(voice.code, state, user)), _grades(voice, state, insider), said)


def _aspects(state: ReviewState, rows: list[VoiceRow]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each aspect with the scores that this reader may see, in the order of the voices."""
    return [
        (told.aspect, [(row.voice.name, _told(told.scores[row.voice.code], row)) for row in rows])
        for told in state.aspects
    ]


def _told(score: Fraction | None, row: VoiceRow) -> str:
    return shown(score) if score is not None and row.shows_score and row.voice.is_heard else "–"


def _grades(voice: VoiceState, state: ReviewState, insider: bool) -> list[tuple[str, int]]:
    """How many gave which grade: only where so many spoke that it tells nothing of anybody."""
    peers = state.peers
    if voice.code != Voice.PEER or peers is None or not insider or voice.heard < limits()["min_ballots"]:
        return []
    return [(str(label), peers.counts.get(code, 0)) for code, label in Grade.choices]


def _actions(code: str, state: ReviewState, user: User) -> Iterator[tuple[str, str]]:
    review = state.review
    if code == Voice.MASS:
        if state.survey is not None and may_on_unit(user, "view_unit", state.survey.org_unit):
            yield reverse("assessments:survey_detail", args=[state.survey.pk]), _("Survey")
        return
    if review.status != ReviewStatus.OPEN:
        return
    if code == Voice.PEER and not why_not_review(user, review) and not _has_spoken(state):
        yield reverse("assessments:peers_count", args=[review.pk]), _("Count the papers of a meeting")
    if why_not_speak(user, review, code):
        return
    if code == Voice.PEER and PeerTurn.objects.filter(review=review, member__user=user).exists():
        return
    if state.scoring and code in (Voice.SELF, Voice.ORGANISATION):
        name = "review_self_score" if code == Voice.SELF else "review_score"
        yield reverse(f"assessments:{name}", args=[review.pk]), _("Score sheet")
    else:
        yield reverse("assessments:voice_give", args=[review.pk, code]), str(_SAY[code])


def _has_spoken(state: ReviewState) -> bool:
    """Whether fellow members have spoken on their own pages: papers would count them twice."""
    return bool(state.peers and state.peers.counts and not state.peers.n_paper)

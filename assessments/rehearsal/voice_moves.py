"""The voices of a review: everybody is heard in the first review of a rule, later ones go on without the absent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.review_rights import fellow_members, why_not_review, why_not_speak
from assessments.domain.review_sheets import save_review_sheet
from assessments.domain.review_state import ReviewState, review_state
from assessments.domain.review_voices_end import why_not_yet
from assessments.domain.rules import takes_codes
from assessments.domain.surveys import open_survey
from assessments.domain.voices import count_peers, give_statement, prepare_review_survey
from assessments.models import Grade, Review, SurveyState, Voice
from assessments.rehearsal.case import Case, NobodyError, somebody
from assessments.rehearsal.report import DONE, WAITS
from assessments.rehearsal.score_moves import entries_for
from campaigns.models import User
from campaigns.permissions import holders_of

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play

BALLOTS = 12
SURVEYS = 2  # of each rule; the rest go on without the masses


def is_ready(play: Play, case: Case, review: Review, *, good: bool) -> bool:
    """Let those speak who have not been heard; whether the result can be recorded today."""
    state = review_state(review)
    if case.once(f"voices:{review.rule_id}"):
        for voice in state.rules.voices:
            _speak(play, case, state, voice, good=good)
        state = review_state(review)
    if state.survey is not None and state.survey.state == SurveyState.OPEN:
        _vote(play, case, state, good=good)
    return not why_not_yet(review_state(review))


def _speak(play: Play, case: Case, state: ReviewState, voice: str, *, good: bool) -> None:
    if voice == Voice.PEER:
        _count_peers(play, case, state, good=good)
    elif voice == Voice.MASS:
        _open_survey(play, case, state)
    elif state.scoring is not None and voice in (Voice.SELF, Voice.ORGANISATION):
        _score(play, case, state, voice, good=good)
    else:
        review, permission = state.review, "decide" if voice == Voice.LEADER else "review_post"
        unit = review.reviewer_unit if voice == Voice.ORGANISATION else review.conferral.org_unit
        fits = lambda user: not why_not_speak(user, review, voice)  # noqa: E731
        actor = somebody(permission, unit, fits, what=state.rules.name(voice))
        grade = Grade.EXCELLENT if good else Grade.UNQUALIFIED
        text = "履职践诺情况良好。" if good else "承诺事项完成情况不够好。"
        judged = dict.fromkeys(state.rules.aspects, grade)
        give_statement(review, voice=voice, actor=actor, grade=grade, text=text, aspects=judged)
        _say(play, case, actor, state, voice)


def _count_peers(play: Play, case: Case, state: ReviewState, *, good: bool) -> None:
    review = state.review
    number = min(fellow_members(review).count(), state.rules.least[Voice.PEER] + 1)
    if not number:
        return  # a unit without fellow members goes on without them, and says so
    actor = somebody(
        "review_post", review.reviewer_unit, lambda u: not why_not_review(u, review), what=_("count papers")
    )
    grade = Grade.EXCELLENT if good else Grade.UNQUALIFIED
    counts = {grade.value: number}
    judged = dict.fromkeys(state.rules.aspects, counts)
    day = timezone.localdate()
    count_peers(review, actor=actor, held_on=day, place="会议室", counts=counts, aspects=judged)
    _say(play, case, actor, state, Voice.PEER)


def _score(play: Play, case: Case, state: ReviewState, voice: str, *, good: bool) -> None:
    review, wanted = state.review, state.rules.least[voice] if voice == Voice.ORGANISATION else 1
    unit = review.reviewer_unit if voice == Voice.ORGANISATION else review.conferral.org_unit
    users = holders_of("review_post", unit) | holders_of("assess", unit)
    able = [user for user in users.distinct().order_by("pk") if not why_not_speak(user, review, voice)]
    if len(able) < wanted:
        text = _("“%(step)s” wants %(n)s score sheets; only %(have)s people may hand one in.")
        raise NobodyError(text % {"step": review.rule.label, "n": wanted, "have": len(able)})
    for actor in able[:wanted]:
        entries = entries_for(state.scoring.rubric, full=good)
        save_review_sheet(review, actor=actor, entries=entries, submit=True, version=None, is_self=voice == Voice.SELF)
        _say(play, case, actor, state, voice)


def _open_survey(play: Play, case: Case, state: ReviewState) -> None:
    review = state.review
    held = play.after.surveys.setdefault(review.rule_id, 0)
    closes = timezone.localtime().replace(hour=18, minute=0) + timedelta(days=2)
    if held >= SURVEYS or closes.date() > review.due_on:
        return
    play.after.surveys[review.rule_id] = held + 1
    fits = lambda user: not why_not_speak(user, review, Voice.MASS)  # noqa: E731
    actor = somebody("run_survey", review.reviewer_unit, fits, what=state.rules.name(Voice.MASS))
    survey = prepare_review_survey(review, actor=actor)
    if takes_codes(survey.rules):
        codes = make_code_batch(survey, n=BALLOTS, actor=play.officer(), witness="证样人")
        case.notes[f"codes:{survey.pk}"] = codes
    open_survey(survey, actor=actor, closes_at=closes, accept_small_group=True)
    said = _("%(step)s is opened, until %(day)s.") % {"step": survey.title, "day": closes.date()}
    play.say(case, actor, "review_survey", WAITS, said)


def _vote(play: Play, case: Case, state: ReviewState, *, good: bool) -> None:
    survey = state.survey
    if survey is None or not case.once(f"voted:{survey.pk}") or survey.closes_at <= timezone.now():
        return
    codes: list[str] = case.notes.get(f"codes:{survey.pk}", [])  # type: ignore[assignment]
    rights = [*survey.roll.order_by("pk"), *map(right_of_code, codes)]
    for right in rights:
        cast_ballot(survey, right=right, choices=["satisfied" if good else "dissatisfied"] * survey.lines.count())
    text = _("%(step)s: %(n)s ballots are cast.")
    play.say(case, None, "review_vote", DONE, text % {"step": survey.title, "n": len(rights)})


def _say(play: Play, case: Case, actor: User, state: ReviewState, voice: str) -> None:
    said = _("%(rule)s for %(period)s: %(voice)s.")
    facts = {"rule": state.review.rule.label, "period": state.review.period, "voice": state.rules.name(voice)}
    play.say(case, actor, f"voice:{voice}", DONE, said % facts)

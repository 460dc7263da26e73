"""Who was heard in the reviews of the invented town."""

from django.utils import timezone

from assessments.demo.town import Town
from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.closing import close_survey
from assessments.domain.review_rights import fellow_members
from assessments.domain.review_state import review_state
from assessments.domain.review_voices_end import why_not_yet
from assessments.domain.surveys import open_survey
from assessments.domain.voices import count_peers, give_statement, prepare_review_survey
from assessments.models import Grade, Review, Voice
from campaigns.models import User

SAID = {
    Voice.SELF: "本季度承诺事项全部办结，一件因资料不全退回，已一次性告知。",
    Voice.LEADER: "服务态度好，能主动承担急难任务，希望把做法整理出来带动全支部。",
    Voice.ORGANISATION: "查阅台账和回访记录，承诺兑现情况属实，台账完整。",
}
BALLOTS, SATISFIED = 24, 21


def hear(town: Town, review: Review, *, actor: User) -> bool:
    """Let everybody speak whom the scheme asks for; whether the result can be recorded now."""
    state = review_state(review)
    for voice in state.rules.voices:
        if voice == Voice.PEER:
            _count(review, actor)
        elif voice == Voice.MASS:
            _survey(town, review, actor)
        else:
            grade = Grade.EXCELLENT if voice == Voice.LEADER else Grade.QUALIFIED
            speaker = "陈样书" if voice == Voice.LEADER else ""
            give_statement(review, voice=voice, actor=actor, grade=grade, text=SAID[Voice(voice)], speaker=speaker)
    return not why_not_yet(review_state(review))


def _count(review: Review, actor: User) -> None:
    number = min(fellow_members(review).count(), 12)
    counts = {Grade.EXCELLENT.value: number - number // 3, Grade.QUALIFIED.value: number // 3}
    count_peers(review, actor=actor, held_on=timezone.localdate(), place="支部会议室", counts=counts)


def _survey(town: Town, review: Review, actor: User) -> None:
    """Held and counted within one morning: every slip that was handed out came back."""
    survey = prepare_review_survey(review, actor=actor)
    codes = make_code_batch(survey, n=BALLOTS, actor=town.people["demo-officer"], witness="证样人")
    closes = timezone.localtime().replace(hour=18)
    survey = open_survey(survey, actor=actor, closes_at=closes, accept_small_group=True)
    for number, code in enumerate(codes):
        choice = "satisfied" if number < SATISFIED else "basically_satisfied"
        cast_ballot(survey, right=right_of_code(code), choices=[choice])
    close_survey(survey, actor=actor)

"""Five voices in a review: who may speak, what is kept, whom the result waits for."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.closing import close_survey
from assessments.domain.review_rights import why_not_speak
from assessments.domain.review_state import arithmetic, review_state
from assessments.domain.reviews import record_review, settle_missed
from assessments.domain.surveys import eligible_voters, open_survey
from assessments.domain.voices import assess_as_peer, count_peers, give_statement, prepare_review_survey
from assessments.models import PeerRemark, PeerTally, PeerTurn, Review, Statement, Survey, SurveyState, Voice
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import JournalEntry, Member, Message, Role
from tests.assessments.hearing import FOUR, make_fellows, make_heard_review, peers_speak, speak_all
from tests.assessments.titles import TODAY, at, make_title
from tests.factories import MemberFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

GOOD = {"outcome": "pass", "performance": "履职践诺情况良好。"}


@pytest.fixture
def review(title):
    return make_heard_review(title)


@pytest.fixture
def four(title):
    return make_heard_review(title, **FOUR)


def hold_survey(review, officer, secretary, **counts):
    """Prepare, open, vote by code and close; on the same day."""
    survey = prepare_review_survey(review, actor=secretary)
    codes = iter(make_code_batch(survey, n=sum(counts.values()), actor=officer, witness="孙样甲"))
    closes = timezone.localtime().replace(hour=18)
    survey = open_survey(survey, actor=secretary, closes_at=closes, accept_small_group=True)
    for choice, number in counts.items():
        for _unused in range(number):
            cast_ballot(survey, right=right_of_code(next(codes)), choices=[choice] * survey.lines.count())
    return close_survey(survey, actor=secretary)


def test_the_result_waits_for_the_voices_and_then_goes_on_without_the_absent(review, secretary, today):
    assert review.voices_until == date(2026, 11, 11)
    with pytest.raises(OutOfOrderError, match=r"2026-11-11.*个人自评.*党员互评.*群众测评.*领导点评.*组织考评"):
        record_review(review, actor=secretary, **GOOD)

    today.move_to(at(date(2026, 11, 11), 23))
    with pytest.raises(OutOfOrderError):
        record_review(review, actor=secretary, **GOOD)
    today.move_to(at(date(2026, 11, 12), 9))
    done = record_review(review, actor=secretary, **GOOD)

    assert [voice["heard"] for voice in done.score["voices"]] == [0, 0, 0, 0, 0]
    assert done.score["proposed"] == ""
    assert any("个人自评" in sentence and "10" in sentence for sentence in done.score["sentences"])


def test_five_voices_make_a_total_and_propose(review, secretary, officer, committee_secretary, branch, member):
    make_fellows(branch, 5)
    speak_all(
        review, people={"self": member, "leader": committee_secretary, "organisation": secretary, "peer": secretary}
    )
    hold_survey(review, officer, secretary, satisfied=44, basically_satisfied=4, unknown=2)

    state = review_state(Review.objects.get(pk=review.pk))

    assert [voice.is_heard for voice in state.voices] == [True] * 5
    mass = Fraction(4400, 48)
    assert state.total == Fraction(70 * 100, 100) + mass * Fraction(30, 100)
    assert (state.proposed, state.is_satisfied) == ("pass", True)
    done = record_review(review, actor=secretary, **GOOD)
    assert Fraction(done.score["total"]) == state.total
    assert done.score["sentences"][0].startswith("(个人自评 100 × 10 + 党员互评 100 × 20 + 群众测评 91.66 × 30")


def test_an_absent_voice_hands_its_weight_on_and_that_is_said(four, secretary, committee_secretary, today):
    speak_all(four, people={"leader": committee_secretary, "organisation": secretary}, grade="qualified")
    today.move_to(at(date(2026, 11, 12), 9))

    state = review_state(four)

    assert (state.total, state.proposed) == (80, "pass")
    absent = [sentence for sentence in arithmetic(state) if "其权重" in sentence]
    assert [("10" in s, "30" in s) for s in absent] == [(True, False), (False, True)]


def test_another_result_than_the_numbers_propose_needs_reasons(four, secretary, committee_secretary, today):
    speak_all(four, people={"leader": committee_secretary, "organisation": secretary}, grade="basically_qualified")
    today.move_to(at(date(2026, 11, 12), 9))
    assert review_state(four).proposed == "rectify"

    with pytest.raises(DomainError, match="限期整改") as error:
        record_review(four, actor=secretary, **GOOD)
    assert error.value.field == "reasons"
    done = record_review(four, actor=secretary, reasons="本期因病请假，已补办。", **GOOD)

    assert (done.outcome, done.score["proposed"]) == ("pass", "rectify")


def test_a_survey_below_its_threshold_lowers_the_result(
    review, secretary, officer, committee_secretary, branch, member
):
    make_fellows(branch, 5)
    speak_all(
        review, people={"self": member, "leader": committee_secretary, "organisation": secretary, "peer": secretary}
    )
    hold_survey(review, officer, secretary, satisfied=79, basically_satisfied=21)

    state = review_state(review)

    assert state.total > 80
    assert (state.is_satisfied, state.proposed) == (False, "rectify")


def test_the_survey_of_a_review_is_secret_and_closes_with_its_review(review, secretary, officer, today):
    survey = prepare_review_survey(review, actor=secretary)
    assert [line.label for line in survey.lines.all()] == [f"岗位：{review.conferral}"]
    assert (survey.rules["threshold"], survey.rules["electorate"]) == (80, ["masses", "service_users"])
    with pytest.raises(OutOfOrderError):
        prepare_review_survey(review, actor=secretary)
    with pytest.raises(NotAllowedError):  # one level above prints the codes, never the branch itself
        make_code_batch(survey, n=5, actor=secretary, witness="孙样甲")
    make_code_batch(survey, n=5, actor=officer, witness="孙样甲")
    with pytest.raises(DomainError) as error:
        open_survey(survey, actor=secretary, closes_at=at(date(2026, 11, 18), 8), accept_small_group=True)
    assert error.value.field == "closes_at"
    open_survey(survey, actor=secretary, closes_at=at(date(2026, 11, 17), 18), accept_small_group=True)

    today.move_to(at(date(2026, 11, 12), 9))
    with pytest.raises(OutOfOrderError, match="测评正在进行"):
        record_review(review, actor=secretary, **GOOD)
    today.move_to(at(date(2026, 11, 18), 9))  # overdue, and the clock has not closed it
    record_review(review, actor=secretary, reasons="测评未完成。", **GOOD)

    assert Survey.objects.get().state == SurveyState.VOID


def test_few_ballots_are_told_to_the_level_above_only(review, secretary, officer, committee_secretary, branch, member):
    make_fellows(branch, 5)
    speak_all(
        review, people={"self": member, "leader": committee_secretary, "organisation": secretary, "peer": secretary}
    )
    hold_survey(review, officer, secretary, satisfied=8, dissatisfied=1)

    state = review_state(review)

    assert state.figures_hidden
    assert (state.shows_figures(secretary), state.shows_figures(officer)) == (False, True)
    told = " ".join(arithmetic(state, figures=False))
    assert "88.8" not in told
    assert "÷" not in told
    assert "88.8" in " ".join(arithmetic(state))


def test_fellow_members_speak_once_without_a_name(four, branch):
    fellows = make_fellows(branch, 3)
    peers_speak(four, fellows, ["excellent", "excellent", "qualified"])

    with pytest.raises(OutOfOrderError):
        assess_as_peer(four, actor=fellows[0], grade="unqualified")

    assert PeerTally.objects.get().counts == {"excellent": 2, "qualified": 1}
    assert PeerTurn.objects.count() == 3
    columns = {field.name for field in PeerTurn._meta.fields} | {field.name for field in PeerRemark._meta.fields}
    assert columns == {"id", "review", "member", "text"}
    assert not JournalEntry.objects.filter(kind="review_peer_heard", actor__isnull=False).exists()
    assert review_state(four).voices[1].score == Fraction(280, 3)


def test_two_fellow_members_are_not_heard_because_each_would_know_the_other(four, branch):
    peers_speak(four, make_fellows(branch, 2), ["excellent", "unqualified"])

    peer = review_state(four).voices[1]

    assert (peer.heard, peer.least, peer.score) == (2, 3, None)


def test_papers_of_a_meeting_take_the_place_of_pages(four, secretary, branch):
    fellows = make_fellows(branch, 3)
    call = {"actor": secretary, "held_on": TODAY, "place": "会议室"}
    with pytest.raises(DomainError):
        count_peers(four, counts={"excellent": 6}, **call)  # the secretary is the fourth fellow member
    with pytest.raises(DomainError):
        count_peers(four, counts={}, **call)
    with pytest.raises(DomainError) as error:
        count_peers(four, counts={"excellent": 3}, **call | {"held_on": TODAY + timedelta(days=1)})
    assert error.value.field == "held_on"
    count_peers(four, counts={"excellent": 3, "qualified": 1}, **call)

    with pytest.raises(OutOfOrderError):
        assess_as_peer(four, actor=fellows[0], grade="excellent")
    assert not PeerTurn.objects.exists()
    assert review_state(four).voices[1].score == 95


def test_pages_and_papers_do_not_count_anybody_twice(four, secretary, branch):
    peers_speak(four, make_fellows(branch, 1), ["excellent"])

    with pytest.raises(OutOfOrderError):
        count_peers(four, actor=secretary, held_on=TODAY, place="会议室", counts={"excellent": 1})


def test_what_is_said_again_replaces_what_was_said(four, committee_secretary):
    for grade in ("excellent", "qualified"):
        give_statement(four, voice="leader", actor=committee_secretary, grade=grade, text="服务热情。")

    assert [(said.speaker, said.grade) for said in Statement.objects.all()] == [("王样甲", "qualified")]


def test_the_secretary_writes_down_what_leaders_said_at_a_meeting(four, secretary):
    give_statement(four, voice="leader", actor=secretary, grade="excellent", text="做法好。", speaker="陈样书")
    give_statement(four, voice="leader", actor=secretary, grade="qualified", text="再细一些。", speaker="何样书")

    leader = next(voice for voice in review_state(four).voices if voice.code == "leader")
    assert (leader.heard, leader.score) == (2, 90)


@pytest.mark.parametrize(
    ("change", "field"), [({"grade": ""}, "grade"), ({"grade": "best"}, "grade"), ({"text": " "}, "text")]
)
def test_a_word_with_a_gap_is_refused(four, committee_secretary, change, field):
    said = {"voice": "leader", "grade": "excellent", "text": "服务热情。", **change}
    with pytest.raises(DomainError) as error:
        give_statement(four, actor=committee_secretary, **said)
    assert error.value.field == field


def test_who_may_speak_is_said_with_its_reason(
    title, branch, committee, secretary, other_secretary, officer, committee_secretary, member, stranger, discipline
):
    fellow = make_fellows(branch, 1)[0]
    assessor = UserFactory()
    appoint(assessor, org_unit=branch, role=Role.ASSESSOR, actor=None)
    review = make_heard_review(title)
    may = {
        "self": {secretary, officer, member},
        "peer": {secretary, fellow},
        "mass": {secretary, officer},
        "leader": {secretary, officer, committee_secretary},
        "organisation": {secretary, officer, committee_secretary, assessor},
    }
    everybody = [
        secretary, other_secretary, officer, committee_secretary, member, stranger, discipline, fellow, assessor,
    ]  # fmt: skip

    for voice, allowed in may.items():
        refused = {user: why_not_speak(user, review, voice) for user in everybody}
        assert {user for user, reason in refused.items() if not reason} == allowed, voice
        assert all(reason.endswith("。") for user, reason in refused.items() if user not in allowed)


def test_nobody_speaks_where_the_scheme_does_not_ask_him(title, secretary, committee_secretary):
    review = make_heard_review(title, assessments=["leader"], weights={}, marks={}, survey=False, threshold=None)

    assert why_not_speak(secretary, review, Voice.SELF) == "方案没有要求在本次考核中进行这种评议。"
    assert why_not_speak(committee_secretary, review, Voice.LEADER) == ""


def test_nobody_judges_himself(campaign, branch, secretary):
    own = make_heard_review(make_title(campaign, branch, Member.objects.get(user=secretary)))

    for voice in ("leader", "organisation", "mass"):
        assert "本人" in why_not_speak(secretary, own, voice) or "自己" in why_not_speak(secretary, own, voice)
    assert why_not_speak(secretary, own, Voice.PEER)
    assert why_not_speak(secretary, own, Voice.SELF) == ""


def test_after_the_result_nobody_speaks(four, secretary, committee_secretary, branch, today):
    fellow = make_fellows(branch, 1)[0]
    today.move_to(at(date(2026, 11, 12), 9))
    record_review(four, actor=secretary, **GOOD)

    with pytest.raises(OutOfOrderError):
        give_statement(four, voice="leader", actor=committee_secretary, grade="excellent", text="好。")
    with pytest.raises(OutOfOrderError):
        assess_as_peer(four, actor=fellow, grade="excellent")
    with pytest.raises(OutOfOrderError):
        prepare_review_survey(make_done(four), actor=secretary)


def make_done(review):
    return Review.objects.get(pk=review.pk)


def test_the_result_is_told_to_the_post_and_to_its_branch(title, secretary, officer, member, committee):
    review = make_heard_review(
        title, reviewer="committee", reviewer_unit=committee, assessments=[], survey=False, weights={}, marks={}
    )
    record_review(review, actor=officer, **GOOD)

    told = Message.objects.filter(key=f"review_done:{review.pk}")
    assert {message.user for message in told} == {secretary, member}


def test_a_member_without_the_party_branch_of_the_post_is_no_fellow(four, other_branch):
    elsewhere = MemberFactory(branch=other_branch, user=UserFactory()).user

    with pytest.raises(NotAllowedError):
        assess_as_peer(four, actor=elsewhere, grade="excellent")


def test_the_members_of_the_posts_own_unit_vote_whoever_reviews_it(
    title, committee, branch, other_branch, officer, secretary, member
):
    MemberFactory(branch=other_branch)
    fellow = MemberFactory(branch=branch)
    review = make_heard_review(title, reviewer="committee", reviewer_unit=committee, electorate=["members"])

    survey = prepare_review_survey(review, actor=officer)

    assert set(eligible_voters(survey)) == {fellow, Member.objects.get(user=secretary)}
    assert survey.org_unit == committee


def test_a_missed_period_that_is_made_up_waits_for_its_voices_anew(title, secretary, today):
    review = make_heard_review(title)
    Review.objects.update(status="missed")
    today.move_to(at(date(2026, 12, 1), 9))

    made_up = settle_missed(review, action="make_up", reason="补上这一期。", actor=secretary)

    assert (made_up.voices_until, made_up.due_on) == (date(2026, 12, 8), date(2026, 12, 15))
    with pytest.raises(OutOfOrderError):
        record_review(made_up, actor=secretary, **GOOD)


def test_the_unit_speaks_for_the_post_only_while_the_post_itself_is_silent(four, member, secretary):
    assert why_not_speak(secretary, four, Voice.SELF) == ""
    give_statement(four, voice="self", actor=member, grade="excellent", text="履职良好。")

    assert why_not_speak(secretary, four, Voice.SELF) == "岗位已经自评，不再由他人代为自评。"
    assert why_not_speak(member, four, Voice.SELF) == ""

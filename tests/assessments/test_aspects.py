"""三比三评: each aspect that the scheme compares is judged by itself by every voice, and shown beside the whole."""

from datetime import date
from fractions import Fraction

import pytest
from django.urls import reverse

from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.closing import close_survey
from assessments.domain.review_state import review_state
from assessments.domain.reviews import record_review
from assessments.domain.surveys import open_survey
from assessments.domain.voices import assess_as_peer, count_peers, give_statement, prepare_review_survey
from assessments.models import PeerTally, Statement
from campaigns.domain.errors import DomainError
from tests.assessments.hearing import FOUR, make_fellows, make_heard_review
from tests.assessments.titles import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

THREE = ["比技能", "比作风", "比业绩"]
SAID = {"grade": "qualified", "text": "履职良好。"}


def judged(*grades):
    return dict(zip(THREE, grades, strict=True))


@pytest.fixture
def review(title):
    return make_heard_review(title, **FOUR, aspects=THREE)


def told(review):
    return {row.aspect: row.scores for row in review_state(review).aspects}


def test_every_aspect_must_be_judged_and_the_first_gap_is_named(review, member, branch):
    fellow = make_fellows(branch, 1)[0]
    for say, actor, more in (
        (give_statement, member, {**SAID, "voice": "self"}),
        (assess_as_peer, fellow, {"grade": "qualified"}),
    ):
        with pytest.raises(DomainError, match="请给“比作风”选择等次") as error:
            say(
                review,
                actor=actor,
                aspects={"比技能": "excellent", "比业绩": "excellent", "比别的": "excellent"},
                **more,
            )
        assert error.value.field == "aspect_1"
    assert not Statement.objects.exists()
    assert not PeerTally.objects.exists()


def test_the_aspects_are_added_up_singly_and_the_whole_counts_in_the_total(
    review, member, secretary, committee_secretary, branch
):
    give_statement(review, voice="self", actor=member, aspects=judged("excellent", "qualified", "qualified"), **SAID)
    for name, grade in (("甲", "excellent"), ("乙", "unqualified")):
        give_statement(
            review,
            voice="leader",
            actor=secretary,
            speaker=name,
            aspects=judged(grade, "qualified", "qualified"),
            **SAID,
        )
    for fellow, grade in zip(make_fellows(branch, 3), ("excellent", "excellent", "basically_qualified"), strict=True):
        assess_as_peer(review, actor=fellow, grade="qualified", aspects=judged(grade, "qualified", grade))

    scores = told(review)

    assert scores["比技能"] == {
        "self": 100, "peer": Fraction(260, 3), "leader": 50, "organisation": None
    }  # fmt: skip
    assert scores["比作风"] == {"self": 80, "peer": 80, "leader": 80, "organisation": None}
    assert PeerTally.objects.get().aspects["比业绩"] == {"excellent": 2, "basically_qualified": 1}
    state = review_state(review)
    assert [voice.score for voice in state.voices if voice.score is not None] == [80, 80, 80]


def test_papers_are_counted_by_aspect_and_one_may_be_left_blank(review, secretary, branch):
    make_fellows(branch, 5)
    counts = {"excellent": 3, "qualified": 2}
    rows = {"比技能": {"excellent": 5}, "比作风": {"excellent": 2, "qualified": 2}, "比业绩": {"unqualified": 6}}
    facts = {"actor": secretary, "held_on": date(2026, 11, 4), "place": "会议室", "counts": counts}
    with pytest.raises(DomainError, match="“比业绩”：每张票最多一个等次，合计不超过5") as error:
        count_peers(review, aspects=rows, **facts)
    assert error.value.field == "aspect_2_excellent"

    count_peers(review, aspects=rows | {"比业绩": {}}, **facts)

    assert {aspect: scores["peer"] for aspect, scores in told(review).items()} == {
        "比技能": 100,
        "比作风": 90,
        "比业绩": None,
    }


def test_the_masses_have_a_line_for_each_aspect_and_the_post_decides(title, secretary, officer):
    review = make_heard_review(title, aspects=THREE)
    survey = prepare_review_survey(review, actor=secretary)
    assert [line.label for line in survey.lines.all()] == [f"岗位：{title}", *THREE]
    codes = iter(make_code_batch(survey, n=20, actor=officer, witness="孙样甲"))
    survey = open_survey(survey, actor=secretary, closes_at=at(date(2026, 11, 4), 18), accept_small_group=True)
    for number in range(20):
        skill = "satisfied" if number < 10 else "basically_satisfied"
        cast_ballot(survey, right=right_of_code(next(codes)), choices=["satisfied", skill, "satisfied", ""])
    survey = close_survey(survey, actor=secretary)

    assert (survey.result.verdict, review_state(review).is_satisfied) == ("passed", True)
    assert {aspect: scores["mass"] for aspect, scores in told(review).items()} == {
        "比技能": 50,
        "比作风": 100,
        "比业绩": None,
    }


def test_a_scheme_without_aspects_asks_for_none(title, member):
    review = make_heard_review(title, **FOUR)

    said = give_statement(review, voice="self", actor=member, aspects={"比技能": "excellent"}, **SAID)

    assert said.aspects == {}
    assert review_state(review).aspects == ()


def test_the_pages_ask_keep_and_show_each_aspect(review, client, member, secretary, branch, today):
    url = reverse("assessments:voice_give", args=[review.pk, "self"])
    client.force_login(member)
    form = {**SAID, "aspect_0": "excellent", "aspect_1": "qualified"}
    assert client.post(url, form).status_code == 400
    assert client.post(url, form | {"aspect_2": "basically_qualified"}).status_code == 302
    assert client.get(url).context["form"]["aspect_2"].value() == "basically_qualified"
    make_fellows(branch, 4)
    client.force_login(secretary)
    counted = {"held_on": "2026-11-04", "excellent": 4, "aspect_0_excellent": 4, "aspect_1_qualified": 4}
    zeros = {
        f"aspect_{n}_{grade}": 0
        for n in range(3)
        for grade in ("qualified", "basically_qualified", "unqualified", "excellent")
    }
    rest = dict.fromkeys(("qualified", "basically_qualified", "unqualified"), 0)
    assert client.post(reverse("assessments:peers_count", args=[review.pk]), zeros | rest | counted).status_code == 302

    page = client.get(reverse("assessments:review_detail", args=[review.pk]))

    rows = dict(page.context["panel"].aspects)
    assert [score for _name, score in rows["比技能"]] == ["100", "100", "–", "–"]
    assert [score for _name, score in rows["比作风"]] == ["80", "80", "–", "–"]
    assert "比技能 优秀、比作风 合格、比业绩 基本合格" in page.content.decode()


def test_the_result_keeps_them_and_the_notice_tells_them(review, member, secretary, client, today):
    give_statement(review, voice="self", actor=member, aspects=judged("excellent", "qualified", "qualified"), **SAID)
    today.move_to(at(date(2026, 11, 12)))
    done = record_review(review, actor=secretary, outcome="pass", performance="良好。", reasons="其余未评。")

    assert done.score["aspects"]["比技能"]["self"] == "100"
    client.force_login(member)
    page = client.get(reverse("assessments:review_notice", args=[review.pk])).content.decode()
    assert "逐项评价（满分100）" in page

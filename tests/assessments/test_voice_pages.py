"""Who gets what from the pages of the voices, what they show to whom, and what they ask of the database."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from assessments.domain.review_state import review_state
from assessments.domain.reviews import record_review
from assessments.domain.voices import assess_as_peer, give_statement
from assessments.models import PeerTally, Review, Statement, Survey
from campaigns.domain.todos import todos_for
from campaigns.models import Member
from tests.assessments.hearing import FOUR, make_fellows, make_heard_review, speak_all
from tests.assessments.scoring import raw_rubric
from tests.assessments.test_voices import hold_survey
from tests.assessments.titles import at, make_review, make_rule, make_title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PEOPLE = (
    "secretary",
    "other_secretary",
    "officer",
    "committee_secretary",
    "discipline",
    "member",
    "fellow",
    "stranger",
)
NOBODY = dict.fromkeys(PEOPLE, 404)


@pytest.fixture
def fellow(branch):
    return make_fellows(branch, 1)[0]


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


@pytest.fixture
def review(title):
    return make_heard_review(title)


def answers(client, people, url):
    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = client.get(url).status_code
    return found


SEE = {"secretary": 403, "officer": 403, "committee_secretary": 403, "discipline": 403, "member": 403}


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("voice_give", ["self"], SEE | {"secretary": 200, "officer": 200, "member": 200}),
        ("voice_give", ["leader"], SEE | {"secretary": 200, "officer": 200, "committee_secretary": 200}),
        ("voice_give", ["organisation"], SEE | {"secretary": 200, "officer": 200, "committee_secretary": 200}),
        ("voice_give", ["peer"], SEE | {"secretary": 200, "fellow": 200}),
        ("voice_give", ["mass"], {}),
        ("voice_give", ["nobody"], {}),
        ("peers_count", [], SEE | {"secretary": 200, "officer": 200}),
        ("review_notice", [], {}),
        ("review_survey", [], dict.fromkeys(PEOPLE, 405)),
        ("review_score", [], {}),
        ("review_detail", [], dict.fromkeys(SEE, 200)),
    ],
)
def test_each_address_answers_each_person(client, people, review, name, args, expected):
    url = reverse(f"assessments:{name}", args=[review.pk, *args])

    assert answers(client, people, url) == NOBODY | expected


def test_a_refusal_says_why(client, review, member, committee_secretary):
    client.force_login(member)
    page = client.get(reverse("assessments:voice_give", args=[review.pk, "organisation"]))
    assert "你的角色不能办理" in page.content.decode() or "考核" in page.content.decode()
    assert page.status_code == 403


def test_voices_are_given_on_their_pages(client, review, member, fellow, committee_secretary, secretary):
    said = {"grade": "excellent", "text": "承诺全部办结。"}
    for user, voice in ((member, "self"), (committee_secretary, "leader"), (secretary, "organisation")):
        client.force_login(user)
        answer = client.post(reverse("assessments:voice_give", args=[review.pk, voice]), said)
        assert answer.status_code == 302
    client.force_login(fellow)
    url = reverse("assessments:voice_give", args=[review.pk, "peer"])
    assert "已评完" in client.post(url, {"grade": "qualified", "remark": "热心。"}).content.decode()
    assert "已评完" in client.get(url).content.decode()

    assert set(Statement.objects.values_list("voice", "speaker")) == {
        ("self", member.name),
        ("leader", committee_secretary.name),
        ("organisation", secretary.name),
    }
    assert PeerTally.objects.get().counts == {"qualified": 1}


def test_a_form_with_a_gap_comes_back_with_what_was_typed(client, review, committee_secretary):
    client.force_login(committee_secretary)
    page = client.post(
        reverse("assessments:voice_give", args=[review.pk, "leader"]), {"text": "服务热情。", "grade": ""}
    )

    assert page.status_code == 400
    assert "服务热情。" in page.content.decode()


def test_papers_are_counted_on_their_page(client, review, secretary, branch):
    make_fellows(branch, 4)
    client.force_login(secretary)
    url = reverse("assessments:peers_count", args=[review.pk])
    counts = {"excellent": 3, "qualified": 1, "basically_qualified": 0, "unqualified": 0}
    assert client.post(url, {"held_on": "2026-11-04", **counts, "excellent": 9}).status_code == 400

    assert client.post(url, {"held_on": "2026-11-04", "place": "会议室", **counts}).status_code == 302
    assert PeerTally.objects.get().n_paper == 4


def test_the_survey_of_a_review_is_prepared_and_leads_back(client, review, secretary):
    client.force_login(secretary)
    answer = client.post(reverse("assessments:review_survey", args=[review.pk]))

    survey = Survey.objects.get()
    assert answer.url == reverse("assessments:survey_detail", args=[survey.pk])
    page = client.get(answer.url).content.decode()
    assert reverse("assessments:review_detail", args=[review.pk]) in page
    assert [todo.url for todo in todos_for(secretary)].count(answer.url) == 1


def test_the_post_reads_what_was_said_when_the_result_is_there(
    client, title, secretary, officer, committee_secretary, member, branch, today
):
    review = make_heard_review(title, **FOUR)
    fellows = make_fellows(branch, 3)
    for user in fellows:
        assess_as_peer(review, actor=user, grade="excellent", remark="有时不在岗。")
    give_statement(review, voice="leader", actor=committee_secretary, grade="qualified", text="再细致一些。")
    url = reverse("assessments:review_detail", args=[review.pk])
    client.force_login(member)
    before = client.get(url).content.decode()
    assert "再细致一些。" not in before
    assert "有时不在岗。" not in before
    client.force_login(secretary)
    assert "有时不在岗。" in client.get(url).content.decode()
    today.move_to(at(date(2026, 11, 12), 9))
    record_review(review, actor=secretary, outcome="pass", performance="良好。", reasons="综合评议。")

    client.force_login(member)
    after = client.get(url).content.decode()
    assert "再细致一些。" in after
    assert "有时不在岗。" not in after
    assert "考核结果通知" in client.get(reverse("assessments:review_notice", args=[review.pk])).content.decode()


def test_small_figures_are_hidden_on_the_page_of_the_branch(
    client, review, secretary, officer, committee_secretary, member, branch
):
    make_fellows(branch, 5)
    speak_all(
        review, people={"self": member, "leader": committee_secretary, "organisation": secretary, "peer": secretary}
    )
    hold_survey(review, officer, secretary, satisfied=8, dissatisfied=1)
    url = reverse("assessments:review_detail", args=[review.pk])

    client.force_login(secretary)
    hidden = client.get(url).content.decode()
    client.force_login(officer)
    shown = client.get(url).content.decode()

    assert ("88.88" in hidden, "96.66" in hidden) == (False, False)
    assert ("88.88" in shown, "96.66" in shown) == (True, True)


def test_the_score_sheet_of_a_review_is_the_one_of_an_assessment(client, title, committee, officer, secretary):
    title.campaign.rules = {"rubrics": [raw_rubric()]}
    title.campaign.save()
    plain = {"weights": {}, "marks": {}, "survey": False, "satisfaction": "none", "threshold": None}
    review = make_heard_review(title, reviewer="committee", reviewer_unit=committee, rubric="points", **plain)
    client.force_login(officer)
    url = reverse("assessments:review_score", args=[review.pk])
    assert "考核细则（100分）" in client.get(url).content.decode()
    values = {"version": 0, "points-0": "30", "points-1": "30", "points-2": "25", "points-3": "15"}
    answer = client.post(url, {**values, "satisfied-3": 19, "valid-3": 20, "submit": "1"})

    assert answer.url == reverse("assessments:review_detail", args=[review.pk])
    assert review_state(review).total == 100
    assert "100" in client.get(answer.url).content.decode()
    client.force_login(secretary)
    own = reverse("assessments:review_self_score", args=[review.pk])
    assert client.get(own).status_code == 200
    assert client.post(own, {**values, "satisfied-3": 19, "valid-3": 20, "submit": "1"}).status_code == 302
    assert review_state(review).voices[0].score == 100


def test_an_unannounced_visit_is_unknown_to_the_post_and_its_branch(
    client, campaign, title, committee, officer, secretary, member
):
    review = make_heard_review(title, reviewer="committee", reviewer_unit=committee, assessments=[], survey=False)
    Review.objects.update(unannounced=True)
    url = reverse("assessments:review_detail", args=[review.pk])
    post = reverse("posts:conferral_detail", args=[title.pk])

    assert answers(client, {"a": secretary, "b": member, "c": officer}, url) == {"a": 404, "b": 404, "c": 200}
    client.force_login(secretary)
    assert url not in client.get(post).content.decode()
    record_review(review, actor=officer, outcome="pass", performance="在岗，标识规范。")
    assert answers(client, {"a": secretary, "b": member, "c": officer}, url) == {"a": 200, "b": 200, "c": 200}


def test_results_are_public_where_the_scheme_publishes_them(client, title, rule, secretary):
    public = make_rule(title.campaign, publish=True)
    for own_rule, text in ((public, "走访到位。"), (rule, "内部意见。")):
        record_review(
            make_heard_review_by(title, own_rule),
            actor=secretary,
            outcome="pass",
            performance=text,
            problems="缺一周。",
        )

    page = client.get(reverse("posts:public_post", args=[title.public_id])).content.decode()

    assert "走访到位。" in page
    assert "内部意见。" not in page
    assert "缺一周。" not in page
    assert secretary.name not in page


def make_heard_review_by(title, rule):
    return Review.objects.create(
        conferral=title,
        rule=rule,
        period="2026-10",
        period_starts_on=date(2026, 10, 1),
        period_ends_on=date(2026, 10, 31),
        reviewer_unit=title.org_unit,
        due_on=date(2026, 11, 13),
    )


def test_everybody_is_asked_for_his_own_part(review, member, fellow, secretary, committee_secretary, stranger):
    def asked(user):
        return {todo.url for todo in todos_for(user) if "/voice/" in todo.url}

    def url(voice):
        return reverse("assessments:voice_give", args=[review.pk, voice])

    assert asked(member) == {url("self")}
    assert asked(fellow) == {url("peer")}
    assert asked(secretary) == {url("peer"), url("leader")}
    assert asked(stranger) == set()
    assess_as_peer(review, actor=fellow, grade="excellent")
    give_statement(review, voice="self", actor=member, grade="excellent", text="全部办结。")
    assert (asked(fellow), asked(member)) == (set(), set())


@pytest.mark.parametrize("number", [1, 3])
def test_the_work_list_asks_as_often_for_one_review_as_for_three(
    number, campaign, branch, member, fellow, django_assert_max_num_queries
):
    own = Member.objects.get(user=member)
    for _unused in range(number):
        make_heard_review(make_title(campaign, branch, own))

    with django_assert_max_num_queries(40):
        todos_for(member)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_of_a_review_asks_as_often_for_one_statement_as_for_three(
    client, number, review, secretary, django_assert_max_num_queries
):
    for n in range(number):
        give_statement(review, voice="leader", actor=secretary, grade="excellent", text="好。", speaker=f"陈样{n}")
    client.force_login(secretary)
    url = reverse("assessments:review_detail", args=[review.pk])
    client.get(url)

    with django_assert_max_num_queries(75):
        client.get(url)


def test_a_review_names_who_carried_the_title_in_its_period(client, title, rule, secretary):
    """Who has left since stands there; who came later does not."""
    review = make_review(title, rule)
    first, second = title.holders.order_by("pk")
    first.until_on = review.period_starts_on
    first.save()
    second.until_on = review.period_starts_on - timedelta(days=1)
    second.save()
    title.holders.create(name="后来人", from_on=review.period_ends_on + timedelta(days=1))

    client.force_login(secretary)
    page = client.get(reverse("assessments:review_detail", args=[review.pk]))

    assert [holder.name for holder in page.context["holders"]] == [first.name]

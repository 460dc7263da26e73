from datetime import date

import pytest

from assessments.domain.proposals import decide_proposal
from assessments.domain.rectifications import check_rectification, submit_rectification
from assessments.domain.review_rules import allowed_outcomes
from assessments.domain.reviews import record_review, settle_missed
from assessments.models import Proposal, ProposalStatus, Rectification, RectificationStatus, Review
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import DueItem, DueState, Member, Message, Role
from posts.models import Ban, Conferral, ConferralStatus, PlaqueStatus
from tests.assessments.titles import make_review, make_rule, make_title, run_clock
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

RECTIFY = {
    "outcome": "rectify",
    "performance": "承诺事项完成三项中的两项。",
    "problems": "台账记录不完整，缺第二周巡查记录。",
    "reasons": "第三项滞后。",
    "requirement": "补齐巡查记录并设专人管理",
    "responsible": "陈样甲",
}


@pytest.fixture
def review(title, rule):
    return make_review(title, rule)


def status_of(conferral):
    return Conferral.objects.get(pk=conferral.pk).status


def test_a_passed_review_changes_nothing_but_itself(review, secretary, title, member):
    record_review(review, actor=secretary, outcome="pass", performance="履职践诺情况良好。")

    review.refresh_from_db()
    assert (review.status, review.outcome, review.done_by) == ("done", "pass", secretary)
    assert status_of(title) == ConferralStatus.ACTIVE
    assert Message.objects.filter(user=member).count() == 1


def test_a_review_is_recorded_once(review, secretary):
    record_review(review, actor=secretary, outcome="pass", performance="良好。")

    with pytest.raises(OutOfOrderError, match="李样甲"):
        record_review(review, actor=secretary, outcome="pass", performance="良好。")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"outcome": "rotate_out"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"performance": "  "}, "performance"),
        ({"reasons": ""}, "reasons"),
        ({"requirement": ""}, "requirement"),
        ({"responsible": " "}, "responsible"),
        ({"rectify_by": date(2026, 11, 4)}, "rectify_by"),
        ({"rectify_by": date(2028, 11, 4)}, "rectify_by"),
    ],
)
def test_a_result_with_a_gap_is_refused_and_leaves_nothing(review, secretary, change, field):
    with pytest.raises(DomainError) as error:
        record_review(review, actor=secretary, **{**RECTIFY, **change})

    assert error.value.field == field
    assert Review.objects.get().status == "open"
    assert not Rectification.objects.exists()


def test_nobody_reviews_his_own_post_nor_another_branch(campaign, branch, rule, secretary, other_secretary):
    own = make_review(make_title(campaign, branch, Member.objects.get(user=secretary)), rule)
    with pytest.raises(NotAllowedError):
        record_review(own, actor=secretary, outcome="pass", performance="良好。")
    with pytest.raises(NotAllowedError):
        record_review(own, actor=other_secretary, outcome="pass", performance="良好。")


def test_the_scheme_says_which_outcomes_there_are(campaign):
    campaign.rules = {"consequences": {"fail_effect": ["revoke", "rectify"]}}
    campaign.save()

    assert allowed_outcomes(make_rule(campaign)) == ["pass", "rectify", "revoke"]
    assert allowed_outcomes(make_rule(campaign, outcomes=["adjust", "pass"])) == ["pass", "adjust"]


def test_rectify_opens_a_rectification_with_the_days_of_the_scheme(review, secretary, title):
    record_review(review, actor=secretary, **RECTIFY)

    rectification = Rectification.objects.get()
    assert (rectification.due_on, rectification.status) == (date(2026, 12, 4), RectificationStatus.OPEN)
    assert status_of(title) == ConferralStatus.RECTIFYING
    assert DueItem.objects.filter(kind="rectify_remind", state=DueState.PENDING).count() == 5


def test_a_rectification_is_checked_by_somebody_else_and_makes_the_post_valid_again(
    review, secretary, member, officer, title
):
    record_review(review, actor=secretary, **RECTIFY)
    rectification = Rectification.objects.get()
    with pytest.raises(OutOfOrderError):
        check_rectification(rectification, actor=secretary, passed=True, opinion="已整改。")

    submit_rectification(rectification, actor=secretary, proof="已补齐。")
    with pytest.raises(NotAllowedError):
        check_rectification(rectification, actor=secretary, passed=True, opinion="已整改。")
    with pytest.raises(NotAllowedError):
        check_rectification(rectification, actor=member, passed=True, opinion="已整改。")
    check_rectification(rectification, actor=officer, passed=True, opinion="已整改。")

    assert status_of(title) == ConferralStatus.ACTIVE
    assert not DueItem.objects.filter(kind="rectify_remind", state=DueState.PENDING).exists()


def test_two_rectifications_must_both_be_settled(review, secretary, member, title, rule):
    record_review(review, actor=secretary, **RECTIFY)
    record_review(make_review(title, rule, period="2026-09"), actor=secretary, **RECTIFY)
    first, second = Rectification.objects.order_by("pk")

    for rectification, expected in ((first, ConferralStatus.RECTIFYING), (second, ConferralStatus.ACTIVE)):
        submit_rectification(rectification, actor=member, proof="已补齐。")
        check_rectification(rectification, actor=secretary, passed=True, opinion="已整改。")
        assert status_of(title) == expected


def test_reminders_of_a_rectification(review, secretary, member, today):
    record_review(review, actor=secretary, **RECTIFY)

    run_clock(date(2026, 11, 5), date(2026, 12, 20))

    days = Message.objects.filter(user=member, key__startswith="rectification:").order_by("pk")
    assert [m.created_at.date() for m in days] == [
        date(2026, 11, 4),
        date(2026, 11, 27),
        date(2026, 12, 1),
        date(2026, 12, 3),
        date(2026, 12, 4),
        date(2026, 12, 5),
        date(2026, 12, 7),  # nothing was handed in: the body that named the post decides
    ]


def test_a_failed_rectification_is_proposed_to_the_naming_body(review, secretary, member, committee_secretary, title):
    record_review(review, actor=secretary, **RECTIFY)
    rectification = Rectification.objects.get()
    submit_rectification(rectification, actor=member, proof="已补齐。")
    with pytest.raises(DomainError):
        check_rectification(rectification, actor=secretary, passed=False, opinion="未整改。")
    check_rectification(rectification, actor=secretary, passed=False, opinion="未整改。", proposed_end="adjust")

    proposal = Proposal.objects.get()
    assert list(Proposal.objects.decidable_by(committee_secretary)) == [proposal]
    assert status_of(title) == ConferralStatus.RECTIFYING
    decide_proposal(proposal, actor=committee_secretary, accept=True, decision_text="同意调整。")
    assert status_of(title) == ConferralStatus.ADJUSTED
    assert not Ban.objects.exists()


def test_an_overdue_rectification_can_be_judged_without_proof(review, secretary, today, title):
    record_review(review, actor=secretary, **RECTIFY)
    rectification = Rectification.objects.get()
    today.move_to(date(2026, 12, 5))

    check_rectification(rectification, actor=secretary, passed=False, opinion="逾期未报。", proposed_end="revoke")

    assert Proposal.objects.get().end == "revoke"


def test_a_proposal_is_decided_by_the_right_person_once(
    review, secretary, committee_member, committee_secretary, title
):
    record_review(review, actor=secretary, outcome="revoke", performance="差。", reasons="连续三期不合格。")
    proposal = Proposal.objects.get()
    assert status_of(title) == ConferralStatus.ACTIVE
    appoint(secretary, org_unit=title.campaign.owner, role=Role.COMMITTEE_SECRETARY, actor=None)

    with pytest.raises(NotAllowedError):  # he has proposed it himself
        decide_proposal(proposal, actor=secretary, accept=True, decision_text="同意。")
    with pytest.raises(NotAllowedError):
        decide_proposal(proposal, actor=UserFactory(), accept=True, decision_text="同意。")
    with pytest.raises(DomainError):
        decide_proposal(proposal, actor=committee_secretary, accept=True, decision_text=" ")
    decide_proposal(
        proposal, actor=committee_member, accept=True, decision_text="同意。", document_number="青示委发〔2026〕7号"
    )
    with pytest.raises(OutOfOrderError):
        decide_proposal(proposal, actor=committee_secretary, accept=False, decision_text="不同意。")

    assert status_of(title) == ConferralStatus.REVOKED
    assert Ban.objects.filter(year=2026).count() == 2


def test_a_refused_proposal_leaves_the_title(review, secretary, committee_secretary, title):
    record_review(review, actor=secretary, outcome="adjust", performance="一般。", reasons="人员变动。")

    decide_proposal(Proposal.objects.get(), actor=committee_secretary, accept=False, decision_text="不同意。")

    assert status_of(title) == ConferralStatus.ACTIVE
    assert Proposal.objects.get().status == ProposalStatus.REFUSED


def test_one_proposal_at_a_time(review, secretary, title, rule):
    record_review(review, actor=secretary, outcome="adjust", performance="一般。", reasons="人员变动。")
    second = make_review(title, rule, period="2026-09")

    with pytest.raises(DomainError):
        record_review(second, actor=secretary, outcome="adjust", performance="一般。", reasons="人员变动。")
    assert Review.objects.get(pk=second.pk).status == "open"


def test_the_end_of_a_title_calls_off_what_is_open(review, secretary, committee_secretary, title, rule):
    record_review(review, actor=secretary, **RECTIFY)
    open_review = make_review(title, rule, period="2026-09")
    missed = make_review(title, rule, period="2026-08", status="missed")
    adjust = make_review(title, rule, period="2026-07")
    record_review(adjust, actor=secretary, outcome="adjust", performance="一般。", reasons="人员变动。")

    decide_proposal(Proposal.objects.get(), actor=committee_secretary, accept=True, decision_text="同意。")

    assert set(Review.objects.filter(pk__in=[open_review.pk, missed.pk]).values_list("status", flat=True)) == {
        "cancelled"
    }
    assert Rectification.objects.get().status == RectificationStatus.CANCELLED
    assert not DueItem.objects.filter(kind="rectify_remind", state=DueState.PENDING).exists()
    assert not title.plaques.exclude(status__in=[PlaqueStatus.RECALLED]).exists()


@pytest.mark.parametrize(
    ("action", "status", "due_on"), [("make_up", "open", date(2026, 11, 18)), ("waive", "missed", None)]
)
def test_a_missed_period_waits_for_a_decision(review, secretary, action, status, due_on):
    Review.objects.update(status="missed")
    with pytest.raises(DomainError):
        settle_missed(review, action=action, reason=" ", actor=secretary)

    settle_missed(review, action=action, reason="时钟停机期间漏考。", actor=secretary)

    review.refresh_from_db()
    assert review.status == status
    assert due_on is None or review.due_on == due_on
    with pytest.raises(OutOfOrderError):
        settle_missed(review, action=action, reason="再次。", actor=secretary)

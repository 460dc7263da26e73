"""A post that is not up to standard, walked whole: from review or report to the ban; without a veto list too."""

from datetime import date

import pytest
from django.urls import reverse

from assessments.domain.incidents import report_incident
from assessments.domain.proposals import decide_proposal
from assessments.domain.rectifications import check_rectification, open_rectification
from assessments.domain.review_rules import allowed_outcomes
from assessments.domain.reviews import record_review
from assessments.domain.verification import record_finding, take_up
from assessments.domain.vetoes import close_without_veto, decide_veto, measures_for, why_no_veto
from assessments.models import Proposal, Rectification, Review
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.domain.schemes import check_scheme
from posts.models import Ban, Plaque
from tests.assessments.test_rotation import make_displayed_plaque
from tests.assessments.titles import make_ground, make_review, make_rule
from tests.campaigns.test_schemes import SMALL

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
FINDING = {"finding": "verified", "finding_text": "五次投诉中四次属实。", "statement": "本人承认。"}


@pytest.fixture
def campaign(campaign):
    """Not up to standard: rectify, or revoke with a ban for the year. No veto list (S7)."""
    campaign.rules = {"consequences": {"fail_effect": ["rectify", "revoke"], "ban_same_year": True}}
    campaign.save()
    return campaign


@pytest.fixture
def proven(title, discipline):
    incident = report_incident(title, text="同一窗口一月内被投诉五次，核查四次属实。")
    take_up(incident, actor=discipline)
    return record_finding(incident, actor=discipline, **FINDING)


def test_outcomes_follow_the_schemes_effects_of_failing(campaign):
    assert allowed_outcomes(make_rule(campaign)) == ["pass", "rectify", "revoke"]


def test_from_a_failed_review_to_revocation_recall_and_ban(title, campaign, secretary, committee_secretary, member):
    plaque = make_displayed_plaque(title)
    review = make_review(title, make_rule(campaign))
    record_review(review, actor=secretary, outcome="revoke", performance="差。", reasons="不符合标准。")
    decide_proposal(
        Proposal.objects.get(), actor=committee_secretary, accept=True, decision_text="撤销。", document_number="9号"
    )

    title.refresh_from_db()
    assert (title.status, title.end_document) == ("revoked", "9号")
    assert Plaque.objects.get(pk=plaque.pk).status == "recalled"
    assert {ban.member_id for ban in Ban.objects.in_force()} == set(title.holders.values_list("member", flat=True))


def test_a_rectification_that_fails_proposes_only_what_the_scheme_knows(title, secretary, officer, today):
    open_rectification(
        title, actor=officer, finding="f", requirement="r", responsible="p", checking_unit=title.org_unit
    )
    today.move_to(date(2026, 12, 20))
    rectification = Rectification.objects.get()
    with pytest.raises(DomainError) as error:
        check_rectification(rectification, actor=secretary, passed=False, opinion="未改。", proposed_end="adjust")
    assert error.value.field == "proposed_end"
    check_rectification(rectification, actor=secretary, passed=False, opinion="未改。", proposed_end="revoke")
    assert Proposal.objects.get().end == "revoke"


def test_a_scheme_may_bar_with_the_rectification(title, campaign, officer):
    campaign.rules["consequences"]["ban_on"] = ["rectify"]
    campaign.save()
    open_rectification(
        title, actor=officer, finding="台账缺失。", requirement="r", responsible="p", checking_unit=title.org_unit
    )

    assert [ban.reason for ban in Ban.objects.in_force()] == ["台账缺失。"] * 2


def test_without_a_veto_list_a_true_report_is_settled_by_ordinary_decisions(proven, committee_member):
    assert "没有规定一票否决" in why_no_veto(proven)
    with pytest.raises(DomainError):
        decide_veto(proven, actor=committee_member, decision_text="撤销。")
    assert measures_for(proven) == ["none", "talk", "rectify", "revoke"]
    with pytest.raises(DomainError) as error:
        close_without_veto(proven, actor=committee_member, measure="adjust", reason="不适合。")
    assert error.value.field == "measure"


def test_a_true_report_may_lead_to_a_revocation_that_somebody_else_decides(
    proven, title, committee_member, committee_secretary
):
    close_without_veto(proven, actor=committee_member, measure="revoke", reason="影响恶劣。")
    proposal = Proposal.objects.get()
    title.refresh_from_db()
    assert (title.status, proposal.reasons, proposal.incident) == ("active", FINDING["finding_text"], proven)
    with pytest.raises(NotAllowedError):
        decide_proposal(proposal, actor=committee_member, accept=True, decision_text="撤销。")
    decide_proposal(proposal, actor=committee_secretary, accept=True, decision_text="撤销。")

    title.refresh_from_db()
    assert title.status == "revoked"
    assert Ban.objects.in_force().count() == 2


def test_a_true_report_may_lead_to_a_review_where_reviews_are_on_call(proven, campaign, committee_member):
    make_rule(campaign, cadence="none")
    assert "review" in measures_for(proven)
    close_without_veto(proven, actor=committee_member, measure="review", reason="先行考核。")

    review = Review.objects.get()
    assert (review.status, review.call_reason) == ("open", "有反映经核查属实。")


def test_with_a_veto_list_the_veto_is_still_there(proven, campaign):
    make_ground(campaign)
    assert why_no_veto(proven) == "核查结论未对应方案规定的一票否决情形。"


def test_the_pages_speak_no_veto_where_there_is_none(
    client, proven, title, discipline, committee_member, committee_secretary, secretary
):
    client.force_login(discipline)
    fresh = report_incident(title, text="另一件反映，有时间有地点。")
    take_up(fresh, actor=discipline)
    finding = client.get(reverse("assessments:incident_finding", args=[fresh.pk])).content.decode()
    assert "一票否决" not in finding
    client.force_login(committee_member)
    detail = client.get(reverse("assessments:incident_detail", args=[proven.pk])).content.decode()
    assert "作出处理" in detail
    url = reverse("assessments:incident_close", args=[proven.pk])
    assert "建议撤销称号" in client.get(url).content.decode()
    assert client.post(url, {"measure": "revoke", "reason": "影响恶劣。"}).status_code == 302
    client.force_login(committee_secretary)
    proposal = reverse("assessments:proposal_detail", args=[Proposal.objects.get().pk])
    page = client.get(proposal).content.decode()
    assert "查实的反映" in page
    assert "岗位成员当年不得再申报" in page
    client.force_login(secretary)
    assert "另一件反映" not in client.get(proposal).content.decode()


@pytest.mark.parametrize("name", ["fail_effect", "ban_on"])
def test_nothing_follows_from_a_passed_review(name):
    problems = check_scheme(SMALL + f'\n[consequences]\n{name} = ["pass"]\n')
    assert [problem.key for problem in problems] == [f"consequences.{name}"]

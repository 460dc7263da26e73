from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import Message, Role, UnitKind
from posts.domain import pipeline
from posts.domain.decisions import (
    cancel_decision,
    change_decision,
    change_item,
    drop_items,
    preview_release,
    propose_decisions,
    release_decision,
    return_runs,
)
from posts.domain.plaques import hand_over
from posts.models import Conferral, Decision, Notice, NoticeItem, Objection, Plaque, RunStatus, StageRun
from posts.stages.base import get_kind
from tests.factories import CampaignFactory, MemberFactory, UserFactory, make_unit
from tests.posts.cases import DECIDE, PLAQUE, make_kind, make_nomination, open_run

NUMBER = "青示委发〔2026〕7号"


@pytest.fixture
def kind(committee):
    return make_kind(committee)


@pytest.fixture
def nomination(kind, branch, member):
    return make_nomination(kind, branch, members=[member.member])


def propose(nomination, actor, **fields):
    fields = {"outcome": "approved", "document_number": NUMBER, **fields}
    return propose_decisions([open_run(nomination)], actor=actor, **fields)


def test_a_proposal_is_quiet(nomination, committee_member, secretary, officer, member):
    decision = propose(nomination, committee_member)

    nomination.refresh_from_db()
    assert (nomination.status, open_run(nomination).kind) == ("in_progress", "decide")
    assert not Conferral.objects.exists()
    assert not Message.objects.exists()
    assert list(Decision.objects.visible_to(officer)) == [decision]
    assert list(Decision.objects.visible_to(secretary)) == []
    assert list(Decision.objects.visible_to(member)) == []


def test_the_stage_tells_the_branch_nothing_before_the_release(nomination, committee_member, secretary):
    propose(nomination, committee_member)
    logic = get_kind("decide")(open_run(nomination))

    assert logic.context(secretary)["item"] is None
    assert logic.context(committee_member)["item"].outcome == "approved"


def test_a_release_confers_and_moves_on(nomination, committee_member, officer, member, secretary):
    decision = release_decision(propose(nomination, committee_member), actor=officer)

    nomination.refresh_from_db()
    conferral = nomination.conferral
    assert (decision.status, decision.released_by) == ("released", officer)
    assert (conferral.status, conferral.conferred_on, conferral.displayed_on) == ("active", decision.held_on, None)
    assert [holder.member for holder in conferral.holders.all()] == [member.member]
    assert open_run(nomination).kind == "plaque"
    assert [plaque.number for plaque in conferral.plaques.all()] == ["QY-2026-P-001"]
    assert set(Message.objects.values_list("user", flat=True)) == {member.pk, secretary.pk}
    assert list(Decision.objects.visible_to(secretary)) == [decision]


def test_a_refusal_ends_the_nomination_with_its_reason(nomination, committee_member, officer):
    decision = propose(nomination, committee_member, outcome="refused", reasons="名额已满，列为培育对象。")
    release_decision(decision, actor=officer)

    nomination.refresh_from_db()
    assert (nomination.status, nomination.outcome_reason) == ("not_passed", "名额已满，列为培育对象。")
    assert not Conferral.objects.exists()


def test_a_refusal_needs_a_reason(nomination, committee_member):
    with pytest.raises(DomainError) as error:
        propose(nomination, committee_member, outcome="refused")

    assert error.value.field == "reason"
    assert not Decision.objects.exists()


def test_a_mixed_batch_gives_each_its_own(kind, branch, other_branch, committee_member, officer):
    first, second = make_nomination(kind, branch), make_nomination(kind, other_branch, name="茶园片区")
    decision = propose(first, committee_member)
    propose(second, committee_member, into=decision, outcome="refused", reasons="暂缓。")
    release_decision(decision, actor=officer)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (open_run(first).kind, second.status) == ("plaque", "not_passed")


def test_only_the_deciding_body_proposes(nomination, secretary, officer, stranger):
    for user in (secretary, officer, stranger):
        with pytest.raises(NotAllowedError):
            propose(nomination, user)


def test_only_the_office_releases(nomination, committee_member, secretary):
    decision = propose(nomination, committee_member)
    for user in (committee_member, secretary):
        with pytest.raises(PermissionDenied):
            release_decision(decision, actor=user)


def test_nobody_decides_or_releases_his_own_case(kind, branch, committee_member, committee_secretary, officer):
    own = make_nomination(kind, branch, members=[MemberFactory(branch=branch, user=committee_member)])
    with pytest.raises(NotAllowedError):
        propose(own, committee_member)
    decision = propose(own, committee_secretary)
    MemberFactory(branch=branch, user=officer)
    own.members.create(member=officer.member, name=officer.name)
    with pytest.raises(NotAllowedError):
        release_decision(decision, actor=officer)


def test_a_run_is_decided_on_once(nomination, committee_member, committee_secretary):
    propose(nomination, committee_member)
    with pytest.raises(OutOfOrderError, match="综合窗口"):
        propose(nomination, committee_secretary, document_number="")


def test_the_second_release_is_refused_calmly(nomination, committee_member, officer, committee_secretary):
    decision = propose(nomination, committee_member)
    release_decision(decision, actor=officer)
    with pytest.raises(OutOfOrderError, match=officer.name):
        release_decision(decision, actor=committee_secretary)

    assert Conferral.objects.count() == 1


def test_a_pending_decision_can_be_undone(nomination, committee_member, officer):
    decision = propose(nomination, committee_member)
    cancel_decision(decision, actor=officer)
    again = propose(nomination, committee_member)

    decision.refresh_from_db()
    assert (decision.status, again.status) == ("cancelled", "pending")


def test_dropping_the_last_item_cancels_the_decision(nomination, committee_member):
    decision = propose(nomination, committee_member)
    assert drop_items(decision, decision.items.all(), actor=committee_member).status == "cancelled"


def test_one_item_can_be_turned_round(nomination, committee_member, officer):
    decision = propose(nomination, committee_member)
    change_item(decision.items.get(), actor=committee_member, outcome="refused", reason="暂缓。")
    release_decision(decision, actor=officer)

    nomination.refresh_from_db()
    assert nomination.status == "not_passed"
    with pytest.raises(OutOfOrderError):
        change_item(decision.items.get(), actor=committee_member, outcome="approved")


def test_a_returned_nomination_leaves_the_pending_decision(nomination, committee_member):
    decision = propose(nomination, committee_member)
    return_runs([open_run(nomination)], actor=committee_member, reason="承诺偏笼统，请修改。")

    assert not decision.items.filter(is_live=True).exists()
    nomination.refresh_from_db()
    assert nomination.status == "returned"


def test_a_document_number_is_needed_and_used_once(kind, branch, other_branch, committee_member, officer):
    first, second = make_nomination(kind, branch), make_nomination(kind, other_branch)
    decision = propose(first, committee_member, document_number="")
    with pytest.raises(DomainError):
        release_decision(decision, actor=officer)
    today = timezone.localdate()
    change_decision(decision, actor=officer, held_on=today, meeting="党委会", document_number=NUMBER)
    release_decision(decision, actor=officer)
    with pytest.raises(DomainError) as error:
        propose(second, committee_member)
    assert error.value.field == "document_number"


def test_a_stage_without_document_is_released_without(committee, branch, committee_member, officer):
    kind = make_kind(committee, {**DECIDE, "params": {"document": False}})
    nomination = make_nomination(kind, branch)
    release_decision(propose(nomination, committee_member, document_number=""), actor=officer)

    nomination.refresh_from_db()
    assert nomination.status == "completed"


def test_the_day_of_a_decision_is_not_in_the_future(nomination, committee_member):
    with pytest.raises(DomainError) as error:
        propose(nomination, committee_member, held_on=timezone.localdate() + timedelta(days=1))
    assert error.value.field == "held_on"


def test_a_decision_covers_one_campaign(kind, branch, committee, committee_member):
    other = make_kind(committee, campaign=CampaignFactory(owner=committee, title="另一活动"))
    runs = [open_run(make_nomination(kind, branch)), open_run(make_nomination(other, branch))]
    with pytest.raises(DomainError):
        propose_decisions(runs, outcome="approved", actor=committee_member)


def test_a_member_who_left_blocks_the_release(nomination, committee_member, officer, member):
    decision = propose(nomination, committee_member)
    member.member.left_on = timezone.localdate()
    member.member.save()
    with pytest.raises(DomainError, match=member.name):
        release_decision(decision, actor=officer)

    decision.refresh_from_db()
    assert decision.status == "pending"
    assert not Conferral.objects.exists()


def test_a_batch_may_not_exceed_the_quota(kind, branch, committee_member, officer):
    kind.campaign.quotas.create(code="all", scope="campaign", params={"max": 1})
    first, second = make_nomination(kind, branch), make_nomination(kind, branch, name="社保窗口")
    decision = propose(first, committee_member)
    propose(second, committee_member, into=decision)
    with pytest.raises(DomainError):
        release_decision(decision, actor=officer)
    change_item(decision.items.last(), actor=committee_member, outcome="refused", reason="名额已满。")
    release_decision(decision, actor=officer)

    assert Conferral.objects.count() == 1
    third = propose(make_nomination(kind, branch, name="医保窗口"), committee_member, document_number="8号")
    assert "1" in preview_release(third).problems[0]


def test_an_open_objection_blocks_the_naming(nomination, committee_member, officer):
    decision = propose(nomination, committee_member)
    item = _notice_item(nomination, committee_member, open_run(nomination))
    Objection.objects.create(item=item, text="反映迟到")
    with pytest.raises(DomainError):
        release_decision(decision, actor=officer)
    with pytest.raises(DomainError):
        change_item(decision.items.get(), actor=committee_member, outcome="approved")
    Objection.objects.update(status="not_upheld")
    release_decision(decision, actor=officer)

    assert nomination.conferral.status == "active"


@pytest.mark.parametrize("status", ["failed", "returned"])
@pytest.mark.parametrize("stage", ["survey", "notice", "consent"])
def test_a_stage_that_was_not_passed_blocks_the_naming(committee, branch, committee_member, stage, status):
    kind = make_kind(committee)
    kind.stages.filter(kind="decide").update(position=9)
    kind.stages.filter(kind="plaque").update(position=10)
    nomination = make_nomination(kind, branch)
    StageRun.objects.create(nomination=nomination, position=2, kind=stage, label="测评", status="passed")
    StageRun.objects.create(nomination=nomination, position=2, attempt=2, kind=stage, label="测评", status=status)
    with pytest.raises(DomainError, match="测评"):
        propose(nomination, committee_member)
    propose(nomination, committee_member, outcome="refused", reasons="暂缓。")


def test_a_notice_has_to_run_its_full_length(committee, branch, committee_member):
    kind = make_kind(committee)
    kind.stages.filter(kind="decide").update(position=9)
    kind.stages.filter(kind="plaque").update(position=10)
    nomination = make_nomination(kind, branch)
    run = StageRun.objects.create(nomination=nomination, position=2, kind="notice", label="公示", status="passed")
    item = _notice_item(nomination, committee_member, run, ends_on=timezone.localdate())
    with pytest.raises(DomainError):
        propose(nomination, committee_member)
    Notice.objects.filter(pk=item.notice_id).update(
        starts_on=timezone.localdate() - timedelta(days=5), ends_on=timezone.localdate() - timedelta(days=1)
    )
    propose(nomination, committee_member)


def test_a_missing_consent_blocks_the_naming(committee, branch, committee_member, member):
    kind = make_kind(committee)
    kind.stages.filter(kind="decide").update(position=9)
    kind.stages.filter(kind="plaque").update(position=10)
    nomination = make_nomination(kind, branch, members=[member.member])
    run = StageRun.objects.create(nomination=nomination, position=2, kind="consent", label="本人意愿", status="passed")
    consent = run.consents.create(person=nomination.members.get(), answer="refused")
    with pytest.raises(DomainError, match=member.name):
        propose(nomination, committee_member)
    consent.answer = "agreed"
    consent.save()
    propose(nomination, committee_member)


def test_admission_and_naming_share_one_conferral(committee, branch, committee_member, officer):
    kind = make_kind(
        committee,
        {**DECIDE, "params": {"effect": "admit"}},
        {**PLAQUE, "params": {"plaque_kind": "creating"}},
        DECIDE,
        PLAQUE,
    )
    nomination = make_nomination(kind, branch)
    release_decision(propose(nomination, committee_member), actor=officer)
    conferral = nomination.conferral
    assert (conferral.status, conferral.conferred_on) == ("creating", None)
    hand_over(conferral.plaques.get(), actor=officer, received_by="陈样甲")
    release_decision(propose(nomination, committee_member, document_number="8号"), actor=officer)
    hand_over(conferral.plaques.get(kind="named"), actor=officer, received_by="陈样甲", creating_returned=True)

    nomination.refresh_from_db()
    conferral.refresh_from_db()
    assert (Conferral.objects.count(), nomination.status, conferral.status) == (1, "completed", "active")
    assert conferral.displayed_on == timezone.localdate()
    assert list(conferral.plaques.values_list("number", "status")) == [
        ("QY-2026-P-001", "returned"),
        ("QY-2026-P-002", "displayed"),
    ]


def test_the_preview_tells_what_the_release_does(kind, branch, committee_member, officer, member, secretary):
    kind.campaign.review_rules.create(code="monthly", label="月考核", cadence="monthly", reviewer=["branch"])
    first = make_nomination(kind, branch, members=[member.member])
    second = make_nomination(kind, branch, name="社保窗口")
    decision = propose(first, committee_member)
    propose(second, committee_member, into=decision, outcome="refused", reasons="暂缓。")
    preview = preview_release(decision)

    approved, refused = preview.lines
    assert not preview.is_blocked
    assert "党员示范岗" in approved.effects[0]
    assert "QY-2026-P-001" in approved.effects[1]
    assert "月考核" in approved.effects[2]
    assert approved.told == [member.name, secretary.name]
    assert "暂缓。" in refused.effects[0]
    release_decision(decision, actor=officer)
    assert Plaque.objects.get().number == "QY-2026-P-001"


def test_the_superiors_decision_is_recorded_by_the_office(committee, branch, committee_member, officer):
    nomination = make_nomination(make_kind(committee, {**DECIDE, "actor": ["superior"]}), branch)
    with pytest.raises(NotAllowedError):
        propose(nomination, committee_member)
    release_decision(propose(nomination, officer, document_number="县组〔2026〕3号"), actor=officer)

    assert nomination.conferral.status == "active"


def test_a_branch_decides_on_its_own_nominations(committee, branch, other_branch, secretary, other_secretary):
    kind = make_kind(committee, {**DECIDE, "actor": ["branch"]}, {**PLAQUE, "actor": ["branch"]})
    nomination = make_nomination(kind, branch)
    with pytest.raises(NotAllowedError):
        propose(nomination, other_secretary)
    decision = release_decision(propose(nomination, secretary), actor=secretary)

    assert decision.org_unit == branch


def test_a_unit_that_decides_itself_is_led_by_its_head(committee, committee_member):
    office = make_unit(UnitKind.OFFICE, parent=committee, code="QYDJ")
    head = UserFactory()
    appoint(head, org_unit=office, role=Role.UNIT_HEAD, actor=None)
    nomination = make_nomination(make_kind(committee, {**DECIDE, "actor": ["unit"]}), office, members=[MemberFactory()])
    decision = release_decision(propose(nomination, head), actor=head)

    assert (decision.org_unit, nomination.conferral.status) == (office, "active")


def test_a_post_without_plaque_is_shown_from_its_naming(committee, committee_member, officer):
    village = make_unit(parent=committee, code="QY99")
    kind = make_kind(committee, {**DECIDE, "params": {"document": False}}, code="zone", holder="zone")
    nomination = make_nomination(kind, village)
    release_decision(propose(nomination, committee_member, document_number=""), actor=officer)

    assert nomination.conferral.displayed_on == nomination.conferral.conferred_on


def test_leaving_a_run_by_withdrawal_frees_the_pending_item(nomination, committee_member, officer):
    decision = propose(nomination, committee_member)
    pipeline.withdraw(nomination, actor=officer, reason="人员变动")

    assert preview_release(decision).is_blocked
    assert nomination.runs.filter(kind="decide", status=RunStatus.CANCELLED).exists()


def _notice_item(nomination, user, run, ends_on=None):
    today = timezone.localdate()
    notice = Notice.objects.create(
        campaign=nomination.campaign,
        org_unit=nomination.org_unit,
        title="公示",
        text="公示",
        object="members",
        days=5,
        day_kind="working",
        starts_on=today - timedelta(days=9),
        ends_on=ends_on or today - timedelta(days=1),
        published_by=user,
    )
    return NoticeItem.objects.create(notice=notice, run=run)

"""Other members for a named post: proposed by the branch, agreed to, confirmed by the body that named it."""

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.history import entries_of, page_for
from campaigns.domain.members import let_member_leave, update_member
from campaigns.domain.todos import todos_for
from campaigns.models import Message
from posts.domain.adjustments import (
    answer_adjustment,
    confirm_adjustment,
    propose_adjustment,
    record_adjustment_consent,
    refuse_adjustment,
    withdraw_adjustment,
)
from posts.domain.members import Chosen
from posts.domain.plaques import hand_over
from posts.domain.sanctions import settle_matter
from posts.models import Adjustment, AdjustmentLine, Conferral, RepairTask, SanctionMatter
from tests.factories import MemberFactory, UserFactory
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind
from tests.posts.holders import member_at, named_team, names_of, today


@pytest.fixture
def team(committee, branch, committee_member, officer):
    """Two needed, two there."""
    return named_team(committee, branch, decider=committee_member, releaser=officer, people=2, min_party=2)


@pytest.fixture
def short(team, officer):
    """One of them has left; the repair runs."""
    let_member_leave(member_at(team, 0), on=today(), actor=officer)
    return team


def propose(team, actor, *joining, going=()):
    coming = [Chosen(member=member.pk, duty="值班") for member in joining]
    return propose_adjustment(team, actor=actor, coming=coming, going=list(going), reason="补足党员人数。")


def agreed(team, actor, *joining, going=()):
    adjustment = propose(team, actor, *joining, going=going)
    for line in adjustment.lines.filter(member__isnull=False):
        record_adjustment_consent(line, actor=actor, answer="agreed")
    return adjustment


def test_a_repair_is_proposed_agreed_to_and_confirmed(short, branch, secretary, member, officer):
    adjustment = propose(short, secretary, member.member)
    line = adjustment.lines.get()
    with pytest.raises(DomainError, match="尚缺陈样甲"):
        confirm_adjustment(adjustment, actor=officer)
    answer_adjustment(line, actor=member, answer="agreed")
    assert Message.objects.filter(user=officer, key=f"adjustment_ready:{adjustment.pk}").exists()
    confirm_adjustment(adjustment, actor=officer)

    assert RepairTask.objects.get().status == "repaired"
    assert names_of(short)[-1] == "陈样甲"
    assert short.holders.get(name="陈样甲").duty == "值班"
    adjustment.refresh_from_db()
    assert (adjustment.status, adjustment.decided_by) == ("confirmed", officer)


def test_people_are_exchanged_without_any_repair(team, branch, secretary, officer):
    newcomer = MemberFactory(branch=branch)
    going = team.holders.first()
    confirm_adjustment(agreed(team, secretary, newcomer, going=[going.pk]), actor=officer)

    assert (len(names_of(team)), going.name in names_of(team), newcomer.name in names_of(team)) == (2, False, True)


def test_the_rules_hold_after_the_change(team, branch, other_branch, secretary, officer):
    with pytest.raises(DomainError, match="不得少于 2 人，现有 1 人"):
        propose(team, secretary, going=[team.holders.first().pk])
    with pytest.raises(DomainError, match="名册"):
        propose(team, secretary, MemberFactory(branch=other_branch))
    with pytest.raises(DomainError, match="处分"):
        propose(team, secretary, MemberFactory(branch=branch, sanction_until=today()))
    with pytest.raises(DomainError, match="已在本岗位"):
        propose(team, secretary, member_at(team, 0))
    with pytest.raises(DomainError, match="请选择"):
        propose(team, secretary)
    assert not Adjustment.objects.exists()


def test_what_was_right_at_the_proposal_is_asked_again_at_the_confirmation(short, branch, secretary, officer):
    newcomer = MemberFactory(branch=branch)
    adjustment = agreed(short, secretary, newcomer)
    update_member(newcomer, actor=officer, sanction_until=today())
    with pytest.raises(DomainError, match="处分"):
        confirm_adjustment(adjustment, actor=officer)


def test_only_the_unit_proposes_and_only_the_body_confirms(short, branch, secretary, other_secretary, officer, member):
    newcomer = MemberFactory(branch=branch)
    for user in (other_secretary, member):
        with pytest.raises(NotAllowedError):
            propose(short, user, newcomer)
    adjustment = agreed(short, secretary, newcomer)
    for user in (secretary, other_secretary, member):
        with pytest.raises(NotAllowedError):
            confirm_adjustment(adjustment, actor=user)
    with pytest.raises(NotAllowedError):
        answer_adjustment(adjustment.lines.get(), actor=member, answer="agreed")


def test_nobody_confirms_that_he_joins_himself(short, branch, secretary, officer):
    adjustment = propose(short, secretary, MemberFactory(branch=branch, user=officer))
    answer_adjustment(adjustment.lines.get(), actor=officer, answer="agreed")
    with pytest.raises(NotAllowedError):
        confirm_adjustment(adjustment, actor=officer)


def test_one_change_waits_at_a_time(short, branch, secretary):
    adjustment = propose(short, secretary, MemberFactory(branch=branch))
    with pytest.raises(OutOfOrderError):
        propose(short, secretary, MemberFactory(branch=branch))
    withdraw_adjustment(adjustment, actor=secretary)
    assert propose(short, secretary, MemberFactory(branch=branch)).status == "open"


def test_a_refusal_ends_the_proposal(short, member, secretary):
    adjustment = propose(short, secretary, member.member)
    answer_adjustment(adjustment.lines.get(), actor=member, answer="refused")

    adjustment.refresh_from_db()
    assert (adjustment.status, adjustment.answer) == ("withdrawn", "陈样甲不同意。")
    assert RepairTask.objects.get().status == "open"


def test_an_individual_post_changes_no_members(committee, branch, committee_member, officer, secretary):
    post = make_conferral(make_kind(committee), branch, decider=committee_member, releaser=officer)
    with pytest.raises(NotAllowedError):
        propose(post, secretary, MemberFactory(branch=branch))


def test_the_clock_waits_for_the_body_but_not_for_the_branch(short, branch, secretary, officer):
    with time_machine.travel("2026-12-01 09:00+08:00", tick=False):
        RepairTask.objects.update(due_on="2026-12-05")
        adjustment = agreed(short, secretary, MemberFactory(branch=branch))
    with time_machine.travel("2027-01-02 00:10+08:00", tick=False):
        tick()
        short.refresh_from_db()
        assert short.status == "active"
        refuse_adjustment(adjustment, actor=officer, reason="该同志不在该岗位工作。")
        tick()
    short.refresh_from_db()

    assert (short.status, RepairTask.objects.get().status) == ("expired", "lapsed")


def test_a_proposal_nobody_has_agreed_to_does_not_hold_the_clock(short, branch, secretary):
    propose(short, secretary, MemberFactory(branch=branch))
    with time_machine.travel("2027-01-02 00:10+08:00", tick=False):
        tick()
    short.refresh_from_db()

    assert (short.status, Adjustment.objects.get().status) == ("expired", "withdrawn")


def test_each_holders_own_plaque_follows_him(committee, branch, committee_member, officer, secretary):
    each = {**PLAQUE, "params": {"per": "holder"}}
    kind = make_kind(committee, DECIDE, each, holder="team")
    members = MemberFactory.create_batch(2, branch=branch)
    team = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=members)
    for plaque in team.plaques.all():
        hand_over(plaque, actor=officer, received_by=plaque.for_name)
    newcomer = MemberFactory(branch=branch)
    going = team.holders.get(member=members[0])
    confirm_adjustment(agreed(team, secretary, newcomer, going=[going.pk]), actor=officer)

    assert dict(team.plaques.values_list("for_name", "status")) == {
        members[0].name: "recalled",
        members[1].name: "displayed",
        newcomer.name: "to_print",
    }


def test_each_one_is_asked_for_what_is_his(short, branch, secretary, officer, committee_secretary):
    """To-dos of the branch, of who is asked, and of the body."""

    def titles(user):
        return [todo.title for todo in todos_for(user) if "岗位" in todo.title or "上岗" in todo.title]

    post = "综合窗口"
    problem = RepairTask.objects.get().problem
    asked = UserFactory()
    assert f"补足“{post}”：{problem}" in [todo.title for todo in todos_for(secretary)]
    adjustment = propose(short, secretary, MemberFactory(branch=branch, user=asked), MemberFactory(branch=branch))
    assert [todo.title for todo in todos_for(asked)] == [f"您是否同意到“{post}”上岗？"]
    assert "登记“综合窗口”成员的书面意愿" in [todo.title for todo in todos_for(secretary)]
    assert not any("变动" in todo.title for todo in todos_for(officer))
    answer_adjustment(adjustment.lines.get(member__user=asked), actor=asked, answer="agreed")
    record_adjustment_consent(adjustment.lines.get(member__user=None), actor=secretary, answer="agreed")

    assert any("变动" in todo.title for todo in todos_for(officer))
    assert titles(asked) == []


@pytest.mark.parametrize("who", ["stranger", "other_secretary"])
def test_strangers_find_nothing(client, short, branch, secretary, who, request):
    adjustment = propose(short, secretary, MemberFactory(branch=branch))
    client.force_login(request.getfixturevalue(who))
    for name, pk in (
        ("conferral_adjust", short.pk),
        ("adjustment_detail", adjustment.pk),
        ("adjustment_answer", adjustment.lines.get().pk),
    ):
        assert client.get(reverse(f"posts:{name}", args=[pk])).status_code == 404
    for name, pk in (("adjustment_decide", adjustment.pk), ("adjustment_record", adjustment.lines.get().pk)):
        assert client.post(reverse(f"posts:{name}", args=[pk]), {"answer": "agreed"}).status_code == 404


def test_the_pages_do_it(client, short, branch, secretary, officer, member):
    client.force_login(secretary)
    page = client.get(reverse("posts:conferral_detail", args=[short.pk])).content.decode()
    assert "须在" in page
    form = reverse("posts:conferral_adjust", args=[short.pk])
    assert client.post(form, {"reason": "补足。"}).status_code == 400
    assert client.post(form, {"members": [member.member.pk], "q": "无此人", "search": "1"}).status_code == 200
    client.post(form, {"members": [member.member.pk], f"duty-{member.member.pk}": "值班", "reason": "补足。"})
    adjustment = Adjustment.objects.get()
    detail = reverse("posts:adjustment_detail", args=[adjustment.pk])
    assert client.get(detail).status_code == 200
    client.force_login(member)
    own = reverse("posts:adjustment_answer", args=[AdjustmentLine.objects.get().pk])
    assert client.get(own).status_code == 200
    client.post(own, {"answer": "agreed"})
    client.force_login(officer)
    decide = reverse("posts:adjustment_decide", args=[adjustment.pk])
    assert client.post(decide, {"refuse": "1", "remark": ""}).status_code == 400
    assert client.post(decide, {"confirm": "1", "remark": "同意"}).status_code == 302

    assert RepairTask.objects.get().status == "repaired"


def test_a_sanction_is_settled_by_who_verifies(client, team, officer, discipline, secretary):
    update_member(member_at(team, 0), actor=officer, sanction_until=today())
    matter = SanctionMatter.objects.get()
    assert [todo.title for todo in todos_for(discipline)] == [
        f"“综合窗口”的{matter.member.name}正在处分影响期内：请核查并办结"
    ]
    address = reverse("posts:sanction_settle", args=[matter.pk])
    client.force_login(secretary)
    assert client.get(address).status_code == 403
    with pytest.raises(NotAllowedError):
        settle_matter(matter, actor=secretary, conclusion="保留")
    client.force_login(discipline)
    assert client.post(address, {"conclusion": ""}).status_code == 400
    client.post(address, {"conclusion": "处分与岗位履职无关，保留称号，继续观察。"})

    assert list(todos_for(discipline)) == []
    with pytest.raises(OutOfOrderError):
        settle_matter(matter, actor=discipline, conclusion="再次")

    def in_history(user):
        return {entry.kind for entry in entries_of(page_for(Conferral), team, user)[0]}

    guarded = {"sanction_noted", "sanction_settled"}
    assert guarded & in_history(discipline) == guarded
    assert guarded & in_history(secretary) == set()
    assert guarded & in_history(member_at(team, 1).user or secretary) == set()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_work_list_costs_the_same_however_many_repairs(
    committee, branch, committee_member, officer, secretary, rows, django_assert_num_queries
):
    from posts.holder_todos import repairs_to_do

    campaign = None
    for number in range(rows):
        team = named_team(
            committee, branch, decider=committee_member, releaser=officer, people=2, campaign=campaign,
            code=f"team{number}", min_party=2,
        )  # fmt: skip
        campaign = team.campaign
        let_member_leave(member_at(team, 0), on=today(), actor=officer)
    with django_assert_num_queries(2):
        assert len(list(repairs_to_do(secretary))) == rows

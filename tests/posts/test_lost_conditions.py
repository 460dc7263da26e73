"""A member leaves, is transferred or sanctioned: what becomes of his posts (domain F31, F32, §6.5)."""

from datetime import timedelta

import pytest
import time_machine

from campaigns.domain.appointments import appoint
from campaigns.domain.clock import tick
from campaigns.domain.imports.jobs import confirm_import
from campaigns.domain.imports.members import MOVED
from campaigns.domain.journal import history_of
from campaigns.domain.members import let_member_leave, transfer_member, update_member
from campaigns.models import DueItem, Message, Role, UnitKind
from campaigns.permissions import forget_grants
from posts.domain.conferrals import end_conferral
from posts.domain.holdings import post_problems
from posts.domain.plaques import hand_over
from posts.models import RepairTask, SanctionMatter
from tests.campaigns.imports.helpers import good, upload, workbook
from tests.factories import MemberFactory, make_unit
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind, make_nomination, open_run
from tests.posts.holders import member_at, named_team, names_of, today


@pytest.fixture
def people(committee_member, officer):
    return {"decider": committee_member, "releaser": officer}


@pytest.fixture
def post(committee, branch, people):
    """An individual post whose plaque hangs."""
    conferral = make_conferral(make_kind(committee), branch, **people)
    hand_over(conferral.plaques.get(), actor=people["releaser"], received_by="陈样甲")
    return conferral


@pytest.fixture
def team(committee, branch, people):
    """Three members, of whom three are needed; the day for repairs is the scheme's default."""
    return named_team(committee, branch, people=3, min_party=3, **people)


@pytest.mark.parametrize("reason", ["left", "died", "lost_membership"])
def test_an_individual_post_expires_and_its_plaque_is_called_back(post, officer, reason):
    let_member_leave(member_at(post, 0), on=today(), actor=officer, reason=reason)

    post.refresh_from_db()
    assert (post.status, post.ended_on, names_of(post)) == ("expired", today(), [])
    assert post.plaques.get().status == "recalled"
    assert not post.bans.exists()


def test_a_transfer_within_the_roster_changes_nothing(committee, branch, other_branch, officer, people):
    section = make_unit(UnitKind.SECTION, parent=committee)
    member = MemberFactory(branch=branch)
    conferral = make_conferral(make_kind(committee), section, members=[member], **people)
    transfer_member(member, to=other_branch, actor=officer)

    conferral.refresh_from_db()
    assert (conferral.status, names_of(conferral)) == ("active", [member.name])


def test_a_new_work_unit_ends_a_post_like_a_transfer(committee, officer, people):
    """Somebody of another committee's branch who works in the office here."""
    outside = make_unit(UnitKind.BRANCH, parent=make_unit(UnitKind.COMMITTEE))
    section = make_unit(UnitKind.SECTION, parent=committee)
    appoint(officer, org_unit=outside, role=Role.OFFICER, actor=None)
    forget_grants(officer)
    member = MemberFactory(branch=outside, work_unit=section)
    conferral = make_conferral(make_kind(committee), section, members=[member], **people)
    update_member(member, actor=officer, work_unit=None)

    conferral.refresh_from_db()
    assert conferral.status == "expired"


def test_a_team_below_its_minimum_must_be_repaired_in_fifteen_days(team, officer, other_branch, secretary):
    gone = member_at(team, 0)
    Message.objects.all().delete()
    transfer_member(gone, to=other_branch, actor=officer)

    task = RepairTask.objects.get()
    team.refresh_from_db()
    assert (team.status, len(names_of(team))) == ("active", 2)
    assert (task.due_on, task.cause) == (today() + timedelta(days=15), f"{gone.name}已调到其他单位。")
    assert task.problem == "“集体示范岗”党员不得少于 3 人，现有 2 人"
    assert {message.user for message in Message.objects.all()} == {secretary, officer}


def test_a_second_loss_does_not_move_the_day(team, officer):
    with time_machine.travel("2027-11-02 09:00+08:00", tick=False):
        let_member_leave(member_at(team, 0), on=today(), actor=officer)
    with time_machine.travel("2027-11-09 09:00+08:00", tick=False):
        let_member_leave(member_at(team, 1), on=today(), actor=officer)
    task = RepairTask.objects.get()

    assert (task.due_on.isoformat(), task.problem) == ("2027-11-17", "“集体示范岗”党员不得少于 3 人，现有 1 人")


def test_the_campaign_sets_the_days_of_a_repair(committee, branch, people, officer):
    team = named_team(committee, branch, people=2, min_party=2, **people)
    team.campaign.rules = {"rectify": {"repair_days": 5}}
    team.campaign.save()
    let_member_leave(member_at(team, 0), on=today(), actor=officer)

    assert RepairTask.objects.get().due_on == today() + timedelta(days=5)


def test_a_team_large_enough_only_loses_the_person(committee, branch, people, officer):
    team = named_team(committee, branch, people=3, min_party=2, **people)
    let_member_leave(member_at(team, 0), on=today(), actor=officer)

    assert (len(names_of(team)), RepairTask.objects.count()) == (2, 0)


def test_the_clock_withdraws_what_was_not_repaired(team, officer):
    hand_over(team.plaques.get(), actor=officer, received_by="陈样甲")
    with time_machine.travel("2027-11-02 09:00+08:00", tick=False):
        let_member_leave(member_at(team, 0), on=today(), actor=officer)
    with time_machine.travel("2027-11-17 23:00+08:00", tick=False):  # still the last day
        tick()
        team.refresh_from_db()
        assert team.status == "active"
    with time_machine.travel("2027-11-18 00:10+08:00", tick=False):
        tick()
        tick()
    team.refresh_from_db()

    assert (team.status, team.ended_on.isoformat(), team.plaques.get().status) == ("expired", "2027-11-18", "recalled")
    assert "2027-11-17" in team.end_reason
    assert RepairTask.objects.get().status == "lapsed"
    assert not team.bans.exists()


def test_a_repair_ends_with_the_title(team, officer):
    let_member_leave(member_at(team, 0), on=today(), actor=officer)
    end_conferral(team, actor=officer, status="adjusted", reason="撤并科室。")

    assert RepairTask.objects.get().status == "cancelled"


def test_who_lost_his_membership_still_stands_in_a_place_of_members_only(committee, branch, people, officer):
    team = named_team(committee, branch, people=3, all_party=True, **people)
    gone = member_at(team, 0)
    let_member_leave(gone, on=today(), actor=officer, reason="lost_membership")

    assert post_problems(team) == [f"“集体示范岗”成员必须全部为党员，{gone.name}不是党员"]
    assert RepairTask.objects.get().problem == post_problems(team)[0]


def test_a_nomination_goes_on_without_who_left(committee, branch, officer, secretary):
    kind = make_kind(committee, code="team", holder="team", rules={"min_party": 2})
    members = MemberFactory.create_batch(3, branch=branch)
    nomination = make_nomination(kind, branch, members=members)
    let_member_leave(members[0], on=today(), actor=officer)

    nomination.refresh_from_db()
    assert nomination.status == "in_progress"
    assert nomination.members.get(member=members[0]).drop_reason == f"{members[0].name}的组织关系已转出。"
    assert Message.objects.filter(user=secretary, key__startswith="member_lost").count() == 1


def test_a_nomination_with_too_few_left_stops_with_the_rule(committee, branch, officer):
    nomination = make_nomination(make_kind(committee), branch)
    let_member_leave(nomination.members.get().member, on=today(), actor=officer)

    nomination.refresh_from_db()
    assert nomination.status == "not_passed"
    assert nomination.outcome_reason.endswith("党员不得少于 1 人，现有 0 人")


def test_a_draft_is_left_to_its_author(committee, branch, officer, secretary):
    nomination = make_nomination(make_kind(committee), branch)
    nomination.status = "returned"
    nomination.save()
    let_member_leave(nomination.members.get().member, on=today(), actor=officer)

    assert nomination.members.get().dropped_at is None


def test_a_post_being_created_falls_with_its_nomination(committee, branch, people, officer):
    admit = {**DECIDE, "params": {"effect": "admit"}}
    kind = make_kind(committee, admit, DECIDE, PLAQUE)
    conferral = make_conferral(kind, branch, **people)
    assert conferral.status == "creating"
    let_member_leave(member_at(conferral, 0), on=today(), actor=officer)
    conferral.refresh_from_db()
    conferral.nomination.refresh_from_db()

    assert (conferral.status, conferral.nomination.status) == ("expired", "not_passed")


def test_a_sanction_drops_before_the_naming_and_ends_nothing_after(
    committee, branch, people, post, officer, discipline, committee_member
):
    nomination = make_nomination(make_kind(committee, campaign=post.campaign, code="second"), branch)
    until = today() + timedelta(days=300)
    update_member(nomination.members.get().member, actor=officer, sanction_until=until)
    nomination.refresh_from_db()
    assert nomination.status == "not_passed"

    holder = member_at(post, 0)
    update_member(holder, actor=officer, sanction_until=until)
    post.refresh_from_db()
    matter = SanctionMatter.objects.get()
    assert (post.status, matter.member, matter.until) == ("active", holder, until)
    told = set(Message.objects.filter(key=f"sanction:{matter.pk}").values_list("user", flat=True))
    assert told == {discipline.pk, committee_member.pk}
    assert history_of(post).filter(kind="sanction_noted").count() == 1


def test_a_kind_may_allow_members_under_a_sanction(committee, branch, officer):
    kind = make_kind(committee, rules={"not_under_sanction": False})
    nomination = make_nomination(kind, branch)
    update_member(nomination.members.get().member, actor=officer, sanction_until=today() + timedelta(days=9))

    assert open_run(nomination).kind == "decide"


def test_a_transfer_by_an_excel_list_has_the_same_consequences(post, committee, other_branch, officer):
    holder = member_at(post, 0)
    row = good(党员编号=holder.number, 姓名=holder.name, 党支部代码=other_branch.code)
    confirm_import(upload(workbook(row), org_unit=committee, actor=officer), actor=officer)
    assert DueItem.objects.filter(kind=MOVED, subject_id=holder.pk).count() == 1
    tick()

    post.refresh_from_db()
    assert (post.status, post.end_reason) == ("expired", f"{holder.name}已调到其他单位。")

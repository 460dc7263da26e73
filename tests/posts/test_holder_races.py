"""Members leave at the same moment, and a repair is confirmed in the minute the clock withdraws the title."""

from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns.domain import clock
from campaigns.domain.errors import DomainError
from campaigns.domain.members import let_member_leave, transfer_member
from campaigns.models import DueItem, Member
from posts.domain.adjustments import confirm_adjustment, propose_adjustment, record_adjustment_consent
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.members import Chosen
from posts.domain.repairs import WITHDRAW
from posts.models import Adjustment, Conferral, Decision, RepairTask
from tests.factories import MemberFactory
from tests.posts.cases import make_kind, make_nomination, open_run
from tests.posts.holders import member_at, named_team, names_of, today
from tests.posts.test_decision_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def team(committee, branch, committee_member, officer):
    return named_team(committee, branch, decider=committee_member, releaser=officer, people=3, min_party=3)


def test_two_who_leave_at_once_open_one_repair_that_counts_both(team, officer, other_branch):
    gone = [member_at(team, 0), member_at(team, 1)]
    at_once([lambda m=m: transfer_member(m, to=other_branch, actor=officer) for m in gone])

    task = RepairTask.objects.get()
    assert len(names_of(team)) == 1
    assert "现有 1 人" in task.problem
    assert DueItem.objects.filter(kind=WITHDRAW).count() == 1


def test_a_repair_in_the_minute_of_the_clock_is_whole_or_comes_too_late(team, branch, secretary, officer):
    """Whoever comes first has done all of it: repaired and valid, or lapsed with the change withdrawn."""
    let_member_leave(member_at(team, 0), on=today(), actor=officer)
    newcomer = MemberFactory(branch=branch)
    adjustment = propose_adjustment(
        team, actor=secretary, coming=[Chosen(member=newcomer.pk)], going=[], reason="补足。"
    )
    RepairTask.objects.update(due_on=today() - timedelta(days=1))
    DueItem.objects.filter(kind=WITHDRAW).update(due_at=timezone.now())

    def repair():
        line = Adjustment.objects.get(pk=adjustment.pk).lines.get()
        record_adjustment_consent(line, actor=secretary, answer="agreed")
        return confirm_adjustment(Adjustment.objects.get(pk=adjustment.pk), actor=officer)

    done, _ticked = at_once([repair, clock.tick])
    team.refresh_from_db()
    adjustment.refresh_from_db()
    outcome = (team.status, RepairTask.objects.get().status, adjustment.status, newcomer.name in names_of(team))

    if isinstance(done, DomainError):
        assert outcome == ("expired", "lapsed", "withdrawn", False)
    else:
        assert outcome == ("active", "repaired", "confirmed", True)
    assert not DueItem.objects.exclude(error="").exists()


def test_who_is_transferred_while_he_is_named_does_not_stay_a_holder(
    committee, branch, other_branch, committee_member, officer
):
    nomination = make_nomination(make_kind(committee), branch)
    decision = propose_decisions(
        [open_run(nomination)], outcome="approved", actor=committee_member, document_number="7号"
    )
    member = nomination.members.get().member
    at_once(
        [
            lambda: release_decision(Decision.objects.get(pk=decision.pk), actor=officer),
            lambda: transfer_member(Member.objects.get(pk=member.pk), to=other_branch, actor=officer),
        ]
    )
    nomination.refresh_from_db()
    conferral = Conferral.objects.filter(nomination=nomination).first()

    assert nomination.status in ("not_passed", "completed")
    assert conferral is None or (conferral.status, names_of(conferral)) == ("expired", [])


def test_who_is_transferred_while_he_is_confirmed_does_not_stay_a_holder(
    team, branch, other_branch, secretary, officer
):
    newcomer = MemberFactory(branch=branch)
    adjustment = propose_adjustment(
        team, actor=secretary, coming=[Chosen(member=newcomer.pk)], going=[], reason="加强力量。"
    )
    record_adjustment_consent(adjustment.lines.get(), actor=secretary, answer="agreed")
    at_once(
        [
            lambda: confirm_adjustment(Adjustment.objects.get(pk=adjustment.pk), actor=officer),
            lambda: transfer_member(Member.objects.get(pk=newcomer.pk), to=other_branch, actor=officer),
        ]
    )

    assert newcomer.name not in names_of(team)

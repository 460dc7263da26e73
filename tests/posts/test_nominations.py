"""The paper from the draft to its number, and who may write it."""

from datetime import date

import pytest

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import history_of
from campaigns.models import CampaignStatus, Message
from posts.domain.consents import record_paper_consent
from posts.domain.endorsements import endorse
from posts.domain.members import Chosen
from posts.domain.nominations import (
    create_nomination,
    return_nomination,
    save_draft,
    submit_nomination,
    withdraw_nomination,
)
from posts.domain.pipeline import current_run
from posts.domain.proposing import may_propose
from posts.models import NominationStatus, RunStatus
from tests.factories import MemberFactory, make_kind, make_nomination


@pytest.fixture
def holder(branch):
    return MemberFactory(branch=branch)


def test_submission_opens_the_next_step_and_gives_a_number(person_kind, branch, secretary, holder, committee):
    nomination = make_nomination(person_kind, branch, secretary, holder, submit=True)

    assert (nomination.status, nomination.number) == (NominationStatus.IN_PROGRESS, "QY-2026-0001")
    assert list(nomination.runs.values_list("kind", "status")) == [("nominate", "passed"), ("endorse", "open")]
    assert current_run(nomination).actor_unit == committee


def test_numbers_run_on_within_the_campaign(person_kind, branch, secretary):
    numbers = [
        make_nomination(person_kind, branch, secretary, MemberFactory(branch=branch), submit=True).number
        for _unused in range(3)
    ]

    assert numbers == ["QY-2026-0001", "QY-2026-0002", "QY-2026-0003"]


def test_a_draft_stays_with_its_author_until_it_is_submitted(person_kind, branch, secretary, holder, officer):
    nomination = make_nomination(person_kind, branch, secretary, holder)

    assert nomination.status == NominationStatus.DRAFT
    assert type(nomination).objects.visible_to(secretary).get() == nomination
    assert not type(nomination).objects.visible_to(officer).exists()


def test_saving_from_an_old_version_writes_nothing(person_kind, branch, secretary, holder):
    nomination = make_nomination(person_kind, branch, secretary, holder)
    save_draft(nomination, actor=secretary, version=nomination.version, fields={"name": "first"})

    with pytest.raises(StaleError):
        save_draft(nomination, actor=secretary, version=nomination.version, fields={"name": "second"})
    nomination.refresh_from_db()
    assert nomination.name == "first"


def test_a_stranger_may_not_open_save_submit_or_withdraw(person_kind, branch, secretary, holder, other_secretary):
    nomination = make_nomination(person_kind, branch, secretary, holder)

    with pytest.raises(NotAllowedError):
        create_nomination(person_kind.campaign, post_kind=person_kind, org_unit=branch, actor=other_secretary)
    with pytest.raises(NotAllowedError):
        save_draft(nomination, actor=other_secretary, version=nomination.version, fields={})
    with pytest.raises(NotAllowedError):
        submit_nomination(nomination, actor=other_secretary)
    with pytest.raises(NotAllowedError):
        withdraw_nomination(nomination, actor=other_secretary, reason="x")


def test_a_submitted_paper_cannot_be_changed(person_kind, branch, secretary, holder):
    nomination = make_nomination(person_kind, branch, secretary, holder, submit=True)

    with pytest.raises(OutOfOrderError):
        save_draft(nomination, actor=secretary, version=nomination.version, fields={"name": "x"})
    with pytest.raises(OutOfOrderError):
        submit_nomination(nomination, actor=secretary)


@pytest.mark.parametrize("status", [CampaignStatus.DRAFT, CampaignStatus.CLOSED])
def test_a_campaign_that_is_not_open_takes_no_paper(person_kind, branch, secretary, status):
    person_kind.campaign.status = status

    with pytest.raises(DomainError):
        create_nomination(person_kind.campaign, post_kind=person_kind, org_unit=branch, actor=secretary)


def test_the_last_day_is_included(person_kind, branch, secretary, holder, time_machine):
    time_machine.move_to("2026-06-30 23:59:00+08:00")
    person_kind.campaign.nominations_until = date(2026, 6, 30)
    person_kind.campaign.save()
    nomination = make_nomination(person_kind, branch, secretary, holder)
    time_machine.move_to("2026-07-01 00:01:00+08:00")

    with pytest.raises(DomainError, match="2026-06-30"):
        submit_nomination(nomination, actor=secretary)


def test_only_roster_members_can_be_chosen(person_kind, branch, secretary, holder, other_branch):
    outsider = MemberFactory(branch=other_branch, name="孙样乙")
    nomination = make_nomination(person_kind, branch, secretary, holder)

    with pytest.raises(DomainError, match="孙样乙"):
        save_draft(
            nomination, actor=secretary, version=nomination.version, fields={}, members=[Chosen(member=outsider.pk)]
        )


def test_return_and_resubmission_come_back_to_the_step(person_kind, branch, secretary, holder, officer):
    nomination = make_nomination(person_kind, branch, secretary, holder, submit=True)
    return_nomination(current_run(nomination), actor=officer, reason="承诺事项偏笼统，请修改后再报。")
    nomination.refresh_from_db()

    run = current_run(nomination)
    assert (nomination.status, run.kind, run.attempt) == (NominationStatus.RETURNED, "nominate", 2)
    assert Message.objects.get(user=secretary).body == "承诺事项偏笼统，请修改后再报。"
    nomination = submit_nomination(nomination, actor=secretary)
    assert nomination.number == "QY-2026-0001"
    endorse(current_run(nomination), actor=officer, result="agreed", opinion="同意。")
    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.COMPLETED
    assert list(nomination.runs.values_list("kind", "attempt", "status")) == [
        ("nominate", 1, "passed"),
        ("nominate", 2, "passed"),
        ("endorse", 1, "returned"),
        ("endorse", 2, "passed"),
    ]


def test_a_return_needs_a_reason_and_a_submitted_paper(person_kind, branch, secretary, holder, officer):
    nomination = make_nomination(person_kind, branch, secretary, holder, submit=True)

    with pytest.raises(DomainError):
        return_nomination(current_run(nomination), actor=officer, reason="  ")
    with pytest.raises(NotAllowedError):
        return_nomination(current_run(nomination), actor=secretary, reason="x")


def test_new_people_cannot_skip_the_steps_of_the_others(team_kind, branch, secretary, officer, member):
    first, second = MemberFactory(branch=branch), MemberFactory(branch=branch)
    nomination = make_nomination(team_kind, branch, secretary, first, second, submit=True)
    for consent in current_run(nomination).consents.all():
        record_paper_consent(consent, actor=secretary, answer="agreed")
    return_nomination(current_run(nomination), actor=officer, reason="x")
    nomination.refresh_from_db()
    more = [Chosen(member=m.pk) for m in (first, second, member.member)]

    with pytest.raises(DomainError) as error:
        save_draft(nomination, actor=secretary, version=nomination.version, fields={}, members=more)
    assert error.value.field == "members"


def test_after_a_full_return_new_people_walk_every_step(team_kind, branch, secretary, officer, member):
    first, second = MemberFactory(branch=branch), MemberFactory(branch=branch)
    nomination = make_nomination(team_kind, branch, secretary, first, second, submit=True)
    for consent in current_run(nomination).consents.all():
        record_paper_consent(consent, actor=secretary, answer="agreed")
    return_nomination(current_run(nomination), actor=officer, reason="x", redo=True)
    nomination.refresh_from_db()
    more = [Chosen(member=m.pk) for m in (first, member.member)]
    nomination = save_draft(nomination, actor=secretary, version=nomination.version, fields={}, members=more)
    submit_nomination(nomination, actor=secretary)

    run = current_run(nomination)
    assert (run.kind, run.attempt, run.consents.count()) == ("consent", 2, 2)
    assert nomination.members.filter(dropped_at__isnull=False).get().member == second


def test_withdrawal_cancels_what_was_open(person_kind, branch, secretary, holder):
    nomination = make_nomination(person_kind, branch, secretary, holder, submit=True)
    withdraw_nomination(nomination, actor=secretary, reason="因岗位人员变动，暂不推荐。")
    nomination.refresh_from_db()

    assert (nomination.status, nomination.outcome_reason) == (
        NominationStatus.WITHDRAWN,
        "因岗位人员变动，暂不推荐。",
    )
    assert set(nomination.runs.values_list("status", flat=True)) == {RunStatus.PASSED, RunStatus.CANCELLED}


def test_autosave_does_not_flood_the_journal(person_kind, branch, secretary, holder):
    nomination = make_nomination(person_kind, branch, secretary, holder)
    for n in range(5):
        nomination = save_draft(nomination, actor=secretary, version=nomination.version, fields={"name": f"n{n}"})

    assert list(history_of(nomination).values_list("kind", flat=True)).count("draft_edited") == 1


@pytest.mark.parametrize(
    ("stage", "who", "allowed"),
    [
        ({"actor": ["holder"]}, "member", True),
        ({"actor": ["holder"]}, "secretary", True),
        ({"actor": ["branch"]}, "member", False),
        ({"actor": ["branch"]}, "secretary", True),
        ({"actor": ["branch"], "params": {"initiators": ["holder"]}}, "member", True),
        ({"actor": ["committee"]}, "officer", True),
        ({"actor": ["committee"]}, "secretary", False),
        ({"actor": ["holder"]}, "stranger", False),
        ({"actor": ["branch"]}, "other_secretary", False),
        ({"actor": ["general_branch"]}, "secretary", False),
        ({"actor": ["general_branch"]}, "officer", True),
        ({"kind": "deliberate", "actor": ["branch", "unit"]}, "secretary", True),
        ({"kind": "decide", "actor": ["committee"]}, "secretary", False),
        ({"kind": "decide", "actor": ["committee"]}, "officer", True),
    ],
)
def test_who_may_open_a_paper(request, campaign, branch, *, stage, who, allowed):
    kind = make_kind(campaign, {"kind": "nominate", **stage})

    assert may_propose(request.getfixturevalue(who), kind, branch) is allowed


def test_submission_tells_every_reason_at_once(team_kind, branch, secretary, holder):
    nomination = make_nomination(team_kind, branch, secretary, holder, duties="")

    with pytest.raises(DomainError) as error:
        submit_nomination(nomination, actor=secretary)
    assert str(error.value) == "暂时不能提交：“岗位职责”尚未填写；“集体示范岗”党员不得少于 2 人，现有 1 人（方案三.2）"

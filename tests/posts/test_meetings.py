"""The arithmetic of 支部工作条例 art. 11 (domain notes 3.12), and minutes that do not add up."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from campaigns.domain.errors import DomainError, NotAllowedError
from posts.domain.meetings import judge, record_meeting
from posts.domain.nominations import return_nomination, submit_nomination
from posts.domain.pipeline import current_run
from posts.models import Meeting, NominationStatus
from tests.factories import MemberFactory, make_kind, make_nomination

MINUTES = {"held_on": date(2026, 1, 5), "minutes": "讨论情况。", "against": 0, "abstained": 0, "excused": 0}


@pytest.fixture
def nomination(meeting_kind, branch, secretary):
    return make_nomination(meeting_kind, branch, secretary, MemberFactory(branch=branch), submit=True)


@pytest.mark.parametrize(
    ("should", "present", "in_favour", "counts", "agreed"),
    [
        (15, 8, 8, True, True),
        (15, 8, 7, True, False),
        (16, 8, 8, True, False),
        (16, 9, 9, True, True),
        (15, 7, 7, False, False),
        (1, 1, 1, True, True),
    ],
)
def test_quorum_and_majority(*, should, present, in_favour, counts, agreed):
    meeting = Meeting(should_attend=should, excused=0, present=present, in_favour=in_favour, agreed=False)
    verdict = judge(meeting, quorum="half", pass_rule="half_of_should_attend")

    assert (verdict.counts, verdict.agreed) == (counts, agreed)


def test_people_left_out_lower_the_bar():
    meeting = Meeting(should_attend=16, excused=1, present=8, in_favour=8, agreed=False)

    assert judge(meeting, quorum="half", pass_rule="half_of_should_attend").agreed


def test_an_informal_deliberation_goes_by_its_common_view():
    meeting = Meeting(should_attend=9, excused=0, present=3, agreed=True)

    assert judge(meeting, quorum="none", pass_rule="none").agreed


def test_a_majority_moves_on(nomination, secretary):
    record_meeting(current_run(nomination), actor=secretary, should_attend=15, present=8, **{**MINUTES, "in_favour": 8})

    assert current_run(nomination).kind == "endorse"


def test_no_majority_ends_the_nomination_with_the_sum(nomination, secretary):
    record_meeting(current_run(nomination), actor=secretary, should_attend=16, present=8, **{**MINUTES, "in_favour": 8})
    nomination.refresh_from_db()

    assert nomination.status == NominationStatus.NOT_PASSED
    assert nomination.outcome_reason == (
        "会议未通过。应到会 16 人，实到会 8 人，至少须到会 8 人。赞成 8 人；超过应到会 16 人的半数，即至少 9 人。"
    )


def test_without_a_quorum_the_minutes_stay_and_the_step_waits(nomination, secretary):
    run = current_run(nomination)
    record_meeting(run, actor=secretary, should_attend=15, present=7, **{**MINUTES, "in_favour": 7})

    assert (current_run(nomination), nomination.meetings.count()) == (run, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"held_on": timezone.localdate() + timedelta(days=1)}, "held_on"),
        ({"present": 16}, "present"),
        ({"present": 0, "in_favour": 0}, "present"),
        ({"should_attend": 0}, "should_attend"),
        ({"excused": 15}, "excused"),
        ({"excused": 8}, "present"),
        ({"in_favour": 9}, "in_favour"),
        ({"in_favour": None}, "in_favour"),
    ],
)
def test_numbers_that_do_not_add_up_are_refused_at_their_field(nomination, secretary, change, field):
    numbers = {"should_attend": 15, "present": 8, "in_favour": 8}

    with pytest.raises(DomainError) as error:
        record_meeting(current_run(nomination), actor=secretary, **{**MINUTES, **numbers, **change})
    assert (error.value.field, nomination.meetings.count()) == (field, 0)


def test_the_annual_appraisal_must_be_confirmed(campaign, branch, secretary):
    kind = make_kind(campaign, {"kind": "deliberate", "params": {"uses_annual_appraisal": True}})
    nomination = make_nomination(kind, branch, secretary, MemberFactory(branch=branch), submit=True)
    call = {"actor": secretary, "should_attend": 9, "present": 5, "agreed": True, "held_on": date(2026, 1, 5)}

    with pytest.raises(DomainError) as error:
        record_meeting(current_run(nomination), minutes="x", **call)
    assert error.value.field == "uses_annual_appraisal"
    record_meeting(current_run(nomination), minutes="x", uses_annual_appraisal=True, **call)
    nomination.refresh_from_db()
    assert nomination.status == NominationStatus.COMPLETED


def test_nobody_records_a_meeting_about_himself_or_elsewhere(meeting_kind, branch, secretary, other_secretary):
    nomination = make_nomination(meeting_kind, branch, secretary, secretary.member, submit=True)
    numbers = {"should_attend": 15, "present": 8, "in_favour": 8}

    for actor in (secretary, other_secretary):
        with pytest.raises(NotAllowedError):
            record_meeting(current_run(nomination), actor=actor, **MINUTES, **numbers)


def test_a_returned_paper_needs_no_second_meeting(nomination, secretary, officer):
    record_meeting(current_run(nomination), actor=secretary, should_attend=15, present=8, **{**MINUTES, "in_favour": 8})
    return_nomination(current_run(nomination), actor=officer, reason="x", redo=True)
    submit_nomination(nomination, actor=secretary)

    assert current_run(nomination).kind == "endorse"


def test_a_meeting_held_before_the_submission_counts(meeting_kind, branch, secretary):
    nomination = make_nomination(meeting_kind, branch, secretary, MemberFactory(branch=branch))
    record_meeting(current_run(nomination), actor=secretary, should_attend=15, present=8, **{**MINUTES, "in_favour": 8})
    assert current_run(nomination).kind == "deliberate"

    submit_nomination(nomination, actor=secretary)
    assert current_run(nomination).kind == "endorse"

"""Two people at the same moment around a survey: one of them is first, and the numbers still add up."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from assessments.domain.ballots import cast_ballot, void_batch
from assessments.domain.closing import close_survey
from assessments.domain.paper import enter_count, hand_out_to_members
from assessments.domain.recounts import ask_recount, confirm_recount
from assessments.domain.roll_changes import ask_roll_change, extend_survey, settle_roll_change
from assessments.domain.surveys import open_survey
from assessments.models import (
    BallotCode,
    OpenedBallot,
    PaperCount,
    PaperSheet,
    Recount,
    RollEntry,
    SealedBallot,
    Survey,
    SurveyResult,
)
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import history_of, verify_journal
from campaigns.models import DueItem, Role
from tests.assessments.electorate import make_rights
from tests.assessments.helpers import make_code_rights, make_nomination, make_open_survey, make_voters, survey_of
from tests.factories import MemberFactory, UserFactory
from tests.threads import at_once, in_threads

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _chain_holds():
    yield
    assert list(verify_journal()) == []


def another(unit, role):
    user = UserFactory()
    appoint(user, org_unit=unit, role=role, actor=None)
    return user


def refused(found):
    return [one for one in found if isinstance(one, DomainError)]


def row(**counts):
    return {"satisfied": 0, "basically_satisfied": 0, "dissatisfied": 0, "unknown": 0, "": 0, "spoiled": 0, **counts}


@pytest.mark.parametrize("turn", range(3))
def test_two_tellers_who_enter_the_same_at_once_agree_and_close_once(branch, secretary, committee_member, turn):
    survey, rights = make_rights(branch, secretary, 12)
    hand_out_to_members(survey, actor=secretary, members=[right.member for right in rights[:11]])
    sheet = PaperSheet.objects.get()
    enter = {"n_returned": 11, "lines": [row(satisfied=11)]}

    with time_machine.travel(survey.closes_at + timedelta(seconds=1), tick=False):
        found = at_once(
            lambda: enter_count(sheet, actor=secretary, **enter),
            lambda: enter_count(sheet, actor=committee_member, **enter),
        )

    assert refused(found) == []
    assert PaperSheet.objects.get().is_agreed
    assert (PaperCount.objects.count(), SurveyResult.objects.get().n_paper_members) == (2, 11)
    assert [entry.kind for entry in history_of(survey)].count("paper_counted") == 1


def test_three_tellers_at_once_are_two_on_the_sheet(branch, secretary, committee, committee_member):
    survey, rights = make_rights(branch, secretary, 12)
    hand_out_to_members(survey, actor=secretary, members=[right.member for right in rights[:4]])
    sheet, third = PaperSheet.objects.get(), another(committee, Role.DISCIPLINE)

    found = at_once(
        *[
            lambda user=user, n=n: enter_count(sheet, actor=user, n_returned=n, lines=[row(satisfied=n)])
            for n, user in enumerate((secretary, committee_member, third), start=2)
        ]
    )

    assert len(refused(found)) == 1
    assert (PaperCount.objects.count(), PaperSheet.objects.get().is_agreed) == (2, False)


def test_one_teller_in_two_windows_is_one_teller(branch, secretary):
    survey, rights = make_rights(branch, secretary, 12)
    hand_out_to_members(survey, actor=secretary, members=[right.member for right in rights[:4]])
    sheet = PaperSheet.objects.get()

    at_once(*[lambda: enter_count(sheet, actor=secretary, n_returned=4, lines=[row(satisfied=4)])] * 4)

    assert (PaperCount.objects.count(), PaperSheet.objects.get().is_agreed) == (1, False)


def test_name_taken_off_the_roll_while_he_votes_is_one_of_both(branch, secretary, officer):
    """Twelve are taken off at the moment at which they vote: off the roll or voted, and never a lost ballot."""
    survey, rights = make_rights(branch, secretary, 24)
    changes = [
        ask_roll_change(survey, actor=secretary, member=right.member, adds=False, reason="已转出")
        for right in rights[:12]
    ]
    calls = [
        call
        for right, change in zip(rights, changes, strict=False)
        for call in (
            lambda right=right: cast_ballot(survey, right=right, choices=["satisfied"]),
            lambda change=change: settle_roll_change(change, actor=officer, confirm=True),
        )
    ]
    found = in_threads(calls, threads=8)

    voted, off = [hasattr(one, "leaf") for one in found[::2]], [hasattr(one, "state") for one in found[1::2]]
    assert [one != other for one, other in zip(voted, off, strict=True)] == [True] * 12
    assert SealedBallot.objects.count() == RollEntry.objects.filter(voted=True).count() == sum(voted)
    assert RollEntry.objects.filter(survey=survey).count() == 24 - sum(off)


def test_roll_changed_at_the_moment_of_the_close_is_in_the_result_or_refused(branch, secretary, officer):
    for _turn in range(3):
        survey, rights = make_rights(branch, secretary, 12)
        for right in rights[:10]:
            cast_ballot(survey, right=right, choices=["satisfied"])
        late = MemberFactory(branch=branch)
        change = ask_roll_change(survey, actor=secretary, member=late, adds=True, reason="漏列")

        found = at_once(
            lambda survey=survey: close_survey(survey),
            lambda change=change: settle_roll_change(change, actor=officer, confirm=True),
        )

        on_roll = RollEntry.objects.filter(survey=survey, member=late).exists()
        assert on_roll == (not refused(found))
        assert SurveyResult.objects.get(survey=survey).n_roll == RollEntry.objects.filter(survey=survey).count()
        rights_told = Survey.objects.get(pk=survey.pk).bulletins.get().text
        assert f'"roll":{12 + on_roll},' in rights_told


def test_roll_of_a_survey_opened_twice_at_once_is_written_once(branch, secretary, committee_secretary):
    make_voters(branch, 12)
    survey = survey_of(make_nomination(branch))
    closes_at = timezone.now() + timedelta(days=2)

    found = at_once(*[lambda: open_survey(survey, actor=secretary, closes_at=closes_at)] * 3)

    assert [type(error) for error in refused(found)] == [OutOfOrderError] * 2
    assert RollEntry.objects.filter(survey=survey).count() == 13  # the secretary is a member, too
    assert [entry.kind for entry in history_of(survey)].count("survey_opened") == 1


def test_request_settled_by_two_people_at_once_is_settled_once(branch, secretary, committee, officer):
    survey, rights = make_rights(branch, secretary, 12)
    change = ask_roll_change(survey, actor=secretary, member=rights[0].member, adds=False, reason="已转出")
    second = another(committee, Role.OFFICER)

    found = at_once(
        lambda: settle_roll_change(change, actor=officer, confirm=True),
        lambda: settle_roll_change(change, actor=second, confirm=False),
    )

    assert [type(error) for error in refused(found)] == [OutOfOrderError]
    change.refresh_from_db()
    assert RollEntry.objects.filter(pk=rights[0].pk).exists() == (change.state == "refused")


@pytest.fixture
def closed(branch, secretary):
    survey, rights = make_rights(branch, secretary, 12)
    for right in rights:
        cast_ballot(survey, right=right, choices=["satisfied"])
    return close_survey(survey)


def test_recount_asked_for_twice_at_once_is_asked_once(closed, committee_member, discipline):
    found = at_once(
        *[lambda user=user: ask_recount(closed, actor=user, reason="复核") for user in (committee_member, discipline)]
    )

    assert [type(error) for error in refused(found)] == [OutOfOrderError]
    assert Recount.objects.count() == 1


def test_recount_confirmed_by_two_at_once_is_confirmed_once(closed, committee, committee_member, discipline):
    recount = ask_recount(closed, actor=committee_member, reason="复核")
    others = (discipline, another(committee, Role.DISCIPLINE))

    found = at_once(*[lambda user=user: confirm_recount(recount, actor=user) for user in others])

    assert [type(error) for error in refused(found)] == [OutOfOrderError]
    assert DueItem.objects.filter(kind="survey_recount").count() == 1
    assert [entry.kind for entry in history_of(closed)].count("recount_confirmed") == 1


def test_codes_voided_while_they_are_used_add_up_to_the_printed_ones(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    rights = make_code_rights(survey, officer, 60)
    batch = survey.batches.get()
    calls = [lambda right=right: cast_ballot(survey, right=right, choices=["satisfied"]) for right in rights]
    calls.insert(30, lambda: void_batch(batch, actor=officer))

    found = in_threads(calls, threads=12)

    cast = sum(hasattr(one, "leaf") for one in found)
    codes = BallotCode.objects.filter(batch=batch)
    assert (codes.filter(used=True).count(), codes.filter(voided=True).count()) == (cast, 60 - cast)
    assert SealedBallot.objects.count() == cast
    close_survey(survey)
    result = SurveyResult.objects.get()
    assert (result.n_codes, result.n_codes_used, result.n_codes_voided) == (cast, cast, 60 - cast)
    assert OpenedBallot.objects.count() == cast


def test_two_officers_who_extend_at_once_extend_once(branch, secretary, committee_secretary):
    survey = make_open_survey(branch, secretary, params={"min_turnout_percent": 50})
    ends = [survey.closes_at + timedelta(hours=hours) for hours in (24, 36)]

    found = at_once(
        *[lambda end=end: extend_survey(survey, actor=secretary, closes_at=end, reason="农忙") for end in ends]
    )

    assert len(refused(found)) == 1
    survey = Survey.objects.get()
    assert (survey.n_extensions, survey.closes_at in ends) == (1, True)
    assert DueItem.objects.get(kind="survey_close", subject_id=survey.pk).due_at == survey.closes_at
    assert [entry.kind for entry in history_of(survey)].count("survey_extended") == 1


def test_extension_at_the_moment_of_the_close_is_before_it_or_refused(branch, secretary):
    for _turn in range(3):
        survey = make_open_survey(branch, secretary, params={"min_turnout_percent": 50})
        end = survey.closes_at + timedelta(hours=24)

        at_once(
            lambda survey=survey: close_survey(survey),
            lambda survey=survey, end=end: extend_survey(survey, actor=secretary, closes_at=end, reason="农忙"),
        )

        kinds = [entry.kind for entry in history_of(survey)]
        assert kinds.count("survey_closed") == 1
        assert "survey_extended" not in kinds[kinds.index("survey_closed") :]

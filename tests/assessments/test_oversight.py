"""A frozen survey is changed by two people only, counted again by two, and its openings end."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from assessments.domain.ballots import right_of_member
from assessments.domain.closing import close_survey
from assessments.domain.recounts import (
    ask_recount,
    confirm_recount,
    count_again,
    destroy_openings,
    destroy_when_due,
    may_audit,
)
from assessments.domain.roll_changes import ask_roll_change, extend_survey, settle_roll_change, why_not_extend
from assessments.models import BallotCode, Comment, OpenedBallot, Recount, RollChange
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import history_of
from campaigns.guards import maintenance
from campaigns.models import DueItem, Role
from campaigns.permissions import forget_grants
from tests.assessments.helpers import make_open_survey, vote, vote_counts
from tests.factories import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def survey(branch, secretary):
    return make_open_survey(branch, secretary, voters=12, params={"min_turnout_percent": 50})


def auditor(unit, role):
    user = UserFactory()
    appoint(user, org_unit=unit, role=role, actor=None)
    forget_grants(user)
    return user


@pytest.fixture
def auditors(committee):
    return auditor(committee, Role.COMMITTEE_MEMBER), auditor(committee, Role.DISCIPLINE)


def closed(survey, officer):
    vote_counts(survey, officer, satisfied=18, dissatisfied=4)
    for entry in survey.roll.select_related("member__user")[:6]:
        vote(survey, entry.member, "satisfied", comment="好")
    with time_machine.travel(survey.closes_at + timedelta(seconds=1), tick=False):
        return close_survey(survey)


def later(survey, hours=24):
    return survey.closes_at + timedelta(hours=hours)


def test_too_few_voters_may_have_more_time_once(survey, secretary):
    before = survey.rules_sha256
    extended = extend_survey(survey, actor=secretary, closes_at=later(survey), reason="农忙")

    assert extended.closes_at == later(survey)
    assert extended.rules_sha256 != before
    assert DueItem.objects.get(kind="survey_close", subject_id=survey.pk).due_at == later(survey)
    with pytest.raises(DomainError, match="1"):
        extend_survey(extended, actor=secretary, closes_at=later(survey, 48), reason="农忙")


def test_with_half_of_the_roll_in_there_is_no_more_time(survey, secretary):
    half = (survey.roll.count() + 1) // 2
    for entry in survey.roll.select_related("member__user")[: half - 1]:
        vote(survey, entry.member, "satisfied")
    extend = {"actor": secretary, "closes_at": later(survey), "reason": "农忙"}
    entry = survey.roll.filter(voted=False).select_related("member__user").first()
    assert why_not_extend(survey) == ""  # one less than half
    vote(survey, entry.member, "satisfied")
    with pytest.raises(DomainError):
        extend_survey(survey, **extend)


@pytest.mark.parametrize(("hours", "field"), [(0, "closes_at"), (-1, "closes_at"), (24 * 40, "closes_at")])
def test_the_new_end_lies_later_and_within_the_limit(survey, secretary, hours, field):
    with pytest.raises(DomainError) as error:
        extend_survey(survey, actor=secretary, closes_at=later(survey, hours), reason="农忙")
    assert error.value.field == field


def test_a_name_comes_onto_the_roll_when_the_level_above_confirms(survey, branch, secretary, officer):
    late, before = MemberFactory(branch=branch, user=UserFactory()), survey.roll_sha256
    change = ask_roll_change(survey, actor=secretary, member=late, adds=True, reason="漏列")
    survey.refresh_from_db()
    assert (right_of_member(survey, late.user), survey.roll_sha256) == (None, before)

    settle_roll_change(change, actor=officer, confirm=True)

    survey.refresh_from_db()
    assert right_of_member(survey, late.user).voted is False
    assert survey.roll_sha256 != before
    assert [entry.kind for entry in history_of(survey)][-2:] == ["roll_change_asked", "roll_changed"]


def test_who_asks_does_not_confirm_nor_does_the_branch(survey, branch, secretary, officer):
    late = MemberFactory(branch=branch)
    change = ask_roll_change(survey, actor=officer, member=late, adds=True, reason="漏列")
    for somebody in (officer, secretary):
        with pytest.raises(NotAllowedError):
            settle_roll_change(change, actor=somebody, confirm=True)
    assert not survey.roll.filter(member=late).exists()


def test_who_has_voted_stays_on_the_roll(survey, secretary, officer):
    entry = survey.roll.select_related("member__user").first()
    change = ask_roll_change(survey, actor=secretary, member=entry.member, adds=False, reason="已转出")
    vote(survey, entry.member, "satisfied")
    with pytest.raises(DomainError):
        settle_roll_change(change, actor=officer, confirm=True)
    assert RollChange.objects.get().state == "asked"
    settle_roll_change(change, actor=officer, confirm=False)
    assert survey.roll.filter(pk=entry.pk).exists()


def test_a_stranger_to_the_branch_does_not_come_onto_the_roll(survey, secretary, other_branch):
    with pytest.raises(DomainError) as error:
        ask_roll_change(survey, actor=secretary, member=MemberFactory(branch=other_branch), adds=True, reason="漏列")
    assert error.value.field == "member"


def recounted(survey, auditors):
    recount = ask_recount(survey, actor=auditors[0], reason="有异议")
    confirm_recount(recount, actor=auditors[1])
    with transaction.atomic():
        count_again(DueItem.objects.get(kind="survey_recount", subject_id=recount.pk))
    return Recount.objects.get(pk=recount.pk)


def test_two_auditors_count_every_ballot_again(survey, officer, auditors):
    recount = recounted(closed(survey, officer), auditors)

    assert (recount.n_opened, recount.agrees, recount.differences) == (28, True, [])


def test_a_changed_ballot_does_not_agree(survey, officer, auditors):
    survey = closed(survey, officer)
    ballot = OpenedBallot.objects.filter(survey=survey, choices=["satisfied"]).first()
    with maintenance():
        OpenedBallot.objects.filter(pk=ballot.pk).delete()
        ballot.choices = ["dissatisfied"]
        OpenedBallot.objects.bulk_create([ballot])
    recount = recounted(survey, auditors)

    assert recount.agrees is False
    assert recount.differences[0]["counted"]["dissatisfied"] == 5


def test_the_second_auditor_is_another_person_of_another_office(survey, officer, committee, auditors):
    survey = closed(survey, officer)
    recount = ask_recount(survey, actor=auditors[0], reason="有异议")
    for somebody in (auditors[0], auditor(committee, Role.COMMITTEE_MEMBER)):
        with pytest.raises(NotAllowedError):
            confirm_recount(recount, actor=somebody)
    with pytest.raises(OutOfOrderError):
        ask_recount(survey, actor=auditors[1], reason="有异议")


def test_branch_and_opener_do_not_count_again(survey, secretary, officer, auditors):
    assert [may_audit(user, survey) for user in (secretary, officer, *auditors)] == [False, False, True, True]


def test_openings_end_after_their_days_and_the_hashes_stay(survey, officer, auditors):
    survey = closed(survey, officer)
    leaves = list(OpenedBallot.objects.order_by("leaf").values_list("leaf", flat=True))
    item = DueItem.objects.get(kind="openings_destroy", subject_id=survey.pk)
    assert item.due_at == survey.closed_at + timedelta(days=90)

    with transaction.atomic():
        destroy_when_due(item)

    assert list(OpenedBallot.objects.order_by("leaf").values_list("leaf", flat=True)) == leaves
    assert {bytes(salt) for salt in OpenedBallot.objects.values_list("salt", flat=True)} == {b""}
    assert (BallotCode.objects.count(), Comment.objects.count()) == (0, 6)
    with pytest.raises(OutOfOrderError):
        ask_recount(survey, actor=auditors[0], reason="有异议")
    with transaction.atomic():
        assert destroy_openings(survey) == 28


def test_a_waiting_recount_keeps_the_openings(survey, officer, auditors):
    survey = closed(survey, officer)
    ask_recount(survey, actor=auditors[0], reason="有异议")
    with transaction.atomic():
        destroy_when_due(DueItem.objects.get(kind="openings_destroy", subject_id=survey.pk))

    again = DueItem.objects.filter(kind="openings_destroy", subject_id=survey.pk).latest("pk")
    assert again.due_at > timezone.now() + timedelta(days=6)
    assert all(bytes(salt) for salt in OpenedBallot.objects.values_list("salt", flat=True))


def test_the_pages_lead_through_it(survey, secretary, officer, auditors, client):
    client.force_login(secretary)
    page = reverse("assessments:survey_detail", args=[survey.pk])
    assert "延长测评" in client.get(page).content.decode()
    answer = client.post(
        reverse("assessments:survey_extend", args=[survey.pk]),
        {"closes_at": timezone.localtime(later(survey)).strftime("%Y-%m-%dT%H:%M"), "reason": "农忙"},
    )
    assert answer.status_code == 302
    survey = closed(survey.__class__.objects.get(pk=survey.pk), officer)
    assert client.get(reverse("assessments:recount_create", args=[survey.pk])).status_code == 404
    client.force_login(auditors[0])
    assert client.post(reverse("assessments:recount_create", args=[survey.pk]), {"reason": "有异议"}).status_code == 302
    client.force_login(auditors[1])
    assert "作为第二名监督员确认" in client.get(page).content.decode()

"""本人意愿: everybody answers for himself, and may change his mind until the decision (domain F6)."""

import pytest

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import history_of
from campaigns.models import Message
from posts.domain.consents import answer_consent, record_paper_consent
from posts.domain.endorsements import endorse
from posts.domain.pipeline import current_run
from posts.models import Consent, ConsentAnswer, NominationStatus
from tests.factories import MemberFactory, make_nomination


@pytest.fixture
def others(branch):
    return [MemberFactory(branch=branch) for _unused in range(2)]


@pytest.fixture
def nomination(team_kind, branch, secretary, member, others):
    return make_nomination(team_kind, branch, secretary, member.member, *others, submit=True)


@pytest.fixture
def own(nomination, member):
    return Consent.objects.get(person__member__user=member)


def paper_consents(nomination, others, secretary):
    for consent in Consent.objects.filter(person__nomination=nomination, person__member__in=others):
        record_paper_consent(consent, actor=secretary, answer="agreed")


def test_every_party_member_is_asked_and_those_with_an_account_are_told(nomination, member):
    assert nomination.runs.get(kind="consent").consents.count() == 3
    assert list(Message.objects.values_list("user", flat=True)) == [member.pk]


def test_all_answers_together_open_the_next_step(nomination, own, member, others, secretary):
    answer_consent(own, actor=member, answer="agreed")
    assert current_run(nomination).kind == "consent"

    paper_consents(nomination, others, secretary)
    assert current_run(nomination).kind == "endorse"
    paper = Consent.objects.filter(person__member__in=others)
    assert set(paper.values_list("recorded_by", flat=True)) == {secretary.pk}


def test_who_declines_leaves_the_post_and_the_others_go_on(nomination, own, member, others, secretary):
    answer_consent(own, actor=member, answer="refused", reason="家庭原因")
    paper_consents(nomination, others, secretary)
    own.person.refresh_from_db()

    assert (own.person.drop_reason, own.person.dropped_at is None) == ("本人不同意", False)
    assert current_run(nomination).kind == "endorse"


def test_too_few_left_ends_the_nomination_with_the_rule(nomination, own, member, others, secretary):
    paper = Consent.objects.get(person__member=others[0])
    record_paper_consent(paper, actor=secretary, answer="refused")
    answer_consent(own, actor=member, answer="refused")
    nomination.refresh_from_db()

    assert nomination.status == NominationStatus.NOT_PASSED
    assert nomination.outcome_reason == "岗位成员减少：“集体示范岗”党员不得少于 2 人，现有 1 人（方案三.2）。"


def test_declining_may_be_taken_back_while_the_step_is_open(nomination, own, member):
    answer_consent(own, actor=member, answer="refused")
    answer_consent(own, actor=member, answer="agreed")
    own.person.refresh_from_db()

    assert own.person.dropped_at is None


def test_consent_is_taken_back_after_the_step(nomination, own, member, others, secretary):
    answer_consent(own, actor=member, answer="agreed")
    paper_consents(nomination, others, secretary)
    answer_consent(own, actor=member, answer="refused")
    own.refresh_from_db()

    assert (own.answer, own.person.dropped_at is None) == (ConsentAnswer.REFUSED, False)
    assert current_run(nomination).kind == "endorse"
    with pytest.raises(OutOfOrderError):
        answer_consent(own, actor=member, answer="agreed")


def test_after_the_end_nothing_changes(nomination, own, member, others, secretary, officer):
    answer_consent(own, actor=member, answer="agreed")
    paper_consents(nomination, others, secretary)
    endorse(current_run(nomination), actor=officer, result="agreed", opinion="同意。")

    with pytest.raises(OutOfOrderError):
        answer_consent(own, actor=member, answer="refused")


def test_nobody_answers_for_somebody_else(own, secretary, officer, other_secretary, stranger):
    for actor in (secretary, officer, stranger):
        with pytest.raises(NotAllowedError):
            answer_consent(own, actor=actor, answer="agreed")
    with pytest.raises(NotAllowedError):
        record_paper_consent(own, actor=other_secretary, answer="agreed")


def test_ones_own_paper_is_not_recorded_by_oneself(team_kind, branch, secretary, others):
    make_nomination(team_kind, branch, secretary, secretary.member, *others, submit=True)
    own = Consent.objects.get(person__member__user=secretary)

    with pytest.raises(NotAllowedError):
        record_paper_consent(own, actor=secretary, answer="agreed")
    answer_consent(own, actor=secretary, answer="agreed")


def test_an_answer_is_one_of_two(own, member):
    with pytest.raises(DomainError):
        answer_consent(own, actor=member, answer="perhaps")


def test_the_journal_tells_who_answered_when(nomination, own, member):
    answer_consent(own, actor=member, answer="agreed")
    event = history_of(nomination).filter(kind="consent_answered").get()

    assert (event.actor, '"answer":"agreed"' in event.body) == (member, True)

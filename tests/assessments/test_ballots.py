"""Casting: one right, one ballot, and no way from the one to the other."""

import string

import pytest
import time_machine
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from assessments.domain import sealing
from assessments.domain.ballots import (
    AlreadyVotedError,
    NotOpenError,
    UnknownCodeError,
    cast_ballot,
    cast_ticket,
    make_code_batch,
    prepare_ballot,
    right_of_code,
    right_of_member,
    void_batch,
)
from assessments.domain.surveys import close_survey
from assessments.models import (
    BallotCode,
    Comment,
    OpenedBallot,
    Option,
    PaperCount,
    PaperSheet,
    RollEntry,
    SealedBallot,
    Survey,
)
from campaigns.domain.errors import DomainError
from tests.assessments.helpers import make_code_rights, make_open_survey, vote


@pytest.fixture
def survey(branch, secretary):
    return make_open_survey(branch, secretary)


@pytest.fixture
def voter(survey):
    return survey.roll.select_related("member__user").first().member


def close_early(survey):
    """Close as the clock would, without waiting for it."""
    return close_survey(survey)


def test_cast_ballot_uses_the_right_and_keeps_a_sealed_box(survey, voter):
    receipt = vote(survey, voter, "dissatisfied", comment="窗口排队时间长")

    assert right_of_member(survey, voter.user).voted
    box = bytes(SealedBallot.objects.get().box)
    assert "窗口".encode() not in box
    assert b"dissatisfied" not in box
    close_early(survey)
    opened = OpenedBallot.objects.get()
    assert (opened.leaf, opened.choices, opened.stratum) == (receipt.leaf, ["dissatisfied"], "members")
    assert Comment.objects.get().text == "窗口排队时间长"


def test_cast_ballot_a_second_time_is_refused_and_adds_nothing(survey, voter):
    vote(survey, voter, "satisfied")

    with pytest.raises(AlreadyVotedError, match="已经投过票"):
        vote(survey, voter, "dissatisfied")

    assert SealedBallot.objects.count() == 1


def test_cast_ballot_with_a_voided_code_is_refused_like_an_unknown_one(survey, officer):
    code = make_code_batch(survey, n=1, actor=officer, witness="孙样甲")[0]
    right = right_of_code(code)
    void_batch(survey.batches.get(), actor=officer)

    with pytest.raises(UnknownCodeError) as voided:
        right_of_code(code)
    with pytest.raises(UnknownCodeError) as unknown:
        right_of_code("0" * 24)
    assert str(voided.value) == str(unknown.value)
    with pytest.raises(UnknownCodeError):
        cast_ballot(survey, right=right, choices=["satisfied"])


def test_cast_ballot_after_the_close_is_refused_and_the_right_stays_unused(survey, voter):
    right = right_of_member(survey, voter.user)
    close_early(survey)

    with pytest.raises(NotOpenError):
        cast_ballot(survey, right=right, choices=["satisfied"])

    right.refresh_from_db()
    assert not right.voted


def test_cast_ballot_after_its_time_is_refused_though_the_clock_has_not_closed_yet(survey, voter):
    right = right_of_member(survey, voter.user)

    with time_machine.travel(survey.closes_at), pytest.raises(NotOpenError):
        cast_ballot(survey, right=right, choices=["satisfied"])

    assert SealedBallot.objects.count() == 0


def test_cast_ballot_with_a_right_of_another_survey_is_refused(survey, branch, secretary, voter):
    other = make_open_survey(branch, secretary, voters=1)
    right = right_of_member(survey, voter.user)

    with pytest.raises(AlreadyVotedError):
        cast_ballot(other, right=right, choices=["satisfied"])

    assert SealedBallot.objects.count() == 0


@pytest.mark.parametrize("choices", [[], ["satisfied", "satisfied"], ["excellent"], ["satisfied,"]])
def test_cast_ballot_that_does_not_fit_is_refused(survey, voter, choices):
    with pytest.raises(DomainError):
        cast_ballot(survey, right=right_of_member(survey, voter.user), choices=choices)

    assert not right_of_member(survey, voter.user).voted


@pytest.mark.django_db(transaction=True)
def test_cast_ballot_refuses_to_run_inside_another_transaction(survey, voter):
    with pytest.raises(RuntimeError), transaction.atomic():
        vote(survey, voter, "satisfied")


def test_receipt_before_the_click_is_the_one_that_is_counted(survey, voter):
    right = right_of_member(survey, voter.user)
    ticket, shown = prepare_ballot(survey, right=right, choices=["satisfied"], comment="很好")

    taken = cast_ticket(survey, right=right, ticket=ticket)
    assert (taken.text, taken.leaf) == (shown.text, shown.leaf)
    assert bytes(SealedBallot.objects.get().box) != sealing.from_text(ticket)
    close_early(survey)
    assert OpenedBallot.objects.get().leaf == shown.leaf


def test_ticket_of_somebody_else_or_of_another_survey_is_refused(survey, officer):
    first, second = make_code_rights(survey, officer, 2)
    ticket, _receipt = prepare_ballot(survey, right=first, choices=["satisfied"])

    for wrong in (ticket, "", "not base64 !", ticket[:-8], ticket.swapcase()):
        with pytest.raises(DomainError):
            cast_ticket(survey, right=second, ticket=wrong)
    assert SealedBallot.objects.count() == 0


def test_boxes_have_one_length_whatever_was_said(survey, officer):
    rights = make_code_rights(survey, officer, 4)
    said = [("satisfied", ""), ("", "好"), ("basically_satisfied", "长" * 200), ("unknown", "😀" * 300)]

    for right, (choice, comment) in zip(rights, said, strict=True):
        cast_ballot(survey, right=right, choices=[choice], comment=comment)

    assert len({len(box) for box in SealedBallot.objects.values_list("box", flat=True)}) == 1


def test_close_sorts_ballots_by_hash_and_parts_the_words(survey, officer):
    for number, right in enumerate(make_code_rights(survey, officer, 30)):
        cast_ballot(survey, right=right, choices=["satisfied"], comment=f"第{number}句")

    close_early(survey)

    leaves = list(OpenedBallot.objects.values_list("leaf", flat=True))
    assert leaves == sorted(leaves)
    assert len(leaves) == 30
    words = list(Comment.objects.values_list("text", flat=True))
    assert sorted(words) == sorted(f"第{number}句" for number in range(30))
    assert words != [f"第{number}句" for number in range(30)]
    assert {field.name for field in Comment._meta.concrete_fields} == {"id", "survey", "text"}


def test_no_table_of_the_vote_holds_a_time_or_a_bridge():
    """Between the right and the ballot there is no column: what may stand there is listed here."""
    fields = {
        model.__name__: {field.name for field in model._meta.concrete_fields}
        for model in (SealedBallot, OpenedBallot, RollEntry, BallotCode, PaperSheet, PaperCount)
    }

    assert fields == {
        "SealedBallot": {"id", "survey", "box"},
        "OpenedBallot": {"leaf", "survey", "stratum", "choices", "salt"},
        "RollEntry": {"id", "survey", "member", "voted", "on_paper"},
        "BallotCode": {"id", "survey", "batch", "code_hash", "used", "voided"},
        "PaperSheet": {"id", "survey", "stratum", "n_handed_out", "witness", "is_agreed"},
        "PaperCount": {"id", "sheet", "counter", "n_returned", "lines", "entered_at"},  # sums, never a ballot
    }


# --- Sealing ----------------------------------------------------------------------------------------------------------

ballots = st.builds(
    sealing.Ballot,
    stratum=st.sampled_from(["members", "public"]),
    choices=st.lists(st.sampled_from(["", *Option.values]), min_size=1, max_size=12).map(tuple),
    salt=st.binary(min_size=16, max_size=16),
    comment=st.text(max_size=200).filter(lambda text: text.isprintable()),
)


@given(ballot=ballots, seal_salt=st.binary(min_size=16, max_size=16))
def test_seal_gives_back_what_was_put_in_and_only_with_the_same_survey(ballot, seal_salt):
    box = sealing.seal(ballot, seal_salt=seal_salt, context="survey A")

    assert sealing.unseal(box, seal_salt=seal_salt, context="survey A") == ballot
    with pytest.raises(sealing.BrokenSealError):
        sealing.unseal(box, seal_salt=seal_salt, context="survey B")


@given(ballot=ballots, position=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_one_flipped_bit_breaks_the_seal(ballot, position, bit):
    box = bytearray(sealing.seal(ballot, seal_salt=b"x" * 16, context="s"))
    box[position % len(box)] ^= 1 << bit

    with pytest.raises(sealing.BrokenSealError):
        sealing.unseal(bytes(box), seal_salt=b"x" * 16, context="s")


@given(ballot=ballots)
def test_packed_opening_gives_the_same_hash(ballot):
    opened = sealing.unpack_opening(sealing.pack_opening(ballot))

    assert sealing.leaf_of("id", opened) == sealing.leaf_of("id", ballot)


def test_codes_are_24_characters_that_nobody_confuses():
    code = sealing.make_code()

    assert len(code) == 24
    assert not set(code) & set("ILOU")
    assert set(code) <= set(string.digits + string.ascii_uppercase)
    assert sealing.hash_code(sealing.show_code(code).lower()) == sealing.hash_code(code)
    assert sealing.normal_code("o0-iL 1") == "00111"


def test_wrong_ballot_key_opens_nothing(survey, voter, settings):
    vote(survey, voter, "satisfied")
    sealing._cipher.cache_clear()
    settings.BALLOT_KEY = "another key"

    with pytest.raises(sealing.BrokenSealError):
        close_early(survey)

    sealing._cipher.cache_clear()
    assert Survey.objects.get().state == "open"

"""The bulletin: what anybody can check, and that nothing in it can be changed unseen."""

import base64
import json
import subprocess
import sys
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction
from django.urls import reverse
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from assessments import verify_bulletin
from assessments.domain.ballots import cast_ballot, prepare_ballot, right_of_member
from assessments.domain.bulletins import bulletin_json, find_receipt, publish_bulletin
from assessments.domain.closing import close_survey
from assessments.models import Bulletin, SurveyState
from posts.domain.seals import verify_line
from tests.assessments.helpers import (
    make_code_rights,
    make_nomination,
    make_open_survey,
    make_voters,
    survey_of,
    vote_counts,
)

pytestmark = pytest.mark.django_db(transaction=True)
PROGRAM = Path(verify_bulletin.__file__)


@pytest.fixture
def closed(branch, secretary, officer, make_open):
    """A closed survey of 12 members and 60 codes: 52 satisfied, 4 basically, 3 not, 1 blank; and one receipt."""
    survey = make_open(voters=12)
    member = survey.roll.select_related("member__user").first().member
    receipt = cast_ballot(survey, right=right_of_member(survey, member.user), choices=["satisfied"])
    vote_counts(survey, officer, satisfied=52, basically_satisfied=4, dissatisfied=3, blank=1)
    make_code_rights(survey, officer, 5)
    return close_late(survey), receipt


def close_late(survey):
    """The clock's close, a second after the end."""
    with time_machine.travel(survey.closes_at + timedelta(seconds=1), tick=False):
        return close_survey(survey)


@pytest.fixture
def make_open(branch, secretary):
    return partial(make_open_survey, branch, secretary)


def document_of(survey):
    return json.loads("".join(bulletin_json(survey.bulletins.get())))


def test_a_closed_survey_has_one_bulletin_that_checks(closed):
    survey, receipt = closed
    document = document_of(survey)

    check = verify_bulletin.verify(document, receipt.text, receipt.signature)

    assert not check.failed, check.lines
    content = json.loads(document["content"])
    assert content["ballots"] == len(document["leaves"]) == 61
    line = content["lines"][0]
    assert (line["valid"], line["positive"], line["passed"]) == (60, 53, True)
    assert (line["counts"], line["others"]) == ({"satisfied": 53}, 8)  # one blank would be searched for
    assert content["rights"]["codes_unused"] == 5


def test_the_program_runs_alone_and_says_so_by_its_exit_status(closed, tmp_path):
    survey, receipt = closed
    file = tmp_path / "bulletin.json"
    file.write_text("".join(bulletin_json(survey.bulletins.get())), encoding="utf-8")
    program = tmp_path / "check.py"
    program.write_text(PROGRAM.read_text(encoding="utf-8"), encoding="utf-8")

    def run(*words):
        command = [sys.executable, "-I", "-S", str(program), str(file), *words]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)

    good = run(receipt.text, receipt.signature)
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "核对结果：全部相符")
    assert run("0000 0000 0000 0000").returncode == 1
    file.write_text("{}", encoding="utf-8")
    assert run().returncode == 1
    assert "不能核对" in run().stdout


def test_one_flipped_bit_anywhere_in_the_published_file_is_found(closed):
    survey, receipt = closed
    file = "".join(bulletin_json(survey.bulletins.get())).encode()
    assert not verify_bulletin.verify(json.loads(file)).failed
    places = {
        # The short fields on which all the others hang, as often as all the rest.
        name: st.integers(file.index(value), file.index(value) + len(value) - 1)
        for name, value in short_fields(json.loads(file), receipt).items()
    }

    @settings(max_examples=300, deadline=None, derandomize=True, database=None, phases=[Phase.generate])
    @given(place=st.one_of(st.integers(0, len(file) - 1), *places.values()), bit=st.integers(0, 7))
    def flip(place, bit):
        assert is_found(file[:place] + bytes([file[place] ^ 1 << bit]) + file[place + 1 :]), (place, bit)

    flip()


def short_fields(document, receipt):
    leaf = next(leaf for leaf in document["leaves"] if leaf.startswith(receipt.leaf[:16]))
    fields = {"sha256": document["sha256"], "signature": document["signature"], "leaf": leaf}
    content = json.loads(document["content"])
    fields |= {name: content[name] for name in ("public_key", "leaf_root", "rules_sha256", "roll_sha256")}
    return {name: value.encode() for name, value in fields.items()}


def is_found(file):
    """As the program says it: something does not agree, or this is no bulletin any more."""
    try:
        return verify_bulletin.verify(json.loads(file)).failed
    except (ValueError, KeyError, TypeError, IndexError):
        return True


@pytest.mark.parametrize("change", ["drop", "add", "swap", "twice"])
def test_a_changed_list_of_ballots_is_found(closed, change):
    survey, _receipt = closed
    forged = document_of(survey)
    leaves = forged["leaves"]
    if change == "drop":
        leaves.pop()
    elif change == "add":
        leaves.append("f" * 64)
    elif change == "swap":
        leaves[0], leaves[1] = leaves[1], leaves[0]
    else:
        leaves[0] = leaves[1]

    assert verify_bulletin.verify(forged).failed


def test_figures_that_would_tell_who_voted_how_are_not_in_it(branch, officer, make_open):
    survey = make_open(voters=12)
    vote_counts(survey, officer, satisfied=20, dissatisfied=2)
    content = json.loads(close_late(survey).bulletins.get().text)

    assert content["lines"] == [{"position": 0, "label": "岗位：窗口服务示范岗", "passed": True, "hidden": True}]
    assert "20" not in content["verdict_reason"]


def test_a_survey_that_was_abandoned_has_none(branch, secretary):
    make_voters(branch, 12)
    survey = survey_of(make_nomination(branch))
    assert survey.state == SurveyState.DRAFT
    assert Bulletin.objects.count() == 0


def test_a_correction_is_another_version_and_the_first_stays(closed):
    survey, _receipt = closed
    first = survey.bulletins.get()
    with transaction.atomic():
        publish_bulletin(survey, reason="名称更正")

    assert list(survey.bulletins.values_list("version", "reason")) == [(1, ""), (2, "名称更正")]
    assert survey.bulletins.get(version=1).sha256 == first.sha256
    assert not verify_bulletin.verify(json.loads("".join(bulletin_json(survey.bulletins.get(version=2))))).failed


def test_a_receipt_is_found_only_in_its_own_survey(closed):
    survey, receipt = closed

    assert find_receipt(survey, receipt=receipt.text.upper(), signature=receipt.signature).is_listed
    assert find_receipt(survey, receipt=receipt.text, signature=receipt.signature).signed is True
    assert find_receipt(survey, receipt=receipt.text, signature="x" * 86).signed is False
    assert find_receipt(survey, receipt="0000000000000000").is_listed is False
    assert find_receipt(survey, receipt="nonsense") is None


def test_the_receipt_is_signed_only_when_the_ballot_is_in_the_box(make_open):
    survey = make_open(voters=12)
    right = survey.roll.first()
    _ticket, before = prepare_ballot(survey, right=right, choices=["satisfied"])
    after = cast_ballot(survey, right=right, choices=["satisfied"])

    assert before.signature == ""
    assert verify_line(f"receipt-v1|{survey.public_id}|{after.leaf[:16]}", after.signature)


def test_the_page_answers_every_receipt_in_words(closed, client):
    survey, receipt = closed
    address = reverse("assessments:bulletin", args=[survey.public_id])

    assert "这张选票已经计入" in client.post(address, {"receipt": receipt.text}).content.decode()
    assert "名单中没有这张选票" in client.post(address, {"receipt": "0" * 16}).content.decode()
    assert "这不是回执号" in client.post(address, {"receipt": "票"}).content.decode()
    assert client.get(reverse("assessments:bulletin", args=["x" * 22])).status_code == 404


def test_the_file_and_the_program_can_be_downloaded(closed, client):
    survey, _receipt = closed
    file = client.get(reverse("assessments:bulletin_file", args=[survey.public_id]))
    program = client.get(reverse("assessments:bulletin_checker"))

    assert not verify_bulletin.verify(json.loads(b"".join(file.streaming_content))).failed
    assert program.content == PROGRAM.read_bytes()


def test_ed25519_agrees_with_the_library():

    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw().hex()
    signature = base64.urlsafe_b64encode(key.sign("一行".encode())).decode()

    assert verify_bulletin.signature_is_good(public, "一行", signature)
    assert not verify_bulletin.signature_is_good(public, "另一行", signature)
    assert not verify_bulletin.signature_is_good("00" * 32, "一行", signature)
    assert not verify_bulletin.signature_is_good(public, "一行", signature[:-4])

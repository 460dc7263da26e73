"""Paper ballots: one right is used once, by phone or on paper; two people count; the sums go into one result."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pdfplumber
import pytest
import time_machine
from django.db import connection, transaction
from django.urls import reverse

from assessments import verify_bulletin
from assessments.documents import counting_sheet, paper_ballots
from assessments.domain.ballots import AlreadyVotedError
from assessments.domain.bulletins import bulletin_json
from assessments.domain.closing import close_survey, close_when_due, turnout_of
from assessments.domain.paper import enter_count, hand_out_to_members, hand_out_to_public, void_survey
from assessments.domain.recounts import ask_recount, confirm_recount, count_again
from assessments.models import PaperSheet, RollEntry, SealedBallot, Survey, SurveyState
from assessments.survey_todos import papers_to_count
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import DueItem
from tests.assessments.helpers import make_open_survey, vote, vote_counts
from tests.factories import MemberFactory
from tests.sheets import printed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def survey(branch, secretary):
    return make_open_survey(branch, secretary, voters=12)


def people(survey, n, start=0):
    return [entry.member for entry in survey.roll.select_related("member__user").order_by("pk")[start : start + n]]


def row(**counts):
    return {"satisfied": 0, "basically_satisfied": 0, "dissatisfied": 0, "unknown": 0, "": 0, "spoiled": 0, **counts}


def count_twice(sheet, tellers, n, **counts):
    for teller in tellers:
        sheet = enter_count(sheet, actor=teller, n_returned=n, lines=[row(**counts)])
    return sheet


def after(survey):
    return time_machine.travel(survey.closes_at + timedelta(seconds=1), tick=False)


def test_who_has_a_paper_ballot_does_not_vote_by_phone(survey, secretary):
    one = people(survey, 1)[0]
    hand_out_to_members(survey, actor=secretary, members=[one])

    with pytest.raises(AlreadyVotedError):
        vote(survey, one, "satisfied")
    assert SealedBallot.objects.count() == 0


def test_who_voted_by_phone_gets_no_paper(survey, secretary):
    one, other = people(survey, 2)
    vote(survey, one, "satisfied")

    issue = hand_out_to_members(survey, actor=secretary, members=[one, other])

    assert (issue.given, issue.refused) == ([other], [one])
    assert list(hand_out_to_members(survey, actor=secretary, members=[other]).refused) == [other]


@pytest.mark.postgres
def test_phone_and_paper_at_the_same_moment_use_the_right_once(survey, secretary):
    members = people(survey, 12)

    def on_paper(member):
        try:
            return bool(hand_out_to_members(survey, actor=secretary, members=[member]).given)
        finally:
            connection.close()

    def by_phone(member):
        try:
            vote(survey, member, "satisfied")
        except AlreadyVotedError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(12) as pool:
        papers = [pool.submit(on_paper, member) for member in members]
        phones = [pool.submit(by_phone, member) for member in members]
        results = [(paper.result(), phone.result()) for paper, phone in zip(papers, phones, strict=True)]

    assert all(paper != phone for paper, phone in results)
    assert RollEntry.objects.filter(voted=True).count() == SealedBallot.objects.count() == sum(p for _x, p in results)


def test_two_equal_counts_go_into_the_result(survey, secretary, officer, committee_member, discipline):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 6))
    for member in people(survey, 3, start=6):
        vote(survey, member, "satisfied")
    hand_out_to_public(survey, actor=secretary, n=20, witness="孙样甲")
    members, public = PaperSheet.objects.order_by("stratum")
    count_twice(members, (secretary, committee_member), 5, satisfied=4, dissatisfied=1)
    count_twice(public, (secretary, committee_member), 18, satisfied=14, basically_satisfied=1, spoiled=3)
    vote_counts(survey, officer, satisfied=10)
    with after(survey):
        result = close_survey(survey).result

    assert result.lines[0]["counts"] == {
        "satisfied": 31,
        "basically_satisfied": 1,
        "dissatisfied": 1,
        "unknown": 0,
        "": 3,
    }
    assert (result.n_ballots, result.n_paper_members, result.n_paper_public, result.n_roll_voted) == (36, 5, 18, 3)
    assert (result.lines[0]["valid"], result.lines[0]["positive"], result.verdict) == (33, 31, "passed")
    check = verify_bulletin.verify(json.loads("".join(bulletin_json(survey.bulletins.get()))))
    assert not check.failed, check.lines
    recount = ask_recount(survey, actor=committee_member, reason="复核")
    confirm_recount(recount, actor=discipline)
    with transaction.atomic():
        count_again(DueItem.objects.get(kind="survey_recount"))
    recount.refresh_from_db()
    assert (recount.n_opened, recount.agrees) == (13, True)


def test_different_counts_are_not_taken_and_may_be_corrected(survey, secretary, committee_member, officer):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 4))
    sheet = PaperSheet.objects.get()
    enter_count(sheet, actor=secretary, n_returned=4, lines=[row(satisfied=4)])
    assert not enter_count(sheet, actor=committee_member, n_returned=4, lines=[row(satisfied=3, unknown=1)]).is_agreed
    with pytest.raises(NotAllowedError):
        enter_count(sheet, actor=officer, n_returned=4, lines=[row(satisfied=4)])

    assert enter_count(sheet, actor=committee_member, n_returned=4, lines=[row(satisfied=4)]).is_agreed
    with pytest.raises(OutOfOrderError):
        enter_count(sheet, actor=secretary, n_returned=4, lines=[row(satisfied=4)])


def test_one_person_does_not_count_twice(survey, secretary):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 4))
    sheet = PaperSheet.objects.get()
    for _n in range(2):
        enter_count(sheet, actor=secretary, n_returned=4, lines=[row(satisfied=4)])
    sheet.refresh_from_db()
    assert not sheet.is_agreed


def test_a_line_adds_up_to_the_ballots_out_of_the_box(survey, secretary):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 4))
    with pytest.raises(DomainError, match="3"):
        enter_count(PaperSheet.objects.get(), actor=secretary, n_returned=4, lines=[row(satisfied=3)])


def test_the_close_waits_for_the_papers(survey, secretary, committee_member):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 11))
    sheet, item = PaperSheet.objects.get(), DueItem.objects.get(kind="survey_close")
    with after(survey):
        close_when_due(item)
        assert Survey.objects.get().state == SurveyState.OPEN
        with pytest.raises(DomainError):
            close_survey(survey, actor=secretary)
        count_twice(sheet, (secretary, committee_member), 11, satisfied=11)

    assert Survey.objects.get().state == SurveyState.CLOSED
    assert turnout_of(survey).base == (11, survey.roll.count())


def test_more_papers_than_were_handed_out_make_it_void(survey, secretary, committee_member):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 11))
    with after(survey):
        count_twice(PaperSheet.objects.get(), (secretary, committee_member), 12, satisfied=12)

    assert Survey.objects.get().state == SurveyState.VOID


def test_papers_that_are_never_counted_end_in_a_void_survey(survey, secretary, officer):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 3))
    with pytest.raises(OutOfOrderError):
        void_survey(survey, actor=officer, reason="票箱丢失")
    with after(survey):
        with pytest.raises(NotAllowedError):
            void_survey(survey, actor=secretary, reason="票箱丢失")
        assert void_survey(survey, actor=officer, reason="票箱丢失").void_reason == "票箱丢失"


def test_the_public_gets_papers_before_a_witness_only(survey, secretary):
    with pytest.raises(DomainError) as error:
        hand_out_to_public(survey, actor=secretary, n=5, witness=secretary.name)
    assert error.value.field == "witness"


def test_tellers_are_asked_and_see_no_count_but_their_own(survey, secretary, committee_member, client):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 4))
    sheet = PaperSheet.objects.get()
    assert [todo.title for todo in papers_to_count(secretary)] == [f"请计纸质票：{survey.title}"]
    client.force_login(secretary)
    address = reverse("assessments:paper_count", args=[survey.pk, sheet.pk])
    answer = client.post(address, {"n_returned": 4, **boxes(survey, satisfied=4)})
    assert answer.status_code == 302
    assert list(papers_to_count(secretary)) == []
    client.force_login(committee_member)
    assert "您录入之前看不到对方的数字" in client.get(address).content.decode()
    assert client.post(address, {"n_returned": 4, **boxes(survey, satisfied=3, spoiled=1)}).status_code == 302
    page = client.get(address).content.decode()
    assert "两人计票结果不一致" in page
    assert "岗位：窗口服务示范岗" in page


def boxes(survey, **counts):
    return {f"line0-{name or 'blank'}": n for name, n in row(**counts).items()}


def test_blank_ballots_and_the_counting_sheet_are_printed(survey, secretary, client):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 4))
    client.force_login(secretary)
    for name, args in (("paper_ballot_sheet", []), ("paper_counting_sheet", [PaperSheet.objects.get().pk])):
        answer = client.get(reverse(f"assessments:{name}", args=[survey.pk, *args]))
        assert answer.content.startswith(b"%PDF")


def test_the_form_hands_out_and_names_who_was_refused(survey, secretary, client):
    one, other = people(survey, 2)
    vote(survey, one, "satisfied")
    client.force_login(secretary)
    address = reverse("assessments:paper_members", args=[survey.pk])
    page = client.post(address, {"members": [one.pk, other.pk]}, follow=True).content.decode()

    assert f"已发纸质票：{other}" in page
    assert f"投票资格已经用过：{one}" in page


def test_the_report_names_who_counted_and_who_watched(survey, secretary, officer, committee_member):
    sheet = hand_out_to_public(survey, actor=secretary, n=20, witness="孙样甲")
    count_twice(sheet, [secretary, committee_member], 20, satisfied=18, dissatisfied=2)
    with after(survey):
        close_survey(survey)
    survey.refresh_from_db()

    text = printed("survey-result", survey, officer)
    assert re.findall(r"(监票人|计票人)（签字）：(.样甲)", text) == [
        ("监票人", "孙样甲"),
        ("计票人", "李样甲"),
        ("计票人", "郑样甲"),
    ]


@pytest.mark.parametrize(("n_people", "copies"), [(0, 3), (1, 3), (2, 2), (6, 2), (7, 1), (30, 1)])
def test_blank_ballots_fill_the_page_in_equal_pieces(branch, secretary, n_people, copies):
    holders = [MemberFactory(branch=branch) for _n in range(n_people)]
    survey = make_open_survey(branch, secretary, people=holders)

    with pdfplumber.open(io.BytesIO(paper_ballots(survey))) as pdf:
        assert len(pdf.pages) == (2 if n_people == 30 else 1)
        tops = [word["top"] for word in pdf.pages[0].extract_words() if word["text"] == "测评项"]
        height = pdf.pages[0].height

    assert len(tops) == copies
    assert all(abs((low - high) - height / copies) < 3 for high, low in pairwise(tops))


@pytest.mark.parametrize(("n_people", "pages"), [(1, 1), (6, 1), (12, 2)])
def test_counting_sheet_keeps_its_signatures_on_the_page_of_its_lines(branch, secretary, n_people, pages):
    survey = make_open_survey(branch, secretary, people=[MemberFactory(branch=branch) for _n in range(n_people)])
    sheet = hand_out_to_public(survey, actor=secretary, n=20, witness="孙样甲")

    with pdfplumber.open(io.BytesIO(counting_sheet(sheet))) as pdf:
        assert len(pdf.pages) == pages
        assert "群众" in pdf.pages[0].extract_text()
        last = pdf.pages[-1].extract_text()
    assert all(word in last for word in ("计票人：", "监票人：", "日期：", "成员："))


def test_members_ballots_are_called_by_their_voters(survey, secretary):
    hand_out_to_members(survey, actor=secretary, members=people(survey, 1))

    assert survey.paper_sheets.get().get_stratum_display() == "党员"

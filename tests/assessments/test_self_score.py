"""The applicant scores himself before he submits; the assessors see it beside their own scores."""

from decimal import Decimal

import pytest
from django.urls import reverse

from assessments.assess_todos import self_scores_to_fill
from assessments.domain.assessing import conclude_assessment, save_score_sheet, save_self_score
from assessments.domain.assessment_results import score_state
from assessments.domain.rubrics import Entry
from assessments.domain.score_sheets import SheetFaultsError
from assessments.models import ScoreSheet
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.models import Member
from posts.domain.eligibility import find_problems
from posts.domain.nominations import return_nomination, submit_nomination
from posts.domain.worklist import waiting_for_user
from tests.assessments.scoring import BONUS, entries, make_assessors, make_kind, raw_rubric
from tests.factories import make_nomination
from tests.posts.cases import open_run

pytestmark = pytest.mark.django_db

NOMINATE = {"kind": "nominate", "label": "个人申报", "actor": ["branch"], "params": {"self_score": True}}


@pytest.fixture
def kind(committee, branch):
    rules = {"sections": [*raw_rubric()["sections"], BONUS]}
    return make_kind(committee, branch, rules=rules, before=[NOMINATE], method=["rubric"])


@pytest.fixture
def nomination(kind, branch, secretary, member):
    """A draft of the branch for its member; complete but for the self-score."""
    return make_nomination(kind, branch, secretary, Member.objects.get(user=member))


def url_of(nomination):
    return reverse("assessments:self_score", args=[nomination.pk])


def test_a_paper_without_its_self_score_is_not_submitted(nomination, secretary, member):
    assert [(problem.text, problem.field) for problem in find_problems(nomination)] == [
        ("自评打分尚未完成", "self_score")
    ]
    save_self_score(nomination, actor=member, entries=entries()[:2], submit=False)
    with pytest.raises(DomainError, match="自评打分尚未完成"):
        submit_nomination(nomination, actor=secretary)
    with pytest.raises(SheetFaultsError):
        save_self_score(nomination, actor=member, entries=entries()[:2], submit=True)

    save_self_score(nomination, actor=member, entries=entries(), submit=True)

    assert submit_nomination(nomination, actor=secretary).number


def test_the_branch_fills_it_in_on_behalf_of_the_applicant(nomination, member, secretary):
    save_self_score(nomination, actor=member, entries=entries(), submit=False)
    sheet = save_self_score(nomination, actor=secretary, entries=entries("12"), submit=True)

    assert (ScoreSheet.objects.count(), sheet.version, sheet.assessor) == (1, 2, secretary)


def test_others_do_not_fill_it_in(nomination, stranger, other_secretary):
    for user in (stranger, other_secretary):
        with pytest.raises(NotAllowedError):
            save_self_score(nomination, actor=user, entries=entries(), submit=True)


def test_two_windows_do_not_undo_each_other(nomination, member, secretary):
    save_self_score(nomination, actor=member, entries=entries(), submit=False, version=0)
    with pytest.raises(StaleError):
        save_self_score(nomination, actor=secretary, entries=entries(), submit=False, version=0)


def test_it_is_fixed_with_the_paper_and_opens_again_with_it(nomination, member, secretary, committee):
    save_self_score(nomination, actor=member, entries=entries(), submit=True)
    submit_nomination(nomination, actor=secretary)
    with pytest.raises(OutOfOrderError):
        save_self_score(nomination, actor=member, entries=entries("1"), submit=True)

    assessor = make_assessors(committee, 1)[0]
    return_nomination(open_run(nomination), actor=assessor, reason="自评偏高，请核实。")
    save_self_score(nomination, actor=member, entries=entries("20"), submit=True)
    submit_nomination(nomination, actor=secretary)

    assert score_state(open_run(nomination).assessment).own.score.base == 90


def test_self_score_and_official_score_stand_side_by_side(nomination, member, secretary, committee):
    """Domain 3.13: self-score 100, group 86 and a bonus of 5: the official score is 86 (+5)."""
    save_self_score(nomination, actor=member, entries=entries(), submit=True)
    submit_nomination(nomination, actor=secretary)
    run, assessor = open_run(nomination), make_assessors(committee, 1)[0]
    sheet = [*entries("16"), Entry("18", Decimal(5))]
    save_score_sheet(run, actor=assessor, entries=sheet, submit=True)
    state = score_state(run.assessment)
    assert (state.official.base, state.official.bonus, state.difference) == (86, 5, -14)

    conclude_assessment(run, actor=assessor, passed=True, conclusion="同意上报。")

    run.refresh_from_db()
    assert run.reason == "得分86 + 5，自评100"


def test_whoever_sees_the_paper_reads_the_self_score_item_by_item(client, nomination, member, secretary):
    sheet = [*entries()[:3], Entry("17", Decimal("12.5"), satisfied=17, valid=20, evidence="测评汇总表")]
    save_self_score(nomination, actor=member, entries=sheet, submit=True)
    submit_nomination(nomination, actor=secretary)
    client.force_login(member)

    page = client.get(reverse("posts:nomination_detail", args=[nomination.pk])).content.decode()

    assert "12.5 / 15" in page
    assert "有效票20张，满意17张；测评汇总表" in page


def test_a_kind_without_a_self_score_asks_for_none(committee, branch, secretary, member):
    kind = make_kind(committee, branch, before=[{**NOMINATE, "params": {}}])
    paper = make_nomination(kind, branch, secretary, Member.objects.get(user=member))

    assert find_problems(paper) == []
    with pytest.raises(DomainError):
        save_self_score(paper, actor=member, entries=entries(), submit=True)


def test_a_self_score_by_another_rubric_is_not_compared(committee, branch, secretary, member):
    kind = make_kind(committee, branch, before=[NOMINATE], method=["rubric"], rubric="points")
    campaign = kind.campaign
    campaign.rules = {"rubrics": [raw_rubric(), raw_rubric(code="own")]}
    campaign.save()
    kind.stages.filter(kind="nominate").update(params={"self_score": True, "rubric": "own"})
    paper = make_nomination(kind, branch, secretary, Member.objects.get(user=member))
    save_self_score(paper, actor=member, entries=entries(), submit=True)
    submit_nomination(paper, actor=secretary)

    state = score_state(open_run(paper).assessment)
    assert (state.rubric.code, state.own, ScoreSheet.objects.get().rubric) == ("points", None, "own")


# --- Pages ------------------------------------------------------------------------------------------------------------


def test_the_paper_leads_to_the_self_score_and_back(client, nomination, secretary):
    client.force_login(secretary)
    edit = reverse("posts:nomination_edit", args=[nomination.pk])
    page = client.get(edit).content.decode()
    assert url_of(nomination) in page
    assert 'href="#id_self_score"' in page

    data = {f"points-{n}": points for n, points in enumerate((30, 30, 20, 10))}
    answer = client.post(url_of(nomination), data | {"version": 0, "satisfied-3": 9, "valid-3": 10, "submit": 1})

    assert answer.url == edit
    assert "90 + 0" in client.get(edit).content.decode()


def test_the_applicant_fills_it_in_himself(client, nomination, member):
    client.force_login(member)
    assert [todo.url for todo in self_scores_to_fill(member)] == [url_of(nomination)]
    assert waiting_for_user(member) == {nomination.pk}
    detail = reverse("posts:nomination_detail", args=[nomination.pk])
    assert url_of(nomination) in client.get(detail).content.decode()
    assert client.get(url_of(nomination)).status_code == 200

    save_self_score(nomination, actor=member, entries=entries(), submit=True)

    assert list(self_scores_to_fill(member)) == []


def test_a_stranger_finds_no_self_score(client, nomination, stranger, committee_secretary):
    client.force_login(stranger)
    assert client.get(url_of(nomination)).status_code == 404


def test_who_sees_the_paper_but_does_not_write_it_is_refused(client, nomination, member, secretary, discipline):
    save_self_score(nomination, actor=member, entries=entries(), submit=True)
    submit_nomination(nomination, actor=secretary)
    client.force_login(discipline)
    assert client.get(url_of(nomination)).status_code == 403

    client.force_login(member)
    assert client.get(url_of(nomination)).url == reverse("posts:nomination_detail", args=[nomination.pk])

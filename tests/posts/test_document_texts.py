"""What the first texts of official documents say about their cases."""

from datetime import date

import pytest

from campaigns.domain.errors import DomainError
from posts.domain.decisions import propose_decisions
from posts.domain.draft_facts import Facts
from posts.domain.drafting import fill_in
from posts.domain.official_documents import case_of, start_document
from tests.factories import MemberFactory
from tests.posts.cases import make_kind, make_nomination, open_run
from tests.posts.papers import make_named, make_notice, make_running

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(committee):
    return make_running(committee, basis_document="青示委发〔2026〕3号")


@pytest.fixture
def named(campaign, branch, committee_member, officer):
    return make_named(campaign, branch, decider=committee_member, releaser=officer)


def drafted(source, kind, actor):
    """The case of a fresh draft, and its text with the facts filled in."""
    case = case_of(start_document(source, kind=kind, actor=actor))
    return case, fill_in(case.text, case.facts).text


def test_reply_says_what_is_agreed_to(named, officer):
    case, text = drafted(named.decision, "reply", officer)
    assert case.title == "关于同意命名2026年度“党员示范岗”的批复"
    assert "同意命名1个岗位为“党员示范岗”（名单见附件）。" in text
    assert text.endswith("此复。")


def test_reply_to_an_admission_speaks_of_the_creation(named, officer):
    named.decision.effect = "admit"
    named.decision.save()
    case, text = drafted(named.decision, "reply", officer)
    assert case.title == "关于同意创建2026年度“党员示范岗”的批复"
    assert "同意将1个岗位列为“党员示范岗”创建岗位（名单见附件）。" in text


def test_naming_counts_the_posts_of_each_kind_when_there_are_several(campaign, branch, committee_member, officer):
    kinds = [make_kind(campaign.owner, campaign=campaign, code=f"kind{n}", label=label)
             for n, label in enumerate(("个人示范岗", "集体示范岗"))]  # fmt: skip
    runs = [open_run(make_nomination(kind, branch, name=f"窗口{n}")) for n, kind in enumerate(kinds + kinds[:1])]
    decision = propose_decisions(runs, outcome="approved", actor=committee_member)
    _case, text = drafted(decision, "naming", officer)
    assert "命名3个岗位" in text
    assert "其中：个人示范岗2个、集体示范岗1个。" in text


def test_naming_of_one_kind_does_not_count_twice(named, officer):
    _case, text = drafted(named.decision, "naming", officer)
    assert "其中：" not in text


def test_decision_that_is_not_released_shows_what_it_will_name(campaign, branch, committee_member, officer):
    kind = make_kind(campaign.owner, campaign=campaign)
    nomination = make_nomination(
        kind, branch, name="社会救助窗口", members=[MemberFactory(branch=branch, name="王样乙")]
    )
    decision = propose_decisions([open_run(nomination)], outcome="approved", actor=committee_member)
    case, text = drafted(decision, "naming", officer)
    (annex,) = case.annexes
    assert [(row[1], row[3], row[4]) for row in annex.rows] == [("社会救助窗口", branch.name, "王样乙")]
    assert "命名1个岗位" in text


@pytest.mark.parametrize("kind", ["naming", "reply"])
def test_decision_that_approves_nothing_has_no_such_paper(campaign, branch, committee_member, officer, kind):
    run = open_run(make_nomination(make_kind(campaign.owner, campaign=campaign), branch))
    decision = propose_decisions([run], outcome="refused", actor=committee_member, reasons="材料不全")
    with pytest.raises(DomainError, match="没有批准岗位"):
        start_document(decision, kind=kind, actor=officer)


@pytest.mark.parametrize(("value", "written"), [(0, "0"), (None, ""), (date(2026, 7, 1), "2026年7月1日"), ("甲", "甲")])
def test_facts_are_written_out(value, written):
    facts = Facts()
    assert facts.put("数", value) == "{数}"
    assert facts[0].value == written


def test_telephone_stands_in_a_line_of_its_own(campaign, officer):
    campaign.owner.phone = "0000-1234500"
    campaign.owner.save()
    _case, text = drafted(campaign, "notification", officer)
    assert text.splitlines()[-2:] == [f"联系单位：{campaign.owner.name}", "联系电话：0000-1234500"]


def test_notice_names_its_basis_as_other_documents_do(campaign, branch, secretary):
    assert "根据青示委发〔2026〕3号文件，" in make_notice(campaign, branch, secretary).text

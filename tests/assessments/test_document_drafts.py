"""整改通知书 and 表彰决定: what they say comes from the rectification and from the list."""

from datetime import date

import pytest

from assessments.domain.commendations import choose_posts, open_commendation, release_commendation
from assessments.domain.rectifications import open_rectification
from campaigns.domain.errors import DomainError
from posts.domain.document_issue import issue_document
from posts.domain.document_papers import kept_pdf
from posts.domain.official_documents import save_document, start_document
from tests.assessments.titles import TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def campaign(campaign):
    campaign.rules = {"rewards": [{"kind": "commendation", "text": "每年表彰", "clause": "五"}], "rounds": []}
    campaign.ends_on = date(2026, 12, 31)
    campaign.save()
    return campaign


@pytest.fixture
def chosen(campaign, title, officer, committee_member):
    occasion = open_commendation(campaign, actor=officer, label="年度表彰")
    choose_posts(occasion, actor=committee_member, conferrals=[title], reason="群众公认，实绩突出。")
    return occasion


def release(occasion, actor):
    return release_commendation(occasion, actor=actor, held_on=TODAY, document_number="青示委发〔2026〕9号")


def test_order_to_rectify_names_finding_demand_person_and_day(title, officer):
    kept = open_rectification(
        title, actor=officer, finding="台账不完整", requirement="补齐台账", responsible="陈样甲",
        checking_unit=title.campaign.owner,
    )  # fmt: skip
    document = issue_document(start_document(kept, kind="rectification", actor=officer), actor=officer)
    for words in ("台账不完整。", "补齐台账。", "陈样甲", f"{kept.due_on.month}月{kept.due_on.day}日"):
        assert words in document.final_text
    assert (document.number, document.conferral) == ("", title)
    assert kept_pdf(document)[:5] == b"%PDF-"


@pytest.mark.parametrize("by_itself", [True, False])
def test_order_of_a_unit_to_its_own_post_is_addressed_to_the_post(title, officer, by_itself):
    unit = title.org_unit if by_itself else title.campaign.owner
    kept = open_rectification(
        title, actor=officer, finding="台账不完整", requirement="补齐台账", responsible="陈样甲", checking_unit=unit
    )
    draft = start_document(kept, kind="rectification", actor=officer)
    assert draft.addressee == (f"{title.name}：" if by_itself else f"{title.org_unit.name}：")
    assert ("你单位" in draft.text) is not by_itself


def test_order_with_a_code_gets_a_number(title, officer):
    kept = open_rectification(
        title, actor=officer, finding="台账不完整", requirement="补齐台账", responsible="陈样甲",
        checking_unit=title.campaign.owner,
    )  # fmt: skip
    draft = start_document(kept, kind="rectification", actor=officer)
    draft = save_document(draft, actor=officer, version=1, fields={"code": "青示整"})
    assert issue_document(draft, actor=officer).number == "青示整〔2026〕1号"


def test_commendation_is_issued_with_the_number_of_its_list(chosen, officer, title):
    release(chosen, officer)
    document = issue_document(start_document(chosen, kind="commendation", actor=officer), actor=officer)
    assert document.number == "青示委发〔2026〕9号"
    assert "对1个" in document.final_text
    assert "“年度表彰”" in document.final_text


def test_commendation_waits_for_the_release_of_its_list(chosen, officer):
    draft = start_document(chosen, kind="commendation", actor=officer)
    draft = save_document(draft, actor=officer, version=1, fields={"code": "青示委发"})
    with pytest.raises(DomainError, match="表彰名单尚未公布"):
        issue_document(draft, actor=officer)


def test_list_is_not_released_with_a_number_that_a_document_has(chosen, officer, campaign):
    draft = start_document(campaign, kind="notification", actor=officer)
    draft = save_document(draft, actor=officer, version=1, fields={"code": "青示委发", "text": filled(draft)})
    issue_document(draft, actor=officer, serial=9)
    with pytest.raises(DomainError, match="已经用过") as refused:
        release(chosen, officer)
    assert refused.value.field == "document_number"


def filled(draft):
    """The text without the blanks that a campaign without dates leaves."""
    return draft.text.replace("＿＿＿＿", "另行通知。")

"""Two offices press at once: a number is given to one of them, a document is issued once."""

import pytest
from django.utils import timezone

from campaigns.domain.errors import DomainError
from posts.domain.document_issue import issue_document
from posts.domain.document_numbers import gaps_of, note_number
from posts.domain.official_documents import save_document, start_document
from posts.models import DocumentNumber, IssuedPaper, NumberSeries, OfficialDocument
from tests.posts.papers import make_running
from tests.posts.test_decision_races import at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def drafts(committee, officer):
    found = []
    for n in range(4):
        campaign = make_running(committee, title=f"第{n}次活动")
        draft = start_document(campaign, kind="notification", actor=officer)
        found.append(save_document(draft, actor=officer, version=1, fields={"code": "青示委发"}))
    return found


def test_documents_issued_at_once_get_numbers_one_after_the_other(drafts, officer):
    def issue(pk):
        return issue_document(OfficialDocument.objects.get(pk=pk), actor=officer)

    results = at_once([lambda pk=draft.pk: issue(pk) for draft in drafts])
    year = timezone.localdate().year
    assert sorted(document.number for document in results) == [f"青示委发〔{year}〕{n}号" for n in range(1, 5)]
    assert gaps_of(NumberSeries.objects.get()) == []


def test_one_document_is_issued_once(drafts, officer, committee_secretary):
    pk = drafts[0].pk
    results = at_once(
        [
            lambda user=user: issue_document(OfficialDocument.objects.get(pk=pk), actor=user)
            for user in (officer, committee_secretary)
        ]
    )
    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert (DocumentNumber.objects.count(), IssuedPaper.objects.count()) == (1, 1)


def test_the_same_number_asked_for_at_once_is_given_to_one(drafts, officer):
    year = timezone.localdate().year

    def issue(pk):
        return issue_document(OfficialDocument.objects.get(pk=pk), actor=officer, serial=9)

    def note():
        return note_number(
            drafts[0].org_unit, actor=officer, code="青示委发", year=year, serial=9, note="关于值班的通知"
        )

    results = at_once([lambda pk=draft.pk: issue(pk) for draft in drafts[:3]] + [note])
    assert sum(not isinstance(result, DomainError) for result in results) == 1
    assert list(DocumentNumber.objects.values_list("serial", flat=True)) == [9]
    assert OfficialDocument.objects.exclude(number="").count() <= 1


def test_one_draft_is_begun_once(committee, officer, committee_secretary):
    campaign = make_running(committee)
    results = at_once(
        [
            lambda user=user: start_document(campaign, kind="notification", actor=user)
            for user in (officer, committee_secretary)
        ]
    )
    assert len({document.pk for document in results}) == 1

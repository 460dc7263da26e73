"""Pages of the vote that are drawn once for many voters: each has his own code and receipt in them, and no other's."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import add_message, constants
from django.contrib.messages.storage.base import BaseStorage
from django.test import Client, RequestFactory
from django.utils.translation import override

from assessments.domain import voting_rights
from assessments.domain.ballots import make_code_batch
from assessments.domain.sealing import show_code
from assessments.views import kept_pages
from tests.assessments.helpers import make_open_survey
from tests.assessments.test_vote_pages import ENTRY, walk


@pytest.fixture(autouse=True)
def nothing_kept():
    kept_pages._kept.clear()


@pytest.fixture
def survey(branch, secretary):
    return make_open_survey(branch, secretary)


@pytest.fixture
def codes(survey, officer):
    return make_code_batch(survey, n=3, actor=officer, witness="孙样甲")


def test_each_voter_gets_the_kept_ballot_with_his_own_code(survey, codes):
    pages = [Client().post(ENTRY, {"code": code}).content.decode() for code in codes]

    assert len(kept_pages._kept) == 1
    assert [re.findall(r'name="code" value="([^"]*)"', page) for page in pages] == [[code] for code in codes]
    assert len({page.replace(code, "") for page, code in zip(pages, codes, strict=True)}) == 1


def test_kept_pages_hold_no_code_receipt_or_word_of_the_process(survey, codes):
    receipts = [re.search(r'class="receipt">([^<]+)<', walk(Client(), ENTRY, code=code, lines=["satisfied"])[1]
                          .content.decode())[1] for code in codes]  # fmt: skip

    kept = " ".join(page for _at, page in kept_pages._kept.values())
    assert len(set(receipts)) == 3
    assert [secret for secret in (*codes, *receipts, "satisfied checked") if secret in kept] == []
    assert kept_pages._word in kept
    assert kept_pages._word not in Client().post(ENTRY, {"code": show_code(codes[0])}).content.decode()


def test_code_typed_with_signs_of_markup_stays_a_text(survey, codes):
    # Blanks and hyphens do not matter in a code; what was typed comes back escaped, if at all.
    page = Client().post(ENTRY, {"code": f'{codes[0]}"><b>'})
    assert b"<b>" not in page.content


def test_pages_are_kept_apart_by_survey_type_and_language(survey, codes, branch, secretary, officer):
    other = make_open_survey(branch, secretary)
    other_code = make_code_batch(other, n=1, actor=officer, witness="孙样甲")[0]

    plain = Client().post(ENTRY, {"code": codes[0]}).content.decode()
    assert other.title in Client().post(ENTRY, {"code": other_code}).content.decode()
    large = Client()
    large.cookies["large"] = "1"
    assert 'class="large"' in large.post(ENTRY, {"code": codes[1]}).content.decode()
    assert 'class="large"' not in plain
    with override("en"):
        english = Client(headers={"accept-language": "en"}).post(ENTRY, {"code": codes[2]}).content.decode()
    assert "Secret ballot" in english
    assert "Secret ballot" not in plain


def test_ticked_ballot_is_never_kept(survey, codes):
    browser = Client()
    walk_back = {"code": codes[0], "line0": "dissatisfied", "comment": "慢", "step": "change"}
    assert "checked" in browser.post(ENTRY, walk_back).content.decode()
    assert kept_pages._kept == {}


def test_page_is_drawn_anew_after_a_minute(survey, codes, monkeypatch):
    monkeypatch.setattr(kept_pages, "KEEP_SECONDS", -1)
    monkeypatch.setattr(voting_rights, "KEEP_SECONDS", -1)
    first = Client().post(ENTRY, {"code": codes[0]}).content
    branch = survey.org_unit
    branch.name = "青样镇改名支部"
    branch.save()
    assert first != Client().post(ENTRY, {"code": codes[0]}).content


class OneMessage(BaseStorage):
    def _get(self):
        return [], True

    def _store(self, messages, response):
        return []


def test_page_with_a_message_for_one_person_is_not_kept(db):
    request = RequestFactory().get(ENTRY)
    request.user, request._messages = AnonymousUser(), OneMessage(request)
    add_message(request, constants.INFO, "只给一个人")
    own = {"csrf_token": "token"}
    assert "只给一个人" in kept_pages.kept_page(request, "assessments/vote_entry.html", {}, own=own).content.decode()
    assert kept_pages._kept == {}

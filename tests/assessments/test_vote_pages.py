"""The phone pages of a vote, as a browser without JavaScript sees them."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments import throttle
from assessments.domain.ballots import make_code_batch, void_batch
from assessments.domain.sealing import show_code
from assessments.domain.surveys import close_survey
from assessments.models import OpenedBallot, SealedBallot
from tests.assessments.helpers import make_nomination, make_open_survey, survey_of
from tests.factories import MemberFactory

ENTRY = "/v/"


@pytest.fixture
def survey(branch, secretary, member):
    return make_open_survey(branch, secretary, people=[MemberFactory(branch=branch, name="蒋样甲")])


@pytest.fixture
def code(survey, officer):
    return make_code_batch(survey, n=1, actor=officer, witness="孙样甲")[0]


@pytest.fixture
def browser():
    """A browser that keeps the CSRF rules."""
    return Client(enforce_csrf_checks=True)


def hidden_fields(response):
    """The hidden fields of the form, as the next click sends them."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', response.content.decode()))


def walk(browser, address, *, code="", lines=("satisfied", "satisfied"), comment=""):
    """Entry, ballot, confirmation, last click; return the last two pages."""
    fields = {"code": code} if code else {}
    ballot = browser.post(address, fields) if code else browser.get(address)
    assert ballot.status_code == 200
    answers = {f"line{number}": choice for number, choice in enumerate(lines)}
    confirm = browser.post(address, fields | answers | {"comment": comment, "step": "confirm"})
    return confirm, browser.post(address, hidden_fields(confirm) | {"step": "cast"})


def test_voter_with_a_code_votes_in_three_clicks(browser, survey, code):
    confirm, done = walk(browser, ENTRY, code=show_code(code).lower(), comment="很好")

    assert "满意" in confirm.content.decode()
    assert "选票已投入票箱" in done.content.decode()
    receipt = re.search(r'class="receipt">([^<]+)<', confirm.content.decode()).group(1)
    assert receipt in done.content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        close_survey(survey)
    assert OpenedBallot.objects.get().leaf.startswith(receipt.replace(" ", ""))


def test_member_votes_with_his_account(browser, survey, member):
    browser.force_login(member)

    _confirm, done = walk(browser, reverse("assessments:vote", args=[survey.public_id]))

    assert "选票已投入票箱" in done.content.decode()
    assert survey.roll.get(member__user=member).voted


def test_double_click_and_reload_say_calmly_that_the_ballot_is_there(browser, survey, code):
    confirm, _done = walk(browser, ENTRY, code=code)

    again = browser.post(ENTRY, hidden_fields(confirm) | {"step": "cast"})
    entry = browser.post(ENTRY, {"code": code})

    assert [page.status_code for page in (again, entry)] == [200, 200]
    assert all("您已经投过票" in page.content.decode() for page in (again, entry))
    assert SealedBallot.objects.count() == 1


def test_change_brings_the_choices_back(browser, survey, code):
    fields = {"code": code, "line0": "dissatisfied", "line1": "", "comment": "慢", "step": "change"}

    page = browser.post(ENTRY, fields).content.decode()

    assert '<input type="radio" name="line0" value="dissatisfied" checked>' in page
    assert page.count(" checked") == 1
    assert ">慢</textarea>" in page


def test_larger_type_keeps_the_choices(browser, survey, code):
    response = browser.post(ENTRY, {"code": code, "line0": "unknown", "step": "type"})

    assert response.cookies["large"].value == "1"
    assert '<html lang="zh-Hans" class="large">' in response.content.decode()
    assert 'value="unknown" checked' in response.content.decode()


def test_blank_lines_are_named_before_the_click(browser, survey, code):
    page = browser.post(ENTRY, {"code": code, "step": "confirm"}).content.decode()

    assert page.count("未填，不计入有效票") == 2


def test_session_that_ended_does_not_lose_the_choice(browser, survey, member):
    address = reverse("assessments:vote", args=[survey.public_id])
    browser.force_login(member)
    confirm = browser.post(address, {"line0": "dissatisfied", "line1": "satisfied", "step": "confirm"})
    browser.logout()

    lost = browser.post(address, hidden_fields(confirm) | {"step": "cast"})
    kept = hidden_fields(lost)
    assert (kept["line0"], kept["line1"]) == ("dissatisfied", "satisfied")
    browser.force_login(member)
    confirm = browser.post(address, kept | {"step": "confirm"})
    done = browser.post(address, hidden_fields(confirm) | {"step": "cast"})

    assert "选票已投入票箱" in done.content.decode()


def test_ticket_of_another_member_is_not_taken(browser, survey, member, secretary):
    address = reverse("assessments:vote", args=[survey.public_id])
    browser.force_login(secretary)
    confirm = browser.post(address, {"line0": "satisfied", "line1": "satisfied", "step": "confirm"})
    browser.force_login(member)

    page = browser.post(address, hidden_fields(confirm) | {"step": "cast"}).content.decode()

    assert "页面已过期" in page
    assert SealedBallot.objects.count() == 0


def test_member_who_is_signed_out_is_asked_to_sign_in(browser, survey):
    response = browser.get(reverse("assessments:vote", args=[survey.public_id]))

    assert (response.status_code, response.url.split("?")[0]) == (302, reverse("campaigns:login"))


@pytest.mark.parametrize("who", ["stranger", "other_secretary", "officer"])
def test_somebody_who_is_not_on_the_roll_gets_404(browser, survey, request, who):
    browser.force_login(request.getfixturevalue(who))

    assert browser.get(reverse("assessments:vote", args=[survey.public_id])).status_code == 404


def test_member_of_the_post_is_not_on_the_roll(browser, survey):
    from tests.factories import UserFactory

    holder = survey.run.nomination.members.get().member
    holder.user = UserFactory()
    holder.save()
    browser.force_login(holder.user)

    assert browser.get(reverse("assessments:vote", args=[survey.public_id])).status_code == 404


def test_unknown_and_voided_codes_get_the_same_answer(browser, survey, code, officer):
    void_batch(survey.batches.get(), actor=officer)

    pages = [browser.post(ENTRY, {"code": typed}) for typed in (code, "0" * 24)]

    assert [page.status_code for page in pages] == [400, 400]
    token = r'(?<=name="csrfmiddlewaretoken" value=")\w+|0{24}|' + code
    texts = [re.sub(token, "", page.content.decode()) for page in pages]
    assert texts[0] == texts[1]


def test_late_voter_gets_a_clear_page(browser, survey, code):
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        page = browser.post(ENTRY, {"code": code}).content.decode()
        assert "测评已经截止" in page
        close_survey(survey)
        response = browser.post(ENTRY, {"code": code, "line0": "satisfied", "step": "confirm"})

    assert response.status_code == 409
    assert "测评已经截止" in response.content.decode()


def test_early_voter_is_told_to_come_back(browser, branch, officer):
    draft = survey_of(make_nomination(branch))
    code = make_code_batch(draft, n=1, actor=officer, witness="孙样甲")[0]

    assert "测评尚未开始" in browser.post(ENTRY, {"code": code}).content.decode()


def test_guessing_is_slowed_down_for_one_network_only(survey, code):
    guesser, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="198.51.100.1")
    for _unused in range(throttle.PER_NETWORK):
        assert guesser.post(ENTRY, {"code": "0" * 24}).status_code == 400

    assert guesser.post(ENTRY, {"code": code}).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.99").post(ENTRY, {"code": code}).status_code == 429
    assert other.post(ENTRY, {"code": code}).status_code == 200


@pytest.mark.parametrize("address", [ENTRY, "vote"])
def test_pages_are_never_kept_by_a_cache(browser, survey, member, address):
    browser.force_login(member)
    address = address if address == ENTRY else reverse("assessments:vote", args=[survey.public_id])

    assert "no-store" in browser.get(address)["Cache-Control"]


def test_code_stands_in_no_address_of_the_pages(browser, survey, code):
    page = browser.post(ENTRY, {"code": code}).content.decode()

    assert code in page
    assert not re.search(rf'(href|action|src)="[^"]*{code}', page)


@pytest.mark.parametrize("page", ["entry", "ballot", "confirm"])
def test_pages_weigh_less_than_50_kb_with_everything_they_load(browser, survey, code, page):
    answers = {"code": code, "line0": "satisfied", "line1": "satisfied", "step": "confirm"}
    response = {
        "entry": lambda: browser.get(ENTRY),
        "ballot": lambda: browser.post(ENTRY, {"code": code}),
        "confirm": lambda: browser.post(ENTRY, answers),
    }[page]()
    html = response.content.decode()
    files = set(re.findall(r'(?:src|href)="/static/([^"]+)"', html))

    assert not re.search(r'(?:src|href)="(?:https?:)?//', html)
    assert len(response.content) + sum(Path(finders.find(name)).stat().st_size for name in files) < 50_000


def test_cast_asks_the_database_few_questions(browser, survey, code, django_assert_num_queries):
    confirm = browser.post(ENTRY, {"code": code, "line0": "satisfied", "line1": "satisfied", "step": "confirm"})
    fields = hidden_fields(confirm) | {"step": "cast"}

    # One statement casts on PostgreSQL; SQLite needs three.
    with django_assert_num_queries(4 if connection.vendor == "postgresql" else 6):
        browser.post(ENTRY, fields)


# --- Back, forward, reload: what the browser keeps itself ------------------------------------------------------------


def plainly(browser, address, **fields):
    """A step without scripts: the answer is an address, which is fetched."""
    answer = browser.post(address, {**fields, "plain": "1"})
    assert answer.status_code == 303
    return browser.get(answer.url)


def test_steps_without_scripts_have_addresses_that_can_be_fetched_again(browser, survey, code):
    ballot = plainly(browser, ENTRY, code=code)
    assert 'name="line0"' in ballot.content.decode()
    confirm = plainly(browser, ENTRY, code=code, line0="satisfied", line1="dissatisfied", step="confirm")
    assert browser.get(f"{ENTRY}?page=check").content == confirm.content
    back = browser.get(f"{ENTRY}?page=ballot").content.decode()
    assert re.findall(r'value="(\w+)" checked', back) == ["satisfied", "dissatisfied"]

    done = plainly(browser, ENTRY, **hidden_fields(confirm), step="cast")
    assert "选票已投入票箱" in done.content.decode()
    receipt = re.search(r'class="receipt">([^<]+)<', done.content.decode()).group(1)
    assert receipt in browser.get(f"{ENTRY}?page=done").content.decode()
    for page in ("ballot", "check"):
        late = browser.get(f"{ENTRY}?page={page}").content.decode()
        assert "您已经投过票" in late
        assert hidden_fields(confirm)["ticket"] not in late
    assert SealedBallot.objects.count() == 1


def test_member_goes_back_to_his_choices_and_fetches_his_receipt_again(browser, survey, member):
    address = reverse("assessments:vote", args=[survey.public_id])
    browser.force_login(member)
    confirm = browser.post(address, {"line0": "unknown", "line1": "", "comment": "慢", "step": "confirm"})
    ballot = browser.get(address).content.decode()
    assert re.findall(r'value="(\w+)" checked', ballot) == ["unknown"]
    assert ">慢</textarea>" in ballot

    done = browser.post(address, hidden_fields(confirm) | {"step": "cast"}).content.decode()
    receipt = re.search(r'class="receipt">([^<]+)<', done).group(1)
    assert receipt in browser.get(f"{address}?page=done").content.decode()


def test_next_voter_on_the_same_phone_gets_nothing_of_the_one_before(browser, survey, officer):
    first, second = make_code_batch(survey, n=2, actor=officer, witness="孙样甲")
    browser.post(ENTRY, {"code": first})
    confirm = browser.post(ENTRY, {"code": first, "line0": "dissatisfied", "line1": "", "step": "confirm"})
    fresh = browser.post(ENTRY, {"code": second}).content.decode()
    assert " checked" not in fresh
    assert " checked" not in browser.get(f"{ENTRY}?page=check").content.decode()

    done = browser.post(ENTRY, hidden_fields(confirm) | {"step": "cast"})
    assert "选票已投入票箱" in done.content.decode()
    assert "receipt" not in browser.get(f"{ENTRY}?page=done").content.decode()


def test_browser_keeps_nothing_that_can_be_read_or_used_elsewhere(browser, survey, code):
    browser.post(ENTRY, {"code": code})
    confirm = browser.post(ENTRY, {"code": code, "line0": "dissatisfied", "line1": "", "step": "confirm"})
    kept = {name: morsel for name, morsel in browser.cookies.items() if name.startswith("vote-")}
    assert set(kept) == {"vote-code", "vote-ballot"}
    for morsel in kept.values():
        assert (morsel["httponly"], morsel["path"], morsel["samesite"], morsel["max-age"]) == (True, "/v/", "Lax", "")
        assert code not in morsel.value
        assert "dissatisfied" not in morsel.value

    browser.post(ENTRY, hidden_fields(confirm) | {"step": "cast"})
    assert browser.cookies["vote-ballot"].value == ""


@pytest.mark.parametrize("page", ["ballot", "check", "done", "link", "nonsense"])
def test_address_of_a_step_without_its_cookies_is_the_entry(browser, survey, page):
    answer = browser.get(f"{ENTRY}?page={page}")

    assert 'id="entry"' in answer.content.decode()
    browser.cookies["vote-code"] = "made up"
    assert 'id="entry"' in browser.get(f"{ENTRY}?page={page}").content.decode()


def test_type_is_switched_on_the_receipt_without_sending_the_ballot_again(browser, survey, code):
    _confirm, done = walk(browser, ENTRY, code=code)

    assert f'<input type="hidden" name="next" value="{ENTRY}?page=done">' in done.content.decode()

"""The vote in a real browser: with and without JavaScript, large type, weight, accessibility."""

import pytest

from assessments.domain.ballots import make_code_batch
from assessments.domain.surveys import close_survey
from assessments.models import SealedBallot
from tests.assessments.helpers import make_nomination, make_open_survey, survey_of, vote_counts
from tests.browser import PHONE, assert_accessible, assert_fits, sign_in, watched_context
from tests.factories import MemberFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def survey(branch, secretary, member):
    return make_open_survey(branch, secretary, people=[MemberFactory(branch=branch, name="蒋样甲")])


@pytest.fixture
def codes(survey, officer):
    return make_code_batch(survey, n=3, actor=officer, witness="孙样甲")


@pytest.fixture
def phone_without_scripts(chromium):
    with watched_context(chromium, java_script_enabled=False, **PHONE) as context:
        yield context.new_page()


def check(page):
    assert_accessible(page)
    assert_fits(page)


def vote(page, *, look=lambda page: None):
    """From the ballot to the receipt; return the receipt."""
    look(page)
    for line in (1, 2):
        page.locator("fieldset").nth(line - 1).get_by_text("满意", exact=True).click()
    with page.expect_navigation():
        page.get_by_role("button", name="下一步").click()
    look(page)
    shown = page.locator(".receipt").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="提交选票").click()
    look(page)
    assert page.get_by_text("选票已投入票箱").is_visible()
    assert page.locator(".receipt").inner_text() == shown
    return shown


def test_scanned_slip_opens_the_ballot_and_leaves_no_code_in_the_address(phone, live_server, codes):
    requests = []
    phone.on("request", lambda request: requests.append(request.url))

    with phone.expect_navigation(url="**/v/"):
        phone.goto(f"{live_server.url}/v/#{codes[0]}")
    phone.wait_for_selector("fieldset")
    vote(phone, look=check)

    assert not any(codes[0] in address for address in [*requests, phone.url])
    assert all(address.startswith(live_server.url) for address in requests)


def test_typed_code_votes_without_javascript(phone_without_scripts, live_server, codes):
    page = phone_without_scripts
    page.goto(f"{live_server.url}/v/")
    page.get_by_label("投票码").fill(codes[0].lower())
    with page.expect_navigation():
        page.get_by_role("button", name="填写选票").click()
    vote(page)

    assert SealedBallot.objects.count() == 1


def test_double_click_and_reload_are_harmless(phone, live_server, codes):
    phone.goto(f"{live_server.url}/v/")
    phone.get_by_label("投票码").fill(codes[0])
    with phone.expect_navigation():
        phone.get_by_role("button", name="填写选票").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="下一步").click()
    phone.get_by_role("button", name="提交选票").dblclick()
    phone.wait_for_selector(".state-ok")
    with phone.expect_navigation():
        phone.reload()

    assert phone.get_by_text("您已经投过票").is_visible()
    assert SealedBallot.objects.count() == 1


def test_back_button_keeps_the_member_on_his_ballot(phone, live_server, survey, member):
    sign_in(phone, member, live_server)
    phone.goto(f"{live_server.url}/v/{survey.public_id}/")
    with phone.expect_navigation():
        phone.get_by_role("button", name="下一步").click()
    phone.go_back()
    phone.wait_for_selector("fieldset")
    vote(phone)
    phone.goto(f"{live_server.url}/v/{survey.public_id}/")

    assert phone.get_by_text("您已经投过票").is_visible()
    assert SealedBallot.objects.count() == 1


def test_large_type_keeps_the_choice_and_has_targets_of_60_pixels(phone, live_server, codes):
    phone.goto(f"{live_server.url}/v/")
    phone.get_by_label("投票码").fill(codes[0])
    with phone.expect_navigation():
        phone.get_by_role("button", name="填写选票").click()
    phone.locator("fieldset").first.get_by_text("不满意", exact=True).click()
    small = phone.locator(".choice").first.bounding_box()["height"]
    with phone.expect_navigation():
        phone.get_by_role("button", name="大字版").click()

    check(phone)
    assert phone.locator("input[value=dissatisfied]").first.is_checked()
    assert small >= 44
    assert phone.locator(".choice").first.bounding_box()["height"] >= 60


def test_whole_vote_weighs_less_than_50_kb_a_page(phone, live_server, codes):
    session = phone.context.new_cdp_session(phone)
    session.send("Network.enable")
    loaded = []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))

    phone.goto(f"{live_server.url}/v/#{codes[0]}")
    phone.wait_for_selector("fieldset")
    phone.wait_for_load_state("networkidle")

    assert 0 < sum(loaded) < 50_000


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_pages_of_a_survey_are_accessible(request, live_server, branch, secretary, officer, size):
    page = request.getfixturevalue(size)
    draft = survey_of(make_nomination(branch, people=[MemberFactory(branch=branch)]))
    running = make_open_survey(branch, secretary, people=[MemberFactory(branch=branch)])
    vote_counts(running, officer, satisfied=20, basically_satisfied=3, dissatisfied=1, unknown=1)
    over = make_open_survey(branch, secretary)
    vote_counts(over, officer, satisfied=20, dissatisfied=4)
    close_survey(over)
    sign_in(page, officer, live_server)

    for path in ("", f"{draft.pk}/", f"{draft.pk}/codes/", f"{running.pk}/", f"{running.pk}/poster/", f"{over.pk}/"):
        page.goto(f"{live_server.url}/surveys/{path}")
        check(page)
    page.goto(f"{live_server.url}/surveys/{over.pk}/result/")
    check(page)

"""The vote in a real browser: with and without JavaScript, large type, weight, accessibility."""

import re

import pdfplumber
import pytest
import zxingcpp

from assessments.domain.ballots import make_code_batch
from assessments.domain.surveys import close_survey
from assessments.domain.voting_links import make_links
from assessments.models import SealedBallot
from campaigns.guards import maintenance
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


def test_double_click_casts_once_and_shows_the_receipt(phone, live_server, codes):
    type_code(phone, live_server, codes[0])
    press(phone, "下一步")
    phone.get_by_role("button", name="提交选票").dblclick()
    phone.wait_for_selector(".state-ok")

    assert phone.locator(".receipt").is_visible()
    assert SealedBallot.objects.count() == 1


def type_code(page, live_server, code):
    page.goto(f"{live_server.url}/v/")
    page.get_by_label("投票码").fill(code)
    press(page, "填写选票")


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


def move(page, step):
    """Press a button of the browser; Chromium's page “Confirm Form Resubmission” is an error here."""
    {"back": page.go_back, "forward": page.go_forward, "reload": page.reload}[step]()
    page.wait_for_load_state()


@pytest.mark.parametrize("device", ["phone", "phone_without_scripts"])
def test_back_forward_and_reload_are_harmless(request, live_server, codes, device):
    page = request.getfixturevalue(device)
    type_code(page, live_server, codes[0])
    page.locator("fieldset").first.get_by_text("不满意", exact=True).click()
    press(page, "下一步")
    receipt = page.locator(".receipt").inner_text()

    move(page, "back")
    assert page.locator("input[value=dissatisfied]").first.is_checked()
    move(page, "reload")
    move(page, "forward")
    move(page, "reload")
    assert page.locator(".receipt").inner_text() == receipt
    press(page, "修改")
    assert page.locator("input[value=dissatisfied]").first.is_checked()
    move(page, "reload")
    press(page, "下一步")
    press(page, "提交选票")
    move(page, "reload")
    assert page.get_by_text("选票已投入票箱").is_visible()
    assert page.locator(".receipt").is_visible()
    for step in ("back", "reload", "back"):
        move(page, step)
        assert page.get_by_text("您已经投过票").is_visible()
    assert SealedBallot.objects.count() == 1


def test_back_button_keeps_the_member_on_his_ballot(phone, live_server, survey, member):
    sign_in(phone, member, live_server)
    phone.goto(f"{live_server.url}/v/{survey.public_id}/")
    press(phone, "下一步")
    move(phone, "back")
    phone.wait_for_selector("fieldset")
    vote(phone)
    phone.goto(f"{live_server.url}/v/{survey.public_id}/")

    assert phone.get_by_text("您已经投过票").is_visible()
    assert SealedBallot.objects.count() == 1


@pytest.fixture
def link(survey, branch, officer):
    elder = MemberFactory(branch=branch, name="卫样甲")
    with maintenance():  # the roll is frozen since the opening
        survey.roll.create(member=elder)
    return make_links(survey, members=[elder], actor=officer, witness="孙样甲")[0].token


def test_scanned_link_waits_for_the_click_and_then_belongs_to_the_phone(chromium, phone, live_server, link):
    requests = []
    phone.on("request", lambda request: requests.append(request.url))
    with watched_context(chromium, **PHONE) as preview:  # a program that follows the link and runs its scripts
        page = preview.new_page()
        page.goto(f"{live_server.url}/v/#{link}")
        page.wait_for_selector("button[value=open]")

        phone.goto(f"{live_server.url}/v/#{link}")
        phone.wait_for_selector("button[value=open]")
        check(phone)
        press(phone, "在这台手机上投票")
        press(page, "在这台手机上投票")
        assert page.get_by_text("已在另一台设备上使用").is_visible()
        check(page)
        move(page, "reload")
        assert page.get_by_text("换一个新的").is_visible()
    move(phone, "reload")
    vote(phone, look=check)
    phone.goto(f"{live_server.url}/v/#{link}")
    phone.wait_for_selector(".state-ok")

    assert phone.get_by_text("您已经投过票").is_visible()
    assert not any(link in address for address in [*requests, phone.url])
    assert SealedBallot.objects.count() == 1


def test_typed_link_votes_without_javascript(phone_without_scripts, live_server, link):
    page = phone_without_scripts
    type_code(page, live_server, link)
    press(page, "在这台手机上投票")
    move(page, "back")
    move(page, "forward")
    vote(page)

    assert SealedBallot.objects.count() == 1


def test_vote_needs_neither_styles_nor_scripts(chromium, live_server, codes):
    with watched_context(chromium, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        page.route("**/static/**", lambda route: route.abort())
        type_code(page, live_server, codes[0])
        vote(page)

    assert SealedBallot.objects.count() == 1


def test_vote_looks_right_without_what_old_browsers_lack(phone, live_server, codes):
    """Custom properties, gaps, functions and new selectors left out, as an engine does that does not know them."""

    def answer(route):
        styles = re.sub(r"@supports[^{]*\{[^}]*\}\s*\}", "", route.fetch().text())
        new = r"--[\w-]+:|var\(|\bgap:|max\(|min\(|clamp\(|inset:|accent-color|clip-path|text-wrap"
        kept = re.sub(rf"[^;{{}}]*(?:{new})[^;{{}}]*;", "", styles)
        route.fulfill(body=kept, content_type="text/css")

    phone.route("**/*.css", answer)
    type_code(phone, live_server, codes[0])
    assert too_small(phone, 44) == []
    vote(phone, look=check)
    button, header = phone.locator(".btn").first, phone.locator(".pub-head")
    assert header.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(200, 16, 46)"
    assert button.bounding_box()["height"] >= 44


#: Height and width of everything that can be pressed, apart from words inside a sentence and what only focus shows.
TARGETS = """
() => [...document.querySelectorAll("a, button, input:not([type=hidden], [type=radio]), textarea, summary, .choice")]
  .filter(e => !e.matches(".skip, p a:not(.btn), li a") && e.offsetParent)
  .map(e => [e.outerHTML.slice(0, 60), e.getBoundingClientRect().height, e.getBoundingClientRect().width])
"""


def too_small(page, least):
    return [found for found in page.evaluate(TARGETS) if found[1] < least or found[2] < least]


@pytest.mark.parametrize(("large", "least"), [("0", 44), ("1", 60)])
def test_everything_to_press_is_large_enough(phone, live_server, survey, codes, link, large, least):
    phone.context.add_cookies([{"name": "large", "value": large, "url": live_server.url}])
    type_code(phone, live_server, link)
    small = {"link": too_small(phone, least)}
    phone.goto(f"{live_server.url}/v/")
    small["entry"] = too_small(phone, least)
    type_code(phone, live_server, codes[0])
    for name, button in (("ballot", "下一步"), ("confirm", "提交选票"), ("receipt", "")):
        small[name] = too_small(phone, least)
        if button:
            press(phone, button)

    assert small == {name: [] for name in ("link", "entry", "ballot", "confirm", "receipt")}


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


@pytest.mark.parametrize("by", ["code", "link", "session"])
def test_every_page_of_a_vote_weighs_less_than_50_kb(phone, live_server, survey, member, codes, link, by):
    """Bytes over the network with an empty cache for each page; nothing comes from elsewhere."""
    session = phone.context.new_cdp_session(phone)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    loaded, addresses = [], []
    session.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: addresses.append(event["request"]["url"]))
    weights = {}

    def weigh(name):
        phone.wait_for_load_state("networkidle")
        weights[name] = sum(loaded)
        loaded.clear()

    if by == "session":
        sign_in(phone, member, live_server)
        phone.goto(f"{live_server.url}/v/{survey.public_id}/")
    else:
        phone.goto(f"{live_server.url}/v/")
        weigh("entry")
        phone.get_by_label("投票码").fill(codes[0] if by == "code" else link)
        press(phone, "填写选票")
    if by == "link":
        weigh("link")
        press(phone, "在这台手机上投票")
    for name, button in (("ballot", "下一步"), ("confirm", "提交选票"), ("receipt", "")):
        weigh(name)
        if button:
            press(phone, button)

    assert all(0 < weight < 50_000 for weight in weights.values()), weights
    assert len(weights) == {"code": 4, "link": 5, "session": 3}[by]
    assert all(address.startswith(live_server.url) for address in addresses)


def test_printed_poster_is_read_by_a_scanner(desktop, live_server, settings, survey, officer, tmp_path):
    sign_in(desktop, officer, live_server)
    desktop.goto(f"{live_server.url}/surveys/{survey.pk}/poster/")
    desktop.pdf(path=tmp_path / "poster.pdf", format="A4", prefer_css_page_size=True)

    with pdfplumber.open(tmp_path / "poster.pdf") as pdf:
        assert len(pdf.pages) == 1
        image = pdf.pages[0].to_image(resolution=100).original
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [f"{settings.SITE_URL}/v/"]


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

    for path in (
        "",
        f"{draft.pk}/",
        f"{draft.pk}/codes/",
        f"{running.pk}/",
        f"{running.pk}/poster/",
        f"{running.pk}/links/",
        f"{over.pk}/",
    ):
        page.goto(f"{live_server.url}/surveys/{path}")
        check(page)
    page.goto(f"{live_server.url}/surveys/{over.pk}/result/")
    check(page)

"""Chromium for the tests. A console error, a failed file or a CSP violation on any page is a failure of the test."""

import contextlib
import shutil
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.services import missing

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
DESKTOP = {"viewport": {"width": 1366, "height": 768}}
PHONE = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def find_chromium() -> str | None:
    """Path of an installed Chromium."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, started once; no browser is downloaded."""
    path = find_chromium()
    if path is None:
        missing("Chromium is not installed; “make setup-test” says how")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def watched_context(browser: Browser, **options) -> Iterator[BrowserContext]:
    """A fresh profile in Chinese; leaving the block fails when any of its pages complained."""
    faults: list[str] = []
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **options)
    context.set_default_timeout(15_000)
    context.on("console", lambda message: _note_console(faults, message))
    context.on("weberror", lambda error: faults.append(f"exception: {error.error}"))
    context.on("response", lambda response: _note_response(faults, response))
    try:
        yield context
    finally:
        context.close()
    assert faults == []


def _note_console(faults: list[str], message) -> None:
    # A page that answers 403 or 404 on purpose is the test's business; its files are looked at in _note_response.
    if message.type == "error" and not message.text.startswith("Failed to load resource"):
        faults.append(f"console: {message.text} ({message.page.url if message.page else ''})")


def _note_response(faults: list[str], response) -> None:
    if response.status >= 400 and not response.request.is_navigation_request():
        faults.append(f"{response.status}: {response.url}")


@pytest.fixture
def desktop(chromium) -> Iterator[Page]:
    """A page of 1366 × 768."""
    with watched_context(chromium, **DESKTOP) as context:
        yield context.new_page()


@pytest.fixture
def phone(chromium) -> Iterator[Page]:
    """A page of 360 × 780 with touch."""
    with watched_context(chromium, **PHONE) as context:
        yield context.new_page()


def sign_in(page: Page, user, live_server) -> None:
    """Give the page's profile a session of the user, without the sign-in form."""
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])


def assert_accessible(page: Page) -> None:
    """No violation of axe's rules on the page as it stands."""
    page.wait_for_load_state()  # a click returns when the next page has begun, when there may be no document yet
    found = Axe().run(page).response["violations"]
    told = [f"{rule['id']}: {rule['help']} {[node['html'][:160] for node in rule['nodes']][:3]}" for rule in found]
    assert told == []


def assert_fits(page: Page) -> None:
    """The page does not scroll sideways."""
    page.wait_for_load_state()
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0

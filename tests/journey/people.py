"""A person in front of the site: a browser of his own, and the few things people do with pages."""

from __future__ import annotations

import re
from contextlib import contextmanager
from pathlib import Path

from openpyxl import Workbook
from playwright.sync_api import Browser, Page

from tests.browser import DESKTOP, PHONE, watched_context
from tests.site import Site

MAIN = "main .btn-primary"


class Person:
    """Somebody with a browser. Sentences of a test read as what he does."""

    def __init__(self, page: Page, site: Site, name: str) -> None:
        self.page, self.site, self.name = page, site, name
        self.login = self.password = ""

    def goto(self, path: str) -> Person:
        response = self.page.goto(path if path.startswith("http") else self.site.url + path)
        assert response.status == 200, f"{self.name}: {path} answers {response.status}"
        return self

    def press(self, selector: str = MAIN) -> Person:
        """Press a button or follow a link that leads to a page."""
        button = self.page.locator(selector).first
        with self.page.expect_navigation():
            button.click()
        return self

    def press_text(self, text: str) -> Person:
        with self.page.expect_navigation():
            self.page.get_by_text(text, exact=True).first.click()
        return self

    def fill(self, **values) -> Person:
        for name, value in values.items():
            field = self.page.locator(f"main [name='{name}']").first
            tag = field.evaluate("e => e.tagName + ':' + (e.type || '')")
            if tag.startswith("SELECT"):
                field.select_option(value)
            elif tag.endswith(("radio", "checkbox")):
                self.page.locator(f"main [name='{name}'][value='{value}']").check()
            else:
                field.fill(str(value))
        return self

    def sees(self, *texts: str) -> Person:
        shown = self.page.inner_text("main")
        for text in texts:
            assert text in shown, f"{self.name} does not see “{text}” on {self.page.url}:\n{shown[:3000]}"
        return self

    def sees_not(self, *texts: str) -> Person:
        shown = self.page.inner_text("main")
        found = [text for text in texts if text in shown]
        assert found == [], f"{self.name} sees {found} on {self.page.url}:\n{shown[:3000]}"
        return self

    def waits_for(self, path: str, text: str, *, seconds: int = 60) -> Person:
        """Reload a page until the clock of the site has done its part."""
        for _attempt in range(seconds):
            self.page.goto(self.site.url + path)
            if text in self.page.inner_text("main"):
                return self
            self.page.wait_for_timeout(1000)
        raise AssertionError(
            f"{self.name} waited in vain for “{text}” on {path}:\n{self.page.inner_text('body')[:2500]}"
        )

    def sign_in(self) -> Person:
        self.goto("/login/").fill(username=self.login, password=self.password)
        return self.press("main form .btn-primary")

    def sign_in_first(self, login: str, initial: str) -> Person:
        """With an initial password, which the site then asks to change."""
        self.login, self.password = login, initial
        self.sign_in()
        own = "a sentence of my own " + login
        self.fill(old_password=initial, new_password1=own, new_password2=own).press()
        self.password = own
        return self

    def sign_in_with_slip(self, token: str) -> Person:
        self.goto(f"/in/#{token}").page.wait_for_function("document.querySelector('[name=token]').value.length > 5")
        return self.press()

    def upload(self, path: str, file: Path) -> Person:
        self.goto(path).page.set_input_files("input[type=file]", str(file))
        return self.press()

    def pk(self) -> str:
        """The number in the address of the page."""
        return re.search(r"/(\d+)/", self.page.url).group(1)


@contextmanager
def people(chromium: Browser, site: Site, **devices: str):
    """Several persons at once, each with his own browser profile; their complaints are failures."""
    stack = []
    found = {}
    try:
        for name, device in devices.items():
            context = watched_context(chromium, **(PHONE if device == "phone" else DESKTOP))
            page = context.__enter__().new_page()
            stack.append(context)
            found[name] = Person(page, site, name)
        yield found
    except BaseException:
        for context in stack:
            context.gen.close()
        raise
    for context in stack:
        context.__exit__(None, None, None)


def write_list(path: Path, headings: list[str], rows: list[list]) -> Path:
    """An Excel file as an office would fill it in."""
    book = Workbook()
    sheet = book.active
    for row in [headings, *rows]:
        sheet.append(row)
    book.save(path)
    return path

"""Every page that a person of the demonstration can reach by clicking, looked at on a desktop and on a phone.

Accessible by axe's rules, no English left over, nothing scrolls sideways, no console error, no broken link.
"""

import hashlib
import json
import re
from collections import deque
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.browser import DESKTOP, PHONE, assert_accessible, watched_context
from tests.site import Site, leftovers, running_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("pages"),
]

#: How many kinds of page each person reaches at least; fewer means that a part of the site has come loose.
ROLES = {
    "demo-secretary": 35,
    "demo-officer": 60,
    "demo-committee": 28,
    "demo-discipline": 28,
    "demo-member": 8,
}
LARGE_PHONE = {**PHONE, "viewport": {"width": 320, "height": 640}}
#: Addresses that answer with a file, or change something, or leave the site's own pages.
SKIPPED = re.compile(
    r"/(logout|static|export|download|template|file|evidence)/?|\.(pdf|xlsx|docx|toml|json|py)$|/sheet|/pdf"
    r"|/ledgers/\w+/preview/|/prints/\d+/view/"
)
#: Names of accounts, codes and check sums are no words; the trap for machines is no text for people.
NO_WORDS = "[translate=no], .hash, .trap"
PUBLIC = """
import hashlib
import json
from assessments.models import Survey
from posts.models import Conferral, Notice
pages = [f"/p/{x.public_id}/" for x in Conferral.objects.order_by("pk")]
pages += [f"/n/{x.public_id}/" for x in Notice.objects.order_by("-pk")[:2]]
pages += [f"/v/{x.public_id}/" for x in Survey.objects.filter(state="open")[:1]]
print(json.dumps(pages))
"""


@dataclass
class Demo:
    """The running demonstration, and the shapes of pages that axe has seen (its rules take longest by far)."""

    site: Site
    public: list[str]
    seen_by_axe: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    with running_site(folder, prepare=(("demo",),), DEMO="1") as site:
        pages = json.loads(site.manage("shell", "-v0", "-c", PUBLIC).splitlines()[-1])
        yield Demo(site, ["/login/", "/in/", "/n/", "/v/", "/reports/", *pages])


def shape_of(path: str) -> str:
    """The address with its numbers and public ids taken out."""
    path = re.sub(r"/\d+(?=/|$)", "/N", path.split("?", maxsplit=1)[0])
    return re.sub(r"/(p|n|v|o)/[\w-]{16,}", r"/\1/ID", path)


def sign_in_as(page: Page, site: Site, person: str) -> None:
    page.goto(f"{site.url}/login/")
    with page.expect_navigation():
        page.locator(f"form[action='/demo/{person}/'] button").click()


def problems_of(page: Page, width: int, *, with_axe: bool) -> list[str]:
    """What is wrong with the page as it stands."""
    found = sideways(page, width)
    if with_axe:
        try:
            assert_accessible(page)
        except AssertionError as error:
            found.append(f"axe: {str(error)[:600]}")
    page.eval_on_selector_all(NO_WORDS, "elements => elements.forEach(element => element.remove())")
    if words := leftovers(page.inner_text("body")):
        found.append(f"English: {words[:8]}")
    return found


def links_of(page: Page) -> list[str]:
    hrefs = page.eval_on_selector_all("a[href]", "links => links.map(a => a.getAttribute('href'))")
    return [href.split("#")[0] for href in hrefs if href.startswith("/") and not href.startswith("//")]


def visit(page: Page, demo: Demo, path: str, width: int) -> list[str]:
    """Open one page; return what is wrong with it. Axe looks at the first page of each shape and width.

    A page on a desktop is also drawn as narrow as a phone. A notice whose time is over says so with 410.
    """
    response = page.goto(demo.site.url + path)
    if response.status != 200 and (response.status, shape_of(path)) != (410, "/n/ID/"):
        return [f"status {response.status}"]
    if not response.headers["content-type"].startswith("text/html"):
        return []  # a paper shown by the browser itself, no page of ours
    shape = f"{width} {shape_of(path)}"
    problems = []
    if width == DESKTOP["viewport"]["width"]:
        page.set_viewport_size(PHONE["viewport"])
        problems += sideways(page, PHONE["viewport"]["width"])
        page.set_viewport_size(DESKTOP["viewport"])
    problems += problems_of(page, width, with_axe=shape not in demo.seen_by_axe)
    demo.seen_by_axe.add(shape)
    return problems


def sideways(page: Page, width: int) -> list[str]:
    inner = page.evaluate("document.documentElement.scrollWidth")
    return [f"scrolls sideways: {inner} > {width}"] if inner > width else []


def crawl(page: Page, demo: Demo, width: int) -> tuple[dict[str, list[str]], set[str]]:
    """Walk from the workbench over one page of each shape; return the problems by address, and the shapes."""
    waiting, shapes, problems = deque(["/"]), set(), {}
    while waiting:
        path = waiting.popleft()
        if shape_of(path) in shapes or SKIPPED.search(path):
            continue
        shapes.add(shape_of(path))
        if found := visit(page, demo, path, width):
            problems[path] = found
        else:
            waiting.extend(links_of(page))
    return problems, shapes


@pytest.mark.parametrize(
    ("person", "device"),
    [
        *((person, "desktop") for person in ROLES if person != "demo-member"),
        ("demo-secretary", "phone"),
        ("demo-member", "phone"),
    ],
)
def test_every_page_of_a_role_is_clean(chromium, demo, person, device):
    options = PHONE if device == "phone" else DESKTOP
    with watched_context(chromium, **options) as context:
        page = context.new_page()
        sign_in_as(page, demo.site, person)
        problems, shapes = crawl(page, demo, options["viewport"]["width"])

    assert problems == {}, "\n".join(f"{path}: {found}" for path, found in problems.items())
    assert len(shapes) >= ROLES[person], sorted(shapes)


@pytest.mark.parametrize("options", [DESKTOP, PHONE, LARGE_PHONE], ids=["desktop", "phone", "large-phone"])
def test_every_public_page_is_clean_for_a_visitor(chromium, demo, options):
    """The narrowest phone reads the large version."""
    problems, width = {}, options["viewport"]["width"]
    with watched_context(chromium, **options) as context:
        page = context.new_page()
        if options is LARGE_PHONE:
            read_large(context, demo)
        for path in demo.public:
            if found := visit(page, demo, path, width):
                problems[path] = found

    assert problems == {}, "\n".join(f"{path}: {found}" for path, found in problems.items())


@pytest.mark.parametrize("person", ROLES)
def test_the_workbench_fits_the_narrowest_phone_in_large_type(chromium, demo, person):
    with watched_context(chromium, **LARGE_PHONE) as context:
        page = context.new_page()
        sign_in_as(page, demo.site, person)
        read_large(context, demo)
        assert visit(page, demo, "/", LARGE_PHONE["viewport"]["width"]) == []


def read_large(context, demo: Demo) -> None:
    context.add_cookies([{"name": "large", "value": "1", "url": demo.site.url}])


def test_a_dossier_is_made_by_the_worker_while_one_looks_on_and_taken_along(demo, chromium):
    with watched_context(chromium, **PHONE) as context:
        page = context.new_page()
        sign_in_as(page, demo.site, "demo-officer")
        page.goto(f"{demo.site.url}/posts/1/dossier/")
        page.get_by_role("link", name="PDF", exact=True).click()
        file = page.locator("main a[href$='/file/']")
        file.wait_for(timeout=180_000)  # the page looks again by itself
        with page.expect_download() as download:
            file.click()
        name, content = download.value.suggested_filename, download.value.path().read_bytes()
        assert (name[-9:], content[:5]) == ("-一岗一档.pdf", b"%PDF-")
        assert page.locator(".hash").inner_text() == hashlib.sha256(content).hexdigest()

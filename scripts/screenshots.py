"""Takes the pictures of the README and the guides from a freshly started demonstration: ``make screenshots``."""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from scripts.form_pictures import take_forms  # noqa: E402
from tests.browser import DESKTOP, FLAGS, PHONE, find_chromium  # noqa: E402
from tests.site import Site, running_site  # noqa: E402

TARGET = ROOT / "docs" / "img" / "screens"
PAPERS = ROOT / "docs" / "img" / "papers"
DOCUMENTS = ROOT / "docs" / "img" / "documents"
GAP = 4


def main() -> None:
    TARGET.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_site(Path(folder), prepare=(("demo",),), DEMO="1") as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        desk(browser, site)
        plaques(browser, site)
        papers(browser, site)
        take_forms(lambda person: signed_in(browser, site, person, DESKTOP), site.url)
        phones(browser, site)
        documents(site, Path(folder))
        browser.close()


def desk(browser: Browser, site: Site) -> None:
    """What secretaries, officers and committee members see."""
    take(browser, site, "demo-secretary", "/", "home-secretary")
    take(browser, site, "demo-officer", "/", "home-officer")
    take(browser, site, "demo-officer", "/campaigns/1/", "campaign")
    take(browser, site, "demo-officer", "/schemes/", "schemes")
    take(browser, site, "demo-officer", "/campaigns/1/timeline/", "timeline")
    take(browser, site, "demo-committee", "/decisions/waiting/", "decide")


def plaques(browser: Browser, site: Site) -> None:
    """The page that orders plaques; plaques, badge, proof and slips as they come out."""
    page = signed_in(browser, site, "demo-officer", DESKTOP)
    page.goto(f"{site.url}/plaques/print/?all=1")
    page.screenshot(path=TARGET / "plaque-print.png")
    page.context.close()
    subprocess.run([sys.executable, ROOT / "scripts" / "plaque_pictures.py"], env=site.environment, check=True)


def papers(browser: Browser, site: Site) -> None:
    """The first page of a ledger; cover, contents and first page of a dossier, which the clock makes."""
    PAPERS.mkdir(parents=True, exist_ok=True)
    page = signed_in(browser, site, "demo-officer", DESKTOP)
    ledger = page.context.request.get(f"{site.url}/ledgers/posts/pdf/").body()
    picture(ledger, PAPERS / "ledger", dots=70)
    page.goto(f"{site.url}/posts/1/dossier/pdf/")
    page.locator("a[href$='/file/']").wait_for(timeout=120_000)
    dossier = page.context.request.get(f"{page.url}file/").body()
    for number, name in enumerate(("cover", "contents", "chapters"), 1):
        picture(dossier, PAPERS / f"dossier-{name}", dots=45, number=number)
    downloads(page, site)
    page.context.close()


def downloads(page: Page, site: Site) -> None:
    """What is ready, and an archive that is being made."""
    page.goto(f"{site.url}/campaigns/1/")
    with page.expect_navigation():
        page.locator("form[action$='/archive/'] button").click()
    page.locator("progress:not([value='0'])").wait_for(timeout=60_000)
    page.goto(f"{site.url}/prints/")
    page.screenshot(path=TARGET / "downloads.png", clip={"x": 0, "y": 0, "width": 1366, "height": 420})


def documents(site: Site, folder: Path) -> None:
    """The pages of an official document of each kind, side by side. Last of all: the demonstration has them then."""
    DOCUMENTS.mkdir(parents=True, exist_ok=True)
    found = folder / "documents"
    found.mkdir()
    order = f"from scripts.sample_documents import issue_each_kind; issue_each_kind({str(found)!r})"
    site.manage("shell", "-v", "0", "-c", order)
    for pdf in sorted(found.glob("*.pdf")):
        side_by_side(pdf, DOCUMENTS / f"{pdf.stem}.png", dots=45)
    picture((found / "naming.pdf").read_bytes(), DOCUMENTS / "naming-first", dots=60)


def side_by_side(pdf: Path, target: Path, *, dots: int) -> None:
    """The pages of a PDF in one picture of few colours, a grey line between them."""
    subprocess.run(["pdftoppm", "-png", "-r", str(dots), str(pdf), str(pdf.with_suffix(""))], check=True)
    pages = [Image.open(page) for page in sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))]
    sheet = Image.new("RGB", (sum(page.width + GAP for page in pages) - GAP, pages[0].height), "#888")
    for number, page in enumerate(pages):
        sheet.paste(page, (number * (page.width + GAP), 0))
    sheet.quantize(32).save(target, optimize=True)


def picture(pdf: bytes, target: Path, *, dots: int, number: int = 1) -> None:
    """One page of a PDF as PNG."""
    words = ["pdftoppm", "-png", "-r", str(dots), "-f", str(number), "-l", str(number), "-singlefile", "-", str(target)]
    subprocess.run(words, input=pdf, check=True)


def phones(browser: Browser, site: Site) -> None:
    """The ballot of a member and the public page of a plaque."""
    page = signed_in(browser, site, "demo-member", PHONE)
    page.goto(f"{site.url}/surveys/")
    page.goto(site.url + page.locator("main a[href^='/v/']").first.get_attribute("href"))
    page.locator("fieldset.ballot-line input[value=satisfied]").first.check()
    page.screenshot(path=TARGET / "vote-phone.png")
    page.context.close()
    page = signed_in(browser, site, "demo-officer", PHONE)
    page.goto(f"{site.url}/posts/")
    page.goto(site.url + page.locator("td.main a", has_text="社会救助").first.get_attribute("href"))
    address = page.locator("a[href*='/p/']").first.get_attribute("href")
    page.goto(address if address.startswith("http") else site.url + address)
    page.screenshot(path=TARGET / "public-post-phone.png")
    page.context.close()


def signed_in(browser: Browser, site: Site, person: str, device: dict) -> Page:
    page = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **device).new_page()
    page.goto(f"{site.url}/login/")
    with page.expect_navigation():
        page.locator(f"form[action='/demo/{person}/'] button").click()
    return page


def take(browser: Browser, site: Site, person: str, path: str, name: str) -> None:
    page = signed_in(browser, site, person, DESKTOP)
    page.goto(site.url + path)
    page.screenshot(path=TARGET / f"{name}.png")
    page.context.close()


if __name__ == "__main__":
    main()

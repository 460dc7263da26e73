"""Pictures of one form of each kind, for docs/forms.md; part of ``make screenshots``."""

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parent.parent
FORMS = ROOT / "docs" / "img" / "forms"
DOTS = 50
#: Who prints it in the demonstration, and where it is printed. Numbers are those of a freshly made demonstration.
PRINTED = {
    "application-collective": ("demo-officer", "/sheets/application/1/pdf/"),
    "application-person": ("demo-officer", "/sheets/application/2/pdf/"),
    "application-empty": ("demo-secretary", "/sheets/application/2/pdf/?blank=1"),
    "summary": ("demo-officer", "/sheets/summary/2/pdf/"),
    "minutes": ("demo-officer", "/sheets/minutes/1/pdf/"),
    "ballot": ("demo-officer", "/surveys/16/paper/ballots.pdf"),
    "survey-result": ("demo-officer", "/sheets/survey-result/1/pdf/"),
    "approval": ("demo-committee", "/sheets/approval/1/pdf/"),
    "objection": ("demo-discipline", "/sheets/objection/1/pdf/"),
    "veto": ("demo-discipline", "/sheets/veto/1/pdf/"),
    "plaque-returns": ("demo-officer", "/sheets/plaque-returns/1/pdf/"),
    "pledge": ("demo-officer", "/sheets/pledge/2/pdf/"),
}


def take_forms(sign_in, url: str) -> None:
    """``sign_in``: gives a page of somebody who is signed in; ``url``: of the running site."""
    FORMS.mkdir(parents=True, exist_ok=True)
    pages: dict[str, Page] = {}
    for name, (person, path) in PRINTED.items():
        page = pages[person] = pages.get(person) or sign_in(person)
        save(page.context.request.get(url + path).body(), name)
    save(_meeting_list(pages["demo-committee"], url), "meeting-list")
    save(_slips(pages["demo-officer"], url), "ballot-slips")
    save(score_form(), "scores")
    for page in pages.values():
        page.context.close()


def _meeting_list(page: Page, url: str) -> bytes:
    page.goto(f"{url}/decisions/waiting/")
    target = page.locator("a[href^='/sheets/meeting-list/']").first.get_attribute("href") or ""
    return page.context.request.get(url + target.replace("/?", "/pdf/?")).body()


def _slips(page: Page, url: str) -> bytes:
    """Slips with codes are made by a form and shown once."""
    page.goto(f"{url}/surveys/16/codes/")
    token = page.locator("main [name=csrfmiddlewaretoken]").input_value()
    asked = {"csrfmiddlewaretoken": token, "n": "10", "witness": "孙样甲"}
    return page.context.request.post(page.url, form=asked, headers={"Referer": page.url}).body()


def score_form() -> bytes:
    """The rubric of the scheme with a hundred points; the demonstration's own schemes score by none."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django  # noqa: PLC0415  only this picture needs it

    django.setup()
    from assessments.sheets.scores import empty_sheet  # noqa: PLC0415  after setup
    from campaigns.domain.schemes import load_scheme  # noqa: PLC0415  after setup
    from posts.documents.form_sheet import form_pdf  # noqa: PLC0415  after setup

    rubric = load_scheme((ROOT / "campaigns" / "schemes" / "s8.toml").read_bytes()).rubrics[0]
    return form_pdf(empty_sheet(rubric, post="便民服务大厅综合窗口示范岗", unit="青样镇便民服务中心党支部"))


def save(pdf: bytes, name: str) -> None:
    """The first page in grey: a form has no other colour, and the file stays small."""
    if not pdf.startswith(b"%PDF"):
        sys.exit(f"{name}: no PDF came back: {pdf[:200]!r}")
    words = ["pdftoppm", "-png", "-gray", "-r", str(DOTS), "-l", "1", "-singlefile", "-", str(FORMS / name)]
    subprocess.run(words, input=pdf, check=True)

"""Every ledger as PDF over the demonstration's year: the rows of the page, tagged, in embedded faces.

And what becomes of texts beyond all measure, by way of the pages.
"""

import io

import pdfplumber
import pikepdf
import pytest
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.domain.ledgers import Wanted, find_ledger, rows_of, shown
from campaigns.models import User
from posts.domain import ledger_prints
from posts.models import Conferral, Nomination, PrintJob
from tests.assessments.test_ledgers import ALL, KEPT

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


def pdf_of(client, username, code, **query):
    client.force_login(User.objects.get(username=username))
    return client.get(reverse("posts:ledger_pdf", args=[code]), query)


def text_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "".join((page.extract_text() or "").replace("\n", "").replace(" ", "") for page in document.pages)


@pytest.mark.parametrize("code", sorted(ALL))
def test_a_ledger_on_paper_has_the_page_s_rows(client, story, code):
    user = User.objects.get(username="demo-discipline")
    entry = find_ledger(code, user)
    rows = rows_of(entry, user, Wanted())
    answer = pdf_of(client, user.username, code)
    if not rows.exists():
        assert answer.url.startswith(reverse("campaigns:ledger", args=[code]))
        return
    assert answer.headers["Content-Type"] == "application/pdf"
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert str(pdf.docinfo["/Title"]) == str(entry.label)
        assert str(pdf.Root.Lang) == "zh-Hans"
        assert pdf.Root.MarkInfo.Marked
        table = pdf.Root.StructTreeRoot.K[0].K[-1]
        assert (str(table.S), len(table.K)) == ("/Table", 1 + rows.count())
        assert {str(cell.S) for cell in table.K[0].K} == {"/TH"}
        assert {len(row.K) for row in table.K} == {1 + len(entry.columns)}
        assert b"pdfaid:part" in pdf.Root.Metadata.read_bytes()
        assert all("/FontFile" in str(f.DescendantFonts[0].FontDescriptor.keys()) for f in fonts_of(pdf))
    said = text_of(answer.content)
    for heading in entry.columns:
        assert str(heading.heading)[:2] in said
    assert shown(entry.columns[0].value(rows.first()))[:2] in said


def fonts_of(pdf):
    return pdf.pages[0].Resources.Font.values()


@pytest.mark.parametrize("username", KEPT)
def test_a_ledger_is_printed_only_for_who_keeps_it(client, story, username):
    for code in ALL - KEPT[username]:
        assert pdf_of(client, username, code).status_code == 404


def test_the_preview_is_the_same_paper_shown_in_the_browser(client, story):
    taken = pdf_of(client, "demo-officer", "posts", state="active")
    shown = client.get(reverse("posts:ledger_preview", args=["posts"]), {"state": "active"})
    ways = [answer.headers["Content-Disposition"].partition(";")[0] for answer in (taken, shown)]
    assert ways == ["attachment", "inline"]
    assert text_of(shown.content) == text_of(taken.content)
    page = client.get(reverse("campaigns:ledger", args=["posts"]), {"state": "active"}).text
    assert f"{reverse('posts:ledger_preview', args=['posts'])}?state=active" in page


def test_a_long_ledger_is_made_by_the_clock(client, story, monkeypatch, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(ledger_prints, "SMALL", 0)
    answer = pdf_of(client, "demo-officer", "posts")
    job = PrintJob.objects.get()
    assert answer.url == reverse("posts:print_detail", args=[job.pk])
    tick()
    job.refresh_from_db()
    assert (job.state, job.error) == ("done", "")
    assert job.result.read_bytes().startswith(b"%PDF")


def test_a_narrowed_ledger_says_so_and_an_empty_one_is_not_printed(client, story):
    answer = pdf_of(client, "demo-officer", "posts", state="active")
    assert "在岗" in text_of(answer.content) or "状态" in text_of(answer.content)
    refused = pdf_of(client, "demo-officer", "posts", q="没有这样的岗位")
    assert "没有可打印的内容" in client.get(refused.url).text


@pytest.fixture
def hostile(story):
    """Texts of 100,000 characters in the database, past every form: each page that prints them says so, soon."""
    Conferral.objects.update(duties="岗" * 100_000)
    Nomination.objects.update(duties="岗" * 100_000)
    return Conferral.objects.filter(status="active").select_related("nomination").first()


@pytest.fixture
def as_officer(client, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    client.force_login(User.objects.get(username="demo-officer"))
    return client


def test_a_ledger_with_a_hostile_text_is_refused_with_the_column_and_the_entry(as_officer, hostile):
    answer = as_officer.get(reverse("posts:ledger_preview", args=["posts"]), follow=True)
    assert answer.redirect_chain[0][0].startswith(reverse("campaigns:ledger", args=["posts"]))
    assert "岗位职责" in answer.text
    assert "100000" in answer.text.replace(",", "")


def test_a_dossier_with_a_hostile_text_ends_and_says_why(as_officer, hostile):
    as_officer.get(reverse("posts:dossier_pdf", args=[hostile.pk]))
    tick()
    job = PrintJob.objects.get()
    assert (job.state, "20000" in job.error.replace(",", "")) == ("failed", True)
    assert job.error in as_officer.get(reverse("posts:print_detail", args=[job.pk])).text


@pytest.mark.parametrize("name", ["sheet", "sheet_pdf"])
def test_a_form_with_a_hostile_text_is_refused_with_a_sentence(as_officer, hostile, name):
    answer = as_officer.get(reverse(f"posts:{name}", args=["application", hostile.nomination_id]), follow=True)
    assert answer.status_code in (200, 400, 409)
    assert "20000" in answer.text.replace(",", "")


def test_a_plaque_with_a_hostile_text_is_refused_with_a_sentence(as_officer, hostile):
    plaque = hostile.plaques.first()
    as_officer.get(reverse("posts:plaque_print"), {"plaque": plaque.pk})
    asked = {"plaques": plaque.pk, "form": "plaque", "design": "gold", "size": "A4", "do": "preview"}
    answer = as_officer.post(reverse("posts:plaque_print"), asked)
    assert answer.status_code == 400
    assert "字" in answer.text
    assert plaque.number in answer.text

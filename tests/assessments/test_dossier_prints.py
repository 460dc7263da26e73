"""The dossier of a post as one PDF over the demonstration's year: contents, bookmarks, papers, and who gets it."""

import re

import pdfplumber
import pikepdf
import pytest
from django.urls import reverse

from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError
from campaigns.models import User
from posts.domain import papers as papers_module
from posts.domain.chapters import dossier_of
from posts.domain.papers import Paper, papers_of
from posts.models import Conferral, PrintJob, Revocation

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def revoked(story):
    return Revocation.objects.first().conferral


def printed(client, username, conferral):
    client.force_login(User.objects.get(username=username))
    answer = client.get(reverse("posts:dossier_pdf", args=[conferral.pk]))
    if answer.status_code != 302:
        return answer
    tick()
    return PrintJob.objects.get()


def plain(page):
    return re.sub(r"\s", "", page.extract_text() or "")


def test_the_dossier_is_one_file_whose_contents_name_the_right_pages(client, revoked):
    job = printed(client, "demo-officer", revoked)
    assert (job.state, job.error) == ("done", "")
    officer = User.objects.get(username="demo-officer")
    chapters, papers = dossier_of(revoked, officer), papers_of(revoked, officer)
    assert len(papers) >= 3
    with pdfplumber.open(job.result) as pdf:
        texts = [plain(page) for page in pdf.pages]
        contents = pdf.pages[1].extract_text()
    for number, chapter in enumerate(chapters, 1):
        at = int(re.search(rf"^{number}\. {re.escape(chapter.title)}[ .]+(\d+)$", contents, re.MULTILINE)[1])
        assert f"{number}.{chapter.title}" in texts[at - 1]
    starts = [int(at) for at in re.findall(r"\. ?(\d+)$", contents, re.MULTILINE)][len(chapters) :]
    with pikepdf.open(job.result) as pdf, pdf.open_outline() as outline:
        marks = outline.root[-1].children
        assert [mark.title for mark in marks] == [paper.title for paper in papers]
        assert [item.title for item in outline.root[1:-1]] == [f"{n}. {c.title}" for n, c in enumerate(chapters, 1)]
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        assert [pages[mark.destination[0].objgen] for mark in marks] == starts
        assert str(pdf.docinfo["/Title"]).startswith(revoked.name)
        assert str(pdf.Root.Lang) == "zh-Hans"
        keys = [int(page.obj.StructParents) for page in pdf.pages]
        assert len(set(keys)) == len(keys)
        assert pdf.check_pdf_syntax() == []
    for number, text in enumerate(texts[1:], 2):
        assert f"{number}/{len(texts)}" in text


def test_a_character_that_no_face_has_costs_neither_dossier_nor_paper(client, revoked):
    """It is written as its code, wherever it stands, and named below the contents."""
    Conferral.objects.filter(pk=revoked.pk).update(duties="西安\U00031350面馆", place="\U00031351路一号")
    revoked.nomination.__class__.objects.filter(pk=revoked.nomination_id).update(duties="新村\U00031352渡口")
    job = printed(client, "demo-officer", revoked)
    assert (job.state, job.error) == ("done", "")
    with pdfplumber.open(job.result) as pdf:
        texts = [plain(page) for page in pdf.pages]
    assert "西安〔U+31350〕面馆" in "".join(texts[2:])
    assert "新村〔U+31352〕渡口" in "".join(texts[2:])  # on the application form, a paper of its own
    assert [code in texts[1] for code in ("U+31350", "U+31351", "U+31352")] == [True] * 3
    assert "无法打印" not in "".join(texts)


def test_a_paper_that_cannot_be_printed_leaves_a_page_that_says_so(client, revoked, monkeypatch):
    def broken():
        raise DomainError("U+31350")

    last = (99, "last", lambda conferral, user: [Paper("x:1", "样本材料", None, broken)])
    monkeypatch.setattr(papers_module, "_sources", [*papers_module._sources, last])
    job = printed(client, "demo-officer", revoked)
    with pdfplumber.open(job.result) as pdf:
        assert "U+31350" in plain(pdf.pages[-1])


def test_the_branch_s_dossier_tells_less_than_the_discipline_committee_s(client, revoked):
    """What a person may not see on the page is not in his file either."""
    discipline, secretary = (User.objects.get(username=f"demo-{name}") for name in ("discipline", "secretary"))
    for user in (discipline, secretary):
        if not Conferral.objects.visible_to(user).filter(pk=revoked.pk).exists():
            assert printed(client, user.username, revoked).status_code == 404
            continue
        seen = {chapter.code for chapter in dossier_of(revoked, user)}
        job = printed(client, user.username, revoked)
        with pdfplumber.open(job.result) as pdf:
            said = "".join(plain(page) for page in pdf.pages)
        assert [c.title in said for c in dossier_of(revoked, user)] == [True] * len(seen)
        PrintJob.objects.all().delete()


def test_a_stranger_gets_no_dossier(client, revoked, stranger):
    client.force_login(stranger)
    assert client.get(reverse("posts:dossier_pdf", args=[revoked.pk])).status_code == 404


def test_rights_that_were_lost_meanwhile_end_the_job(client, revoked):
    client.force_login(User.objects.get(username="demo-secretary"))
    secretary = User.objects.get(username="demo-secretary")
    assert client.get(reverse("posts:dossier_pdf", args=[revoked.pk])).status_code == 302
    secretary.appointments.all().delete()
    PrintJob.objects.update(params={"conferral": 0})
    tick()
    assert PrintJob.objects.get().state == "failed"

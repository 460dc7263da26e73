"""Evidence: told by its content, harmless in its name, taken once."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from posts.domain import evidence as domain
from posts.domain.evidence import add_evidence, remove_evidence, safe_name, tell_type
from posts.domain.nominations import submit_nomination
from tests.factories import MemberFactory, make_nomination

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 40


def xlsx():
    buffer = io.BytesIO()
    Workbook().save(buffer)
    return buffer.getvalue()


def archive(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.fixture
def draft(person_kind, branch, secretary):
    return make_nomination(person_kind, branch, secretary, MemberFactory(branch=branch))


@pytest.mark.parametrize(
    ("content", "suffix"),
    [(PDF, ".pdf"), (PNG, ".png"), (JPG, ".jpg"), (xlsx(), ".xlsx"), (archive("word/document.xml"), ".docx")],
)
def test_the_type_comes_from_the_content(content, suffix):
    assert tell_type(content) == suffix


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + b"\x00" * 60,
        b"<html><script>alert(1)</script></html>",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        archive("a.txt"),
        archive("word/document.xml", "word/vbaProject.bin"),
        b"PK\x03\x04broken",
        b"hello",
        b"GIF89a" + b"\x00" * 30,
    ],
)
def test_anything_else_is_refused(content):
    with pytest.raises(DomainError):
        tell_type(content)


def test_a_zip_bomb_is_refused_without_unpacking(monkeypatch):
    monkeypatch.setattr(domain, "MAX_UNPACKED", 0)

    with pytest.raises(DomainError):
        tell_type(archive("word/document.xml"))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("..\\..\\etc\\证书.docx", "证书.pdf"),
        ("/a/b/c.pdf.exe", "c.pdf.pdf"),
        ("a\u202egpj.exe", "agpj.pdf"),
        ('a"b;c\r\n.pdf', "a_b_c.pdf"),
        ("....pdf", "佐证材料.pdf"),
        ("x" * 300, "x" * 120 + ".pdf"),
    ],
)
def test_names_are_harmless(name, safe):
    assert safe_name(name, ".pdf") == safe


def test_the_same_file_is_taken_once(draft, secretary):
    add_evidence(draft, upload=SimpleUploadedFile("a.pdf", PDF), actor=secretary)

    with pytest.raises(DomainError, match=r"a\.pdf"):
        add_evidence(draft, upload=SimpleUploadedFile("b.pdf", PDF), actor=secretary)


def test_size_and_number_are_limited(draft, secretary, settings, monkeypatch):
    settings.UPLOAD_MAX_BYTES = 10
    with pytest.raises(DomainError):
        add_evidence(draft, upload=SimpleUploadedFile("a.pdf", PDF), actor=secretary)
    settings.UPLOAD_MAX_BYTES = 1000
    monkeypatch.setattr(domain, "MAX_FILES", 0)
    with pytest.raises(DomainError):
        add_evidence(draft, upload=SimpleUploadedFile("a.pdf", PDF), actor=secretary)


def test_files_belong_to_the_paper_while_it_can_be_changed(draft, secretary, other_secretary):
    file = add_evidence(draft, upload=SimpleUploadedFile("a.pdf", PDF), actor=secretary)
    with pytest.raises(NotAllowedError):
        remove_evidence(file, actor=other_secretary)
    submit_nomination(draft, actor=secretary)

    with pytest.raises(OutOfOrderError):
        remove_evidence(file, actor=secretary)
    with pytest.raises(OutOfOrderError):
        add_evidence(draft, upload=SimpleUploadedFile("b.png", PNG), actor=secretary)


def test_a_sealed_paper_is_a_scan(draft, secretary):
    word = SimpleUploadedFile("a.docx", archive("word/document.xml"))
    with pytest.raises(DomainError, match="PDF"):
        add_evidence(draft, upload=word, actor=secretary, sealed=True)

    assert add_evidence(draft, upload=SimpleUploadedFile("a.pdf", PDF), actor=secretary, sealed=True).sealed


def test_a_removed_file_leaves_the_disk(draft, secretary, django_capture_on_commit_callbacks):
    file = add_evidence(draft, upload=SimpleUploadedFile("a.pdf", PDF), actor=secretary)
    storage, name = file.file.storage, file.file.name
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(file, actor=secretary)

    assert not storage.exists(name)

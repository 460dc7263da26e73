"""Every kind of paper: what people typed stays text, and every reader of PDF finds every letter."""

import io
import re
import subprocess

import pdfplumber
import pikepdf
import pytest

from campaigns.domain.errors import DomainError
from tests.every_paper import VECTORS, every_paper, poison

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.services, pytest.mark.timeout(600)]

SECRET = "绝密文件内容"
KINDS = 25


def text_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))


def test_what_people_typed_asks_no_server_and_reads_no_file(story, server, tmp_path):
    address, asked = server
    for name in ("img", "attachment", "a-attachment", "import.css", "link.css", "object", "content", "icc"):
        (tmp_path / name).write_text(SECRET)
    here = tmp_path.as_uri()
    poison("".join(vector.format(u=u) for u in (address, here) for vector in VECTORS.values()))

    printed, refused, reached = [], [], []
    for name, make in every_paper():
        try:
            pdf = make()
        except DomainError as error:  # too long for a plaque, say: a sentence is an answer, too
            refused.append((name, str(error)))
            continue
        printed.append(name)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert len(document.attachments) == 0, name
        said = text_of(pdf)
        assert SECRET not in said, name
        if "<imgsrc" in said:
            reached.append(name)

    assert asked == []
    assert len(reached) >= 15  # the rest hold nothing that people type
    assert len(printed) >= KINDS - 3
    assert {name for name, _error in refused} <= {"plaque"}


def test_every_paper_opens_in_poppler_and_ghostscript_with_every_letter(story, tmp_path):
    faults, seen = {}, []
    for name, make in every_paper():
        pdf = make()
        seen.append(name)
        path = tmp_path / "paper.pdf"
        path.write_bytes(pdf)
        gs = [
            "gs",
            "-q",
            "-dBATCH",
            "-dNOPAUSE",
            "-dSAFER",
            "-sDEVICE=pnggray",
            "-r40",
            f"-sOutputFile={tmp_path}/gs-%d",
        ]
        for program in (gs, ["pdftotext", "-q"], ["pdftocairo", "-png", "-r", "40"]):
            words = [*program, path, *([tmp_path / "out"] if program is not gs else [])]
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode or done.stdout or done.stderr:
                faults[name, program[0]] = done.stdout + done.stderr
        with pikepdf.open(path) as document:
            if not (document.docinfo.get("/Title") and str(document.Root.get("/Lang", ""))):
                faults[name, "title and language"] = ""
            if not document.Root.get("/MarkInfo", {}).get("/Marked"):
                faults[name, "tags"] = ""
        with pdfplumber.open(path) as document:
            letters = [char for page in document.pages for char in page.chars]
        if not letters or any(char["text"] == "\ufffd" or "cid:" in char["text"] for char in letters):
            faults[name, "text"] = ""
        fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        if any("CID TrueType" not in line or " yes yes yes" not in line for line in fonts):
            faults[name, "fonts"] = "\n".join(fonts)
    assert faults == {}
    assert len(seen) >= KINDS

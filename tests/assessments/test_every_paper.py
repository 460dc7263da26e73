"""Every kind of paper: what people typed stays text, and every reader of PDF finds every letter."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from django.test.signals import template_rendered
from pypdfium2.raw import FPDFText_CountChars, FPDFText_HasUnicodeMapError

from campaigns.domain.errors import DomainError
from tests.archived import archive_faults
from tests.every_paper import VECTORS, every_paper, known_papers, poison

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite, pytest.mark.services, pytest.mark.timeout(600)]

SECRET = "绝密文件内容"
#: An issued document is frozen; nobody puts anything into it any more. The list for the meeting has no rows that day
#: (its cells are those of the summary).
NOTHING_TYPED = {"document", "sheet:meeting-list"}
#: What goes to the wall, the wearer or the box of a vote; all else goes into the archive as PDF/A.
NOT_ARCHIVED = {
    "plaques:plaque", "plaques:badge", "plaques:proof", "plaques:joined", "ballot slips", "personal slips",
    "paper ballots", "counting sheet",
}  # fmt: skip


@pytest.fixture
def reader():
    """Papers are read by other programs while the next ones are printed."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture
def templates():
    """The templates that were set since the test began."""
    seen = set()

    def note(sender, template, **_kwargs):
        if template.name:
            seen.add(template.name)

    template_rendered.connect(note)
    yield seen
    template_rendered.disconnect(note)


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)


def typed_text(path: Path) -> tuple[str, int]:
    """What the paper says, without blanks, and how many files it carries."""
    with pikepdf.open(path) as document:
        attached = len(document.attachments)
    return re.sub(r"\s", "", run("pdftotext", "-q", path, "-").stdout), attached


def test_what_people_typed_asks_no_server_and_reads_no_file(story, server, reader, tmp_path):
    address, asked = server
    for name in ("img", "attachment", "a-attachment", "import.css", "link.css", "object", "content", "icc"):
        (tmp_path / name).write_text(SECRET)
    texts = [vector.format(u=u) for u in (address, tmp_path.as_uri()) for vector in VECTORS.values()]
    poison("".join(texts), short=f'<img src="{address}/">')

    refused, found = {}, {}
    for number, (name, make) in enumerate(every_paper(texts)):
        try:
            (path := tmp_path / f"{number}.pdf").write_bytes(make())
        except DomainError as error:  # a sentence is an answer, too
            refused[name] = str(error)
        else:
            found[name] = reader.submit(typed_text, path)
    said = {name: future.result() for name, future in found.items()}

    assert asked == []
    assert refused == {}
    assert [name for name, (text, attached) in said.items() if SECRET in text or attached] == []
    assert {name for name, (text, _attached) in said.items() if "<imgsrc" not in text} == NOTHING_TYPED


def faults_of(path: Path) -> list[str]:
    """What a reader of PDF has to say against a paper."""
    faults = []
    for words in (["pdftotext", "-q", path, "-"], ["pdftocairo", "-q", "-png", "-r", "40", path, path.with_suffix("")]):
        done = run(*words)
        if done.returncode or done.stderr or (words[0] == "pdftotext" and not done.stdout.strip()):
            faults.append(f"{words[0]}: {done.stderr}")
    with pikepdf.open(path) as document:
        if not (document.docinfo.get("/Title") and str(document.Root.get("/Lang", ""))):
            faults.append("no title or language")
        if not document.Root.get("/MarkInfo", {}).get("/Marked"):
            faults.append("no tags")
    if is_archived(path):
        faults += archive_faults(path.read_bytes())
    faults += ["a letter without its meaning"] * has_dumb_letters(path)
    fonts = run("pdffonts", path).stdout.splitlines()[2:]
    return faults + [line for line in fonts if "CID TrueType" not in line or " yes yes yes" not in line]


def is_archived(path: Path) -> bool:
    """Whether the paper claims to be PDF/A."""
    with pikepdf.open(path) as document:
        return "/OutputIntents" in document.Root


def has_dumb_letters(path: Path) -> bool:
    """Whether PDFium, a third reader, finds a letter that it cannot tell as text."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            letters = page.get_textpage()
            if "\ufffd" in letters.get_text_range() or any(
                FPDFText_HasUnicodeMapError(letters, at) for at in range(FPDFText_CountChars(letters))
            ):
                return True
    return False


def test_every_paper_opens_in_three_readers_with_every_letter(story, reader, templates, tmp_path):
    papers = {}
    for name, make in every_paper():
        (path := tmp_path / f"{len(papers)}.pdf").write_bytes(make())
        papers[name] = (path, reader.submit(faults_of, path))
    # Ghostscript reads them in one go: its start takes longer than most papers.
    files = [path for path, _future in papers.values()]
    ghostscript = run(
        "gs", "-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-sDEVICE=pgmraw", "-r40", "-o", "/dev/null", *files
    )

    assert {name: faults for name, (_path, future) in papers.items() if (faults := future.result())} == {}
    assert {name for name, (path, _future) in papers.items() if not is_archived(path)} == NOT_ARCHIVED
    assert (ghostscript.returncode, ghostscript.stdout, ghostscript.stderr) == (0, "", "")
    assert known_papers() - papers.keys() - templates == set()

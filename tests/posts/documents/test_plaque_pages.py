"""Plaques set directly against the same plaques set by the layout engine, and batches in which both are."""

import io
import subprocess

import pdfplumber
import pikepdf
import pypdfium2
import pytest
from PIL import ImageChops

from campaigns.domain.errors import DomainError
from posts.documents import plaque_pages
from posts.documents.page_tags import split_pages
from posts.documents.plaque import Look, plaque_pdf
from posts.documents.plaque_pages import PlaquePages
from tests.posts.documents.plaque_samples import LONG, SIZES, words_of

KINDS = {
    "named": {},
    "creating": {"kind": "creating"},
    "long": LONG,
    "many names": {"names": tuple(f"欧阳样{i:02}" for i in range(24))},
    "marks": {"duties": "（一）受理事项；2026年12月31日前办结100%，联系QY-2026、abc@example.cn。《条例》：" * 3},
    "paragraphs": {"duties": "负责受理。\n负责  办结\n\n负责回访", "commitment": "随叫随到"},
    "rare": {"name": "𠮷祥窗口示范岗", "names": ("赵喆", "钱㛃", "Anna Li")},
    "bare": {"content": ["post_name", "party_member_count"]},
    "no code": {"content": ["post_name", "duties", "names", "issuer", "number"], **LONG},
    "long honour": {"honour": "新时代基层党组织建设“双百双千”行动共产党员先锋模范示范岗"},
}
BOXES = ("/MediaBox", "/TrimBox", "/BleedBox")
MONGOLIAN = "ᠮᠣᠩᠭᠣᠯ"


def by_engine(monkeypatch, *args):
    with monkeypatch.context() as patched:
        patched.setattr(plaque_pages, "needs_engine", lambda _text: True)
        return plaque_pdf(*args)


def pictures(pdf):
    """Every page in three colours, drawn large and made small: the edges of letters blur, a letter elsewhere shows."""
    for page in pypdfium2.PdfDocument(pdf):
        yield page.render(scale=2800 / max(page.get_size())).to_pil().convert("RGB").reduce(3)


def unlike(one, other):
    """How many of a million values differ by a quarter of the way from black to white."""
    difference = ImageChops.difference(one, other).histogram()
    return 1e6 * sum(count for at, count in enumerate(difference) if at % 256 >= 64) / sum(difference)


def placed(pdf):
    """Of each page its letters, each with its place and size in points."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            shown = [char for char in page.chars if char["text"].strip(" \u3000")]
            shown.sort(key=lambda char: (round(char["top"] / 3), char["x0"]))
            yield [(char["text"], char["x0"], char["top"], char["size"]) for char in shown]


@pytest.mark.parametrize("size", SIZES)
def test_plaques_set_directly_look_as_the_engine_sets_them(make_plaque, monkeypatch, size):
    chosen = KINDS if size == "A4" else ("long", "marks")
    plaques, look = [make_plaque(**KINDS[kind]) for kind in chosen], Look(size)

    direct, laid_out = plaque_pdf(plaques, look), by_engine(monkeypatch, plaques, look)

    found = list(map(unlike, pictures(direct), pictures(laid_out)))
    assert {kind: share for kind, share in zip(chosen, found, strict=True) if share > 250} == {}


@pytest.mark.parametrize("size", SIZES)
def test_every_letter_stands_where_the_engine_sets_it(make_plaque, monkeypatch, size):
    plaques, look = [make_plaque(**fields) for fields in KINDS.values()], Look(size)

    direct, laid_out = (list(placed(pdf)) for pdf in (plaque_pdf(plaques, look), by_engine(monkeypatch, plaques, look)))

    for kind, one, other in zip(KINDS, direct, laid_out, strict=True):
        assert [char[0] for char in one] == [char[0] for char in other], kind
        assert [char[1:] for char in one] == [pytest.approx(char[1:], abs=0.15) for char in other], kind


def test_a_design_of_the_site_looks_the_same_both_ways(make_plaque, monkeypatch, settings, tmp_path):
    settings.PLAQUE_DESIGNS_DIR = tmp_path
    (tmp_path / "blue").mkdir()
    colours = 'label = "蓝"\ntext = "#660000"\naccent = "#006600"\nfaint = "#000066"\n'
    (tmp_path / "blue" / "design.toml").write_text(colours + 'title = ["#0000aa", "#0000aa", "#0000aa"]\n')
    (tmp_path / "blue" / "art.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{{ left }} {{ top }} {{ full_width }} {{ full_height }}">'
        '<rect x="-99" y="-99" width="9999" height="9999" fill="#eef2ff"/>'
        '{% include "documents/designs/_title.svg" %}</svg>'
    )
    plaques, look = [make_plaque()], Look("20x10", "blue", marks=True)

    direct, laid_out = plaque_pdf(plaques, look), by_engine(monkeypatch, plaques, look)

    assert unlike(*(next(pictures(pdf)) for pdf in (direct, laid_out))) <= 250
    with pikepdf.open(io.BytesIO(direct)) as one, pikepdf.open(io.BytesIO(laid_out)) as other:
        edges = [[list(map(float, pdf.pages[0].obj[box])) for box in BOXES] for pdf in (one, other)]
    assert edges[0] == edges[1]


def test_a_long_batch_is_set_directly_in_order_and_is_the_same_again(make_plaque):
    plaques = [make_plaque(number=f"QY-2026-P-{i:03}", names=[f"李样{chr(0x4E01 + i)}"]) for i in range(60)]

    pdf = plaque_pdf(plaques)

    with pdfplumber.open(io.BytesIO(pdf)) as document:
        texts = [page.extract_text() for page in document.pages]
    assert [f"QY-2026-P-{i:03}" in text and f"李样{chr(0x4E01 + i)}" in text for i, text in enumerate(texts)] == [
        True
    ] * 60
    assert len(pdf) < 60 * 6_000
    assert plaque_pdf(plaques) == pdf


def test_only_plaques_whose_letters_join_are_left_to_the_engine(make_plaque, monkeypatch):
    names = ["综合窗口", MONGOLIAN, "档案窗口", "服务窗口"]
    plaques = [make_plaque(name=name, number=f"QY-{number}") for number, name in enumerate(names)]
    laid_out = []
    lay_out = PlaquePages.lay_out
    monkeypatch.setattr(PlaquePages, "lay_out", lambda self, some: laid_out.extend(some) or lay_out(self, some))

    pdf = plaque_pdf(plaques)

    assert [sheet["number"] for sheet in laid_out] == ["QY-1"]
    assert [f"QY-{number}" in words_of(pdf, number) for number in range(4)] == [True] * 4
    assert plaque_pdf(plaques) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert [int(page.obj.StructParents) for page in document.pages] == [0, 1, 2, 3]
        assert [[str(kid.S) for kid in top.K] for top in document.Root.StructTreeRoot.K] == [
            ["/Sect"],
            ["/Sect"],
            ["/Sect", "/Sect"],
        ]
    for number, file in enumerate(split_pages(pdf, names)):
        with pikepdf.open(io.BytesIO(file)) as document:
            assert [str(kid.S) for kid in document.Root.StructTreeRoot.K[0].K] == ["/Sect"], number


def test_a_plaque_is_tagged_in_reading_order_and_copies_out_right(make_plaque):
    pdf = plaque_pdf([make_plaque(names=("赵喆", "钱㛃"), name="𠮷祥窗口")])

    with pikepdf.open(io.BytesIO(pdf)) as document:
        section = document.Root.StructTreeRoot.K[0].K[0]
        rows = section.K[1].K
        assert [str(kid.S) for kid in section.K] == ["/H1", "/L", "/P", "/P", "/P"]
        assert [[str(kid.S) for kid in row.K] for row in rows] == [["/Lbl", "/LBody"]] * 4
        marks = document.Root.StructTreeRoot.ParentTree.Nums[1]
        assert [mark.K for mark in marks] == list(range(12))
        assert (str(document.Root.Lang), str(document.docinfo["/Title"])) == ("zh-Hans", "党员示范岗")
        assert "/Marked" in document.Root.MarkInfo
        assert "/OutputIntents" not in document.Root  # no claim to be PDF/A: crop marks are in the fourth colour
    copied = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    lines = [" ".join(line.split()) for line in copied.stdout.decode().splitlines() if line.strip()]
    told = ["党员示范岗", "岗位名称 𠮷祥窗口", "工作职责 受理、办结、回访", "岗位党员 2 名 赵喆 钱㛃"]
    assert [line for line in lines if line in told] == told


def test_a_character_that_no_face_has_is_named_with_its_words(make_plaque):
    with pytest.raises(DomainError, match=r"综合.*U\+E123"):
        plaque_pdf([make_plaque(), make_plaque(name="综合\ue123窗口")])


def test_each_file_of_a_batch_has_its_own_drawing_and_words(make_plaque):
    plaques = [make_plaque(), make_plaque(honour="党员先锋岗"), make_plaque(kind="creating")]

    files = split_pages(plaque_pdf(plaques), ["a", "b", "c"])

    assert [words_of(file).splitlines()[0] for file in files] == ["党员示范岗", "党员先锋岗", "创建党员示范岗"]
    for file in files:
        with pikepdf.open(io.BytesIO(file)) as document:
            assert len(document.pages[0].Resources.XObject) == 1
            assert [str(kid.S) for kid in document.Root.StructTreeRoot.K[0].K[0].K][:2] == ["/H1", "/L"]

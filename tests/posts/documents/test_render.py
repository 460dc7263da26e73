"""The PDF engine: what comes out, and everything that must not get in."""

import base64
import contextlib
import io

import pdfplumber
import pikepdf
import pytest

from campaigns.domain.errors import DomainError
from posts.checks import check_fonts
from posts.documents import fonts
from posts.documents.fetcher import LockedFetcher
from posts.documents.render import MAX_PARAGRAPH, html_to_pdf
from tests.every_paper import VECTORS

PAGE = '<!DOCTYPE html><html lang="zh-Hans"><head><title>{title}</title></head><body>{body}</body></html>'
SECRET = "绝密文件内容"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="
)


def page(body, title="样张"):
    return PAGE.format(title=title, body=body)


def text_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return "\n".join(sheet.extract_text() for sheet in document.pages)


def test_chinese_text_comes_back_from_the_text_layer():
    pdf = html_to_pdf(page("<p>青样镇便民服务中心 赵样甲 喆堃玥翀</p>"))

    assert "青样镇便民服务中心 赵样甲 喆堃玥翀" in text_of(pdf)


def test_the_same_input_gives_the_same_bytes():
    assert html_to_pdf(page("<p>公示</p>")) == html_to_pdf(page("<p>公示</p>"))


def test_a_pdf_has_title_language_tags_and_embedded_fonts():
    with pikepdf.open(io.BytesIO(html_to_pdf(page("<h1>公示</h1><p>名单</p>", title="公示样张")))) as pdf:
        assert str(pdf.docinfo["/Title"]) == "公示样张"
        assert str(pdf.Root.Lang) == "zh-Hans"
        assert pdf.Root.MarkInfo.Marked
        fonts_used = pdf.pages[0].Resources.Font
        names = [str(font.DescendantFonts[0].FontDescriptor.FontName) for font in fonts_used.values()]
    assert sorted(name.split("+")[1] for name in names) == ["SFG-Hei", "SFG-Hei-Bold"]


def test_a_character_that_no_font_has_is_named_with_its_place():
    with pytest.raises(DomainError, match="U\\+31350") as caught:
        html_to_pdf(page("<p>西安\U00031350面馆示范岗</p>"))
    assert "西安\U00031350" in str(caught.value)


def test_a_rare_character_of_a_name_is_printed():
    assert "𠮷" in text_of(html_to_pdf(page("<p>𠮷野样甲</p>")))


def test_a_paragraph_beyond_all_measure_is_refused():
    with pytest.raises(DomainError, match=str(MAX_PARAGRAPH)):
        html_to_pdf(page("<p>" + "长" * (MAX_PARAGRAPH + 1) + "</p>"))


def test_a_bottomless_nesting_is_refused():
    with pytest.raises(DomainError):
        html_to_pdf(page("<div>" * 3000 + "深" + "</div>" * 3000))


@pytest.mark.parametrize("name", VECTORS)
def test_no_document_asks_a_server(name, server):
    address, asked = server

    with contextlib.suppress(DomainError):  # a colour profile: the whole document is refused
        html_to_pdf(page(VECTORS[name].format(u=address)))

    assert asked == []


@pytest.mark.parametrize("name", VECTORS)
def test_no_document_reads_a_file_of_the_server(name, tmp_path):
    (tmp_path / "img").write_text(SECRET)
    for path in ("attachment", "a-attachment", "import.css", "link.css", "object", "content"):
        (tmp_path / path).write_text(SECRET)

    pdf = html_to_pdf(page("<p>x</p>"))
    with contextlib.suppress(DomainError):
        pdf = html_to_pdf(page(VECTORS[name].format(u=tmp_path.as_uri())))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.attachments) == 0
    assert SECRET.encode() not in pdf
    assert SECRET not in text_of(pdf)


@pytest.mark.parametrize("address", ["file:///etc/hostname", "http://127.0.0.1:9/p.icc"])
def test_a_colour_profile_is_refused_too(address):
    rule = f"@color-profile device-cmyk {{ src: url({address}); components: c, m, y, k }}"
    with pytest.raises(DomainError):
        html_to_pdf(page("<p>x</p>"), sheets=[rule])


def test_stylesheets_are_locked_too(server):
    address, asked = server

    html_to_pdf(page("<p>x</p>"), sheets=[f"@import url({address}/x.css); p {{ background: url({address}/bg) }}"])

    assert asked == []


def test_what_was_handed_over_is_loaded():
    fetcher = LockedFetcher({"pixel": PIXEL})

    assert fetcher.fetch("asset:pixel").read() == PIXEL
    assert fetcher.fetch("data:image/png;base64," + base64.b64encode(PIXEL).decode()).read() == PIXEL


@pytest.mark.parametrize(
    "url",
    [
        "asset:other",
        "data:text/html,<b>x</b>",
        "data:image/svg+xml;base64,***",
        "data:image/png;base64," + base64.b64encode(b"x" * 500_001).decode(),
        "file:///etc/hostname",
        "FILE:///etc/hostname",
        "http://127.0.0.1/",
        "ftp://127.0.0.1/",
    ],
)
def test_everything_else_is_refused(url):
    with pytest.raises(ValueError, match="refused"):
        LockedFetcher({}).fetch(url)


def test_a_missing_family_is_said_plainly():
    with pytest.raises(fonts.FontMissingError, match="No Such Family"):
        fonts.find_face("No Such Family")


def test_the_system_check_finds_the_families_here():
    assert check_fonts(None) == []

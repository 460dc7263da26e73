"""Sheets that are laid out once and stamped with codes: every code in its place, and nothing else different."""

import io

import pdfplumber
import pikepdf
import pytest
import zxingcpp

from posts.documents.fonts import HEI
from posts.documents.render import html_to_pdf
from posts.documents.stamps import Sheet, Stamp, stamp_sheets
from posts.documents.type_case import cast_letters

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
HTML = """<html lang="zh-Hans"><head><title>测评票</title>
<style>@page { size: A4; margin: 0 } p { margin: 20mm } p + p { break-before: page }</style>
</head><body><p>甲页</p><p>乙页</p></body></html>"""


@pytest.fixture(scope="module")
def stamped():
    laid_out, letters = html_to_pdf(HTML, tagged=False), cast_letters(LETTERS, families=f"'{HEI}'", weight=700)
    return lambda *sheets: stamp_sheets(laid_out, sheets, letters=letters, size=14)


def stamp(word, top=50.0):
    return Stamp(f"https://sfg.example.cn/v/#{word}", (60, top, 40), (word[:4], word[4:]), (20, top + 10, 6))


def pages_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [(page.extract_text(), page.to_image(resolution=150).original) for page in document.pages]


def test_sheets_come_in_their_order_each_with_its_own_codes(stamped):
    sheets = [Sheet(0, [stamp("ABCD1234")]), Sheet(1, [stamp("WXYZ5678")]), Sheet(0, [stamp("0000ZZZZ")])]
    pages = pages_of(stamped(*sheets))

    assert [text.split() for text, _image in pages] == [
        ["甲页", "ABCD", "1234"],
        ["乙页", "WXYZ", "5678"],
        ["甲页", "0000", "ZZZZ"],
    ]
    found = [[code.text for code in zxingcpp.read_barcodes(image)] for _text, image in pages]
    assert found == [[f"https://sfg.example.cn/v/#{word}"] for word in ("ABCD1234", "WXYZ5678", "0000ZZZZ")]


def test_every_letter_of_the_type_is_printed_as_itself(stamped):
    pdf = stamped(Sheet(0, [stamp(LETTERS)]))
    assert pages_of(pdf)[0][0].split() == ["甲页", LETTERS[:4], LETTERS[4:]]


def test_code_stands_where_it_was_wanted(stamped):
    pdf = stamped(Sheet(0, [stamp("ABCD1234", top=100)]))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        first, second = (next(w for w in page.extract_words() if w["text"] == text) for text in ("ABCD", "1234"))
        image = page.to_image(resolution=254).original  # ten pixels to the millimetre
    mm = 72 / 25.4
    assert first["x0"] / mm == pytest.approx(20, abs=0.5)
    assert (second["top"] - first["top"]) / mm == pytest.approx(6, abs=0.05)
    (code,) = zxingcpp.read_barcodes(image)
    n_modules = 29 + 8  # a version 3 code and its quiet zone
    quiet = 40 * 4 / n_modules
    assert code.position.top_left.x / 10 == pytest.approx(60 + quiet, abs=0.5)
    assert code.position.top_left.y / 10 == pytest.approx(100 + quiet, abs=0.5)
    assert code.position.bottom_right.x / 10 == pytest.approx(100 - quiet, abs=0.5)


def test_same_sheets_give_the_same_bytes_and_keep_title_and_language(stamped):
    one, two = (stamped(*[Sheet(0, [stamp("ABCD1234")])] * 3) for _unused in range(2))
    assert one == two
    with pikepdf.open(io.BytesIO(one)) as pdf:
        assert (str(pdf.docinfo["/Title"]), str(pdf.Root.Lang)) == ("测评票", "zh-Hans")
        assert len(pdf.pages) == 3


def test_a_readers_voice_finds_the_words_and_every_code(stamped):
    pdf = stamped(Sheet(0, [stamp("ABCD1234"), stamp("WXYZ5678", top=150)]), Sheet(1, [stamp("0000ZZZZ")]))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        tops = document.Root.StructTreeRoot.K[0].K
        assert document.Root.MarkInfo.Marked is True
        assert [(str(top.S), document.pages.index(pikepdf.Page(top.Pg))) for top in tops] == [
            *[("/P", 0)] * 3,
            *[("/P", 1)] * 2,
        ]

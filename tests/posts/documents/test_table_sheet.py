import io

import pdfplumber
import pytest

from posts.documents.table_sheet import SheetColumn, table_pdf

COLUMNS = [SheetColumn("编号", 3, centered=True), SheetColumn("岗位名称", 8), SheetColumn("备注", 5)]


def pages_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [(page.width > page.height, page.extract_text()) for page in document.pages]


def test_a_long_table_repeats_its_head_and_numbers_its_pages():
    rows = [(i, f"样本岗位{i:03}", None) for i in range(1, 101)]

    pages = pages_of(table_pdf("示范岗台账", COLUMNS, rows, foot="128 0123456789abcdef"))

    assert len(pages) > 1
    for number, (_wide, text) in enumerate(pages, 1):
        assert "岗位名称" in text
        assert f"{number} / {len(pages)}" in text
        assert "128 0123456789abcdef" in text
    assert [f"样本岗位{i:03}" in "".join(text for _wide, text in pages) for i in (1, 50, 100)] == [True] * 3


def test_a_table_can_lie_on_its_side_and_escapes_what_people_typed():
    wide, text = pages_of(table_pdf("台账", COLUMNS, [(1, "<b>岗</b>", "a & b")], landscape=True))[0]

    assert wide
    assert "<b>岗</b>" in text


def test_a_row_of_the_wrong_length_is_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        table_pdf("台账", COLUMNS, [(1, 2)])

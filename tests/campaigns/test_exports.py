import tracemalloc
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from campaigns.domain.exports import Column, clean_text, write_xlsx, write_xlsx_file


def read_back(data):
    return CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python(skip_empty_area=False)


@given(st.text(min_size=1, max_size=40))
@example("=HYPERLINK(1)")
@example("+86 0000")
@example("-1+1")
@example("@SUM(A1)")
@example("\t=1")
@example("#N/A")
@example("=")
@example("_x0041_")
@example("\x00\x1b[31m")
@example("  两边有空格  ")
@example("行一\r\n行二")
@example("110101199001011234")
@settings(max_examples=150, deadline=None)
def test_a_text_comes_out_as_the_same_text_and_never_as_a_formula(text):
    data = write_xlsx(["备注"], [[text, "end"]])

    cell = load_workbook(BytesIO(data)).active["A2"]
    assert cell.data_type in ("s", "inlineStr", "n" if clean_text(text) == "" else "s")
    assert "<f>" not in ZipFile(BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert read_back(data)[1][0] == clean_text(text)


def test_dates_numbers_and_blanks_keep_their_kind():
    moment = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    data = write_xlsx(["a", "b", "c", "d", "e"], [[date(2010, 7, 1), 12, None, "007", moment]])

    assert read_back(data)[1] == [date(2010, 7, 1), 12.0, "", "007", moment.replace(hour=17, tzinfo=None)]


def test_numbers_too_long_for_excel_become_texts():
    assert read_back(write_xlsx(["编号"], [[110101199001011234]]))[1] == ["110101199001011234"]


def test_a_column_with_fixed_words_offers_them():
    sheet = load_workbook(BytesIO(write_xlsx([Column("性别", choices=["男", "女"])], []))).active

    assert [(str(v.sqref), v.formula1) for v in sheet.data_validations.dataValidation] == [("A2:A60001", '"男,女"')]


@pytest.mark.parametrize("title", ["党员/名册", "a" * 40])
def test_a_sheet_gets_a_lawful_title(title):
    sheet = load_workbook(BytesIO(write_xlsx(["a"], [], title=title))).active

    assert "/" not in sheet.title
    assert len(sheet.title) <= 31


def test_a_long_file_is_written_in_flat_memory():
    def peak(rows):
        tracemalloc.start()
        file = write_xlsx_file(["编号", "说明"], ([n, f"第{n}行"] for n in range(rows)), title="台账", about="A&B")
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        file.close()
        return used

    peak(10)  # what is loaded once
    assert peak(10_000) < 1.5 * peak(1_000)

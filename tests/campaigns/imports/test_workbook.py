import struct
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from campaigns.domain.errors import DomainError
from campaigns.domain.imports import workbook as workbook_module
from campaigns.domain.imports.jobs import LISTS
from campaigns.domain.imports.template import EXPLANATION, template_workbook
from campaigns.models import ImportJob
from tests.campaigns.imports.helpers import MEMBER_HEADINGS, as_bytes, good, upload, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def refused(committee, branch, officer):
    """The sentence with which a file is refused."""

    def run(data):
        with pytest.raises(DomainError) as error:
            upload(data, org_unit=committee, actor=officer)
        assert error.value.field == "file"
        assert ImportJob.objects.count() == 0
        return str(error.value)

    return run


def zipped(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"%PDF-1.7\n1 0 obj", "This is a PDF file, whatever its name says."),
        (bytes.fromhex("89504e470d0a1a0a0000000d49484452"), "This is a PNG file, whatever its name says."),
        ("党员编号,姓名\n1,赵样甲\n".encode(), "This is not an Excel workbook (.xlsx)."),
        ("党员编号,姓名\n1,赵样甲\n".encode("gb18030"), "This is not an Excel workbook (.xlsx)."),
        (OLE + b"\0" * 600, "This is a file of an old Office format (.xls)."),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "The file is protected by a password."),
        (zipped(word__document_xml="<w/>"), "This is not an Excel workbook (.xlsx)."),
        (b"PK\x03\x04" + b"\0" * 300, "The workbook is damaged and cannot be read."),
        (zipped(xl__workbook_xml="<nonsense/>"), "The workbook is damaged and cannot be read."),
        (workbook(good())[:-400], "The workbook is damaged and cannot be read."),
        (zipped(xl__workbook_xml="<w/>", xl__worksheets__sheet1_xml="0" * 60_000_000), "Unpacked, the workbook is"),
    ],
)
def test_a_file_that_is_no_workbook_is_refused_by_its_content(refused, data, sentence):
    assert refused(data).startswith(sentence)


def test_a_bomb_that_lies_about_its_size_is_refused(refused):
    bomb = bytearray(zipped(xl__workbook_xml="<w/>", xl__worksheets__sheet1_xml="0" * 60_000_000))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = bomb.rfind(signature)
        bomb[place + offset : place + offset + 4] = struct.pack("<I", 1000)

    assert refused(bytes(bomb)).startswith("Unpacked, the workbook is far too big.")


def test_a_file_above_the_limit_is_refused(refused, settings):
    settings.UPLOAD_MAX_BYTES = 2000

    assert refused(workbook(good())).startswith("The file has 1 MB; at most 0 MB can be taken.")


def test_too_many_rows_are_refused(refused, monkeypatch):
    monkeypatch.setattr(workbook_module, "MAX_ROWS", 2)

    assert refused(workbook(*[good()] * 3)) == ("The sheet has 3 rows; at most 2 can be taken at once. Split the file.")


def changed(change):
    book = load_workbook(BytesIO(workbook(good())))
    change(book, book.active)
    return as_bytes(book)


def test_formulas_and_error_cells_are_refused(refused):
    assert refused(changed(lambda book, sheet: sheet.__setitem__("B2", "=A2"))).startswith("Cell B2 holds a formula.")

    def set_error(book, sheet):
        sheet["C2"] = "#N/A"
        sheet["C2"].data_type = "e"

    assert refused(changed(set_error)) == "Cell C2 shows an error of Excel. Put it right."


def test_merged_cells_are_refused(refused):
    assert refused(changed(lambda book, sheet: sheet.merge_cells("A1:B1"))).startswith(
        "The sheet has merged cells, first in row 1."
    )


def test_a_workbook_that_counts_from_1904_is_refused(refused):
    from openpyxl.utils.datetime import MAC_EPOCH

    assert refused(changed(lambda book, sheet: setattr(book, "epoch", MAC_EPOCH))).startswith(
        "The workbook counts its dates from 1904."
    )


def test_the_sheet_is_found_by_name_or_is_the_only_one(committee, branch, officer, refused):
    assert upload(workbook(good(), sheet="随便"), org_unit=committee, actor=officer).n_new == 1
    ImportJob.objects.all().delete()
    book = load_workbook(BytesIO(workbook(good(), sheet="甲")))
    book.create_sheet("乙")

    assert refused(as_bytes(book)).startswith("No sheet is named “党员名册”. The workbook has: 甲、乙.")


@pytest.mark.parametrize(
    ("headings", "sentence"),
    [
        ([*MEMBER_HEADINGS, "身份证号"], "Unknown heading “身份证号” in column J."),
        ([*MEMBER_HEADINGS[:5], "类别", *MEMBER_HEADINGS[6:]], "Unknown heading “类别” in column F."),
        ([*MEMBER_HEADINGS, "姓名"], "The heading “姓名” stands there twice."),
        ([*MEMBER_HEADINGS, "党支部"], "The heading “党支部” stands there twice."),
        (["党员编号", "性别"], "Row 1 lacks the heading “姓名、党支部代码、党员类别、入党时间”."),
    ],
)
def test_wrong_headings_are_named(refused, headings, sentence):
    assert refused(workbook(good(), headings=headings)).startswith(sentence)


def test_blanks_and_stars_around_headings_do_no_harm(committee, branch, officer):
    headings = [f" {heading}* " for heading in MEMBER_HEADINGS]

    assert upload(workbook(good(), headings=headings), org_unit=committee, actor=officer).n_new == 1


def test_a_title_above_the_headings_is_refused(refused):
    assert refused(changed(lambda book, sheet: sheet.insert_rows(1))).startswith("The headings must stand in row 1")


def test_values_without_a_heading_are_not_dropped_in_silence(committee, branch, officer):
    job = upload(workbook([*good(), "备注"]), org_unit=committee, actor=officer)

    assert [(e["row"], e["column"], e["error"]) for e in job.errors] == [(2, "J", "Column J has no heading in row 1.")]


def test_a_list_without_rows_is_refused(refused):
    assert refused(workbook()) == "The list has no rows below the headings."


@pytest.mark.parametrize("kind", LISTS)
def test_the_template_has_headings_words_and_an_explanation(kind):
    list_class = LISTS[kind]
    book = load_workbook(BytesIO(template_workbook(list_class)))

    assert book.sheetnames == [list_class.sheet, EXPLANATION]
    sheet = book[list_class.sheet]
    assert [cell.value for cell in sheet[1]] == [column.heading for column in list_class.columns]
    words = [column.choices for column in list_class.columns if column.choices]
    assert [v.formula1 for v in sheet.data_validations.dataValidation] == [f'"{",".join(w)}"' for w in words]
    assert all(len(v.formula1) <= 257 for v in sheet.data_validations.dataValidation)


def test_a_filled_template_is_taken(committee, branch, officer):
    book = load_workbook(BytesIO(template_workbook(LISTS["members"])))
    for number, value in enumerate(good(), 1):
        book["党员名册"].cell(2, number).value = value

    assert upload(as_bytes(book), org_unit=committee, actor=officer).n_new == 1


def test_an_empty_workbook_is_refused(refused):
    assert refused(as_bytes(Workbook())).startswith("The headings must stand in row 1")

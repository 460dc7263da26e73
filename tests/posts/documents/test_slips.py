import io

import pdfplumber
import pypdfium2
import zxingcpp

from posts.documents.slips import slips_pdf

CODES = [f"9MK6-DYNH-{i:04}" for i in range(23)]
ADDRESS = "https://sfg.example.cn/v/"


def test_ten_slips_stand_on_a_sheet_with_their_codes():
    with pdfplumber.open(io.BytesIO(slips_pdf("综合窗口示范岗测评票", CODES, ADDRESS))) as document:
        texts = [page.extract_text() for page in document.pages]

    assert [sum(code in text for code in CODES) for text in texts] == [10, 10, 3]
    assert "sfg.example.cn/v" in texts[0]


def test_each_code_can_be_read_and_leads_to_its_ballot():
    page = pypdfium2.PdfDocument(slips_pdf("测评票", CODES[:10], ADDRESS))[0]

    found = zxingcpp.read_barcodes(page.render(scale=3).to_pil())

    assert sorted(code.text for code in found) == sorted(f"{ADDRESS}#{code}" for code in CODES[:10])


def test_slips_carry_no_serial_number():
    with pdfplumber.open(io.BytesIO(slips_pdf("测评票", ["AAAA-BBBB-CCCC", "DDDD-EEEE-FFFF"], ADDRESS))) as document:
        text = document.pages[0].extract_text()

    assert "0001" not in text
    assert "第" not in text

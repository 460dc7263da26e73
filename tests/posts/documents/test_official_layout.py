"""The layout of GB/T 9704-2012, measured in the file: text by its characters, rules and red by their ink."""

import io
import itertools
import re
import subprocess
from datetime import date
from functools import cache

import pdfplumber
import pikepdf
import pypdfium2
import pytest

from campaigns.domain.errors import DomainError
from posts.documents.official_layout import official_pdf
from posts.documents.official_paper import Annex, Column, Corner, Imprint, OfficialPaper
from posts.documents.qr import qr_svg

MM = 72 / 25.4
TOP, LEFT, RIGHT, BOTTOM = 37, 28, 184, 262
SENTENCE = "各党支部要认真落实党员示范岗考核办法，按期组织群众满意度测评，测评满意率低于80%的限期整改。"
ROWS = [[str(n), f"窗口{n}号", "青样镇便民服务中心党支部", f"李样{n}、陈样{n}"] for n in range(1, 501)]
COLUMNS = [Column("序号", centered=True), Column("岗位名称"), Column("所在党组织"), Column("岗位党员")]


def paper(**fields):
    facts = {
        "title": "关于命名2026年度“党员示范岗”的决定",
        "text": "根据有关规定，决定如下。\n一、命名对象\n（一）个人岗位\n" + SENTENCE * 24,
        "signer": "中共示例县青样镇委员会",
        "day": date(2026, 7, 1),
        "letterhead": "中共示例县青样镇委员会文件",
        "number": "青样委发〔2026〕8号",
        "addressee": "各党支部，镇直各单位：",
        "imprint": Imprint("中共示例县青样镇委员会办公室", date(2026, 7, 2), "县委组织部，各村（社区）党支部"),
    }
    return OfficialPaper(**facts | fields)


@cache
def made(name="whole"):
    return official_pdf(PAPERS[name])


PAPERS = {
    "whole": paper(),
    "plain": paper(letterhead="", number="", imprint=None, addressee="", text=SENTENCE, sealed=False),
    "annexed": paper(text=SENTENCE, annexes=[Annex("命名名单", COLUMNS, ROWS), Annex("考核办法", text=SENTENCE * 3)]),
}


def pages_of(name="whole"):
    with pdfplumber.open(io.BytesIO(made(name))) as document:
        return [page.chars for page in document.pages]


def lines_of(chars, *, size=16):
    """The characters of that size by line, top down; the page number is in another size."""
    rows = {}
    for char in chars:
        if abs(char["size"] - size) < 0.2:
            rows.setdefault(round(char["matrix"][5], 1), []).append(char)
    return [sorted(rows[y], key=lambda char: char["x0"]) for y in sorted(rows, reverse=True)]


def text_of(line):
    return "".join(char["text"] for char in line)


def middle(line):
    """The middle of the em box from the top of the page, in mm: the baseline lies 0.38 em below it."""
    return (841.89 - line[0]["matrix"][5]) / MM - 0.38 * line[0]["size"] / MM


@cache
def picture(name, page):
    """The page at 300 dots an inch."""
    document = pypdfium2.PdfDocument(made(name))
    image = document[page].render(scale=300 / 72).to_pil().convert("RGB")
    document.close()
    return image


def rows_with(name, page, is_ink, *, first=0, last=297, left=0, right=210):
    """The rows in mm from the top, between ``first`` and ``last``, that have such ink, with how many dots."""
    image = picture(name, page)
    dot = 25.4 / 300
    found = []
    box = image.crop((int(left / dot), int(first / dot), int(right / dot), int(last / dot)))
    pixels = box.load()
    for y in range(box.height):
        dots = sum(is_ink(*pixels[x, y]) for x in range(0, box.width, 2))
        if dots:
            found.append((first + y * dot, dots * 2 * dot))
    return found


def is_red(r, g, b):
    return r > 150 and g < 110 and b < 120


def is_black(r, g, b):
    return r < 110 and g < 110 and b < 110


def test_page_is_a4():
    with pdfplumber.open(io.BytesIO(made())) as document:
        sizes = {(round(page.width / MM, 1), round(page.height / MM, 1)) for page in document.pages}
    assert sizes == {(210.0, 297.0)}


def test_full_page_has_22_lines_of_28_characters():
    lines = lines_of(pages_of()[1])
    assert len(lines) == 22
    full = [line for line in lines if all(not char["text"].isascii() for char in line)]
    assert {len(line) for line in full if len(line) > 26} <= {27, 28, 29}
    assert 28 in {len(line) for line in full}


def test_lines_fill_the_text_area_from_edge_to_edge():
    for line in lines_of(pages_of()[1]):
        assert line[0]["x0"] / MM == pytest.approx(LEFT, abs=0.3)
        assert line[-1]["x1"] / MM == pytest.approx(RIGHT, abs=0.3)


def test_line_pitch_is_the_22nd_part_of_the_text_area():
    lines = lines_of(pages_of()[1])
    pitches = [middle(b) - middle(a) for a, b in itertools.pairwise(lines)]
    assert max(abs(pitch - 225 / 22) for pitch in pitches) < 0.1
    assert middle(lines[0]) == pytest.approx(TOP + 225 / 44, abs=0.3)
    assert middle(lines[-1]) == pytest.approx(BOTTOM - 225 / 44, abs=0.3)


def test_faces_and_sizes_are_those_of_the_standard():
    first = pages_of()[0]
    faces = {}
    for char in first:
        faces.setdefault(text_family(char), set()).add(round(char["size"]))
    assert faces["BiaoSong"] >= {22}
    assert 16 in faces["FangSong"]
    assert 16 in faces["Hei"]
    assert 16 in faces["Kai"]


def text_family(char):
    return char["fontname"].split("SFG-")[-1]


def test_letterhead_begins_72_mm_below_the_edge_in_red():
    rows = rows_with("whole", 0, is_red)
    assert rows[0][0] == pytest.approx(72, abs=0.5)


def test_red_line_is_4_mm_below_the_number_and_as_wide_as_the_text():
    wide = [(y, width) for y, width in rows_with("whole", 0, is_red) if width > 150]
    assert max(width for _y, width in wide) == pytest.approx(156, abs=1)
    number = next(line for line in lines_of(pages_of()[0]) if "〔2026〕" in text_of(line))
    bottom = [y for y, _w in rows_with("whole", 0, is_black, first=middle(number) - 4, last=middle(number) + 4)][-1]
    assert wide[0][0] - bottom == pytest.approx(4, abs=0.5)
    assert (number[0]["x0"] + number[-1]["x1"]) / 2 / MM == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_number_stands_two_lines_below_the_letterhead():
    number = next(line for line in lines_of(pages_of()[0]) if "〔2026〕" in text_of(line))
    letterhead_ends = [y for y, w in rows_with("whole", 0, is_red, last=middle(number))][-1]
    assert middle(number) - letterhead_ends == pytest.approx(2.5 * 225 / 22, abs=0.5)


def test_title_stands_two_lines_below_the_red_line_in_the_middle():
    title = lines_of(pages_of()[0], size=22)[0]
    rule = [y for y, width in rows_with("whole", 0, is_red) if width > 150][-1]
    assert middle(title) - 35 / 2 / MM - rule == pytest.approx(2 * 225 / 22, abs=1)
    assert (title[0]["x0"] + title[-1]["x1"]) / 2 / MM == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_addressee_stands_one_line_below_the_title_at_the_left_edge():
    title = lines_of(pages_of()[0], size=22)[-1]
    addressee = next(line for line in lines_of(pages_of()[0]) if text_of(line).startswith("各党支部"))
    assert addressee[0]["x0"] / MM == pytest.approx(LEFT, abs=0.3)
    gap = middle(addressee) - PITCH / 2 - (middle(title) + 35 / 2 / MM)
    assert gap == pytest.approx(PITCH, abs=0.5)


PITCH = 225 / 22


def test_paragraphs_are_two_characters_in():
    cell = 156 / 28
    for line in lines_of(pages_of()[0]):
        if text_of(line).startswith(("根据有关规定", "一、", "（一）")):
            assert line[0]["x0"] / MM == pytest.approx(LEFT + 2 * cell, abs=0.5)


@pytest.mark.parametrize("page", [0, 1])
def test_page_number_stands_7_mm_below_the_text_outside(page):
    digits = [char for char in pages_of()[page] if abs(char["size"] - 14) < 0.2 and char["top"] > 745]
    text = "".join(char["text"] for char in sorted(digits, key=lambda char: char["x0"]))
    assert text.replace(" ", "") == f"—{page + 1}—"
    dashes = rows_with("whole", page, is_black, first=264, last=275)
    widest = max(dashes, key=lambda row: row[1])[0]
    assert widest == pytest.approx(BOTTOM + 7, abs=1)
    left, right = min(c["x0"] for c in digits) / MM, max(c["x1"] for c in digits) / MM
    if page == 0:
        assert RIGHT - right == pytest.approx(14 / MM, abs=1)
    else:
        assert left - LEFT == pytest.approx(14 / MM, abs=1)


def test_sealed_date_leaves_four_characters_and_the_organ_is_centred_on_it():
    page = next(p for p in pages_of() if any("2026年7月1日" in text_of(line) for line in lines_of(p)))
    lines = lines_of(page)
    date_line = next(line for line in lines if text_of(line) == "2026年7月1日")
    organ = lines[lines.index(date_line) - 1]
    assert RIGHT - date_line[-1]["x1"] / MM == pytest.approx(4 * 156 / 28, abs=1)
    centre = [(line[0]["x0"] + line[-1]["x1"]) / 2 / MM for line in (date_line, organ)]
    assert centre[0] == pytest.approx(centre[1], abs=1)
    before = lines[lines.index(organ) - 1]
    assert middle(organ) - middle(before) == pytest.approx(3 * PITCH, abs=0.5)


def test_unsealed_organ_leaves_two_characters_and_the_date_is_two_further_right():
    lines = lines_of(pages_of("plain")[0])
    organ, day = lines[-2], lines[-1]
    assert text_of(organ).endswith("委员会")
    assert RIGHT - organ[-1]["x1"] / MM == pytest.approx(2 * 156 / 28, abs=1)
    assert (day[0]["x0"] - organ[0]["x0"]) / MM == pytest.approx(2 * 156 / 28, abs=1)


def test_imprint_lies_on_the_bottom_of_the_text_of_the_last_page():
    last = len(pages_of()) - 1
    rules = [(y, w) for y, w in rows_with("whole", last, is_black, first=200, last=264) if w > 150]
    assert rules[-1][0] == pytest.approx(BOTTOM, abs=1)
    groups = [rules[0][0]]
    for y, _w in rules:
        if y - groups[-1] > 2:
            groups.append(y)
    assert len(groups) == 3
    small = [text_of(line) for line in lines_of(pages_of()[last], size=14)]
    assert any(text.startswith("抄送：县委组织部") and text.endswith("。") for text in small)
    assert any("2026年7月2日印发" in text for text in small)


def test_annex_begins_a_page_with_its_label_and_its_title_on_the_third_line():
    pages = pages_of("annexed")
    first = next(n for n, page in enumerate(pages) if text_of(lines_of(page)[0]) == "附件1")
    label, title = lines_of(pages[first])[0], lines_of(pages[first], size=22)[0]
    assert middle(label) == pytest.approx(TOP + PITCH / 2, abs=1)
    assert middle(title) == pytest.approx(TOP + 2.5 * PITCH, abs=0.5)
    notes = [text_of(line) for page in pages[:first] for line in lines_of(page)]
    assert "附件：1.命名名单" in notes
    assert "2.考核办法" in notes


def test_list_tears_no_name_and_no_kind():
    columns = [Column("序号", centered=True), Column("岗位名称"), Column("类别", centered=True), Column("岗位党员")]
    rows = [[str(n), "便民服务大厅综合窗口岗", "集体示范岗", "周样乙、吴样乙、郑样丙、欧阳样一"] for n in range(9)]
    pdf = official_pdf(paper(text=LINE, annexes=[Annex("名单", columns, rows)]))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        words = [word["text"] for page in document.pages for word in page.extract_words(x_tolerance=1)]
    assert words.count("集体示范岗") == 9
    pieces = [name for word in words for name in word.split("、")]
    assert [pieces.count(name) for name in ("周样乙", "吴样乙", "郑样丙", "欧阳样一")] == [9, 9, 9, 9]


def test_long_list_keeps_every_name_and_repeats_its_head():
    with pdfplumber.open(io.BytesIO(made("annexed"))) as document:
        texts = [page.extract_text() for page in document.pages]
    listed = [text for text in texts if "岗位名称" in text]
    assert len(listed) >= 20
    whole = "".join(texts)
    missing = [row[1] for row in ROWS if row[1] not in whole]
    assert missing == []
    assert all(text.count("岗位名称") == 1 for text in listed)


def test_all_faces_are_embedded_truetype():
    document = pikepdf.open(io.BytesIO(made("annexed")))
    kinds, embedded = set(), set()
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
            kinds.add(str(item.Subtype))
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            embedded.add("/FontFile2" in item)
    assert kinds == {"/Type0", "/CIDFontType2"}
    assert embedded == {True}


def test_file_is_tagged_and_archivable_with_language_and_title():
    document = pikepdf.open(io.BytesIO(made()))
    assert document.Root.MarkInfo.Marked
    assert str(document.Root.Lang) == "zh-CN"
    with document.open_metadata() as meta:
        assert meta["pdfaid:part"] == "3"
        assert meta["pdfaid:conformance"] == "A"
        assert meta["dc:title"] == "关于命名2026年度“党员示范岗”的决定"


def test_text_copies_out_as_it_was_written():
    with pdfplumber.open(io.BytesIO(made())) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
    text = re.sub(r"— ?\d ?—|\n", "", text)
    assert "青样委发〔2026〕8号" in text
    assert SENTENCE in text
    assert text.count("按期组织群众满意度测评") == 24


def test_text_with_marks_in_a_row_copies_out_line_by_line():
    text = "经检查，你单位“预防接种门诊”（“党员示范岗”）存在以下问题（《整改办法》），现通知整改（“首次”“二次”）。" * 5
    pdf = official_pdf(paper(text=text, letterhead="", number="", imprint=None))
    copied = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    assert text in "".join(copied.decode().split())
    rows = [row.strip() for row in copied.decode().splitlines() if "整改" in row or "接种" in row]
    assert min(map(len, rows[:-1])) > 20


def test_same_paper_gives_the_same_bytes():
    assert official_pdf(PAPERS["whole"]) == made()


LINE = "各党支部要认真落实考核办法，按期组织测评。"


def pages_with(n, **fields):
    """The lines of each page of a paper with so many paragraphs of one line, and the page of the signature."""
    pdf = official_pdf(paper(text="\n".join([LINE] * n), **fields))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        pages = [lines_of(page.chars) for page in document.pages]
    signed = next(at for at, lines in enumerate(pages) if any(text_of(line) == "2026年7月1日" for line in lines))
    return pages, signed


@pytest.mark.parametrize("fields", [{}, {"annexes": [Annex("名单", text=LINE)]}, {"letterhead": "", "number": ""}])
@pytest.mark.parametrize("n", [4, 6, 8, 14, 16, 28, 32])
def test_signature_has_two_lines_of_text_on_its_page(n, fields):
    pages, signed = pages_with(n, **fields)
    assert sum(text_of(line) == LINE for line in pages[signed]) >= 2
    assert sum(text_of(line) == LINE for lines in pages for line in lines) == n + len(fields.get("annexes", ()))


@pytest.mark.parametrize(("n", "page", "closer"), [(26, 1, True), (29, 1, True), (10, 1, False), (30, 2, False)])
def test_lines_move_when_the_seal_would_else_stand_without_text(n, page, closer):
    pages, signed = pages_with(n)
    assert signed == page
    lines = [line for line in pages[0] if text_of(line) == LINE]
    pitch = middle(lines[1]) - middle(lines[0])
    assert 0.895 < pitch / PITCH < 0.985 if closer else 1.005 < pitch / PITCH < 1.105


@pytest.mark.parametrize("n", [2, 12, 34])
def test_lines_keep_their_pitch_when_the_seal_has_room(n):
    pages, _signed = pages_with(n)
    lines = [line for line in pages[0] if text_of(line) == LINE]
    assert middle(lines[1]) - middle(lines[0]) == pytest.approx(PITCH, abs=0.05)


@pytest.mark.parametrize(
    "fields",
    [
        {"signer": "中共" + "示例县青样镇" * 9 + "委员会", "letterhead": "中共" + "示例县青样镇" * 9 + "委员会文件"},
        {"title": "关于" + "命名党员示范岗" * 16 + "的决定"},
        {"addressee": "各党支部，" * 60},
        {"imprint": Imprint("办公室" * 15, date(2026, 7, 2), "县委组织部，" * 50)},
        {"text": SENTENCE * 170},
        {"annexes": [Annex("很长的附件名称" * 8, COLUMNS, [["1", "岗位" * 30, "党支部" * 40, "李样甲、" * 60]])]},
    ],
)
def test_longest_texts_stay_within_the_page(fields):
    with pdfplumber.open(io.BytesIO(official_pdf(paper(**fields)))) as document:
        for page in document.pages:
            inked = [char for char in page.chars if char["text"].strip()]
            assert min(char["x0"] for char in inked) / MM > LEFT - 0.5
            assert max(char["x1"] for char in inked) / MM < RIGHT + 0.8
            assert max(char["bottom"] for char in inked) / MM < 275


def test_rare_name_is_printed_in_a_face_that_has_it():
    pdf = official_pdf(paper(text="命名喆堃玥所在岗位。"))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        assert "喆堃玥" in document.pages[0].extract_text()


def test_character_that_no_face_has_is_named():
    with pytest.raises(DomainError, match="U\\+E999"):
        official_pdf(paper(text="命名\ue999所在岗位。"))


def test_users_text_is_never_markup():
    pdf = official_pdf(paper(text="<b>粗</b>&amp;<script>", title="<i>斜</i>", addressee="</p>各支部："))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        text = document.pages[0].extract_text()
    assert "<b>粗</b>&amp;<script>" in text
    assert "<i>斜</i>" in text


def test_notice_has_its_code_beside_the_signature():
    import zxingcpp

    address = "https://sfg.example.cn/n/abc/"
    pdf = official_pdf(paper(text=SENTENCE, corner=Corner(qr_svg(address, dark="#000"), "扫码提出异议")))
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=3).to_pil()
    document.close()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [address]


def test_draft_is_marked_and_shows_the_place_of_the_seal():
    pdf = official_pdf(paper(text=SENTENCE, is_draft=True))
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        assert "草稿" in document.pages[0].extract_text()
        curves = document.pages[0].curves
    assert any(curve["width"] / MM == pytest.approx(42, abs=1) for curve in curves)

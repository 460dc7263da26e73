"""The engine of forms: nothing is cut, nothing leaves the margins, the blank form keeps its labels."""

import io
import re

import pdfplumber
import pikepdf
import pypdfium2
import pytest

from posts.documents.form_grid import Grid, GridColumn, Head
from posts.documents.form_sheet import Fact, FormSheet, Long, Note, Opinion, Signatures, facts, form_pdf

MM = 72 / 25.4
COLUMNS = (GridColumn("序号", 6, centered=True, kept=True), GridColumn("姓名", 20), GridColumn("事由", 60))


def sheet(*parts, **fields):
    return FormSheet(title="样表", parts=parts, **fields)


def opened(pdf):
    return pdfplumber.open(io.BytesIO(pdf))


def text_of(pdf):
    """All text without what the layout adds: blanks and line ends."""
    with opened(pdf) as document:
        return re.sub(r"\s", "", "".join(page.extract_text() for page in document.pages))


def told(pdf, label):
    """The characters inside the box of a long text, in reading order: to the right of the labels."""
    with opened(pdf) as document:
        words = [
            char["text"]
            for page in document.pages
            for char in page.chars
            if char["x0"] > (24 + 20.75) * MM and 20 * MM < char["top"] < page.height - 18 * MM
        ]
    text = re.sub(r"\s", "", "".join(words))
    return text.removeprefix(label)


def numbered(n):
    """A text in which a missing piece is noticed: every sentence has its number."""
    return "".join(f"第{i}件事已办结。" for i in range(n))


@pytest.mark.parametrize("lines", [1, 7])
def test_a_text_of_the_longest_length_goes_on_over_pages_without_a_gap(lines):
    text = "\n".join([numbered(3000 // lines // 9)] * lines)
    pdf = form_pdf(sheet(Long("主要事迹", text)))

    with opened(pdf) as document:
        assert len(document.pages) > 1
    assert told(pdf, "").endswith(text.replace("\n", ""))


def test_a_row_of_a_list_that_is_longer_than_a_page_is_not_cut():
    pdf = form_pdf(sheet(Grid(COLUMNS, ((1, "", numbered(900)),))))

    assert [int(n) for n in re.findall(r"第(\d+)件", text_of(pdf))] == list(range(900))
    with opened(pdf) as document:
        assert all("事由" in page.extract_text() for page in document.pages)


def test_the_head_of_a_list_stands_on_every_page():
    with opened(form_pdf(sheet(Grid(COLUMNS, tuple((n, "赵样甲", "办理") for n in range(120)))))) as document:
        assert len(document.pages) > 2
        assert all("事由" in page.extract_text() for page in document.pages)


def test_every_page_of_a_long_form_keeps_its_margins():
    parts = (
        facts(("姓名", "赵" * 60), ("岗位", "综合窗口" * 15)),
        Long("主要事迹", "W" * 2000 + numbered(400)),
        Opinion("党委意见", numbered(60), "中共示例县青样镇委员会" * 5, "负责人（签字）："),
        Grid(COLUMNS, (Head("甲" * 80), (1, "B" * 80, numbered(40)))),
        Signatures((("监票人（签字）", "孙样甲"), ("计票人（签字）", ""))),
        Note("注" * 200),
    )
    with opened(form_pdf(sheet(*parts, left="单位" * 20, right="编号：1", foot="样表 · " + "青样镇" * 60))) as document:
        for page in document.pages:
            marks = [mark for mark in (*page.chars, *page.rects, *page.lines) if mark.get("size", 9) > 1.5]
            assert min(mark["x0"] for mark in marks) >= 23.9 * MM
            assert max(mark["x1"] for mark in marks) <= page.width - 19.9 * MM
            body = [mark for mark in marks if mark["top"] < page.height - 18 * MM]
            assert min(mark["top"] for mark in body) >= 19.9 * MM
            assert max(mark["bottom"] for mark in body) <= page.height - 17.9 * MM


def test_the_blank_form_keeps_the_labels_and_loses_the_values():
    full = sheet(
        facts(("姓名", "赵样甲"), Fact("岗位", "综合窗口岗", kept=True)),
        Long("主要事迹", "办理三千件"),
        Opinion("党委意见", "同意命名", unit="青样镇党委"),
        Grid(COLUMNS, ((1, "钱样乙", "复核"),)),
        right="编号：7",
    )
    text = text_of(form_pdf(full.blank()))

    for kept in (
        "姓名",
        "岗位",
        "综合窗口岗",
        "主要事迹",
        "党委意见",
        "青样镇党委",
        "（盖章）",
        "年月日",
        "序号",
        "事由",
    ):
        assert kept in text
    for gone in ("赵样甲", "办理三千件", "同意命名", "钱样乙", "复核", "编号：7"):
        assert gone not in text


def test_a_number_in_a_list_keeps_its_per_cent_sign():
    grid = Grid((GridColumn("结果"),), (("达到 80 %",),))

    assert grid.lines[0]["cells"][0][1] == "达到 80\u00a0%"
    assert "达到80%" in text_of(form_pdf(sheet(grid)))


def test_a_list_without_rows_has_room_for_a_pen():
    grid = Grid((GridColumn("姓名"), GridColumn("事由")))

    assert len(grid.lines) == 4


def test_rare_characters_of_a_name_are_printed():
    assert "喆堃㛃𠮷翀" in text_of(form_pdf(sheet(facts(("姓名", "喆堃㛃𠮷翀")))))


def test_markup_in_a_value_is_only_text():
    assert "<b>赵</b>&amp;{{x}}" in text_of(form_pdf(sheet(facts(("姓名", "<b>赵</b>&amp;{{ x }}")))))


def test_a_form_carries_title_language_and_tags_and_is_the_same_twice():
    made = sheet(facts(("姓名", "赵样甲")))
    pdf = form_pdf(made)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert str(document.docinfo["/Title"]) == "样表"
        assert str(document.Root.Lang) == "zh-Hans"
        assert document.Root.MarkInfo.Marked
        assert document.open_metadata()["pdfaid:part"] == "3"  # forms go into the file box
    assert form_pdf(made) == pdf


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("岗位名称", ["岗位名称"]),
        ("支部推荐意见", ["支部推荐", "意见"]),
        ("测评、考核情况", ["测评、考核", "情况"]),
        ("酝酿讨论、初步确定意见", ["酝酿讨论、", "初步确定", "意见"]),
        ("党委审批命名意见", ["党委审批", "命名意见"]),
        ("申报理由和主要事迹", ["申报理由和", "主要事迹"]),
        ("有下列情形之一的，一票否决", ["有下列情形", "之一的，一", "票否决"]),
    ],
)
def test_a_long_label_is_cut_between_its_words(label, lines):
    assert Fact(label).label_lines == lines


def test_a_heading_is_cut_before_its_bracket():
    grid = Grid((GridColumn("交回人（签字）", 10), GridColumn("事由", 90)))

    assert [lines for _column, _width, lines in grid.heads(220)] == [["交回人", "（签字）"], ["事由"]]


def pictures(pdf):
    """The pages as they are seen, ten dots a millimetre."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=10 / MM).to_pil() for page in document]


def reach(page, x):
    """How far down, in dots, the upright line at ``x`` mm goes."""
    return max(y for y in range(page.height) if page.getpixel((round(x * 10), y)) < 128)


def test_a_page_ends_with_a_row_and_never_with_a_loose_edge():
    """The signatures take the last row along to their page; the edge must not go on without it."""
    rows = [Long(f"事项{n}", numbered(30), least=38) for n in range(3)] + [Long("规则", "\n".join([numbered(3)] * 13))]
    parts = (*rows, Long("结论", "达标", least=16), Signatures((("监票人", ""), ("计票人", ""), ("日期", ""))))
    first, second = (drawn.convert("L") for drawn in pictures(form_pdf(sheet(*parts))))

    for page in (first, second):
        assert reach(page, 24.15) == pytest.approx(reach(page, 189.85), abs=2)


def test_a_text_that_goes_on_has_its_edges_on_every_page():
    pdf = form_pdf(sheet(facts(("姓名", "赵样甲")), Long("主要事迹", numbered(320))))
    with opened(pdf) as document:
        pages = len(document.pages)
    drawn = [page.convert("L") for page in pictures(pdf)]

    assert pages == 2
    for page in drawn:
        assert reach(page, 24.15) == pytest.approx(reach(page, 189.85), abs=2)
        assert reach(page, 45.0) == pytest.approx(reach(page, 189.85), abs=4)


def test_a_blank_form_gives_a_text_the_room_it_asks_for():
    made = sheet(
        Long("主要事迹", "办理", room=86), Long("承诺", "当日办结", least=30), Long("备注", "", least=8)
    ).blank()

    assert [part.least for part in made.parts] == [86, 30, 16]

"""The merge fields of a blank: what may be written, what is said about a mistake, and that nothing else ever runs."""

import io
import time

import pytest
from docx import Document

from campaigns.domain.errors import DomainError
from posts.documents.blank_file import read_word_file
from posts.documents.blank_template import (
    MAX_MARKS,
    MAX_ROWS,
    Vocabulary,
    _Environment,
    fill_blank,
    find_faults,
    used_fields,
)
from tests.posts.words import rebuilt, text_of, word

KNOWN = Vocabulary(frozenset({"岗位名称", "地点", "岗位职责"}), {"成员": frozenset({"姓名", "分工"})})
VALUES = {
    "岗位名称": "综合窗口岗",
    "地点": "",
    "岗位职责": "一、受理。\n二、办结。",
    "成员": [{"姓名": "赵样甲", "分工": "受理"}, {"姓名": "钱样乙", "分工": "复核"}],
}
LOOP = ("姓名|分工", "{%tr for 行 in 成员 %}|", "{{ 行.姓名 }}|{{ 行.分工 }}", "{%tr endfor %}|")


def faults_of(*paragraphs, **fields):
    content = word(*paragraphs, **fields)
    return [str(fault) for fault in find_faults(read_word_file(content), content, KNOWN)]


def filled(*paragraphs, values=VALUES, **fields):
    content = word(*paragraphs, **fields)
    assert find_faults(read_word_file(content), content, KNOWN) == []
    return text_of(fill_blank(content, values, KNOWN, title="样张"))


def rows(*lines):
    return [line.split("|") for line in lines]


def test_fields_are_filled_in_text_header_and_footer():
    text = filled("岗位：{{ 岗位名称 }}。", header="{{岗位名称}}职责", footer="第{{ 岗位名称 }}页")

    assert text == "岗位：综合窗口岗。\n综合窗口岗职责\n第综合窗口岗页"


def test_a_row_is_repeated_for_each_line_of_a_list():
    assert filled(rows=rows(*LOOP)).strip() == "姓名|分工\n赵样甲|受理\n钱样乙|复核"


def test_a_paragraph_is_repeated_and_counted():
    text = filled("{%p for 人 in 成员 %}", "{{ loop.index }}. {{ 人.姓名 }}", "{%p endfor %}")

    assert text.strip() == "1. 赵样甲\n2. 钱样乙"


def test_what_has_no_data_can_be_left_out():
    text = filled("{% if 地点 %}在{{ 地点 }}{% else %}地点未定{% endif %}", "{% if not 地点 %}空{% endif %}")

    assert text.strip() == "地点未定\n空"


def test_a_condition_may_compare_with_a_text():
    assert filled("{% if 岗位名称 == '综合窗口岗' %}是{% endif %}").strip() == "是"


def test_lines_of_a_value_are_lines_of_the_document():
    assert filled("{{ 岗位职责 }}").strip() == "一、受理。\n二、办结。"


def test_a_mark_that_word_has_cut_into_pieces_is_filled_all_the_same():
    document = Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ 岗位", "名称 ", "}}"):
        paragraph.add_run(piece).bold = True
    out = io.BytesIO()
    document.save(out)
    content = out.getvalue()

    assert find_faults(read_word_file(content), content, KNOWN) == []
    assert text_of(fill_blank(content, VALUES, KNOWN, title="样张")).strip() == "综合窗口岗"


@pytest.mark.parametrize(
    "value", ["<w:p/>", "{{ 地点 }}", "{% for x in y %}", "&amp; <b>", "]]>", "{_{ 地点 }_}", "𠮷喆"]
)
def test_a_value_is_only_text_whatever_stands_in_it(value):
    text = filled("名：{{ 岗位名称 }}。", values={**VALUES, "岗位名称": value})

    assert text.strip() in {f"名：{value}。", "名：{{ 地点 }}。"}


def test_a_value_with_what_xml_cannot_hold_gives_a_sound_file():
    text = filled("{{ 岗位名称 }}", values={**VALUES, "岗位名称": "综\x00合\x07窗\x0b口\ufffe\ud800"})

    assert text.strip() == "综合窗口"


def test_the_filled_file_carries_its_title_and_nobodys_name():
    content = rebuilt(word("{{ 岗位名称 }}"))

    made = Document(io.BytesIO(fill_blank(content, VALUES, KNOWN, title="责任书 综合窗口岗")))
    assert made.core_properties.title == "责任书 综合窗口岗"
    assert made.core_properties.author == ""


def test_an_unknown_field_is_named_with_its_place_and_what_was_meant():
    found = faults_of("第一段", "单位：{{ 岗位名 }}")

    assert found == ["正文第 2 段（单位：{{ 岗位名 }}）：“岗位名”不是此类事项可用的栏目。是不是：岗位名称、岗位职责。"]


def test_every_unknown_field_is_named_at_once():
    found = faults_of("{{ 甲 }} {{ 乙 }}", header="{{ 丙 }}", rows=rows("{{ 丁 }}"))

    assert [fault.count("不是此类事项可用的") for fault in found] == [1, 1, 1, 1]
    assert sum("页眉" in fault for fault in found) == 1


def test_an_unknown_column_and_an_unknown_list_are_named():
    assert "“电话”不是此类事项可用的列" in faults_of("{% for 人 in 成员 %}{{ 人.电话 }}{% endfor %}")[0]
    assert "“名单”不是此类事项可用的列表" in faults_of("{% for 人 in 名单 %}{{ 人.姓名 }}{% endfor %}")[0]


def test_a_line_without_its_column_is_told():
    assert "请在后面加点号写明哪一列" in faults_of("{% for 人 in 成员 %}{{ 人 }}{% endfor %}")[0]


MISTAKES = {
    "{{ 岗位名称": "“{{”没有成对",
    "岗位名称 }}": "“}}”没有成对",
    "{{ 岗位名称 }": "“{{”没有成对",
    "{% if 地点 %}x": "缺少 {% endif %}",
    "{% for 人 in 成员 %}{{ 人.姓名 }}": "缺少 {% endfor %}",
    "{{ }}": "写法有误",
    "{{ 岗位 名称 }}": "写法有误",
    "{% 循环 成员 %}": "没有这种标记",
    "{{ 岗位名称｜大写 }}": "写法有误",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mark_written_wrongly_is_told_in_chinese(text):
    found = faults_of("第一段", text)

    assert MISTAKES[text] in found[0]
    assert "第 2 段" in found[0]


#: What a hostile hand would write; none of it may be kept, and none of it may run.
HOSTILE = [
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ 岗位名称.__class__ }}",
    "{{ 岗位名称['__class__'] }}",
    "{{ 岗位名称|attr('__class__') }}",
    "{{ 岗位名称.format(1) }}",
    "{{ '%s' % 岗位名称 }}",
    "{{ 岗位名称 * 1000000000 }}",
    "{{ 10 ** 10 ** 10 }}",
    "{{ 1 + 1 }}",
    "{{ range(10) }}",
    "{% for x in range(1000000000) %}x{% endfor %}",
    "{% for x in 'aaaaaaaa' %}x{% endfor %}",
    "{% for a in 成员 %}{% for b in 成员 %}x{% endfor %}{% endfor %}",
    "{% for a in 成员 recursive %}{{ loop(成员) }}{% endfor %}",
    "{% for a in 成员 if a.姓名 %}x{% endfor %}",
    "{{ cycler('a').__init__.__globals__ }}",
    "{{ lipsum() }}",
    "{{ self }}",
    "{{ self.__init__ }}",
    "{{ config }}",
    "{% include 'a' %}",
    "{% import 'a' as b %}",
    "{% extends 'a' %}",
    "{% macro m() %}x{% endmacro %}",
    "{% set x = 1 %}",
    "{% filter upper %}x{% endfilter %}",
    "{% with x = 1 %}{{ x }}{% endwith %}",
    "{% raw %}{{ x }}{% endraw %}",
    "{% autoescape false %}{{ 岗位名称 }}{% endautoescape %}",
    "{{ 岗位名称|safe }}",
    "{{ 成员[0].姓名 }}",
    "{{ 成员[:1] }}",
    "{{ loop.index }}",
    "{% for a in 成员 %}{{ loop.changed(1) }}{% endfor %}",
    "{% for a in 成员 %}{{ loop.__class__ }}{% endfor %}",
    "{{ 岗位名称 if 地点 else 地点 }}",
    "{{ [1, 2] }}",
    "{{ {'a': 1} }}",
    "{{ 岗位名称 ~ 地点 }}",
    "{% if 岗位名称 is string %}x{% endif %}",
    "{% if 1 in 成员 %}x{% endif %}",
]


def is_refused(text):
    found = faults_of(text)
    return bool(found) and all("。" in fault for fault in found)


@pytest.mark.parametrize("text", [text for text in HOSTILE if "raw" not in text])
def test_a_hostile_mark_is_refused_before_it_is_kept(text):
    assert is_refused(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_mark_that_slipped_through_would_not_run(text):
    begun = time.monotonic()
    try:
        made = fill_blank(word(text), VALUES, KNOWN, title="样张")
    except DomainError:
        made = None
    assert time.monotonic() - begun < 5
    assert made is None or len(text_of(made)) < 1000


def test_a_hostile_mark_in_a_picture_or_a_property_is_refused():
    inside = word("{{ 岗位名称 }}")
    described = rebuilt(
        inside, change=("word/document.xml", b"<w:body>", b"<w:body><w:p w:rsidR=\"{{ ''.__class__ }}\"/>")
    )
    document, titled = Document(io.BytesIO(inside)), io.BytesIO()
    document.core_properties.title = "{{ ''.__class__ }}"
    document.save(titled)

    for content in (described, titled.getvalue()):
        assert find_faults(read_word_file(content), content, KNOWN)


def test_the_environment_knows_no_globals_filters_or_tests():
    environment = _Environment()

    assert (environment.globals, environment.filters, environment.tests) == ({}, {}, {})


def test_a_blank_with_too_many_marks_is_refused():
    assert "最多 500 处" in faults_of(*["{{ 岗位名称 }}"] * (MAX_MARKS + 1))[0]


def test_a_list_beyond_all_measure_is_refused():
    many = [{"姓名": "赵样甲", "分工": ""}] * (MAX_ROWS + 1)

    with pytest.raises(DomainError, match="最多 500 行"):
        filled(rows=rows(*LOOP), values={**VALUES, "成员": many})


@pytest.mark.parametrize(
    "content",
    [
        word(*["{%p for 行 in 成员 %}", "{{ 行.姓名 }}" * 60, "{%p endfor %}"] * 8),
        word("{{ 岗位名称 }}" * 480),
    ],
    ids=["a long column in every line", "a long field again and again"],
)
def test_a_blank_that_would_swell_when_filled_is_refused_before_it_is_filled(content):
    values = {"岗位名称": "岗" * 20_000, "成员": [{"姓名": "甲" * 20_000}] * 500}

    with pytest.raises(DomainError, match="文件过大"):
        fill_blank(content, values, KNOWN, title="样张")


def test_the_size_of_a_filled_blank_is_known_before(monkeypatch):
    monkeypatch.setattr("posts.documents.blank_template.MAX_FILLED", 30_000)
    content = word("{% if 地点 %}{{ 地点 }}{% endif %}", "{%p for 行 in 成员 %}", "{{ 行.姓名 }}", "{%p endfor %}")
    values = {"地点": "", "成员": [{"姓名": "甲"}] * 3}

    fill_blank(content, values, KNOWN, title="样张")
    for swollen in ({"地点": "路" * 20_000, "成员": [{"姓名": "甲" * 20_000}] * 3}, {"成员": [{"姓名": "甲"}] * 500}):
        with pytest.raises(DomainError, match="文件过大"):
            fill_blank(content, values | swollen, KNOWN, title="样张")


def test_the_largest_blank_is_checked_and_filled_in_a_few_seconds():
    content = word(*[f"第{n}段：" + "办理" * 60 + "{{ 岗位名称 }}" for n in range(MAX_MARKS)])
    begun = time.process_time()

    assert find_faults(read_word_file(content), content, KNOWN) == []
    text = text_of(fill_blank(content, VALUES, KNOWN, title="样张"))
    assert text.count("综合窗口岗") == MAX_MARKS
    assert time.process_time() - begun < 10


def test_the_fields_a_blank_uses_are_known():
    content = word("{{ 岗位名称 }}{% if 地点 %}x{% endif %}", rows=rows(*LOOP))

    assert used_fields(content) == ["地点", "岗位名称", "成员"]

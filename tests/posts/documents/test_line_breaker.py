"""The line breaker: nothing is lost, no line begins or ends with a mark that may not, every edge is straight."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posts.documents.line_breaker import CLOSER, CLOSING, NOT_FIRST, NOT_LAST, Measure, Run, break_lines
from posts.documents.line_filler import fill_lines
from posts.documents.title_shape import shape_title

TEXT = Measure(16, 28, 156 * 72 / 25.4)


def advance(char, _role):
    """Half an em for Latin, one for Chinese."""
    return 0.5 if char.isascii() else 1.0


def lines_of(text, **indents):
    return break_lines([Run(text, "fangsong")], measure=TEXT, advance=advance, **indents)


def set_width(line):
    """Where the last character ends, in points from the left edge of the text."""
    text = line.text.rstrip()
    pulled = sum(run.pull * len(run.text) for run in line.runs)
    return line.indent + (sum(advance(c, "") for c in text) - pulled) * TEXT.size + (len(text) - 1) * line.spacing


HAN = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
words = st.sampled_from(
    [*HAN, "2026年", "80%", "https://a.example.cn/p/x1", "GB/T", "，", "。", "、", "“", "”", "《", "》", "（"]
)
texts = st.lists(st.one_of(words, st.sampled_from(list(HAN))), min_size=1, max_size=300).map("".join)


def marks_in_a_row(text):
    """The longest row of characters between which no line may end."""
    longest = row = 1
    for before, after in pairwise(text):
        row = row + 1 if after in NOT_FIRST or before in NOT_LAST else 1
        longest = max(longest, row)
    return longest


@settings(max_examples=150, deadline=None)
@given(text=st.text(max_size=400), first=st.sampled_from([0, 2]), rest=st.sampled_from([0, 5]))
def test_lines_keep_every_character(text, first, rest):
    lines = lines_of(text, first=first, rest=rest)
    assert "".join(line.text for line in lines) == "".join(" " if char.isspace() else char for char in text)


@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_no_line_begins_or_ends_with_a_forbidden_mark(text):
    lines = lines_of(text, first=2)
    if marks_in_a_row(text) > 10:
        return  # a heap of marks has no right place to break
    assert [line.text[0] for line in lines[1:] if line.text[0] in NOT_FIRST] == []
    assert [line.text[-1] for line in lines[:-1] if line.text[-1] in NOT_LAST] == []


@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_every_full_line_ends_at_the_right_edge(text):
    for line in lines_of(text, first=2)[:-1]:
        assert set_width(line) == pytest.approx(TEXT.width, abs=0.05)


@settings(max_examples=200, deadline=None)
@given(text=texts)
def test_last_line_stays_within_the_text(text):
    assert set_width(lines_of(text, first=2)[-1]) <= TEXT.width + 0.05


def test_full_line_has_28_characters_and_the_first_26():
    lines = lines_of("示" * 100, first=2)
    assert [len(line.text) for line in lines] == [26, 28, 28, 18]


def test_closing_mark_is_pulled_into_the_line():
    text = "示" * 28 + "，" + "范" * 10
    assert lines_of(text)[0].text == "示" * 28 + "，"


@pytest.mark.parametrize(
    ("text", "pulled"),
    [
        ("岗位（“示范岗”）存在", ["（", "”"]),
        ("“示范岗”（名单见附件）。", ["”", "）"]),
        ("“示范岗”“先锋岗”", ["”"]),
        ("什么？（略）", []),
        ("示范，先锋。", []),
        ("文件(2026)。", []),
    ],
)
def test_two_marks_in_a_row_share_the_empty_room_between_them(text, pulled):
    (line,) = lines_of(text)
    assert [(run.text, run.pull) for run in line.runs if run.pull] == [(mark, CLOSER) for mark in pulled]
    assert line.text == text


def test_mark_at_the_end_of_a_line_keeps_its_room():
    line = lines_of("示" * 27 + "”" + "（" + "范" * 10 + "）")[0]
    assert line.text == "示" * 27 + "”"
    assert [run.pull for run in line.runs] == [0]


def test_opening_mark_goes_to_the_next_line():
    text = "示" * 27 + "“" + "范" * 10 + "”"
    assert lines_of(text)[0].text == "示" * 27


@pytest.mark.parametrize("word", ["2026年", "0000-1234567", "GB/T9704", "80%", "……", "——"])
def test_numbers_words_and_double_marks_stay_whole(word):
    for before in range(20, 29):
        text = "示" * before + word + "范" * 30
        assert any(word.rstrip("年") in line.text for line in lines_of(text))


def test_long_address_is_broken_rather_than_the_line_torn():
    lines = lines_of("网址" + "https://example.gov.cn/" + "a" * 60 + "，请查阅。" + "示" * 30)
    assert all(abs(line.spacing) < 1 for line in lines[:-1])


def test_word_without_end_does_not_hang():
    assert "".join(line.text for line in lines_of("1" * 2000)) == "1" * 2000


def test_heap_of_closing_marks_is_broken_all_the_same():
    text = "。" * 200
    lines = lines_of(text)
    assert "".join(line.text for line in lines) == text
    assert max(set_width(line) for line in lines) <= TEXT.width + 0.05


def test_run_in_another_face_keeps_its_role_across_lines():
    lines = break_lines([Run("一、" + "示" * 30 + "。", "hei"), Run("范" * 30, "kai")], measure=TEXT, advance=advance)
    assert [[run.role for run in line.runs] for line in lines] == [["hei"], ["hei", "kai"], ["kai"]]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于表彰先进的决定", ["关于表彰先进的决定"]),
        (
            "中共示例县青样镇委员会关于命名2026年度“党员示范岗”的决定",
            ["中共示例县青样镇委员会", "关于命名2026年度“党员示范岗”的决定"],
        ),
        ("关于开展活动的通知\n（试行）", ["关于开展活动的通知", "（试行）"]),
    ],
)
def test_title_breaks_between_words(title, lines):
    assert shape_title(title, cells=20) == lines


@settings(max_examples=60, deadline=None)
@given(text=st.lists(st.sampled_from([*HAN[:20], "2026", "“", "”", "、"]), min_size=1, max_size=110).map("".join))
def test_title_keeps_every_character_and_its_width(text):
    lines = shape_title(text, cells=20)
    assert "".join(lines) == text
    assert [line for line in lines[1:] if line[0] in CLOSING and marks_in_a_row(text) < 4] == []


MARKED = st.sampled_from(
    [*"示范岗", *"，。、；：？！”’）》」…—·～／", *"“‘（《「〔", "……", "——", "2026年", "100%", "A座"]
)


def forced(text, place, room):
    """Whether around a place so many characters hang together by their marks that no line holds them."""
    start, end = place, place
    while start > 0 and (text[start] in NOT_FIRST or text[start - 1] in NOT_LAST):
        start -= 1
    while end < len(text) and (text[end] in NOT_FIRST or text[end - 1] in NOT_LAST):
        end += 1
    return sum(advance(char, "") for char in text[start:end]) > room


@settings(max_examples=300, deadline=None)
@given(st.one_of(texts, st.lists(MARKED, min_size=1, max_size=120).map("".join)), st.integers(4, 40))
def test_lines_of_a_plaque_hold_the_whole_text_and_no_mark_stands_wrong(text, room):
    """A closing mark begins no line, an opening one ends none; an opening quotation mark may begin one."""
    lines = fill_lines(text, room=room, advance=lambda char: advance(char, ""))

    assert "".join(lines) == text
    assert max(sum(advance(char, "") for char in line) for line in lines) <= room
    place = 0
    for before, after in pairwise(lines):
        place += len(before)
        if not forced(text, place, room):
            assert (before[-1] in NOT_LAST, after[0] in NOT_FIRST) == (False, False), lines


def test_an_opening_quotation_mark_begins_a_line_and_never_ends_one():
    lines = fill_lines("示范岗的“双报到”活动", room=5, advance=lambda _char: 1.0)
    assert lines == ["示范岗的", "“双报到”", "活动"]
    assert fill_lines("示范岗“党员”", room=3, advance=lambda _char: 1.0) == ["示范岗", "“党", "员”"]

"""The pitch of the lines: the standard's, unless the seal would stand without text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posts.documents.official_fit import PITCH, TEXT_HEIGHT, Flow, choose_pitch

CLOSE = 4 * PITCH


def flow(lines, *, room=10, imprint=0.0, headings=()):
    return Flow(room * PITCH + 0.1, [n in headings for n in range(lines)], CLOSE, imprint)


@pytest.mark.parametrize("lines", [1, 6, 12, 28, 34])
def test_pitch_is_the_standard_when_the_close_stands_under_text(lines):
    assert choose_pitch(flow(lines)) == PITCH


def test_lines_move_closer_when_one_is_too_many():
    # 10 and 19 lines: the second page takes 18 and the close.
    assert choose_pitch(flow(29)) == pytest.approx(PITCH * 18 / 19, abs=0.1)


def test_lines_move_apart_when_the_close_would_go_alone():
    # 10 and 21 lines: with one less on each page, two go on to the third.
    assert choose_pitch(flow(31)) == pytest.approx(PITCH * 22 / 21, abs=0.1)


def test_pitch_stays_when_no_change_helps():
    assert choose_pitch(flow(8)) == PITCH


def test_imprint_shares_the_page_when_a_small_change_lets_it():
    assert choose_pitch(flow(6, imprint=PITCH / 2)) < PITCH
    assert choose_pitch(flow(6, imprint=10 * PITCH)) == PITCH  # it goes to a page of its own


def test_heading_takes_its_line_along():
    # The eleventh line does not fit; its heading, the tenth, goes with it, and both make company for the seal.
    assert choose_pitch(flow(11, headings={9})) == PITCH
    assert choose_pitch(flow(11)) > PITCH


@given(st.lists(st.booleans(), min_size=1, max_size=120), st.floats(40, TEXT_HEIGHT), st.floats(0, 120))
def test_pitch_never_changes_by_more_than_a_tenth(lines, first, close):
    assert 0.9 * PITCH - 0.01 <= choose_pitch(Flow(first, lines, close)) <= 1.1 * PITCH + 0.01

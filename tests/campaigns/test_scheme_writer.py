"""Writing TOML: what is read again is what was meant, and the author's comments stay."""

import copy
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.library import shipped_files
from campaigns.domain.schemes import examine_scheme
from campaigns.schemes.writer import patch_toml, to_toml

FILES = [*shipped_files(), Path(__file__).parent / "everything.toml"]
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=12)
SCALARS = WORDS | st.booleans() | st.integers(-(2**40), 2**40)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=12
)
COMMENTED = """# Our own notes.
[scheme]
code = "mine"   # never change
title = "甲"
honour = "示范岗"

# ---- kinds ----

[[kinds]]
code = "person"
label = "个人"
holder = "person"
stages = "usual"
clauses = { holder = "二" }

# ---- way ----

[[pipelines.usual]]
kind = "nominate" # by the branch
label = "推荐"
actor = "branch"

# The decision.
[[pipelines.usual]]
kind = "decide"
label = "命名"
actor = "committee"

# ---- end ----
"""


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scheme_written_afresh_reads_the_same(path):
    text = path.read_text()
    raw = tomllib.loads(text)

    written = to_toml(raw)

    assert tomllib.loads(written) == raw
    assert examine_scheme(written).scheme == examine_scheme(text).scheme


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_unchanged_scheme_keeps_its_text(path):
    text = path.read_text()

    assert patch_toml(text, tomllib.loads(text)) == text


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(WORDS, VALUES, max_size=5))
def test_any_raw_tables_read_the_same_again(raw):
    assert tomllib.loads(to_toml(raw)) == raw
    assert tomllib.loads(patch_toml(COMMENTED, raw)) == raw


def changed(change):
    raw = tomllib.loads(COMMENTED)
    change(raw)
    text = patch_toml(COMMENTED, raw)
    assert tomllib.loads(text) == raw
    return text


def test_a_changed_value_leaves_every_other_line_alone():
    text = changed(lambda raw: raw["scheme"].update(title="乙"))

    assert text == COMMENTED.replace('title = "甲"', 'title = "乙"')


def test_a_new_key_stands_with_its_table_and_not_below_the_next_heading():
    text = changed(lambda raw: raw["scheme"].update(yearly=True))

    assert text == COMMENTED.replace('honour = "示范岗"\n', 'honour = "示范岗"\nyearly = true\n')


def test_a_new_step_is_put_between_the_others_with_their_comments():
    step = {"kind": "notice", "label": "公示", "actor": "branch"}

    text = changed(lambda raw: raw["pipelines"]["usual"].insert(1, step))

    written = '[[pipelines.usual]]\nkind = "notice"\nlabel = "公示"\nactor = "branch"\n\n'
    assert text == COMMENTED.replace("# The decision.", written + "# The decision.")


def test_a_removed_step_takes_only_its_own_comment_along():
    text = changed(lambda raw: raw["pipelines"]["usual"].pop())

    end = COMMENTED.index("# The decision.")
    assert text == COMMENTED[:end] + COMMENTED[COMMENTED.index("# ---- end ----") :]


def test_moved_steps_take_their_comments_along():
    text = changed(lambda raw: raw["pipelines"]["usual"].reverse())

    assert text.index('label = "命名"') < text.index("# by the branch")
    assert text.rstrip().endswith("# ---- end ----")


def test_a_broken_text_is_written_afresh():
    raw = tomllib.loads(COMMENTED)

    assert patch_toml("= [", copy.deepcopy(raw)) == to_toml(raw)

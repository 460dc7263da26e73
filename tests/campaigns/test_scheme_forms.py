"""The pages of the editor: every value of every scheme is on one of them, and comes back as it was."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.library import shipped_files
from campaigns.domain.scheme_edits import edit_scheme
from campaigns.domain.scheme_forms import Page
from campaigns.domain.schemes import examine_scheme
from campaigns.schemes.afterwards import ReviewRuleSpec
from campaigns.schemes.kinds import Kind, StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.places import find_place, get_at, page_of, top_places
from campaigns.schemes.report import Path as KeyPath
from campaigns.schemes.writer import to_toml

FILES = [*shipped_files(), Path(__file__).parent / "everything.toml"]


def all_pages(raw):
    """Every page that can be reached from the menu."""
    waiting, found = [place.address for place in top_places()], []
    while waiting:
        place = find_place(raw, waiting.pop())
        page = Page(raw, place)
        found.append(page)
        lists = [group for group in page.groups if group.links]
        waiting += [row.address for group in lists for row in group.rows if not row.boxes]
    return found


def posted(page, **changes):
    """What a browser sends of an untouched page, with some of it changed."""
    data = QueryDict(mutable=True)
    for group in page.groups:
        for box in group.each_box():
            shown = box.shown
            if box.widget == "checkbox":
                data.update({box.name: "1"} if shown else {})
            elif box.widget in {"select", "checks"}:
                data.setlist(box.name, [word for word, _label, chosen in shown if chosen])
            elif box.widget == "entries":
                data.update({f"{box.name}.{word}": value for word, _label, value in shown})
            else:
                data[box.name] = shown.replace("\n", "\r\n")
    data["end_of_page"] = "1"
    for name, value in changes.items():
        data[name] = value
    return data


def press(raw, address, **changes):
    place = find_place(raw, address)
    return edit_scheme(raw, place, posted(Page(raw, place), **changes))


def leaves(value, path: KeyPath = ()):
    """The path of everything that is no table and no list of tables."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if is_rows(value) else ()
    inner = [leaf for name, part in parts for leaf in leaves(part, (*path, name))]
    return inner if isinstance(value, dict) or is_rows(value) else [path]


def is_rows(value):
    return isinstance(value, list) and value and all(isinstance(row, dict) for row in value)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_page_sent_untouched_leaves_the_scheme_as_it_was(path):
    text = path.read_text()
    raw = tomllib.loads(text)
    for page in all_pages(raw):
        assert edit_scheme(raw, page.place, posted(page)).raw == raw

    assert examine_scheme(to_toml(raw)).scheme == examine_scheme(text).scheme


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_value_has_a_field_on_the_page_that_problems_point_to(path):
    raw = tomllib.loads(path.read_text())
    for leaf in leaves(raw):
        page = Page(raw, page_of(raw, leaf))
        boxes = [box.path for group in page.groups for box in group.each_box()]
        assert any(leaf[: len(box)] == box for box in boxes), leaf


def test_the_greatest_scheme_stays_within_what_one_page_may_send():
    step = {"kind": "survey", "label": "测评", "actor": ["branch"], "params": {"threshold": 80}}
    kinds = [{"code": f"k{i}", "label": f"岗{i}", "holder": "team", "stages": "usual"} for i in range(20)]
    raw = {
        "scheme": {"code": "great"},
        "kinds": [dict(kind, evidence=[{"label": "表"}] * 60, tasks=[{"text": "做"}] * 60) for kind in kinds],
        "pipelines": {f"way{i}": [step] * 60 for i in range(20)},
        "veto": [{"code": f"v{i}", "text": "情形"} for i in range(60)],
        "milestones": [{"label": "报", "on": "06-01", "who": ["branch", "committee"]} for _i in range(60)],
        "rubrics": [{"code": "r", "sections": [{"items": [{"number": "1", "text": "条"}] * 100}] * 60}] * 60,
    }

    sizes = [sum(len(values) for _name, values in posted(page).lists()) for page in sample(raw)]

    assert max(sizes) < django_settings.DATA_UPLOAD_MAX_NUMBER_FIELDS * 0.8


def sample(raw):
    """One page of each shape."""
    addresses = [place.address for place in top_places()]
    addresses += ["kinds/1", "pipelines/way3", "pipelines/way3/60", "rubrics/1", "rubrics/1/sections/60"]
    return [Page(raw, find_place(raw, address)) for address in addresses]


RAW = tomllib.loads("""
[scheme]
code = "mine"
title = "甲"

[[kinds]]
code = "person"
label = "个人"
holder = "person"
stages = "usual"

[[kinds]]
code = "team"
label = "集体"
holder = "team"
stages = [{ kind = "decide", label = "命名", actor = "committee" }]

[[pipelines.usual]]
kind = "survey"
label = "测评"
actor = "branch"
params = { threshold = 80, days = 3 }

[[pipelines.usual]]
kind = "decide"
label = "命名"
actor = "committee"

[[quotas]]
code = "all"
scope = "branch"
kinds = ["person"]
max = 3

[[veto]]
code = "a"
text = "甲"

[[veto]]
code = "b"
text = "乙"
""")


@pytest.mark.parametrize(
    ("do", "codes"),
    [
        ("add:veto", ["a", "b", "veto_1"]),
        ("add:veto/0", ["a", "veto_1", "b"]),
        ("copy:veto/0", ["a", "a_2", "b"]),
        ("remove:veto/0", ["b"]),
        ("up:veto/1", ["b", "a"]),
        ("down:veto/0", ["b", "a"]),
        ("up:veto/0", ["a", "b"]),
        ("down:veto/1", ["a", "b"]),
    ],
)
def test_rows_are_added_moved_copied_and_removed_with_what_was_typed(do, codes):
    edit = press(RAW, "veto", **{"do": do, "veto.1.text": "改过"})

    assert [row.get("code") for row in edit.raw["veto"]] == codes
    assert ("改过" in [row.get("text") for row in edit.raw["veto"]]) is True


def test_a_row_that_is_gone_is_refused_with_a_sentence():
    with pytest.raises(Exception, match="刷新页面"):
        press(RAW, "veto", do="remove:veto/7")


def test_a_page_that_did_not_arrive_whole_changes_nothing():
    place = find_place(RAW, "veto")

    with pytest.raises(Exception, match="完整"):
        edit_scheme(RAW, place, QueryDict("veto.0.text=x"))


def test_a_new_code_is_followed_by_everything_that_names_it():
    edit = press(RAW, "kinds/1", **{"kinds.0.code": "single"})

    assert edit.raw["quotas"][0]["kinds"] == ["single"]


def test_a_renamed_way_is_followed_by_its_kinds():
    edit = press(RAW, "pipelines", **{"name.usual": "long"})

    assert list(edit.raw["pipelines"]) == ["long"]
    assert edit.raw["kinds"][0]["stages"] == "long"


def test_a_step_of_another_kind_keeps_what_the_new_kind_knows():
    edit = press(RAW, "pipelines/usual/1", **{"pipelines.usual.0.kind": "notice"})

    assert edit.raw["pipelines"]["usual"][0]["params"] == {"days": 3}
    assert "threshold" in edit.notes[0]
    assert edit.removed is True


def test_own_steps_are_kept_when_a_kind_takes_a_way_with_a_name():
    edit = press(RAW, "kinds/2", **{"kinds.1.stages": "usual"})

    assert edit.raw["kinds"][1]["stages"] == "usual"
    assert edit.raw["pipelines"]["team_way"] == RAW["kinds"][1]["stages"]


def test_a_kind_may_take_steps_of_its_own():
    edit = press(RAW, "kinds/1", **{"kinds.0.stages": "@own", "do": "go:kinds/1/stages"})

    assert edit.raw["kinds"][0]["stages"] == []
    assert edit.address == "kinds/1/stages"


def test_what_cannot_be_shown_by_its_field_stands_as_in_the_file_and_can_be_mended():
    raw = {"scheme": {"code": 5, "slogans": [["x"]], "colour": "red"}, "kinds": 7, "veto": [3]}

    pages = {page.place.address: page for page in all_pages(raw)}
    assert all(edit_scheme(raw, page.place, posted(page)).raw == raw for page in pages.values())

    mended = press(raw, "scheme", **{"scheme.code": '"five"', "scheme.slogans": "", "scheme.colour": ""}).raw
    assert mended["scheme"] == {"code": "five"}
    assert press(raw, "kinds", kinds="").raw == {key: raw[key] for key in ("scheme", "veto")}


KEYS = st.sampled_from([spec.name for cls in (Scheme, Kind, StageRule, ReviewRuleSpec) for spec in fields(cls)])
ANYTHING = st.recursive(
    st.text(max_size=8) | st.booleans() | st.integers(-999, 9999) | st.sampled_from(["usual", "notice", "branch"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=4),
    max_leaves=25,
)


TABLES = st.dictionaries(KEYS, ANYTHING, max_size=6)
TOP = st.sampled_from([spec.name for spec in fields(Scheme)])


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TOP, TABLES | st.lists(TABLES, max_size=3) | ANYTHING, max_size=5))
def test_whatever_a_file_says_every_page_can_be_shown_and_sent_back(raw):
    raw = json.loads(json.dumps(raw))
    for page in all_pages(raw):
        assert edit_scheme(raw, page.place, posted(page)).raw == raw


def test_an_address_that_leads_nowhere_has_no_page():
    for address in ("nothing", "kinds/9", "kinds/0", "kinds/x", "pipelines/other", "scheme/code", "veto/1/text", "a/b"):
        place = find_place(RAW, address)
        assert place is None, address

    assert get_at(RAW, ("kinds", 9, "code"), "none") == "none"

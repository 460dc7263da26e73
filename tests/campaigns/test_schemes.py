"""Reading and checking scheme files: every fault at once, with its line and key."""

import os
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.domain.errors import DomainError, StaleError
from campaigns.domain.library import find_entry, library, shipped_files, store_scheme
from campaigns.domain.schemes import SchemeError, check_scheme, examine_scheme, load_scheme
from campaigns.domain.stage_specs import stage_specs
from campaigns.models import Scheme as StoredScheme
from campaigns.schemes import afterwards, kinds, model, vocabulary
from campaigns.schemes.advice import advise
from campaigns.schemes.checks import check_scheme_as_a_whole
from campaigns.schemes.explain import explain_scheme
from campaigns.schemes.model import Scheme
from campaigns.schemes.positions import find_positions
from campaigns.schemes.report import Report
from campaigns.schemes.values import keys_of, read_table

DEFAULT = next(path for path in shipped_files() if path.stem == "default").read_text()

SMALL = """
[scheme]
code = "small"
title = "小方案"
honour = "示范岗"

[[kinds]]
code = "person"
label = "个人"
holder = "person"
stages = "usual"

[[pipelines.usual]]
kind = "nominate"
label = "推荐"
actor = "branch"

[[pipelines.usual]]
kind = "decide"
label = "命名"
actor = "committee"
params = { effect = "name" }
"""


def found(text):
    return [(problem.line, problem.key) for problem in check_scheme(text, "x.toml")]


@pytest.mark.parametrize("path", shipped_files(), ids=lambda path: path.stem)
def test_every_shipped_scheme_has_no_faults_and_can_be_explained(path):
    examination = examine_scheme(path.read_bytes(), filename=path.name)

    assert examination.problems == []
    assert examination.scheme.scheme.code == path.stem
    assert all(section.lines for section in explain_scheme(examination.scheme))


def test_a_small_scheme_is_enough():
    assert found(SMALL) == []
    assert [stage.kind for stage in load_scheme(SMALL).stages_of(load_scheme(SMALL).kinds[0])] == ["nominate", "decide"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('honour = "示范岗"\n', "", [(2, "scheme.honour")]),
        ('holder = "person"', 'holder = "robot"', [(10, "kinds[1].holder")]),
        ('holder = "person"', 'holder = "person"\nmin_party = 2', [(11, "kinds[1].min_party")]),
        ('holder = "person"', 'holder = "person"\nmin_partys = 1', [(11, "kinds[1].min_partys")]),
        ('stages = "usual"', 'stages = "other"', [(11, "kinds[1].stages")]),
        ('actor = "branch"', 'actor = "parliament"', [(16, "pipelines.usual[1].actor")]),
        ('actor = "branch"', 'actor = ["branch", "committee"]', [(16, "pipelines.usual[1].actor")]),
        ('actor = "committee"', 'actor = "holder"', [(21, "pipelines.usual[2].actor")]),
        ('kind = "nominate"', 'kind = "applaud"', [(14, "pipelines.usual[1].kind")]),
        ('effect = "name"', 'effect = "admit"', [(13, "pipelines.usual")]),
        ('effect = "name"', 'effect = "name", colour = "red"', [(22, "pipelines.usual[2].params.colour")]),
        ("[scheme]", '[[quotas]]\ncode = "q"\nscope = "branch"\npercent = 180\n[scheme]', [(5, "quotas[1].percent")]),
        ("[scheme]", 'colour = "red"\n[scheme]', [(2, "colour")]),
    ],
)
def test_each_fault_is_told_with_line_and_key(old, new, expected):
    assert old in SMALL
    assert found(SMALL.replace(old, new)) == expected


def test_all_faults_are_told_at_once():
    text = SMALL.replace('honour = "示范岗"\n', "honour = 5\n").replace('"person"\ns', '"robot"\ns')
    text = text.replace('actor = "committee"', 'actor = "nobody"')

    assert found(text) == [(5, "scheme.honour"), (10, "kinds[1].holder"), (21, "pipelines.usual[2].actor")]


KIND = '\n[[kinds]]\ncode = "{}"\nlabel = "{}"\nholder = "team"\nstages = "usual"\nfollows = "{}"\n'


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("later", "person")], []),
        ([("later", "person"), ("last", "later")], []),
        ([("later", "nobody")], ["kinds[2].follows"]),
        ([("later", "later")], ["kinds[2].follows"]),
        ([("a", "b"), ("b", "a"), ("c", "a")], ["kinds[2].follows", "kinds[3].follows"]),
        ([("a", "b"), ("b", "c"), ("c", "a")], ["kinds[2].follows", "kinds[3].follows", "kinds[4].follows"]),
    ],
)
def test_a_first_batch_is_another_kind_and_nobody_waits_for_himself(pairs, expected):
    text = SMALL + "".join(KIND.format(code, code, first) for code, first in pairs)

    assert [problem.key for problem in check_scheme(text)] == expected


STAGE = '\n[[pipelines.usual]]\nkind = "{}"\nlabel = "{}"\nactor = "{}"\nparams = {{ {} }}\n'


@pytest.mark.parametrize(
    ("kind", "actor", "params"),
    [
        ("notice", "branch", "days = 5"),
        ("consent", "holder", ""),
        ("survey", "branch", "threshold = 80"),
        ("decide", "committee", 'effect = "name"'),
        ("endorse", "committee", ""),
    ],
)
def test_nothing_that_could_stop_a_naming_comes_after_it(kind, actor, params):
    text = SMALL + STAGE.format(kind, "以后", actor, params)

    assert found(text) == [(24, "pipelines.usual[3]")]


def test_a_plaque_comes_after_its_decision():
    first = SMALL.replace('kind = "nominate"', 'kind = "plaque"')
    creating = SMALL + STAGE.format("plaque", "创建牌", "office", 'plaque_kind = "creating"')

    assert found(first) == [(13, "pipelines.usual[1]")]
    assert found(creating) == [(24, "pipelines.usual[3]")]


def test_two_decisions_and_two_plaques_are_fine():
    admit = SMALL.replace('kind = "nominate"', 'kind = "decide"').replace(
        'actor = "branch"',
        'actor = "committee"\nparams = { effect = "admit" }\n\n[[pipelines.usual]]\nkind = "plaque"\nlabel = "创建牌"\n'
        'actor = "office"\nparams = { plaque_kind = "creating" }',
    )

    assert found(admit + STAGE.format("plaque", "授牌", "office", 'plaque_kind = "named"')) == []


def test_a_notice_of_survey_results_needs_a_survey():
    notice = STAGE.format("notice", "公示", "branch", 'object = "survey_result"').strip()
    text = SMALL.replace('[[pipelines.usual]]\nkind = "decide"', notice + '\n\n[[pipelines.usual]]\nkind = "decide"')

    assert found(text) == [(22, "pipelines.usual[2].params.object")]


REVIEW = '[[reviews]]\ncode="m"\nlabel="月"\ncadence="monthly"\nreviewer="branch"\n'
RUBRIC = (
    '[[rubrics]]\ncode="r"\ntitle="表"\n[[rubrics.sections]]\nlabel="一"\nitems=[{number="1",text="t",points=9}]\n'
    '[[rubrics.sections]]\nlabel="二"\n'
)


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ('[[reviews]]\ncode="m"\nlabel="月"\ncadence="weekly"\nreviewer="branch"', "reviews[1].cadence"),
        ('[[reviews]]\ncode="m"\nlabel="月"\ncadence="every_n_months"\nreviewer="branch"', "reviews[1].every_months"),
        ('[[reviews]]\ncode="m"\nlabel="月"\ncadence="monthly"\nreviewer="holder"', "reviews[1].reviewer"),
        ('[[reviews]]\ncode="m"\nlabel="月"\ncadence="monthly"\nreviewer="branch"\nkinds="x"', "reviews[1].kinds"),
        ('[[reviews]]\ncode="m"\nlabel="月"\ncadence="monthly"\nreviewer="branch"\nrubric="x"', "reviews[1].rubric"),
        (
            '[[reviews]]\ncode="m"\nlabel="月"\ncadence="monthly"\nreviewer="branch"\nassessments="self"\nweights.self=9',
            "reviews[1].weights",
        ),
        (
            '[[reviews]]\ncode="m"\nlabel="月"\ncadence="monthly"\nreviewer="branch"\nsurvey=false\nthreshold=80',
            "reviews[1].threshold",
        ),
        (REVIEW + 'survey=false\nsatisfaction="main"', "reviews[1].satisfaction"),
        (REVIEW + 'survey=false\nassessments="mass"', "reviews[1].assessments"),
        (REVIEW + "due_days=5\nvoice_days=6", "reviews[1].voice_days"),
        (REVIEW + 'assessments="peer"\nmin_voices.peer=2', "reviews[1].min_voices"),
        (REVIEW + 'names.leader="领导点评"', "reviews[1].names"),
        (REVIEW + "grades.excellent=60\ngrades.qualified=70", "reviews[1].grades"),
        (REVIEW + "unannounced=true", "reviews[1].unannounced"),
        (REVIEW + 'aggregate="trimmed_mean"', "reviews[1].aggregate"),
        (REVIEW + 'satisfaction="item"', "reviews[1].satisfaction"),
        (REVIEW + "marks.pass=80", "reviews[1].marks"),
        (REVIEW + "weights.mass=100\nmarks.rectify=60", "reviews[1].marks"),
        (REVIEW + "weights.mass=100\nmarks={pass=80, revoke=60}", "reviews[1].marks"),
        (REVIEW + "weights.mass=100\nmarks={pass=60, rectify=60}", "reviews[1].marks"),
        (RUBRIC + 'veto=true\nbonus=true\nitems=[{number="9",text="t"}]', "rubrics[1].sections[2].veto"),
        (RUBRIC + 'veto=true\nitems=[{number="9",text="t",points=3}]', "rubrics[1].sections[2].items[1].points"),
        ('[[quotas]]\ncode="q"\nscope="branch"\nmin=3\nmax=2', "quotas[1].min"),
        ('[[quotas]]\ncode="q"\nscope="planet"\nmin=3', "quotas[1].scope"),
        ('[[phases]]\nlabel="启动"\nstarts="04-19"\nends="02-30"', "phases[1].ends"),
        ('[[phases]]\nlabel="启动"\nstarts="04-19"\nends="04-01"', "phases[1].ends"),
        ('[[veto]]\ncode="a"\ntext="甲"\n[[veto]]\ncode="a"\ntext="乙"', "veto[2].code"),
    ],
)
def test_rules_that_cannot_hold_are_told(table, key):
    assert [problem.key for problem in check_scheme(SMALL + table)] == [key]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\x00\xff" * 1_000_000, 1),
        ("[scheme]\ncode = 小".encode(), 2),
        ('[scheme]\ntitle = "方案"'.encode("gb18030"), 2),
        ('[scheme]\ntitle = "方案"'.encode("utf-16"), 1),
        (b"a = 1\na = 2\n", 2),
        (b"[" * 100_000, 1),
        (b"a = " + b"9" * 5000, 1),
        (b"a = [" * 2000, 1),
        (b"a = 2026-02-31", 1),
    ],
)
def test_nonsense_gets_a_sentence(content, line):
    problems = check_scheme(content, "x.toml")

    assert problems
    assert problems[0].line == line or content == b""
    assert all(problem.message for problem in problems)


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter():
    assert check_scheme(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode()) == []


def test_positions_are_found_in_every_way_of_writing():
    text = 'a.b = 1\n[t]\n"k" = """x\n\ny"""\nl = [\n  1,\n  {c = 2},\n]\n[[r]]\nx = 1\n[[r]]\ny = {z = [1, 2]}\n'
    text += "[r.s]\nq = 1\n"

    assert find_positions(text) == {
        ("a",): 1,
        ("a", "b"): 1,
        ("t",): 2,
        ("t", "k"): 3,
        ("t", "l"): 6,
        ("t", "l", 0): 7,
        ("t", "l", 1): 8,
        ("t", "l", 1, "c"): 8,
        ("r",): 10,
        ("r", 0): 10,
        ("r", 0, "x"): 11,
        ("r", 1): 12,
        ("r", 1, "y"): 13,
        ("r", 1, "y", "z"): 13,
        ("r", 1, "y", "z", 0): 13,
        ("r", 1, "y", "z", 1): 13,
        ("r", 1, "s"): 14,
        ("r", 1, "s", "q"): 15,
    }


def warnings_of(text):
    return [(warning.key, warning.is_warning) for warning in examine_scheme(text).warnings]


def test_practice_is_warned_of_but_not_forced():
    assert warnings_of(SMALL) == [("kinds[1]", True)]  # no public notice
    assert warnings_of(DEFAULT) == []
    branch = SMALL.replace('actor = "committee"', 'actor = "branch"')
    assert len(warnings_of(branch)) == 2  # and named below the committee
    village = SMALL.replace('holder = "person"', 'holder = "org"')
    assert len(warnings_of(village)) == 2  # and a town names organisations
    zone = SMALL.replace('holder = "person"', 'holder = "zone"').replace('actor = "committee"', 'actor = "branch"')
    assert warnings_of(zone) == []


@pytest.mark.parametrize("line", ["min_party = 3", "max_members = 5", "all_party = true", "one_post_per_person = true"])
def test_rules_about_people_say_nothing_of_a_whole_organisation(line):
    village = SMALL.replace('holder = "person"', f'holder = "org"\n{line}')

    assert [problem.key for problem in examine_scheme(village).problems] == [f"kinds[1].{line.split()[0]}"]


def test_stated_heads_are_compared_with_the_items():
    rubric = (
        '[[rubrics]]\ncode="r"\ntitle="细则"\ntotal=10\n[[rubrics.sections]]\nlabel="氛围"\nstated=10\n'
        'items=[{number="1",text="甲",points=6},{number="2",text="乙",points=5}]\n'
    )
    warnings = examine_scheme(DEFAULT + rubric).warnings

    assert [warning.key for warning in warnings] == ["rubrics[1].sections[1].stated", "rubrics[1].total"]
    assert all(warning.source for warning in warnings)


def test_what_a_scheme_says_is_understood_by_a_secretary():
    out = StringIO()
    call_command("scheme", "check", *[str(path) for path in shipped_files()], stdout=out)

    text = out.getvalue()
    for part in ("集体示范岗党员人数不得少于2人", "党支部", "80", "三、3 公示", "5个工作日"):
        assert part in text


def test_check_exits_with_1_and_names_file_line_and_key(tmp_path):
    path = tmp_path / "faulty.toml"
    path.write_text(SMALL.replace('holder = "person"', 'holder = "robot"'))
    err = StringIO()

    with pytest.raises(CommandError) as error:
        call_command("scheme", "check", str(path), stderr=err)

    assert error.value.returncode == 1
    assert err.getvalue().startswith(f"{path}:10 kinds[1].holder — ")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"gone\.toml"):
        call_command("scheme", "check", str(tmp_path / "gone.toml"))


@pytest.mark.django_db
def test_a_stored_scheme_is_replaced_by_its_code(officer):
    first = store_scheme(SMALL, actor=officer)
    store_scheme(SMALL.replace("小方案", "新方案"), actor=officer, replaces=first.sha256)

    assert [scheme.title for scheme in StoredScheme.objects.all()] == ["新方案"]


@pytest.mark.django_db
@pytest.mark.parametrize("seen", ["", "0" * 64])
def test_a_stored_scheme_is_not_replaced_unseen(officer, seen):
    store_scheme(SMALL, actor=officer)

    with pytest.raises(StaleError, match="已被别人改过"):
        store_scheme(SMALL.replace("小方案", "新方案"), actor=officer, replaces=seen)

    assert StoredScheme.objects.get().title == "小方案"


@pytest.mark.django_db
def test_a_faulty_scheme_is_not_stored(officer):
    with pytest.raises(SchemeError) as error:
        store_scheme("x = 1", actor=officer)

    assert not StoredScheme.objects.exists()
    assert len(error.value.problems) >= 3


@pytest.mark.django_db
def test_the_library_holds_shipped_schemes_and_own_ones(officer):
    store_scheme(SMALL, actor=officer)

    assert [entry.code for entry in library()] == [*[path.stem for path in shipped_files()], "small"]
    assert find_entry("small").scheme.kinds[0].label == "个人"
    assert find_entry("none") is None


@pytest.mark.django_db
def test_a_shipped_scheme_is_not_replaced(officer):
    with pytest.raises(DomainError, match="default"):
        store_scheme(DEFAULT, actor=officer)


@pytest.mark.django_db
def test_only_who_manages_campaigns_adds_schemes(secretary):
    with pytest.raises(PermissionDenied):
        store_scheme(SMALL, actor=secretary)


@pytest.mark.django_db
def test_load_keeps_a_scheme(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    call_command("scheme", "load", str(path), stdout=StringIO())

    assert find_entry("small").title == "小方案"


# --- Whatever the file says, the checker answers ----------------------------------------------------------------------

SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.dates())
KEYS = st.one_of(
    st.sampled_from(
        [*keys_of(Scheme), "code", "label", "kind", "actor", "params", "stages", "kinds", "holder", "items"]
    ),
    st.text(max_size=5),
)
WORDS = st.sampled_from(["person", "branch", "decide", "notice", "plaque", "consent", "usual", "survey_result", "x"])
TREES = st.recursive(
    st.one_of(SCALARS, WORDS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=25,
)
STAGES = st.fixed_dictionaries(
    {"kind": st.one_of(WORDS, TREES), "label": TREES, "actor": st.one_of(WORDS, TREES)},
    optional={"params": st.one_of(st.dictionaries(KEYS, TREES, max_size=3), TREES)},
)
FILES = st.fixed_dictionaries(
    {},
    optional={
        "scheme": TREES,
        "kinds": st.one_of(
            TREES, st.lists(st.dictionaries(st.sampled_from(["code", "label", "holder", "stages"]), WORDS))
        ),
        "pipelines": st.one_of(TREES, st.dictionaries(WORDS, st.lists(STAGES, max_size=4), max_size=2)),
        "quotas": TREES,
        "reviews": TREES,
        "rubrics": TREES,
        "phases": TREES,
        "veto": TREES,
        "survey": TREES,
    },
)


@settings(max_examples=int(os.environ.get("SCHEME_EXAMPLES", "150")), deadline=None)
@given(data=FILES)
def test_no_file_crashes_the_checker(data):
    report = Report()
    scheme = read_table(Scheme, data, (), report)
    check_scheme_as_a_whole(scheme, report)
    if not report.problems:
        advise(scheme, report)
        explain_scheme(scheme)
    assert all(str(problem) for problem in report.problems)


@settings(max_examples=100, deadline=None)
@given(text=st.text(alphabet="[]{}=\"'.,#\n ab1-", max_size=60))
def test_no_text_crashes_the_checker(text):
    assert check_scheme(text)


# --- The reference page ----------------------------------------------------------------------------------------------

REFERENCE = (Path(__file__).parents[2] / "docs/scheme-format.md").read_text(encoding="utf-8")


EXAMPLES = [part.split("```")[0] for part in REFERENCE.split("```toml\n")[1:]]


@pytest.mark.parametrize("number", range(2))
def test_an_example_of_the_reference_page_is_a_good_scheme(number):
    examination = examine_scheme(EXAMPLES[number])

    assert (examination.problems, examination.warnings) == ([], [])


TABLES = [
    cls
    for module in (model, kinds, afterwards)
    for cls in vars(module).values()
    if isinstance(cls, type) and cls.__module__ == module.__name__
]


@pytest.mark.parametrize("cls", TABLES, ids=lambda cls: cls.__name__)
def test_the_reference_page_names_every_key(cls):
    shown = [set(re.findall(pattern, REFERENCE)) for pattern in (r"`(\w+)`", r"\[(\w+)[\].]", r"\.(\w+)\]\]")]

    assert set(keys_of(cls)) - set.union(*shown) == set()


def test_the_reference_page_names_every_step_and_parameter():
    for code, spec in stage_specs().items():
        section = REFERENCE.split(f"### `{code}`")[1].split("###")[0]
        assert [name for name in spec.param_names if f"`{name}`" not in section] == [], code


@pytest.mark.parametrize("labels", [name for name in vars(vocabulary) if name.isupper()])
def test_the_reference_page_names_every_word(labels):
    missing = [word for word in getattr(vocabulary, labels) if f"`{word}`" not in REFERENCE]

    assert [word for word in missing if f"{word} =" not in REFERENCE] == []

import pytest

from assessments.rehearsal.play import rehearse
from assessments.rehearsal.script_file import ScriptError, read_script
from campaigns.domain.schemes import load_scheme
from tests.rehearsal.small import SCHEME, with_survey

# A rehearsal always plays on SQLite.
pytestmark = pytest.mark.sqlite


SCRIPT = """
[rehearsal]
starts_on = 2026-03-02

[[cases]]
code = "kept"
kind = "person"
[[cases.after]]
what = "review"
rule = "monthly"
outcome = "rectify"

[[cases]]
code = "late"
kind = "person"
starts_on = 2026-03-10
[[cases.steps]]
step = 2
does = "return"
[[cases.steps]]
step = 3
on = 2026-04-15
[[cases.after]]
what = "incident"
ground = "accident"

[[cases]]
code = "refused"
kind = "person"
[[cases.steps]]
step = 2
does = "refuse"
text = "材料不实。"
"""


def outcomes(report):
    return {ending.case: ending.title or ending.nomination for ending in report.endings}


@pytest.mark.django_db
def test_script_is_played_as_written():
    report = rehearse(SCHEME, script=read_script(SCRIPT, load_scheme(SCHEME)))
    assert report.findings == []
    assert outcomes(report) == {"kept": "active", "late": "revoked", "refused": "not_passed"}
    steps = [(step.date.isoformat(), step.what) for step in report.steps if step.case == "late"]
    assert steps[:4] == [
        ("2026-03-10", "nominate"),
        ("2026-03-11", "return"),
        ("2026-03-12", "resubmit"),
        ("2026-03-13", "endorse"),
    ]
    assert steps[4] == ("2026-04-15", "decide")
    refused = next(step for step in report.steps if (step.case, step.what) == ("refused", "endorse"))
    assert (refused.outcome, refused.role, refused.unit) == ("failed", "党务干事", "中共示例县青样镇委员会")
    assert "材料不实。" in refused.text


@pytest.mark.django_db
def test_default_script_fails_at_each_gate_and_plays_each_event():
    report = rehearse(SCHEME)
    assert report.findings == []
    assert [(row.position, row.failed) for row in report.stages] == [(1, 0), (2, 1), (3, 1), (4, 0)]
    whats = {step.what for step in report.steps}
    assert {"return", "review:monthly", "ended:adjust", "rectification_checked", "veto:accident", "next_year"} <= whats


@pytest.mark.django_db
def test_gate_through_which_everybody_passes_is_a_finding():
    both = '["satisfied", "basically_satisfied"]'
    report = rehearse(with_survey(f"options = {both}, positive = {both}, not_valid = []"))
    assert [(finding.code, finding.position) for finding in report.findings] == [("gate_never_fails", 3)]


@pytest.mark.django_db
def test_step_that_nobody_can_pass_is_a_finding_with_its_reason():
    report = rehearse(with_survey('electorate = ["members"], min_valid = 5000'))
    assert {"refused", "never_reached", "gate_never_passes"} == {finding.code for finding in report.findings}
    assert "5000" in report.findings[0].text


@pytest.mark.django_db
def test_party_that_exists_in_no_organisation_is_a_finding():
    scheme = SCHEME.replace('honour = "党员示范岗"', 'honour = "党员示范岗"\nowner_kinds = ["general_branch"]')
    scheme = scheme.replace('actor = "committee"', 'actor = "sub_committee"', 1)
    report = rehearse(scheme)
    assert [finding.code for finding in report.findings] == ["actor_missing"]


def test_faults_of_a_script_are_told_with_line_and_key():
    text = SCRIPT.replace("step = 3\non = 2026-04-15", 'step = 9\non = "2026-04-15"').replace('"accident"', '"flood"')
    text = text.replace('outcome = "rectify"', 'outcome = "medal"').replace('does = "refuse"', 'does = "dance"')
    with pytest.raises(ScriptError) as caught:
        read_script(text, load_scheme(SCHEME), filename="脚本.toml")
    places = [(problem.line, problem.key) for problem in caught.value.problems]
    assert places == [
        (11, "cases[1].after[1].outcome"),
        (21, "cases[2].steps[2].step"),
        (22, "cases[2].steps[2].on"),
        (25, "cases[2].after[1].ground"),
        (32, "cases[3].steps[1].does"),
    ]
    assert str(caught.value).startswith("脚本.toml:11 cases[1].after[1].outcome — ")

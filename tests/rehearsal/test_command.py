import json

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import OrgUnit, Scheme
from tests.rehearsal.small import SCHEME, with_survey
from tests.rehearsal.test_rehearsal import SCRIPT

# A rehearsal always plays on SQLite.
pytestmark = pytest.mark.sqlite


COUNTED = (OrgUnit, Scheme)


@pytest.fixture
def scheme_file(tmp_path):
    path = tmp_path / "small.toml"
    path.write_text(SCHEME, encoding="utf-8")
    return path


@pytest.mark.django_db
def test_command_plays_in_another_process_and_leaves_the_database_alone(scheme_file, tmp_path, capsys):
    script = tmp_path / "script.toml"
    script.write_text(SCRIPT, encoding="utf-8")
    before = [model.objects.count() for model in COUNTED]
    call_command("rehearse", scheme_file, script=script, json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["clean"], report["scheme"], report["starts_on"]) == (True, "small", "2026-03-02")
    assert {ending["case"]: ending["title"] for ending in report["endings"]} == {
        "kept": "active",
        "late": "revoked",
        "refused": "",
    }
    assert [model.objects.count() for model in COUNTED] == before


@pytest.mark.django_db
def test_command_ends_with_the_reasons_when_a_step_cannot_be_passed(tmp_path, capsys):
    path = tmp_path / "never.toml"
    path.write_text(with_survey('electorate = ["members"], min_valid = 5000'), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("rehearse", path)
    told = capsys.readouterr().out
    assert "【发现的问题】" in told
    assert "“个人示范岗”：没有一件到达“授牌”。" in told


def test_command_names_the_faults_of_both_files(scheme_file, tmp_path, capsys):
    script = tmp_path / "script.toml"
    script.write_text("[rehearsal]\nstarts_on = 2026-03-02\ncases = 3\n", encoding="utf-8")
    with pytest.raises(CommandError, match="没有试运行"):
        call_command("rehearse", scheme_file, script=script)
    assert f"{script}:3 rehearsal.cases" in capsys.readouterr().err


def test_command_says_when_a_file_cannot_be_read(tmp_path):
    with pytest.raises(CommandError, match=r"none\.toml"):
        call_command("rehearse", tmp_path / "none.toml")

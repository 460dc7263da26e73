"""The settings as an administrator meets them: real processes with a real environment."""

import re

import pytest

from tests.processes import ROOT, manage

PRODUCTION = {
    "HTTPS": "1",
    "BEHIND_PROXY": "1",
    "ALLOWED_HOSTS": "posts.example.org",
    "SITE_URL": "https://posts.example.org",
    "DATABASE_URL": "postgres://posts:secret@db.example.org/posts",
    "CELERY_BROKER_URL": "redis://redis.example.org:6379/0",
}


def test_all_bad_settings_are_named_at_once(tmp_path):
    bad = {
        "DEBUG": "maybe",
        "HTTPS": "1",
        "DEMO": "1",
        "SITE_URL": "posts.example.org",
        "DATABASE_URL": "nonsense",
        "CELERY_BROKER_URL": "amqp://rabbit.example.org",
        "BALLOT_KEY": "short",
        "TICK_SECONDS": "0",
        "LOG_LEVEL": "loud",
    }
    result = manage("check", folder=tmp_path, **bad)
    assert result.returncode == 1
    named = {line.split(":")[0].strip() for line in result.stderr.splitlines()[1:]}
    assert named == set(bad) - {"HTTPS"}
    assert "Traceback" not in result.stderr


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    result = manage("check", folder=tmp_path / "file" / "below")
    assert result.returncode == 1
    assert "DATA_DIR: cannot make the folder" in result.stderr


@pytest.mark.parametrize("host", ["db.example.org", "10.0.0.7"])
def test_demo_mode_is_refused_beside_the_database_of_another_machine(tmp_path, host):
    result = manage("check", folder=tmp_path, DEMO="1", DATABASE_URL=f"postgres://posts@{host}/posts")
    assert result.returncode == 1
    assert "DEMO: cannot be switched on with the database of another machine" in result.stderr


@pytest.mark.parametrize("url", ["", "postgres://posts@localhost/posts", "postgres:///posts"])
def test_demo_mode_is_allowed_on_this_machine(tmp_path, url):
    environment = {"DATABASE_URL": url} if url else {}
    assert manage("check", folder=tmp_path, DEMO="1", **environment).returncode == 0


def test_deploy_check_is_silent_in_production(tmp_path):
    result = manage("check", "--deploy", "--fail-level", "WARNING", folder=tmp_path, **PRODUCTION)
    assert (result.returncode, result.stderr) == (0, "")


def test_keys_of_the_embedded_default_are_made_once_and_private(tmp_path):
    manage("check", folder=tmp_path)
    first = (tmp_path / "ballot_key").read_text()
    manage("check", folder=tmp_path)
    assert (tmp_path / "ballot_key").read_text() == first
    assert (tmp_path / "ballot_key").stat().st_mode & 0o777 == 0o600


def test_a_database_restored_without_its_ballot_key_is_detected(tmp_path):
    assert manage("migrate", folder=tmp_path).returncode == 0
    assert manage("check", "--database", "default", folder=tmp_path).returncode == 0
    (tmp_path / "ballot_key").unlink()
    result = manage("check", "--database", "default", folder=tmp_path)
    assert result.returncode == 1
    assert "campaigns.E001" in result.stderr
    assert manage("adopt_ballot_key", folder=tmp_path).returncode == 0
    assert manage("check", "--database", "default", folder=tmp_path).returncode == 0


def test_every_setting_stands_in_the_manual():
    """And the manual names none that does not exist."""
    source = (ROOT / "config" / "settings.py").read_text() + (
        ROOT / "campaigns/management/commands/serve.py"
    ).read_text()
    known = set(re.findall(r'(?:env\.\w+|environ\.get)\(\s*"([A-Z_]+)"', source))
    table = (ROOT / "docs" / "operations.md").read_text().partition("## 4.")[2].partition("## 5.")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)} == known


@pytest.mark.parametrize(
    ("name", "bad", "words"),
    [
        ("EMAIL_URL", "mail.example.org", "must look like smtp://"),
        ("EMAIL_URL", "smtp://host:nonsense", "must look like smtp://"),
        ("EMAIL_FROM", "posts", "must look like posts@example.org"),
        ("CHANNEL_URL", "wecombot://0123456789", "must contain {address}"),
        ("CHANNEL_URL", "json://{address}/notify", "must stand behind the host"),
        ("CHANNEL_URL", "robot", "must be an address of apprise"),
        ("QUIET_HOURS", "9pm-8am", "must look like 21:00-08:00"),
        ("DIGEST_MINUTES", "-1", ""),
    ],
)
def test_a_bad_setting_of_the_messages_is_named(tmp_path, name, bad, words):
    result = manage("check", folder=tmp_path, **{name: bad})
    assert result.returncode == 1
    assert f"{name}: " in result.stderr
    assert words in result.stderr


@pytest.mark.parametrize(("url", "problem"), [("json://gate.example.org/{address}", 0), ("nonsense://{address}", 1)])
def test_a_message_service_that_apprise_does_not_know_is_found_by_the_check(tmp_path, url, problem):
    result = manage("check", folder=tmp_path, CHANNEL_URL=url)
    assert (result.returncode, "campaigns.E002" in result.stderr) == (problem, bool(problem))

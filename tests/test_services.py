"""The servers that the tests start."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection
from redis import ConnectionError as RedisAwayError
from redis import Redis

pytestmark = pytest.mark.services


def test_postgresql_is_real_and_takes_queries(pg_server):
    with psycopg.connect(pg_server) as found:
        assert found.execute("SELECT 1").fetchone() == (1,)
        assert found.info.server_version >= 150000


def test_redis_is_real(redis_server):
    with Redis.from_url(redis_server) as client:
        assert client.ping() is True


def test_servers_end_with_the_command(tmp_path):
    script = "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_text(os.environ['TEST_REDIS_URL'])"
    command = [sys.executable, "-m", "tests.services", "--redis", "--", sys.executable, "-c", script, tmp_path / "url"]
    assert subprocess.run(command, check=False).returncode == 0
    url = (tmp_path / "url").read_text()
    with Redis.from_url(url) as client, pytest.raises(RedisAwayError):
        client.ping()


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_a_missing_program_fails_in_ci_and_is_skipped_elsewhere(ci, status):
    command = [sys.executable, "-m", "tests.services", "--redis", "--", "true"]
    result = subprocess.run(
        command, env={**os.environ, "PATH": "/nowhere", "CI": ci}, capture_output=True, text=True, check=False
    )
    assert result.returncode == status
    assert "redis-server is not installed" in result.stderr


@pytest.mark.postgres
def test_the_session_on_postgresql_runs_on_postgresql(db):
    assert connection.vendor == "postgresql"

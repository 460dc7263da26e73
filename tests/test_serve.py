"""``manage.py serve`` as a person has it: real processes, killed in every way."""

import os
import signal
import socket
import time

import pytest

from tests.processes import health, manage, processes_of, serving, wait_until

pytestmark = [pytest.mark.services, pytest.mark.xdist_group("serve")]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A migrated database and collected files."""
    folder = tmp_path_factory.mktemp("serve")
    for words in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
        result = manage(*words, folder=folder)
        assert result.returncode == 0, result.stderr
    return folder


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(prepared, number):
    with serving(prepared) as (process, _address):
        wait_until(lambda: len(processes_of(prepared)) >= 6, 20)  # serve, broker, worker and its pool, web and its own
        process.send_signal(number)
        assert process.wait(40) == 0
        assert processes_of(prepared) == []
    assert "stopped" in (prepared / "output").read_text()


def test_nothing_is_left_when_the_supervisor_is_killed(prepared):
    with serving(prepared) as (process, _address):
        process.kill()
        process.wait()
        wait_until(lambda: processes_of(prepared) == [], 30)


def test_a_killed_worker_and_a_killed_broker_come_back(prepared):
    with serving(prepared) as (process, address):
        for words in (["celery", "worker"], ["redis-server"]):
            wait_until(lambda words=words: processes_of(prepared, *words), 20)
            before = processes_of(prepared, *words)
            os.kill(before[0], signal.SIGKILL)
            wait_until(lambda words=words, before=before: set(processes_of(prepared, *words)) - set(before), 20)
        time.sleep(2)  # the clock must tick anew, not merely have ticked
        wait_until(lambda: health(address).get("status") == "ok" and health(address)["last_tick_seconds"] <= 2, 40)
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0


def test_a_second_server_on_the_same_data_is_refused(prepared):
    with serving(prepared):
        result = manage("serve", "--port", "8999", folder=prepared)
    assert result.returncode == 1
    assert str(prepared) in result.stderr


def test_a_taken_port_is_told_before_anything_starts(prepared):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = manage("serve", "--port", str(taken.getsockname()[1]), folder=prepared)
    assert result.returncode == 1
    assert "PORT" in result.stderr


def test_serving_before_migrating_says_what_to_run(tmp_path):
    result = manage("serve", folder=tmp_path)
    assert result.returncode == 1
    assert "manage.py migrate" in result.stderr


def test_a_data_folder_with_a_long_chinese_name_works(prepared, tmp_path):
    folder = tmp_path / ("数据 文件夹%20" * 6)
    folder.mkdir()
    for name in ("shifangang.sqlite3", "ballot_key", "static"):
        (folder / name).symlink_to(prepared / name)
    with serving(folder) as (process, address):
        assert health(address)["broker"] == "ok"
        process.send_signal(signal.SIGINT)
        assert process.wait(40) == 0


def test_the_broker_of_the_wheel_serves_where_no_redis_is_installed(prepared, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with serving(prepared) as (_process, address):
        assert health(address)["broker"] == "ok"
        assert processes_of(prepared, "redis-server") == []

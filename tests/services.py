"""Real servers for the tests, as direct children of the process that asks for them, and gone with it.

``python -m tests.services [--postgres] [--redis] -- COMMAND`` runs a command with ``DATABASE_URL`` and
``TEST_REDIS_URL`` set; the fixtures ``pg_server`` and ``redis_server`` do the same inside a test session.
A server whose program is not installed skips with its reason on a person's machine and fails when ``CI`` is set.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.supervisor import die_with_parent

PG_OPTIONS = ["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB"]


class MissingProgramError(Exception):
    """A program that Debian's packages would bring is not here."""


def find_program(name: str) -> str:
    """Path of a program on PATH or among PostgreSQL's versions. Raises MissingProgramError."""
    versions = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[4]))
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise MissingProgramError(f"{name} is not installed; “make setup-test” says how")
    return found


def missing(reason: str) -> None:
    """Skip on a person's machine; fail where everything has to run."""
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command: list[str], *, stop: int, port: int | None = None, **options) -> Iterator[subprocess.Popen]:
    """A child that is ended, with its whole group, when the block is left."""
    process = subprocess.Popen(command, preexec_fn=die_with_parent, start_new_session=True, **options)  # noqa: PLW1509
    try:
        if port is not None:
            _wait_for(process, port)
        yield process
    finally:
        process.send_signal(stop)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen, port: int, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args[0]} does not answer on port {port} (status {process.poll()})")


def _unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root: step down to its own user, keep the parent-death signal."""
    if os.geteuid() != 0:
        return []
    return [find_program("setpriv"), "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=INT", "--"]


class PostgresFolder:
    """A PostgreSQL with a data folder of its own on a free loopback port: started, killed, started again on it."""

    def __init__(self) -> None:
        self.folder, self.port = Path(tempfile.mkdtemp(prefix="sfg-pg-")), free_port()
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"
        self._step_down, initdb = _unprivileged(), find_program("initdb")
        if self._step_down:
            shutil.chown(self.folder, "postgres", "postgres")
        command = [*self._step_down, initdb, "-D", str(self.folder / "data"), "-U", "postgres", "-A", "trust", "-N"]
        subprocess.run(
            [*command, "-E", "UTF8", "--locale=C.UTF-8"], check=True, stdout=subprocess.DEVNULL, cwd=self.folder
        )

    @contextlib.contextmanager
    def running(self, options: list[str]) -> Iterator[subprocess.Popen]:
        """The server, taking queries; stopped when the block is left."""
        listen = ["-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-p", str(self.port)]
        command = [*self._step_down, find_program("postgres"), "-D", str(self.folder / "data"), *listen, *options]
        with (
            (self.folder / "log").open("a") as log,
            running(command, stop=signal.SIGINT, port=self.port, stdout=log, stderr=log, cwd=self.folder) as process,
        ):
            _wait_until_it_takes_queries(self.port)
            yield process

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def kill_with_children(process: subprocess.Popen) -> None:
    """Kill -9 a server and all its children at once, and wait until they are gone."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(child), signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 30
    while any(_is_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)


def _is_alive(number: str) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A fresh PostgreSQL on a free loopback port; yields its DATABASE_URL."""
    server = PostgresFolder()
    try:
        with server.running(PG_OPTIONS):
            yield server.url
    finally:
        server.remove()


def _wait_until_it_takes_queries(port: int) -> None:
    import psycopg

    for _attempt in range(100):
        try:
            psycopg.connect(f"host=127.0.0.1 port={port} user=postgres dbname=postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("PostgreSQL does not take connections")


@contextlib.contextmanager
def database(server_url: str, name: str) -> Iterator[None]:
    """A further database on a running server, dropped afterwards whoever is still connected."""
    import psycopg

    with psycopg.connect(server_url, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A fresh Redis on a free loopback port; yields its URL."""
    folder, port = tempfile.mkdtemp(prefix="sfg-redis-"), free_port()
    command = [find_program("redis-server"), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder]
    command += ["--appendonly", "yes", "--save", "", "--loglevel", "warning"]
    try:
        with running(command, stop=signal.SIGTERM, port=port, stdout=subprocess.DEVNULL):
            yield f"redis://127.0.0.1:{port}/0"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    """DATABASE_URL of a real PostgreSQL: the one the session runs on, else one started for it."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    try:
        with postgres() as url:
            yield url
    except MissingProgramError as error:
        missing(str(error))


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """URL of a real Redis: the given one, else one started for the session."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    try:
        with redis() as url:
            yield url
    except MissingProgramError as error:
        missing(str(error))


def main(arguments: list[str]) -> int:
    """Run a command beside the wished servers and return its status."""
    parser = argparse.ArgumentParser(prog="python -m tests.services")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--redis", action="store_true")
    parser.add_argument("command", nargs="+")
    wished = parser.parse_args(arguments)
    try:
        with contextlib.ExitStack() as stack:
            environment = dict(os.environ)
            if wished.postgres:
                environment["DATABASE_URL"] = stack.enter_context(postgres())
            if wished.redis:
                environment["TEST_REDIS_URL"] = stack.enter_context(redis())
            return subprocess.run(wished.command, env=environment, check=False).returncode
    except MissingProgramError as error:
        sys.stderr.write(f"skipped: {error}\n")
        return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_unused: sys.exit(143))
    sys.exit(main(sys.argv[1:]))

"""Real processes of the project for the tests: commands, the server, and what is left of them."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent


def clean_environment(folder, **more):
    """The environment of a person who set nothing but ``DATA_DIR`` and ``more``."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return {**inherited, "DATA_DIR": str(folder), **more}


def manage(*words, folder, **environment):
    """Run ``manage.py`` to its end."""
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=clean_environment(folder, **environment),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@contextlib.contextmanager
def started(command, *, folder, **environment):
    """A process of its own group, its output in ``folder/output``; killed at the latest when the block is left."""
    with (Path(folder) / "output").open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean_environment(folder, **environment),
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextlib.contextmanager
def serving(folder, **environment):
    """``manage.py serve`` on a free port, once it is well; yields the process and its address."""
    port = free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with started(command, folder=folder, TICK_SECONDS="1", **environment) as process:
        address = f"http://127.0.0.1:{port}"
        wait_until(lambda: process.poll() is not None or fetch(f"{address}/healthz")[0] == 200, 60)
        assert process.poll() is None, (Path(folder) / "output").read_text()
        yield process, address


@contextlib.contextmanager
def web_server(folder, *, workers=1, **environment):
    """Gunicorn as the product starts it, once it answers; yields its process and its address."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"127.0.0.1:{port}", "-k", "gthread"]
    command += ["--workers", str(workers), "--threads", "4", "--no-control-socket"]
    with started(command, folder=folder, **environment) as process:
        wait_until(lambda: fetch(f"http://127.0.0.1:{port}/login/")[0] == 200, 60)
        yield process, f"http://127.0.0.1:{port}"


def fetch(url, *, cookie=""):
    """Status and body; status 0 when nobody answers."""
    request = urllib.request.Request(url, headers={"Cookie": cookie})  # noqa: S310  the tests' own address
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def health(address):
    return json.loads(fetch(f"{address}/healthz")[1] or "{}")


def wait_until(condition, seconds):
    """Wait for something to become true; fail when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)


def processes_of(folder, *words):
    """Ids of running processes that belong to this ``DATA_DIR`` and have all the words in their command."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError):
            number = int(entry.name)
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if _belongs_to(folder, entry) and all(word in command for word in words):
                found.append(number)
    return sorted(found)


def _belongs_to(folder, entry):
    """By its environment; or by its working folder, for a server that writes its title over its environment."""
    if (entry / "stat").read_text().rpartition(")")[2].split()[0] == "Z":
        return False
    if f"DATA_DIR={folder}".encode() in (entry / "environ").read_bytes().split(b"\0"):
        return True
    return (entry / "cwd").readlink().is_relative_to(folder)


class Forwarder:
    """A door to a server on this machine that the test can shut and open again."""

    def __init__(self, target_port):
        self.target_port = target_port
        self.port = free_port()
        self.open()

    def open(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        self.pairs = []
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def shut(self):
        # shutdown() first: close() alone does not wake the thread that waits in accept().
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for pair in self.pairs:
            for end in pair:
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near, _address = listener.accept()
                far = socket.create_connection(("127.0.0.1", self.target_port))
                self.pairs.append((near, far))
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


def kill_at_random(command, *, until, seconds, environment):
    """Run three copies of a command and kill -9 one of them again and again until ``until()``; return the kills."""

    def start():
        return subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, start_new_session=True)

    workers, kills, deadline = [start() for _n in range(3)], 0, time.monotonic() + 120
    try:
        while kills < 3 or not until():
            assert time.monotonic() < deadline, f"work is left after {kills} kills"
            time.sleep(random.uniform(*seconds))
            victim = random.randrange(len(workers))
            workers[victim].kill()
            workers[victim].wait()
            kills += 1
            workers[victim] = start()
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    return kills

"""A site under gunicorn as the benchmarks run it, the voters beside it, and the CPU time of both and of PostgreSQL."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


@contextlib.contextmanager
def site(application, *, processes=2, threads=4, **environment):
    """A gunicorn on a free port; yields its process id and port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "-b", f"127.0.0.1:{port}", "-k", "gthread"]
    command += [
        "--workers",
        str(processes),
        "--threads",
        str(threads),
        "--keep-alive",
        "60",
        "--no-control-socket",
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment})
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            time.sleep(0.05)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait()


def cpu_of(pid):
    """Seconds of CPU of a process, its children, and the children they have buried."""
    children = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    total, left = 0, [pid]
    while left:
        one = left.pop()
        left += children.get(one, [])
        with contextlib.suppress(OSError):
            fields = (Path("/proc") / str(one) / "stat").read_text().rpartition(")")[2].split()
            total += sum(map(int, fields[11:15]))
    return total / TICKS


def parent_of(pid):
    return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])


class Crowd:
    """Voters in a process of their own; ``phase()`` lets them take their next steps and returns what it cost."""

    def __init__(self, port, clients, voters):
        command = [sys.executable, str(ROOT / "benchmarks" / "voters.py")]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.n = len(voters)
        self._say(json.dumps({"port": port, "clients": clients, "voters": voters}))

    def _say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def phase(self, web, database):
        """Milliseconds of CPU per voter, votes a second, statuses and receipts of the next steps."""
        before = cpu_of(web), cpu_of(database)
        self._say("go")
        answer = json.loads(self.process.stdout.readline())
        after = cpu_of(web), cpu_of(database)
        per_voter = [1000 * (late - early) / self.n for early, late in zip(before, after, strict=True)]
        return {"web": per_voter[0], "database": per_voter[1], "rate": self.n / answer["seconds"], **answer}

    def end(self):
        self.process.stdin.close()
        self.process.wait()

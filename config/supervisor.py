"""Starts a few programs in order, restarts what dies, stops them in the reverse order and leaves nothing behind.

Each program runs in its own process group (so that Ctrl-C reaches only the supervisor, which knows the order) and gets
a signal from the kernel when the supervisor itself is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
RESTARTS_ALLOWED = 3
WITHIN_SECONDS = 60
LOOK_EVERY = 0.2
TOGETHER_SECONDS = 0.5

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """For ``preexec_fn``: ask the kernel to end this process when the one that started it is gone (Linux only)."""
    if sys.platform == "linux":
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Program:
    """One child: its command, how long it may take to stop, and how to know that it is ready."""

    name: str
    command: list[str]
    grace: float = 10
    is_ready: Callable[[], bool] = lambda: True
    environment: dict[str, str] = field(default_factory=dict)
    deaths: deque[float] = field(default_factory=deque)
    process: subprocess.Popen | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603  commands are built by this project, without a shell
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **self.environment},
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  the supervisor starts its programs from one thread
        )
        threading.Thread(target=self._copy_output, args=(self.process.stdout,), daemon=True).start()

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Send a signal to the whole group; a group that is gone already is fine."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    def _copy_output(self, stream) -> None:
        for line in stream:
            sys.stdout.write(f"{self.name:<7}| {line.decode(errors='replace')}")
            sys.stdout.flush()


class Supervisor:
    """Runs programs until it is told to stop or one of them cannot be kept alive."""

    def __init__(self, programs: list[Program], *, ready_within: float = 30) -> None:
        self.programs = programs
        self.ready_within = ready_within
        self.signals = 0
        self.last_signal = float("-inf")
        self.failed = ""

    def run(self, *, on_ready: Callable[[], None] = lambda: None) -> int:
        """Start, watch, stop. Return 0 after a wished stop, 1 when a program could not be kept alive."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        for program in self.programs:
            if self._may_go_on():
                self._start(program)
        if self._may_go_on():
            on_ready()
        while self._may_go_on():
            self._watch()
            time.sleep(LOOK_EVERY)
        self._stop()
        return 1 if self.failed else 0

    def _may_go_on(self) -> bool:
        return not self.signals and not self.failed

    def _on_signal(self, number, frame) -> None:
        # One Ctrl-C may arrive twice, from the terminal and from a program in between; that is not impatience.
        now = time.monotonic()
        if now - self.last_signal > TOGETHER_SECONDS:
            self.signals += 1
        self.last_signal = now

    def _start(self, program: Program) -> None:
        program.start()
        deadline = time.monotonic() + self.ready_within
        while self._may_go_on() and program.is_running() and not program.is_ready():
            if time.monotonic() > deadline:
                self.failed = f"{program.name} did not become ready within {self.ready_within:g} s"
            time.sleep(0.05)

    def _watch(self) -> None:
        for program in self.programs:
            if not program.is_running() and self._may_go_on():
                self._revive(program)

    def _revive(self, program: Program) -> None:
        """Start a dead program again, unless it dies over and over."""
        program.signal(signal.SIGKILL)  # what is left of its group
        now = time.monotonic()
        program.deaths.append(now)
        while program.deaths and now - program.deaths[0] > WITHIN_SECONDS:
            program.deaths.popleft()
        status = program.process.returncode if program.process else None
        if len(program.deaths) > RESTARTS_ALLOWED:
            self.failed = (
                f"{program.name} ended {len(program.deaths)} times within {WITHIN_SECONDS} s (status {status})"
            )
            return
        self._say(f"{program.name} ended (status {status}); starting it again")
        self._start(program)

    def _stop(self) -> None:
        if self.failed:
            self._say(f"giving up: {self.failed}")
        for program in reversed(self.programs):
            self._end(program)
        self._say("stopped")

    def _end(self, program: Program) -> None:
        """Ask, wait, kill. A second signal from the person at the keyboard cuts the waiting short."""
        if program.is_running() and program.process is not None:
            os.kill(program.process.pid, signal.SIGTERM)
            deadline = time.monotonic() + program.grace
            while program.is_running() and time.monotonic() < deadline and self.signals < 2:
                time.sleep(0.05)
        program.signal(signal.SIGKILL)
        if program.process is not None:
            program.process.wait()

    def _say(self, text: str) -> None:
        sys.stdout.write(f"{'serve':<7}| {text}\n")
        sys.stdout.flush()

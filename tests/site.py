"""The site as a person starts it: ``manage.py serve`` with real processes, and a calendar that can be turned on.

All processes of the site read the days that have passed from one file (``tests/turned_calendar``): Django's
``timezone.now()`` is moved, which is all the product ever asks; time-outs, waits and beat keep the machine's clock.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from config.supervisor import die_with_parent
from tests.services import free_port

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Site:
    """A running site: its address, its environment, its calendar."""

    url: str
    environment: dict[str, str]
    calendar: Path
    log: Path
    first_words: str = ""

    def manage(self, *arguments: str) -> str:
        """Run a management command of this site and return what it printed."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def now(self) -> datetime:
        return timezone.now() + timedelta(seconds=float(self.calendar.read_text().strip("+s\n") or 0))

    def turn_to(self, moment: datetime) -> None:
        """Turn the calendar of all processes on to a moment (aware); never back."""
        seconds = (moment - timezone.now()).total_seconds()
        fresh = self.calendar.with_suffix(".new")
        fresh.write_text(f"+{seconds:.0f}s\n")
        fresh.rename(self.calendar)


@contextlib.contextmanager
def running_site(folder: Path, *, prepare: tuple[tuple[str, ...], ...] = (), **settings: str) -> Iterator[Site]:
    """Migrate, collect, run the commands of ``prepare``, serve; end everything when the block is left."""
    port, calendar = free_port(), folder / "calendar"
    calendar.write_text("+0s\n")
    environment = {
        **{name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATA_DIR": str(folder / "data"),
        "TICK_SECONDS": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOGIN_FAILURE_LIMIT": "50",
        **settings,
    }
    site = Site(f"http://127.0.0.1:{port}", environment, calendar, folder / "serve.log")
    for command in (("migrate", "-v0"), ("collectstatic", "--noinput", "-v0"), *prepare):
        site.manage(*command)
    site.environment = {
        **environment,
        "PYTHONPATH": str(ROOT / "tests" / "turned_calendar"),
        "TURNED_CALENDAR": str(calendar),
    }
    command = [sys.executable, "manage.py", "serve", "--port", str(port)]
    with site.log.open("w") as log, _served(command, site.environment, log) as process:
        _wait_until_healthy(site, process)
        yield site
    assert process.returncode == 0, site.log.read_text()[-3000:]


@contextlib.contextmanager
def _served(command, environment, log) -> Iterator[subprocess.Popen]:
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_until_healthy(site: Site, process: subprocess.Popen, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{site.url}/login/", timeout=5).close()  # noqa: S310  our own address
            return
        time.sleep(0.2)
    raise RuntimeError(f"the site does not answer:\n{site.log.read_text()[-3000:]}")


def leftovers(text: str) -> list[str]:
    """English words in a Chinese page that are not names of formats nor codes in capitals."""
    allowed = {"Excel", "Python", "Word", "Ctrl", "Shifangang", "Celery", "Redis", "SQLite", "xlsx", "docx"}
    text = re.sub(r"\b[0-9a-f]{12,}\b", "", text)  # check sums
    found = set(re.findall(r"[A-Za-z]{4,}", text))
    return sorted(word for word in found if word not in allowed and not word.isupper())

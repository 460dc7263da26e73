"""Rehearsals run in a process of their own whose database lies in its memory: nothing of the site is touched."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import Any

from django.conf import settings

#: Settings of the site that a rehearsal must not inherit: its database, its keys, its broker.
FORGET = ("SECRET_KEY", "SECRET_KEY_FALLBACKS", "BALLOT_KEY", "DEMO", "CELERY_BROKER_URL", "JOURNAL_ANCHOR_FILE")


def play_apart(job: dict[str, Any], *, seconds: int | None = None) -> Iterator[dict[str, Any]]:
    """Play a job (see ``jobs.play_job``) and yield its lines as they come.

    ``seconds``: the process is killed after them. The last line is ``{"died": <what it said>}`` when it ended before
    its report.
    """
    with _process() as process:
        timer = Timer(seconds, process.kill) if seconds else None
        if timer:
            timer.start()
        try:
            yield from _talk(process, job)
        finally:
            if timer:
                timer.cancel()
            if process.poll() is None:
                process.kill()


def _talk(process: subprocess.Popen, job: dict[str, Any]) -> Iterator[dict[str, Any]]:
    assert process.stdin is not None  # noqa: S101  both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        json.dump(job, process.stdin)
        process.stdin.close()
    except BrokenPipeError:
        pass  # it died at once; its last words follow
    finished = False
    for text in process.stdout:
        line = json.loads(text)
        finished = finished or "report" in line or "problems" in line
        yield line
    if process.wait() or not finished:
        yield {"died": _last_words(process)}


@contextmanager
def _process() -> Iterator[subprocess.Popen]:
    with tempfile.TemporaryDirectory(prefix="rehearsal-") as folder, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "assessments.rehearsal"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            cwd=settings.BASE_DIR,
            env=_environment(Path(folder)),
        )
        process.errors = errors  # type: ignore[attr-defined]
        try:
            yield process
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in FORGET}
    return (
        kept
        | dict.fromkeys(FORGET[:4], "")
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATABASE_URL": "sqlite://:memory:",
            "DATA_DIR": str(folder),
            "CELERY_BROKER_URL": f"redis+socket://{folder}/none.sock",
            "DEMO": "0",
            "SURVEY_FEW_BY_PHONE": "1",  # how many members a branch has is made up here
            "LOG_LEVEL": "CRITICAL",
            "PYTHONIOENCODING": "utf-8",
        }
    )


def _last_words(process: subprocess.Popen) -> str:
    errors = process.errors  # type: ignore[attr-defined]
    errors.seek(0)
    lines = [line for line in errors.read().splitlines() if line.strip()]
    return lines[-1][:500] if lines else ""

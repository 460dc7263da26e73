"""The process of a rehearsal, with a database in its memory: a job as JSON on the standard input, lines of JSON back.

Started by ``assessments.rehearsal.sandbox`` only, which sets the environment.
"""

import json
import resource
import sys
from typing import Any

import django


def main() -> None:
    """Read the job, make the database, play, and write a line for each step and one for the whole report."""
    job = json.load(sys.stdin)
    _limit(job.get("limits") or {})
    django.setup()
    from django.conf import settings  # noqa: PLC0415  everything below needs the set-up
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils.translation import activate  # noqa: PLC0415

    if settings.DATABASES["default"]["NAME"] != ":memory:":
        sys.exit("a rehearsal runs in a database of its own")
    from assessments.rehearsal.jobs import play_job  # noqa: PLC0415

    activate(job.get("language") or settings.LANGUAGE_CODE)
    _write({"state": "database"})
    call_command("migrate", verbosity=0, interactive=False)
    for line in play_job(job, on_step=lambda step: _write({"step": step})):
        _write(line)


def _limit(limits: dict[str, int]) -> None:
    """At most so much memory and so much time of a processor, whatever the scheme asks for."""
    if seconds := limits.get("seconds"):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    if megabytes := limits.get("megabytes"):
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))


def _write(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

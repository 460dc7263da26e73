"""A rehearsal as a job: texts in, plain values out."""

from collections.abc import Callable, Iterator
from typing import Any

from assessments.rehearsal.play import rehearse
from assessments.rehearsal.report import step_dict
from assessments.rehearsal.script_file import ScriptError, read_script
from campaigns.domain.schemes import SchemeError, load_scheme
from campaigns.schemes.report import Problem


def play_job(job: dict[str, Any], *, on_step: Callable[[dict], object]) -> Iterator[dict[str, Any]]:
    """Play ``scheme`` with ``script`` (both texts); yield the report, or the problems of the two files."""
    try:
        scheme = load_scheme(job["scheme"], job.get("filename", ""))
        script = read_script(job["script"], scheme, filename=job.get("script_name", "")) if job.get("script") else None
    except (SchemeError, ScriptError) as error:
        yield {"problems": [_problem(problem) for problem in error.problems]}
        return
    report = rehearse(job["scheme"], script=script, on_step=lambda step: on_step(step_dict(step)))
    yield {"report": report.to_dict()}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "message": str(problem.message),
        "text": str(problem),
    }

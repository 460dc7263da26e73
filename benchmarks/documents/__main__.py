"""``python -m benchmarks.documents [JOB …]``: every kind of paper against the same content in typst and reportlab.

Each engine works in a process of its own, one after the other, on one machine and in one run: CPU seconds (user and
system, with all children) once it has printed a first piece, and the peak of the memory of the whole group of
processes, modules included. Prints each figure beside its limit and ends with 1 when one is not kept. The papers stay
in a folder, to be looked at.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDER = Path(tempfile.mkdtemp(prefix="shifangang-papers-"))
DATABASE = f"sqlite:///{FOLDER}/plaques.sqlite3"
FONTS = os.environ.get("FONTS_DIR", str(ROOT / "var" / "fonts"))
ENVIRONMENT = {
    **os.environ, "DATA_DIR": str(FOLDER), "DATABASE_URL": DATABASE, "DJANGO_SETTINGS_MODULE": "config.settings",
    "LOG_LEVEL": "ERROR", "SITE_URL": "https://sfg.example.cn", "FONTS_DIR": FONTS, "PRINT_MEGABYTES": "4096",
    "PRINT_SECONDS": "75",
}  # fmt: skip
MB = 1 << 20
Figures = dict[str, float]


@dataclass(frozen=True)
class Limit:
    """A ratio or a figure of a job, and what it may be at most."""

    told: str
    figure: Callable[[dict[str, Figures]], float]
    most: float
    is_below: bool = False


def against(key, peer):
    return lambda found: found["ours"][key] / found[peer][key]


MEMORY = "MB at the peak"
JOBS = {
    "plaques": (500, ("ours", "typst", "reportlab"), (
        Limit("500 plaques in one file ÷ typst", against("cpu", "typst"), 2.5),
        Limit(MEMORY, lambda found: found["ours"]["memory"], 250),
    )),
    "plaque_files": (500, ("ours", "typst", "reportlab"), (
        Limit("500 separate files ÷ typst", against("cpu", "typst"), 2.0),
    )),
    "slips": (1000, ("ours", "typst", "reportlab"), (
        Limit("1,000 ballot slips ÷ typst", against("cpu", "typst"), 1.0),
    )),
    "ledger": (2800, ("ours", "typst", "reportlab", "plain"), (
        Limit("200 pages of a ledger ÷ the plain way", against("cpu", "plain"), 0.5, is_below=True),
        Limit(MEMORY, lambda found: found["ours"]["memory"], 200),
    )),
}  # fmt: skip
STEADY = (50, 500, 2000)
ROUNDS = 5
MOST_GROWTH = 1.15  # of the cost per plaque between any two of these numbers


def memory_of(group):
    """Bytes of all processes of a group; pages that they share are shared out among them."""
    total = 0
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            if os.getpgid(int(entry.name)) == group:
                rollup = (entry / "smaps_rollup").read_text()
                total += 1024 * int(rollup.partition("\nPss:")[2].split()[0])
        except (OSError, IndexError):
            continue
    return total


def run(engine, job, n):
    """The figures of a job; None when the engine could not do it."""
    command = [sys.executable, "-m", "benchmarks.documents.worker", engine, job, str(n), str(FOLDER), FONTS]
    process = subprocess.Popen(
        command, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    if process.stdout.readline().strip() != "READY":
        process.wait()
        return None
    peaks, is_over = [memory_of(process.pid)], threading.Event()
    before = peaks[0] / MB

    def watch():
        while not is_over.wait(0.05):
            peaks.append(memory_of(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer = process.stdout.readline()
    is_over.set()
    watcher.join()
    process.wait()
    return {**json.loads(answer), "memory": max(peaks) / MB, "before": before} if answer else None


def tell(engine, figures):
    if figures is None:
        print(f"    {engine:<10} failed")
        return
    line = "{cpu:7.1f} s CPU {wall:7.1f} s {memory:5.0f} MB ({before:.0f} before){files:5.0f} files{pages:5.0f} pages"
    print(f"    {engine:<10}" + (line + " {kb:7.0f} KB").format(**figures, kb=figures["bytes"] / 1024), flush=True)


def compare(job):
    """The engines one after the other; whether the limits of the job are kept."""
    n, engines, limits = JOBS[job]
    print(f"{job}: {n}", flush=True)
    found = {}
    for engine in engines:
        found[engine] = run(engine, job, n)
        tell(engine, found[engine])
    return [verdict(limit, found) for limit in limits]


def verdict(limit, found):
    if None in found.values():
        print(f"  {limit.told}: FAIL, an engine gave up")
        return False
    figure = limit.figure(found)
    good = figure < limit.most if limit.is_below else figure <= limit.most
    sign = "<" if limit.is_below else "≤"
    print(f"  {limit.told}: {figure:.2f} ({sign} {limit.most}) {'pass' if good else 'FAIL'}", flush=True)
    return good


def steady():
    """What one plaque costs, however many are printed at once: the start of the helper counts once.

    The numbers take turns, and the middle of several runs counts: other work on the machine makes a run dearer by its
    caches and clock rates, CPU seconds or not, and would else fall on one number alone.
    """
    print(f"cost of a plaque: {', '.join(map(str, STEADY))}, {ROUNDS} rounds", flush=True)
    costs = {n: [] for n in STEADY}
    for _round in range(ROUNDS):
        for n in STEADY:
            figures = run("ours", "plaques", n)
            tell(f"ours {n}", figures)
            if figures is None:
                return [False]
            costs[n].append(1000 * figures["cpu"] / n)
    middle = [median(costs[n]) for n in STEADY]
    growth = middle[-1] / min(middle)
    good = growth <= MOST_GROWTH
    print(
        f"  ms of CPU each: {', '.join(f'{cost:.1f}' for cost in middle)}; at most × {MOST_GROWTH} of the least:",
        end="",
    )
    print(f" {growth:.2f} {'pass' if good else 'FAIL'}")
    return [good]


def main(wanted):
    if {"plaques", "plaque_files", "steady"} & set(wanted):
        command = [sys.executable, "-m", "benchmarks.documents.worker", "ours", "prepare", str(max(STEADY))]
        subprocess.run([*command, str(FOLDER), FONTS], cwd=ROOT, env=ENVIRONMENT, check=True)
    good = []
    for job in wanted:
        good += steady() if job == "steady" else compare(job)
    print(f"the papers: {FOLDER}")
    sys.exit(not all(good))


if __name__ == "__main__":
    main(sys.argv[1:] or [*JOBS, "steady"])

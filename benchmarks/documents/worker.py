"""One job in a process of its own: ``python -m benchmarks.documents.worker ENGINE JOB NUMBER FOLDER``.

Prints one piece first, as a running site has done before: modules, faces and helpers are there. Then says READY, does
the job, and tells as JSON how many CPU seconds it took, with all children, and what came out of it.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path

import pikepdf

from benchmarks.processes import cpu_of

ENGINES = {"ours": "ours", "plain": "ours", "typst": "typst_peer", "reportlab": "reportlab_peer"}


def main(engine, job, n, folder, fonts):
    module = importlib.import_module(f"benchmarks.documents.{ENGINES[engine]}")
    if hasattr(module, "start"):
        module.start()
    if job == "prepare":
        module.prepare(n)
        return
    made = getattr(module, f"plain_{job}" if engine == "plain" else job)
    made(1, fonts)
    print("READY", flush=True)
    started, before = time.monotonic(), cpu_of(os.getpid())
    files = made(n, fonts)
    seconds, wall = cpu_of(os.getpid()) - before, time.monotonic() - started
    for number, data in enumerate(files[:3]):
        (Path(folder) / f"{job}-{engine}-{number}.pdf").write_bytes(data)
    with pikepdf.open(Path(folder) / f"{job}-{engine}-0.pdf") as pdf:
        pages = len(pdf.pages)
    told = {"cpu": seconds, "wall": wall, "files": len(files), "pages": pages, "bytes": sum(map(len, files))}
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:])

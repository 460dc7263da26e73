"""What a vote and the close of a survey cost: both benchmarks of the ballots, one after the other.

    python -m tests.services --postgres -- python -m benchmarks.ballots [NUMBER TO CLOSE]

Ends with 1 when a limit of either is not kept.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def main() -> None:
    number = sys.argv[1] if sys.argv[1:] else "1000000"
    jobs = (["cast_ballots.py"], ["close_survey.py", number, "1"])
    failed = [name for name, *words in jobs if subprocess.call([sys.executable, FOLDER / name, *words])]
    sys.exit(f"beyond a limit: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()

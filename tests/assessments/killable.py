"""A process that does one thing in a fresh child each time, so that the child can be killed at any moment.

Loading Django takes seconds and closing a survey a fraction of one: the children start where loading has ended.
"""

import os
import sys

import django


def main() -> None:
    """Read lines ``close 7`` or ``tick``; print the child's process id, then how it ended."""
    django.setup()
    from assessments.domain.closing import close_survey
    from assessments.models import Survey
    from campaigns.domain.clock import tick

    acts = {"close": lambda pk: close_survey(Survey.objects.get(pk=pk)), "tick": lambda: tick(limit=1)}
    for line in sys.stdin:
        act, *words = line.split()
        child = os.fork()
        if not child:
            acts[act](*words)
            os._exit(0)
        print(child, flush=True)  # noqa: T201
        print(os.waitpid(child, 0)[1], flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

"""A due item that takes a moment and leaves a trace, and a process that does nothing but tick: to be killed."""

import os
import time

from campaigns.domain.clock import on_due

TRACE = "trace"


@on_due(TRACE)
def leave_trace(item):
    from campaigns.domain.journal import record

    record("traced", item)
    time.sleep(float(os.environ.get("TRACE_SECONDS", "0.01")))

"""The press's own process: forks for every document and bounds the fork. Started by posts.documents.press only."""

import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import traceback
from pathlib import Path

from posts.documents import engine
from posts.documents.press import Result, receive, send

WAIT_SECONDS = 30  # for the program on the other side, to hand over an order or to take the result


def serve(control: socket.socket) -> None:
    """Fork for every document until the program on the other side is gone."""
    signal.signal(signal.SIGCHLD, _bury)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the program's business: then it hangs up
    engine.warm_up()
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the forks
    while True:
        message, channels, _flags, _address = socket.recv_fds(control, 1, 1)
        if not message:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            with contextlib.suppress(OSError, EOFError), socket.socket(fileno=channels[0]) as channel:
                answer(channel)
            os._exit(0)
        for channel in channels:
            os.close(channel)


def _bury(_signal, _frame) -> None:
    """Nobody waits for the forks; what they cost is counted all the same, which ignoring them would not do."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def answer(channel: socket.socket) -> None:
    """Take one order and send what became of it."""
    channel.settimeout(WAIT_SECONDS)
    order, seconds, megabytes = receive(channel)
    channel.settimeout(None)
    _bound(channel, seconds, megabytes)
    try:
        result = engine.lay_out(order)
    except MemoryError:
        result = Result(fault="memory")
    except RecursionError:
        result = Result(fault="depth")
    except Exception as error:  # noqa: BLE001  the other side must hear of it
        where = "".join(traceback.format_tb(error.__traceback__)[-3:])  # not its words: they may quote names
        result = Result(fault="memory" if _is_full() else "fault", detail=f"{type(error).__name__}\n{where}")
    signal.setitimer(signal.ITIMER_REAL, WAIT_SECONDS)
    send(channel, result)


def _bound(channel: socket.socket, seconds: int, megabytes: int) -> None:
    """Time of the processor, twice as much by the clock, and memory beyond what this process itself has."""

    def too_late(_signal, _frame):
        with contextlib.suppress(OSError):
            send(channel, Result(fault="time"))
        os._exit(1)

    signal.signal(signal.SIGXCPU, too_late)
    signal.signal(signal.SIGALRM, too_late)
    signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
    # The second limit kills without asking: a layout deep inside a library does not hear the first.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 2))
    resource.setrlimit(resource.RLIMIT_AS, (_address_space() + megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """What this process has taken already, most of it fonts and libraries."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def _is_full() -> bool:
    """Whether memory was why it failed: libraries tell that in many ways."""
    return _address_space() > 0.9 * resource.getrlimit(resource.RLIMIT_AS)[0]


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as line:
        serve(line)

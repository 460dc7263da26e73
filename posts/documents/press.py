"""The press: WeasyPrint in a process of its own, with a limit of time and memory for every document.

Hostile or unlucky text can make a layout take minutes or gigabytes. So documents are never laid out in the process
that serves pages or keeps the clock: one helper process, started with the first document, has the engine loaded and
forks for each document; the fork bounds itself, and whatever becomes of it, only its document is lost. No database and
no settings are in it: strings go in, bytes come out.

The helper's side is posts.documents.pressroom.
"""

import atexit
import os
import pickle
import socket
import struct
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True)
class Order:
    """What is to be laid out; the same order gives the same bytes."""

    html: str
    sheets: tuple[str, ...] = ()
    assets: dict[str, bytes] = field(default_factory=dict)
    tagged: bool = True
    variant: str | None = None


@dataclass(frozen=True)
class Result:
    """The PDF, or in a word why there is none: ``time``, ``memory``, ``depth``, ``resource``, ``glyph``, ``fault``."""

    pdf: bytes = b""
    fault: str = ""
    detail: str = ""


class Press:
    """The side of the program: one helper for each process, shared by its threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._control: socket.socket | None = None
        self._process: subprocess.Popen | None = None
        self._fonts: Path | None = None
        atexit.register(self.close)

    def lay_out(self, order: Order, *, fonts: Path, seconds: int, megabytes: int) -> Result:
        """Have one document made in ``seconds`` of the processor's time; comes back after twice that at the latest.

        ``fonts`` is the list of faces that the layout may use.
        """
        near, far = socket.socketpair()
        with near:
            with far:
                self._hand_over(far, fonts)
            near.settimeout(2 * seconds + 5)
            try:
                send(near, (order, seconds, megabytes))
                return receive(near)
            except TimeoutError:
                return Result(fault="time")
            except (EOFError, OSError):
                return Result(fault="fault")

    def _hand_over(self, channel: socket.socket, fonts: Path) -> None:
        with self._lock:
            for is_last in (False, True):
                control = self._helper(fonts)
                try:
                    socket.send_fds(control, [b"."], [channel.fileno()])
                except OSError:  # the helper was killed: begin another
                    self.close()
                    if is_last:
                        raise
                else:
                    return

    def _helper(self, fonts: Path) -> socket.socket:
        """The line to the helper. A fork of this process begins one of its own, and so do other fonts."""
        if fonts != self._fonts:
            self.close()
        if self._control is None or self._owner != os.getpid():
            near, far = socket.socketpair()
            with far:
                command = [sys.executable, "-m", "posts.documents.pressroom", str(far.fileno())]
                self._process = subprocess.Popen(  # noqa: S603  no user text
                    command,
                    pass_fds=[far.fileno()],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    # For the helper alone: a browser started by this process needs the system's fonts.
                    env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
                )
            self._control, self._owner, self._fonts = near, os.getpid(), fonts
        return self._control

    def close(self) -> None:
        """Hang up; the helper ends by itself. The next document begins another."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None and self._owner == os.getpid():
            self._process.wait(5)
            self._process = None


def send(channel: socket.socket, thing: object) -> None:
    data = pickle.dumps(thing, protocol=5)
    channel.sendall(_LENGTH.pack(len(data)))
    channel.sendall(data)


def receive(channel: socket.socket):
    (length,) = _LENGTH.unpack(_exactly(channel, _LENGTH.size))
    return pickle.loads(_exactly(channel, length))  # noqa: S301  from our own process, over a pair of our own


def _exactly(channel: socket.socket, length: int) -> bytes:
    data = bytearray()
    while len(data) < length:
        block = channel.recv(min(1 << 20, length - len(data)))
        if not block:
            raise EOFError
        data += block
    return bytes(data)

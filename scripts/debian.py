"""Files out of Debian packages, without root and without installing them."""

import functools
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

#: Long enough for 50 MB over a slow line, short enough that nobody thinks the set-up has died.
_PATIENCE = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=30", "-o", "Acquire::https::Timeout=30"]


@dataclass(frozen=True)
class Source:
    """A file of a package, by the path at which Debian would install it; ``fetched`` when nobody installs it for us."""

    package: str
    path: str
    fetched: bool = False


class MissingSourceError(Exception):
    """The package is neither installed nor to be had; the sentence names it."""


def find_source(source: Source, *, offline: bool, say: Callable[[str], None]) -> Path:
    """Where the file is: on the machine, or unpacked from its package into a folder that goes with the process."""
    installed = Path("/") / source.path
    if installed.is_file():
        return installed
    if offline:
        raise MissingSourceError(f"{source.package} is not installed")
    return _unpack(source.package, say) / source.path


@functools.cache
def _folder() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="fonts-")


@functools.cache
def _attempt(package: str, say: Callable[[str], None]) -> Path | None:
    into = Path(_folder().name) / package
    into.mkdir(parents=True)
    say(f"fetching {package}")
    # The machine's own package lists first; an image often has none, and a list of one's own needs no root.
    return _download(package, into, []) or _download(package, into, _own_lists())


def _unpack(package: str, say: Callable[[str], None]) -> Path:
    found = _attempt(package, say)
    if found is None:
        raise MissingSourceError(
            f"the package {package} could not be fetched with apt-get; run the set-up again online"
        )
    return found


def _download(package: str, into: Path, options: list[str]) -> Path | None:
    try:
        if options:
            _run(["apt-get", "-qq", *_PATIENCE, *options, "update"], into)
        _run(["apt-get", "-qq", *_PATIENCE, *options, "download", package], into)
        archive = next(into.glob("*.deb"))
        _run(["dpkg-deb", "-x", str(archive), "tree"], into)
    except (OSError, StopIteration, subprocess.SubprocessError):
        return None
    archive.unlink()
    return into / "tree"


@functools.cache
def _own_lists() -> list[str]:
    base = Path(_folder().name) / "apt"
    for part in ("lists/partial", "cache/archives/partial"):
        (base / part).mkdir(parents=True, exist_ok=True)
    return [
        "-o",
        f"Dir::State::lists={base / 'lists'}",
        "-o",
        f"Dir::Cache={base / 'cache'}",
        "-o",
        "Debug::NoLocking=1",
    ]


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(command, cwd=folder, check=True, timeout=600, capture_output=True)

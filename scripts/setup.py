"""Makes a fresh machine ready: system packages, virtual environment, locked packages, faces. Safe to run again.

Needs nothing but Python itself. ``python3 scripts/setup.py`` is enough to serve, ``--dev`` adds what the tests need.
"""

import argparse
import ctypes
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
UV = "uv==0.13.8"
SUPPORTED = [(3, 11), (3, 12), (3, 13)]


@dataclass(frozen=True)
class Need:
    """Something the operating system must bring: Debian's name for it, its use, and how to see that it is here."""

    package: str
    purpose: str
    is_here: Callable[[], bool]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what the tests need")
    dev = parser.parse_args().dev
    if sys.version_info[:2] not in SUPPORTED:
        versions = ", ".join(f"{major}.{minor}" for major, minor in SUPPORTED)
        return fail(f"Python {versions} is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11 …")
    if missing := [need for need in needs(dev=dev) if not need.is_here()]:
        if not install(missing):
            return 2
    else:
        say("system packages: all here")
    return make_venv() or install_locked(dev=dev) or make_fonts()


def say(text: str) -> None:
    print(f"setup: {text}", flush=True)


def fail(text: str) -> int:
    print(f"setup: {text}", file=sys.stderr, flush=True)
    return 1


# --- System packages --------------------------------------------------------------------------------------------------


def needs(*, dev: bool) -> list[Need]:
    """What must be on the machine, in the order in which it is told."""
    always = [
        Need("python3-venv", "virtual environments", has_venv),
        Need("libpango-1.0-0", "PDF: text layout", library("libpango-1.0.so.0", "libpango-1.0.dylib")),
        Need("libpangoft2-1.0-0", "PDF: text layout", library("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib")),
        Need("libharfbuzz-subset0", "PDF: fonts", library("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib")),
        Need("fontconfig", "PDF: finding fonts", program("fc-match")),
        Need("fonts-noto-cjk", "the faces of all paper are made of it", has_chinese_fonts),
    ]
    tests = [
        Need("chromium", "browser tests", program("chromium", "chromium-browser", "google-chrome")),
        Need("postgresql", "tests on PostgreSQL", has_postgresql),
        Need("redis-server", "tests of the broker", program("redis-server")),
        Need("gettext", "translations", program("msgfmt")),
        Need("poppler-utils", "looking into PDFs", program("pdftotext")),
        Need("ghostscript", "opening PDFs as printers do", program("gs")),
    ]
    return always + (tests if dev else [])


def has_venv() -> bool:
    """Debian ships Python without ensurepip; a virtual environment that exists already is enough."""
    return VENV_PYTHON.exists() or importlib.util.find_spec("ensurepip") is not None


def library(*names: str) -> Callable[[], bool]:
    """Ask the loader, not the package manager: that is what WeasyPrint will do."""

    def is_here() -> bool:
        for name in names:
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return True
        return False

    return is_here


def program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def has_chinese_fonts() -> bool:
    """The faces of plaques and documents are made of both families (scripts/fonts.py)."""
    if not shutil.which("fc-match"):
        return False
    for family in ("Noto Sans CJK SC", "Noto Serif CJK SC"):
        asked = ["fc-match", "--format=%{family}", family]
        if family not in subprocess.run(asked, capture_output=True, text=True, check=False).stdout:
            return False
    return True


def has_postgresql() -> bool:
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


def install(missing: list[Need]) -> bool:
    """Install with apt when this user may; otherwise tell what is missing and the one command that installs it."""
    packages = [need.package for need in missing]
    for need in missing:
        say(f"missing: {need.package} ({need.purpose})")
    prefix = privilege()
    if not shutil.which("apt-get") or prefix is None:
        fail(
            "the packages above cannot be installed by this user. On Debian or Ubuntu run this command, then try again:"
        )
        fail(f"    sudo apt-get install -y --no-install-recommends {' '.join(packages)}")
        return False
    say(f"installing {' '.join(packages)} with apt-get")
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    subprocess.run([*apt, "update"], check=False)
    if subprocess.run([*apt, "install", "-y", "--no-install-recommends", *packages], check=False).returncode:
        fail(f"apt-get could not install them. Mend what it says above, then run: apt-get install {' '.join(packages)}")
        return False
    if left := [need.package for need in missing if not need.is_here()]:
        fail(f"installed, but still not usable: {' '.join(left)}")
        return False
    return True


def privilege() -> list[str] | None:
    """The words before a command that make it run as root; None when that needs a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and not subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
        return ["sudo", "-n"]
    return None


# --- Python packages --------------------------------------------------------------------------------------------------


def make_venv() -> int:
    """Make ``.venv`` unless a working one is there."""
    if VENV_PYTHON.exists():
        say(f"virtual environment: {VENV.name} is here")
        return 0
    say(f"virtual environment: making {VENV.name}")
    if subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=False).returncode:
        return fail(f"the virtual environment could not be made; delete {VENV.name} and try again")
    return 0


def install_locked(*, dev: bool) -> int:
    """Bring the environment to the lock, with uv where it can be had (ten times faster), else with pip."""
    # Serving never takes away what the tests brought: their lock holds everything of the other one.
    dev = dev or stamp_file(dev=True).exists()
    lock = ROOT / ("requirements-dev.txt" if dev else "requirements.txt")
    mark = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = stamp_file(dev=dev)
    if stamp.exists() and stamp.read_text() == mark:
        say(f"Python packages: as in {lock.name}")
        return 0
    say(f"Python packages: installing {lock.name}")
    if sync_with_uv(lock) and sync_with_pip(lock):
        return fail("the packages could not be installed; is a package registry reachable?")
    stamp.write_text(mark)
    return 0


def stamp_file(*, dev: bool) -> Path:
    return VENV / ("lock-dev.sha256" if dev else "lock.sha256")


def sync_with_uv(lock: Path) -> int:
    uv = VENV / "bin" / "uv"
    if not uv.exists() and run_pip("install", "-q", UV):
        return 1
    # The system's certificates: a company's mirror often has its own authority, and pip trusts the same ones.
    command = [uv, "pip", "sync", "-q", "--system-certs", "--require-hashes", "--python", VENV_PYTHON, lock]
    return subprocess.run(command, check=False).returncode


def sync_with_pip(lock: Path) -> int:
    say("uv did not do it; trying pip")
    return run_pip("install", "-q", "--require-hashes", "-r", str(lock))


def run_pip(*words: str) -> int:
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run([VENV_PYTHON, "-m", "pip", *words], env=quiet, check=False).returncode


# --- Faces for paper --------------------------------------------------------------------------------------------------


def make_fonts() -> int:
    """A minute or two the first time; it tells how far it is. Without Chinese faces no paper can be printed."""
    if subprocess.run([VENV_PYTHON, ROOT / "scripts" / "fonts.py"], check=False).returncode:
        return fail("the faces for paper could not be made; mend what it says above and try again")
    return 0


if __name__ == "__main__":
    sys.exit(main())

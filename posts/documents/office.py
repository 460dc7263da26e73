"""Word files to PDF by LibreOffice, where it is installed on the server.

It runs without a window, with an empty profile of its own that is thrown away, macros off, without network where the
system allows that (user namespaces), and with limits of time, memory and file size. Where it is not installed there is
no PDF of a blank: a unit's blank is wanted for its layout, and only a word processor lays a Word file out as Word does.
"""

import contextlib
import os
import resource
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from posts.documents.fontconfig import office_config

SECONDS = 60
MAX_PDF = 30 * 1024 * 1024
MAX_MEMORY = 4 * 1024**3
INSTALL_COMMAND = "apt-get install --no-install-recommends libreoffice-writer-nogui"
#: Macros never run, nothing outside the file is loaded, nobody is asked.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"""  # noqa: E501


#: For the file box: PDF/A-3 with tags. An older LibreOffice (before 7.4) makes a plain PDF of it.
_FILTER = (
    'pdf:writer_pdf_Export:{"SelectPdfVersion":{"type":"long","value":"3"},'
    '"UseTaggedPDF":{"type":"boolean","value":"true"}}'
)


def office_program() -> str:
    """The LibreOffice of this server, asked for each time: it may be installed while the site runs; empty without."""
    return shutil.which(settings.OFFICE_PROGRAM) or "" if settings.OFFICE_PROGRAM else _found()


def _found() -> str:
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def docx_to_pdf(content: bytes) -> bytes:
    """The Word file as PDF. Raises DomainError without LibreOffice, and when it does not manage in time."""
    program = office_program()
    if not program:
        raise DomainError(no_office())
    with tempfile.TemporaryDirectory(prefix="office-") as name:
        folder = Path(name)
        profile = folder / "profile" / "user"
        profile.mkdir(parents=True)
        (profile / "registrymodifications.xcu").write_text(_SETTINGS)
        (folder / "blank.docx").write_bytes(content)
        _run([*_cut_off(), program, *_words(folder)], folder)
        made = folder / "blank.pdf"
        if not made.is_file() or made.stat().st_size > MAX_PDF:
            raise DomainError(_("LibreOffice could not make a PDF of this blank. Take the Word file."))
        return made.read_bytes()


def no_office() -> str:
    """Why there is no PDF, for the page."""
    text = _("This server has no LibreOffice, so there is only the Word file. To install it: %(command)s")
    return text % {"command": INSTALL_COMMAND}


def _words(folder: Path) -> list[str]:
    plain = [
        "--headless",
        "--invisible",
        "--norestore",
        "--nologo",
        "--nodefault",
        "--nolockcheck",
        "--nofirststartwizard",
    ]
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    return [
        profile,
        *plain,
        "--convert-to",
        _FILTER,
        "--outdir",
        str(folder),
        str(folder / "blank.docx"),
    ]


@cache
def _cut_off() -> tuple[str, ...]:
    """How to start a program without network; nothing where the system does not let an ordinary user do that."""
    unshare = shutil.which("unshare")
    if not unshare:
        return ()
    command = (unshare, "--map-root-user", "--net")
    tried = subprocess.run([*command, "true"], capture_output=True, timeout=20, check=False)  # noqa: S603  no user text
    return command if tried.returncode == 0 else ()


def _run(command: list[str], folder: Path) -> None:
    """Run it in a group of its own, so that everything it starts ends with it."""
    env = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": str(office_config()),
        "http_proxy": "http://127.0.0.1:9",
        "https_proxy": "http://127.0.0.1:9",
    }
    if libraries := os.environ.get("LD_LIBRARY_PATH"):
        env["LD_LIBRARY_PATH"] = libraries
    process = subprocess.Popen(  # noqa: S603  no user text: fixed names in a folder of our own
        command,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_bound,  # noqa: PLW1509  only sets limits
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        raise DomainError(_("LibreOffice took too long over this blank. Take the Word file.")) from error
    finally:
        _end(process)


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_PDF * 2, MAX_PDF * 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _end(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(5)

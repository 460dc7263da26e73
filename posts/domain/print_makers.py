"""What can be printed as a job: a register of makers, each of which makes one file in parts.

A maker works in a folder. A part that lies there is not made again, by whatever worker: that is how a job goes on after
a kill. Rights are the maker's business: it reads through ``visible_to(self.actor)`` and checks what the page checks.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.functional import Promise

from campaigns.models import User
from posts.documents.joining import join_pdfs

PDF = "application/pdf"
ZIP = "application/zip"

Params = Mapping[str, Any]


@dataclass(frozen=True)
class PrintedFile:
    """A finished file that is small enough to be handed over as it is."""

    name: str
    content: bytes
    content_type: str = PDF


class Maker:
    """Makes one file. The parts should take a few seconds each: so much is lost when a worker is killed."""

    content_type = PDF

    def __init__(self, actor: User, params: Params, folder: Path) -> None:
        self.actor, self.params, self.folder = actor, params, folder

    def is_small(self) -> bool:
        """Whether it can be made while the person waits. Says no by default."""
        return False

    def plan(self) -> int:
        """Look at everything once; ``keep`` what the parts need; return how many parts there are.

        Raises DomainError when there is nothing to print or the person may not.
        """
        return 1

    def make(self, number: int) -> bytes:
        """Part ``number``, from 0 on. May be called again after a kill and must then give the same."""
        raise NotImplementedError

    def join(self, parts: Sequence[Path], out: Path) -> None:
        """Put the parts together; PDF files one after the other by default."""
        join_pdfs(parts, out)

    def file_name(self) -> str:
        raise NotImplementedError

    def keep(self, name: str, facts: object) -> None:
        """Put something (JSON) into the folder that later parts read with ``kept``."""
        write_whole(self.folder / f"kept-{name}", json.dumps(facts, ensure_ascii=False).encode())

    def kept(self, name: str) -> Any:
        return json.loads((self.folder / f"kept-{name}").read_bytes())


Simple = Callable[[User, Params], PrintedFile]


@dataclass(frozen=True)
class Printer:
    """A kind of job: what it is called, and who makes it."""

    kind: str
    label: str | Promise
    maker: type[Maker]


_printers: dict[str, Printer] = {}


def printer(kind: str, label: str | Promise) -> Callable[[Any], Any]:
    """Declare a maker: a subclass of ``Maker``, or a function of user and params that gives a ``PrintedFile``."""

    def register(maker: type[Maker] | Simple) -> type[Maker] | Simple:
        if kind in _printers:
            raise RuntimeError(f"two makers for prints of kind {kind}")
        _printers[kind] = Printer(kind, label, maker if isinstance(maker, type) else _in_one_part(maker))
        return maker

    return register


def find_printer(kind: str) -> Printer:
    return _printers[kind]


def label_of(kind: str) -> str:
    """What jobs of a kind are called; the code itself for a kind that is gone."""
    return str(_printers[kind].label) if kind in _printers else kind


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, whenever the process is killed."""
    rough = path.with_name(f"rough-{secrets.token_hex(6)}")
    with rough.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    rough.replace(path)


def _in_one_part(function: Simple) -> type[Maker]:
    class Simply(Maker):
        def make(self, number: int) -> bytes:
            printed = function(self.actor, self.params)
            self.keep("file", {"name": printed.name, "type": printed.content_type})
            return printed.content

        def join(self, parts: Sequence[Path], out: Path) -> None:
            out.write_bytes(parts[0].read_bytes())
            self.content_type = self.kept("file")["type"]

        def file_name(self) -> str:
            return self.kept("file")["name"]

    return Simply

"""A print job whose parts can be watched, slowed down and made to fail: for tests, also in processes of their own."""

import os
import time
from pathlib import Path

from campaigns.domain.errors import DomainError
from posts.domain.print_makers import Maker, printer

KIND = "counted"


@printer(KIND, "counted pages")
class Counted(Maker):
    """Writes one line per part; every making of a part leaves a line in the file named by ``params["log"]``."""

    content_type = "text/plain"

    def plan(self):
        if self.params.get("refuse"):
            raise DomainError("Nothing to print.")
        self.keep("words", {"word": self.params.get("word", "页")})
        return self.params.get("parts", 3)

    def make(self, number):
        if log := self.params.get("log"):
            with Path(log).open("a") as file:
                file.write(f"{number}\n")
        time.sleep(float(os.environ.get("PART_SECONDS", "0")))
        if number == self.params.get("broken"):
            raise RuntimeError("a fault of the program")
        if number == self.params.get("killed"):
            raise SystemExit  # as when the worker is told to stop at once
        return f"{self.kept('words')['word']}{number}\n".encode()

    def join(self, parts, out):
        out.write_bytes(b"".join(part.read_bytes() for part in parts))

    def file_name(self):
        return "计数.txt"

    def is_small(self):
        return bool(self.params.get("small"))

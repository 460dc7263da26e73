"""What the checker has to say: every fault with its file, line and key, and what is allowed there."""

from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext as _

Path = tuple[str | int, ...]
Positions = dict[Path, int]


@dataclass(frozen=True)
class Problem:
    """A fault of a scheme file, or with ``is_warning`` a remark that does not forbid to use it."""

    file: str
    line: int
    key: str
    message: str | Promise
    source: str | Promise = ""
    is_warning: bool = False
    path: Path = ()
    code: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line} {self.key} — {self.message}".replace("  ", " ")
        return text + str(_(" (source: %(source)s)") % {"source": self.source} if self.source else "")


@dataclass
class Report:
    """Collects problems while a file is read. Nothing here raises: all faults are told at once."""

    file: str = ""
    positions: Positions = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, path: Path, message: str | Promise) -> None:
        self.problems.append(Problem(self.file, self.line_of(path), dotted(path), message, path=path))

    def warn(self, path: Path, message: str | Promise, *, source: str | Promise, code: str = "") -> None:
        """``code`` names the warning, so that it can be told from others at the same place."""
        where = (self.file, self.line_of(path), dotted(path))
        self.warnings.append(Problem(*where, message, source, is_warning=True, path=path, code=code))

    def line_of(self, path: Path) -> int:
        """The line of the key, or of the nearest table around it."""
        while path and path not in self.positions:
            path = path[:-1]
        return self.positions.get(path, 1)


def dotted(path: Path) -> str:
    """``kinds[2].min_party``: counted from 1, as people do."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(frozen=True)
class Line:
    """A sentence, the clause it comes from, and what belongs to it.

    A step also says apart from its ``details`` (which have everything) ``who`` does it and ``when``, and in ``says``
    what remains. ``kind`` is the code of the step's kind, or the rule's key: what lets two schemes be compared.
    """

    text: str
    clause: str = ""
    details: tuple[str, ...] = ()
    who: str = ""
    when: str = ""
    says: tuple[str, ...] = ()
    kind: str = ""

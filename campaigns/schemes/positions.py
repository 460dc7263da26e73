"""Finds the line of every key of a TOML text that the standard library has already accepted.

``tomllib`` tells no positions. This reads the text once more, only to see where keys and list items stand; because
the text is known to be valid, it needs no error handling beyond stopping.
"""

import re
from contextlib import suppress

from campaigns.schemes.report import Path, Positions

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.S),
    re.compile(r"'''.*?'{3,5}(?!')", re.S),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
MAX_DEPTH = 40


class _StopError(Exception):
    """The text cannot be followed further; the positions found so far are kept."""


def find_positions(text: str) -> Positions:
    """Map the path of each key and list item to its line, counted from 1."""
    scanner = _Scanner(text)
    with suppress(_StopError, RecursionError):
        scanner.document()
    return scanner.positions


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text, self.at, self.line, self.line_from = text, 0, 1, 0
        self.positions: Positions = {}
        self.counts: dict[Path, int] = {}

    def document(self) -> None:
        table: Path = ()
        while self._skip(_BLANK) < len(self.text):
            if self._take("[["):
                table = self._header(is_list=True)
            elif self._take("["):
                table = self._header(is_list=False)
            else:
                self._pair(table, 0)

    def _header(self, *, is_list: bool) -> Path:
        line = self._line()
        names = self._dotted_key()
        path: Path = ()
        for position, name in enumerate(names):
            path += (name,)
            self.positions.setdefault(path, line)
            last = position == len(names) - 1
            if last and is_list:
                self.counts[path] = self.counts.get(path, -1) + 1
            if path in self.counts:
                path += (self.counts[path],)
        self.positions[path] = line
        if not self._take("]]" if is_list else "]"):
            raise _StopError
        return path

    def _pair(self, table: Path, depth: int) -> None:
        line = self._line()
        path = table
        for name in self._dotted_key():
            path += (name,)
            self.positions.setdefault(path, line)
        if not self._take("="):
            raise _StopError
        self._skip(_SPACE)
        self._value(path, depth)

    def _value(self, path: Path, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _StopError
        if self._take("["):
            self._list(path, depth)
        elif self._take("{"):
            self._inline_table(path, depth)
        elif not self._string():
            self._skip(_SCALAR)

    def _list(self, path: Path, depth: int) -> None:
        index = 0
        while not (self._skip(_BLANK) >= len(self.text) or self._take("]")):
            self.positions[(*path, index)] = self._line()
            self._value((*path, index), depth + 1)
            self._skip(_BLANK)
            self._take(",")
            index += 1

    def _inline_table(self, path: Path, depth: int) -> None:
        while not (self._skip(_BLANK) >= len(self.text) or self._take("}")):
            self._pair(path, depth + 1)
            self._skip(_BLANK)
            self._take(",")

    def _dotted_key(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            start = self.at
            if self._string():
                names.append(self.text[start + 1 : self.at - 1])
            elif match := _BARE.match(self.text, self.at):
                names.append(match.group())
                self.at = match.end()
            else:
                raise _StopError
            self._skip(_SPACE)
            if not self._take("."):
                return names

    def _string(self) -> bool:
        for pattern in _STRINGS:
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                return True
        return False

    def _skip(self, pattern: re.Pattern[str]) -> int:
        self.at = pattern.match(self.text, self.at).end()
        return self.at

    def _take(self, word: str) -> bool:
        found = self.text.startswith(word, self.at)
        self.at += len(word) if found else 0
        return found

    def _line(self) -> int:
        self.line += self.text.count("\n", self.line_from, self.at)
        self.line_from = self.at
        return self.line

"""The kinds of values a key of a scheme may have, each with a sentence that says what is allowed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import Field, dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.schemes.report import Path, Report

Labels = dict[str, "str | Promise"]
MONTH_DAY = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)(?:\+(?P<years>[1-3]))?")
DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Value:
    """Reads one raw value; on a fault it reports and returns ``None``."""

    def allowed(self) -> str:
        raise NotImplementedError

    def read(self, raw: Any, path: Path, report: Report) -> Any:
        raise NotImplementedError

    def refuse(self, raw: Any, path: Path, report: Report) -> None:
        report.error(
            path, _("“%(value)s” is not allowed here. %(allowed)s") % {"value": shown(raw), "allowed": self.allowed()}
        )


@dataclass
class Text(Value):
    max_length: int = 200

    def allowed(self) -> str:
        return _("Allowed: a text of at most %(n)s characters in quotation marks.") % {"n": self.max_length}

    def read(self, raw: Any, path: Path, report: Report) -> str | None:
        if not isinstance(raw, str) or not raw.strip() or len(raw) > self.max_length or _has_control(raw):
            return self.refuse(raw, path, report)
        return raw.strip()


#: Where a rule stands in its source.
Clause = Text(200)


@dataclass
class Code(Value):
    """A word for use inside the file."""

    max_length: int = 30

    def allowed(self) -> str:
        return _("Allowed: up to %(n)s small letters, digits and _, beginning with a letter.") % {"n": self.max_length}

    def read(self, raw: Any, path: Path, report: Report) -> str | None:
        if not isinstance(raw, str) or len(raw) > self.max_length or not re.fullmatch(r"[a-z][a-z0-9_]*", raw):
            return self.refuse(raw, path, report)
        return raw


@dataclass
class Integer(Value):
    low: int = 0
    high: int = 1000

    def allowed(self) -> str:
        return _("Allowed: a whole number from %(low)s to %(high)s.") % {"low": self.low, "high": self.high}

    def read(self, raw: Any, path: Path, report: Report) -> int | None:
        if not isinstance(raw, int) or isinstance(raw, bool) or not self.low <= raw <= self.high:
            return self.refuse(raw, path, report)
        return raw


class Flag(Value):
    def allowed(self) -> str:
        return _("Allowed: true or false, without quotation marks.")

    def read(self, raw: Any, path: Path, report: Report) -> bool | None:
        return raw if isinstance(raw, bool) else self.refuse(raw, path, report)


@dataclass
class Choice(Value):
    labels: Labels | Callable[[], Labels]

    def options(self) -> Labels:
        return self.labels() if callable(self.labels) else self.labels

    def allowed(self) -> str:
        listed = "、".join(f"{code}（{label}）" for code, label in self.options().items())
        return _("Allowed: %(words)s.") % {"words": listed}

    def read(self, raw: Any, path: Path, report: Report) -> str | None:
        if not isinstance(raw, str) or raw not in self.options():
            return self.refuse(raw, path, report)
        return raw


@dataclass
class ListOf(Value):
    """A list; a single value may stand without brackets."""

    item: Value
    max_items: int = 100

    def allowed(self) -> str:
        return self.item.allowed()

    def read(self, raw: Any, path: Path, report: Report) -> tuple[Any, ...]:
        items = raw if isinstance(raw, list) else [raw]
        if len(items) > self.max_items:
            report.error(path, _("At most %(n)s entries are allowed.") % {"n": self.max_items})
            items = items[: self.max_items]
        where = [(*path, i) if isinstance(raw, list) else path for i in range(len(items))]
        read = [self.item.read(item, at, report) for item, at in zip(items, where, strict=True)]
        found = tuple(value for value in read if value is not None)
        twice = {value for value in found if isinstance(value, str) and found.count(value) > 1}
        if twice:
            report.error(path, _("“%(value)s” stands twice in the list.") % {"value": min(twice)})
        return found


class MonthDay(Value):
    """A day of the campaign's year, ``06-15``; ``06-15+1`` is the same day one year later."""

    def allowed(self) -> str:
        return _('Allowed: month and day such as "06-15"; "06-15+1" means the year after the campaign\'s year.')

    def read(self, raw: Any, path: Path, report: Report) -> str | None:
        match = MONTH_DAY.fullmatch(raw) if isinstance(raw, str) else None
        if not match or not 1 <= int(match["month"]) <= 12:
            return self.refuse(raw, path, report)
        if not 1 <= int(match["day"]) <= DAYS_IN_MONTH[int(match["month"]) - 1]:
            return self.refuse(raw, path, report)
        return raw


@dataclass
class MapOf(Value):
    """A table whose keys are words of a vocabulary."""

    labels: Labels
    item: Value

    def allowed(self) -> str:
        return _("Allowed keys: %(keys)s.") % {"keys": "、".join(self.labels)}

    def read(self, raw: Any, path: Path, report: Report) -> dict[str, Any] | None:
        if not isinstance(raw, dict):
            return self.refuse(raw, path, report)
        found = {}
        for name, value in raw.items():
            if name not in self.labels:
                unknown_key(name, self.labels, (*path, name), report)
            elif (read := self.item.read(value, (*path, name), report)) is not None:
                found[name] = read
        return found


class Anything(Value):
    """A table that somebody else checks: the parameters of a stage."""

    def allowed(self) -> str:
        return _("Allowed: a table.")

    def read(self, raw: Any, path: Path, report: Report) -> dict[str, Any] | None:
        return raw if isinstance(raw, dict) else self.refuse(raw, path, report)


@dataclass
class Table(Value):
    """A table that becomes a dataclass."""

    cls: type

    def allowed(self) -> str:
        return _("Allowed: a table with the keys %(keys)s.") % {"keys": "、".join(keys_of(self.cls))}

    def read(self, raw: Any, path: Path, report: Report) -> Any:
        return read_table(self.cls, raw, path, report) if isinstance(raw, dict) else self.refuse(raw, path, report)


@dataclass
class Tables(Value):
    """``[[name]]``: several tables, told apart by their code where they have one."""

    cls: type
    max_items: int = 60

    def allowed(self) -> str:
        return _("Allowed: tables, each begun with a line in double square brackets.")

    def read(self, raw: Any, path: Path, report: Report) -> tuple[Any, ...]:
        if not isinstance(raw, list):
            self.refuse(raw, path, report)
            return ()
        if len(raw) > self.max_items:
            report.error(path, _("At most %(n)s entries are allowed.") % {"n": self.max_items})
        items = [Table(self.cls).read(item, (*path, i), report) for i, item in enumerate(raw[: self.max_items])]
        if "code" in keys_of(self.cls):
            self._no_code_twice(items, path, report)
        return tuple(item for item in items if item is not None)

    def _no_code_twice(self, items: list[Any], path: Path, report: Report) -> None:
        seen: set[str] = set()
        for i, item in enumerate(items):
            if item is not None and item.code and item.code in seen:
                report.error((*path, i, "code"), _("The code “%(code)s” is used twice.") % {"code": item.code})
            seen.add(getattr(item, "code", ""))


@dataclass
class NamedTables(Value):
    """``[[pipelines.<name>]]``: lists of tables under names of the author's choice."""

    cls: type

    def allowed(self) -> str:
        return _("Allowed: [[pipelines.NAME]], one for each step, with a NAME of your own.")

    def read(self, raw: Any, path: Path, report: Report) -> dict[str, tuple[Any, ...]] | None:
        if not isinstance(raw, dict):
            return self.refuse(raw, path, report)
        return {
            name: Tables(self.cls).read(value, (*path, name), report)
            for name, value in raw.items()
            if Code().read(name, (*path, name), report) is not None
        }


@dataclass
class NameOrTables(Value):
    """The name of a pipeline, or the steps themselves."""

    cls: type

    def allowed(self) -> str:
        return _('Allowed: the name of a pipeline such as stages = "usual", or [[kinds.stages]] for each step.')

    def read(self, raw: Any, path: Path, report: Report) -> Any:
        if isinstance(raw, str):
            return Code().read(raw, path, report)
        return Tables(self.cls).read(raw, path, report) if isinstance(raw, list) else self.refuse(raw, path, report)


def key(value: Value, default: Any = None, *, required: bool = False, **more: Any) -> Any:
    """A dataclass field that is at once a key of the file."""
    metadata = {"value": value, "required": required}
    if "default_factory" in more:
        return field(default_factory=more["default_factory"], metadata=metadata)
    return field(default=default, metadata=metadata)


def keys_of(cls: type) -> list[str]:
    """The keys that a table of this class may have."""
    return [f.name for f in fields(cls)]


def read_table(cls: type, raw: dict[str, Any], path: Path, report: Report) -> Any:
    """Make the dataclass from a table; report what is missing, unknown or not allowed and go on."""
    known: dict[str, Field] = {f.name: f for f in fields(cls)}
    for name in raw:
        if name not in known:
            unknown_key(name, known, (*path, name), report)
    values = {}
    for name, spec in known.items():
        value: Value = spec.metadata["value"]
        if name not in raw:
            if spec.metadata["required"]:
                report.error(
                    (*path, name),
                    _("This key is missing. %(allowed)s") % {"allowed": value.allowed()},
                )
        elif (read := value.read(raw[name], (*path, name), report)) is not None:
            values[name] = read
    return cls(**values)


def unknown_key(name: str, known: Iterable[str], path: Path, report: Report) -> None:
    """Report a key nobody knows, with the nearest one that exists."""
    known = list(known)
    near = get_close_matches(name, known, n=1)
    if near:
        report.error(path, _("There is no such key. Did you mean “%(near)s”?") % {"near": near[0]})
    else:
        report.error(path, _("There is no such key. Allowed keys: %(keys)s.") % {"keys": "、".join(known)})


def shown(raw: Any) -> str:
    """A raw value, short enough for a sentence."""
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    text = "".join(c if c.isprintable() else "�" for c in text)
    return text if len(text) <= 40 else text[:37] + "…"


def _has_control(text: str) -> bool:
    return any((ord(c) < 32 and c not in "\n\r\t") or ord(c) == 127 for c in text)

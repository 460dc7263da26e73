"""How one key of a scheme stands on a form, and how it is read back: made from its value, or from a stage's form field.

``shown`` gives what the widget shows of a raw value, ``taken`` the raw value of what was posted (ABSENT: no such key).
A value that the author wrote stays as he wrote it until somebody changes what it says.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Options = Mapping[str, "str | Promise"]
ABSENT: Any = type("Absent", (), {"__repr__": lambda self: "ABSENT", "__bool__": lambda self: False})()
YES_NO: Options = {"true": _("yes"), "false": _("no")}
#: Texts that may be longer than this get a box of several lines.
LONG_TEXT = 200


class Control:
    """A line of text; the other kinds differ from it."""

    widget = "text"
    default: Any = None

    def fits(self, raw: Any) -> bool:
        """Whether this control can show the value; if not, it is shown as it stands in the file."""
        return isinstance(raw, str) and "\n" not in raw

    def shown(self, raw: Any) -> Any:
        return (self.default or "") if raw is ABSENT else str(raw)

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        text = clean_text(data.get(name, ""))
        if isinstance(old, str) and clean_text(old) == text:
            return old
        return _unless_default(text, self.default, old) if text else ABSENT


class LongText(Control):
    widget = "textarea"

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, str)


class Number(Control):
    widget = "number"

    def __init__(self, default: Any = None, low: int | None = None, high: int | None = None) -> None:
        self.default, self.low, self.high = default, low, high

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, int) and not isinstance(raw, bool)

    def shown(self, raw: Any) -> Any:
        return str(raw) if raw is not ABSENT else "" if self.default is None else str(self.default)

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        text = clean_text(data.get(name, ""))
        value: Any = int(text) if re.fullmatch(r"-?\d{1,12}", text) else text
        return _unless_default(value, self.default, old) if text else ABSENT


class Flag(Control):
    widget = "checkbox"

    def __init__(self, *, default: bool = False) -> None:
        self.default = default

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, bool)

    def shown(self, raw: Any) -> Any:
        return self.default if raw is ABSENT else raw

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        return _unless_default(name in data, self.default, old)


class Select(Control):
    """One of several words; an unknown word that stands there is offered too, so that nothing changes by itself."""

    widget = "select"

    def __init__(self, options: Options, default: Any = "", blank: str | Promise = "") -> None:
        self.options, self.default, self.blank = options, default, blank

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, str)

    def shown(self, raw: Any) -> Any:
        value = (self.default or "") if raw is ABSENT else raw
        options = {} if self.default else {"": self.blank or _("please choose")}
        return _choices({**options, **self.options}, [value])

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        value = clean_text(data.get(name, ""))
        return _unless_default(value, self.default, old) if value else ABSENT


class YesNo(Select):
    """A flag that may also be left to the kind of holder."""

    def __init__(self) -> None:
        super().__init__(YES_NO, None, _("as usual for this kind of holder"))

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, bool)

    def shown(self, raw: Any) -> Any:
        return super().shown(raw if raw is ABSENT else str(raw).lower())

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        return {"true": True, "false": False}.get(data.get(name, ""), ABSENT)


class Checks(Control):
    """Several words, ticked."""

    widget = "checks"

    def __init__(self, options: Options, default: Iterable[str] = ()) -> None:
        self.options, self.default = options, list(default)

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, str) or _texts(raw)

    def shown(self, raw: Any) -> Any:
        return _choices(self.options, self.default if raw is ABSENT else _listed(raw))

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        ticked = list(dict.fromkeys(clean_text(word) for word in data.getlist(name)))
        before = self.default if old is ABSENT else _listed(old)
        ticked = [word for word in before if word in ticked] + [word for word in ticked if word not in before]
        return _list_unless_default([word for word in ticked if word], self.default, old)


class Lines(Control):
    """Several texts, one a line."""

    widget = "lines"

    def __init__(self, default: Iterable[str] = ()) -> None:
        self.default = list(default)

    def fits(self, raw: Any) -> bool:
        texts = _listed(raw) if isinstance(raw, str) or _texts(raw) else [""]
        return all(text.strip() and not set(text) & {"\n", "\r"} for text in texts)

    def shown(self, raw: Any) -> Any:
        return "\n".join(self.default if raw is ABSENT else _listed(raw))

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        lines = [line.strip() for line in clean_text(data.get(name, "")).split("\n")]
        return _list_unless_default([line for line in lines if line], self.default, old)


class Entries(Control):
    """A table whose keys are words: one small control for each."""

    widget = "entries"

    def __init__(self, options: Options, item: Control) -> None:
        self.options, self.item = options, item

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, dict) and all(self.item.fits(value) for value in raw.values())

    def shown(self, raw: Any) -> Any:
        values = {} if raw is ABSENT else raw
        words = {**self.options, **{name: name for name in values if name not in self.options}}
        return [(name, label, self.item.shown(values.get(name, ABSENT))) for name, label in words.items()]

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        values = {} if old is ABSENT else old
        names = [*values, *(word for word in self.options if word not in values)]
        found = {word: self.item.taken(data, f"{name}.{word}", values.get(word, ABSENT)) for word in names}
        found = {word: value for word, value in found.items() if value is not ABSENT}
        return found or (ABSENT if old is ABSENT or old else old)


class Literal(Control):
    """Whatever has no control of its own: as it stands in the file."""

    widget = "literal"

    def fits(self, raw: Any) -> bool:
        return True

    def shown(self, raw: Any) -> Any:
        if raw is ABSENT:
            return ""
        return raw if isinstance(raw, str) and not raw.startswith(('"', "'")) else tomlkit.item(raw).as_string().strip()

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        text = clean_text(data.get(name, ""))
        if text == clean_text(self.shown(old)):
            return old
        try:
            return tomllib.loads(f"value = {text}")["value"] if text else ABSENT
        except (ValueError, RecursionError):
            return text


def clean_text(text: str) -> str:
    """Without the carriage returns of forms, and with a visible sign for what no person types."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "\ufffd").strip()


def _texts(raw: Any) -> bool:
    return isinstance(raw, list) and all(isinstance(item, str) for item in raw)


def _listed(raw: Any) -> list[str]:
    return [raw] if isinstance(raw, str) else list(raw)


def _choices(options: Options, chosen: list[str]) -> list[tuple[str, Any, bool]]:
    """Word, label, and whether it is chosen; chosen words nobody knows stand at the end."""
    known = [(word, label, word in chosen) for word, label in options.items()]
    return known + [(word, word, True) for word in chosen if word not in options]


def _unless_default(value: Any, default: Any, old: Any) -> Any:
    """No key where it would only say what holds anyway, unless the author wrote it."""
    return ABSENT if old is ABSENT and value == default else value


def _list_unless_default(found: list[str], default: list[str], old: Any) -> Any:
    if old is ABSENT:
        return ABSENT if found == default else found
    if [text.strip() for text in _listed(old)] == found:
        return old
    return found if found or default else ABSENT

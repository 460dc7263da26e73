"""Writes a scheme as TOML: afresh in the format's own order, or into the author's text so that his comments stay."""

import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields
from typing import Any

import tomlkit
from tomlkit.items import AoT, Comment, InlineTable, Table, Whitespace
from tomlkit.toml_document import TOMLDocument

from campaigns.schemes.model import Scheme

Raw = dict[str, Any]
#: An inline table or list longer than this is written over several lines.
WIDTH = 110


def to_toml(raw: Raw) -> str:
    """The TOML text of a raw scheme; reading it gives ``raw`` again."""
    document = tomlkit.document()
    _fill(document, raw, Scheme)
    return tomlkit.dumps(document).strip() + "\n"


def patch_toml(text: str, raw: Raw) -> str:
    """``text`` changed so that it says ``raw``, with its comments and its order where they can be kept.

    The result is read again before it is believed; where it does not say the same the scheme is written afresh.
    """
    with suppress(Exception):  # an editing library at its limits: the text is then written afresh
        document = tomlkit.parse(text)
        _merge(document, raw, Scheme)
        patched = tomlkit.dumps(document)
        if "\n\n\n" not in text:
            patched = re.sub(r"\n{3,}", "\n\n", patched).rstrip("\n") + "\n"
        if _same(tomllib.loads(patched), raw):
            return patched
    return to_toml(raw)


def _same(left: Any, right: Any) -> bool:
    return bool(left == right) and repr(left) == repr(_like(right, left))


def _like(value: Any, model: Any) -> Any:
    """``value`` with the keys in the order of ``model``: order is no difference, ``1`` and ``True`` are one."""
    if isinstance(value, dict) and isinstance(model, dict):
        return {name: _like(value[name], model[name]) for name in model}
    if isinstance(value, list) and isinstance(model, list):
        return [_like(item, part) for item, part in zip(value, model, strict=True)]
    return value


def _fill(target: Any, raw: Raw, cls: type | None) -> None:
    """Put plain values before tables, as TOML wants it, each group in the format's order."""
    ordered = sorted(raw, key=_order_of(cls))
    for name in sorted(ordered, key=lambda name: _is_table(raw[name])):
        target.append(name, _item(raw[name], _inner(cls, name)))


def _order_of(cls: type | None) -> Callable[[str], int]:
    known = [spec.name for spec in fields(cls)] if cls else []
    return lambda name: known.index(name) if name in known else len(known)


def _inner(cls: type | None, name: str) -> type | None:
    """The dataclass of the tables under a key, where there is one."""
    spec = next((spec for spec in fields(cls) if spec.name == name), None) if cls else None
    return getattr(spec.metadata["value"], "cls", None) if spec else None


def _is_table(value: Any) -> bool:
    return _is_rows(value) or (isinstance(value, dict) and not _fits(value))


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _fits(value: Any) -> bool:
    """Whether a table may stand on one line."""
    flat = isinstance(value, dict) and bool(value) and not any(isinstance(part, dict) for part in value.values())
    return flat and len(_inline(value).as_string()) <= WIDTH


def _item(value: Any, cls: type | None) -> Any:
    if _is_rows(value):
        rows = tomlkit.aot()
        for row in value:
            rows.append(_table(row, cls))
        return rows
    if isinstance(value, dict) and cls is not None and any(_is_rows(part) for part in value.values()):
        return _table(value, cls)
    if isinstance(value, dict):
        return _inline(value) if cls is None and _fits(value) else _table(value, cls)
    return _plain(value)


def _table(raw: Raw, cls: type | None) -> Table:
    table = tomlkit.table(is_super_table=bool(raw) and all(_is_rows(part) for part in raw.values()))
    _fill(table, raw, cls)
    return table


def _inline(raw: Raw) -> InlineTable:
    table = tomlkit.inline_table()
    for name, value in raw.items():
        table.append(name, _plain(value))
    return table


def _plain(value: Any) -> Any:
    """A value inside a line: tables become inline tables, long lists go over several lines."""
    if isinstance(value, dict):
        return _inline(value)
    if not isinstance(value, list):
        return tomlkit.item(value)
    items = tomlkit.array()
    for part in value:
        items.append(_plain(part))
    return items.multiline(len(items.as_string()) > WIDTH)


def _merge(target: TOMLDocument | Table | InlineTable, raw: Raw, cls: type | None) -> None:
    for name in [name for name in target if name not in raw]:
        target.remove(name)
    for name, value in raw.items():
        if name not in target:
            _append(target, name, value, cls)
        elif not _same(_value(target[name]), value):
            _change(target, name, value, _inner(cls, name))


def _value(item: Any) -> Any:
    """What an item says; the library gives some of them as plain values."""
    return item.unwrap() if hasattr(item, "unwrap") else item


def _append(target: Any, name: str, value: Any, cls: type | None) -> None:
    if isinstance(target, InlineTable):
        target.append(name, _plain(value))
    else:
        tail = _take_tail(target)
        target.append(name, _item(value, _inner(cls, name)))
        _last_body(target).extend(tail)


def _change(target: Any, name: str, value: Any, cls: type | None) -> None:
    old = target[name]
    if isinstance(old, Table | InlineTable) and isinstance(value, dict):
        _merge(old, value, cls)
    elif isinstance(old, AoT) and _is_rows(value):
        _change_rows(target, name, value, cls)
    else:
        target[name] = _item(value, cls) if isinstance(old, AoT | Table) else _plain(value)


def _change_rows(target: Any, name: str, value: list[Raw], cls: type | None) -> None:
    """Keep the rows that are still there; the comments before a row go with it, those behind the last one stay."""
    old = list(target[name])
    renamed = len(old) == len(value) and sum(_name(a) != _name(b) for a, b in zip(old, value, strict=True)) == 1
    by_name = {_name(row): row for row in old}
    tails = [_take_tail(row) for row in old]
    leads = {id(row): tail for row, tail in zip(old[1:], tails, strict=False)}
    rows: list[Table] = []
    for i, raw in enumerate(value):
        row = old[i] if renamed else by_name.pop(_name(raw), None)
        if row is not None:
            _merge(row, raw, cls)
        if rows:
            _last_body(rows[-1]).extend(leads.get(id(row)) or [(None, tomlkit.nl())])
        rows.append(_table(raw, cls) if row is None else row)
    _last_body(rows[-1]).extend(tails[-1])
    target[name] = AoT(rows, parsed=True)


def _name(row: Any) -> Any:
    """What tells a row from its neighbours."""
    return next((str(row[name]) for name in ("code", "label", "number", "point", "text") if name in row), None)


def _last_body(target: Any) -> list[Any]:
    """Where the lines stand that follow the last key: comments there belong to what comes next."""
    body = target.value.body if isinstance(target, Table) else target.body
    last = body[-1][1] if body else None
    if isinstance(last, AoT):
        return _last_body(last[-1])
    return _last_body(last) if isinstance(last, Table) else body


def _take_tail(target: Any) -> list[Any]:
    tail: list[Any] = []
    body = _last_body(target)
    while body and isinstance(body[-1][1], Comment | Whitespace):
        tail.insert(0, body.pop())
    return tail

"""What the buttons of the editor do to a raw scheme: rows added, moved, copied, removed, named; references follow."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.scheme_forms import Page
from campaigns.domain.stage_specs import stage_specs
from campaigns.schemes.controls import clean_text
from campaigns.schemes.places import NAMED, Place, Raw, find_place, get_at, top_places
from campaigns.schemes.report import Path
from campaigns.schemes.values import keys_of
from campaigns.schemes.widgets import REFERENCES

MAX_ROWS = 100
STEP_KEYS = {"kind", "params"}


@dataclass
class Edit:
    """The raw scheme afterwards, the page to show, the row to stand at, and what should be told."""

    raw: Raw
    address: str
    anchor: str = ""
    notes: list[str] = field(default_factory=list)
    removed: bool = False


def edit_scheme(raw: Raw, place: Place, data: QueryDict) -> Edit:
    """Take over the posted page, then do what its button says. Nothing that was typed is lost on the way.

    Raises DomainError for a page that did not arrive whole.
    """
    if "end_of_page" not in data:
        raise DomainError(_("The page did not arrive whole. Go back, reload it and try again."))
    edit = Edit(Page(raw, place).taken(data), place.address)
    _follow_codes(raw, edit)
    _drop_foreign_params(raw, place, edit)
    _keep_own_steps(raw, place, edit)
    if place.shape == NAMED:
        _rename(edit, place, data)
    what, _colon, where = data.get("do", "").partition(":")
    if what in _ACTIONS:
        _ACTIONS[what](edit, place, data, _path(where))
    elif what == "go":
        edit.address = where
    return edit


def _path(text: str) -> Path:
    return tuple(int(part) if part.isdecimal() and len(part) < 5 else part for part in text.split("/") if part)


def _rows(edit: Edit, path: Path) -> list[Any]:
    """The list at a path, made when the scheme has none yet."""
    rows = get_at(edit.raw, path)
    if rows is None:
        holder = get_at(edit.raw, path[:-1])
        if not isinstance(holder, dict):
            raise DomainError(_("This list is no longer there. Reload the page."))
        rows = holder[path[-1]] = []
    if not isinstance(rows, list):
        raise DomainError(_("This list is no longer there. Reload the page."))
    return rows


def _row(edit: Edit, path: Path) -> tuple[list[Any], int]:
    rows, number = get_at(edit.raw, path[:-1]), path[-1] if path else None
    if not isinstance(rows, list) or not isinstance(number, int) or number >= len(rows):
        raise DomainError(_("This row is no longer there. Reload the page."))
    return rows, number


def _add(edit: Edit, place: Place, data: QueryDict, path: Path) -> None:
    """At the end of a list; or, when the path names a row, behind it."""
    at_row = bool(path) and isinstance(path[-1], int)
    rows = _rows(edit, path[:-1] if at_row else path)
    number = min(int(path[-1]) + 1, len(rows)) if at_row else len(rows)
    _put(edit, rows, path[:-1] if at_row else path, number, _new_row(rows, path))


def _new_row(rows: list[Any], path: Path) -> Raw:
    """An empty row; where rows are told apart by a code it has one already, so that nobody need think one up."""
    table = next(str(part) for part in reversed(path) if isinstance(part, str))
    place = next((place for place in top_places() if place.path == (table,)), None)
    if len(path) > len((table,)) + 1 or place is None or "code" not in keys_of(place.cls):
        return {}
    taken = {row.get("code") for row in rows if isinstance(row, dict)}
    numbers = (f"{table.removesuffix('s')}_{number}" for number in range(1, len(rows) + 2))
    return {"code": next(code for code in numbers if code not in taken)}


def _copy(edit: Edit, place: Place, data: QueryDict, path: Path) -> None:
    rows, number = _row(edit, path)
    copied = deepcopy(rows[number])
    if isinstance(copied, dict) and isinstance(copied.get("code"), str):
        taken = {row.get("code") for row in rows if isinstance(row, dict)}
        copied["code"] = free_name(copied["code"], taken)
    _put(edit, rows, path[:-1], number + 1, copied)


def _put(edit: Edit, rows: list[Any], path: Path, number: int, row: Any) -> None:
    if len(rows) >= MAX_ROWS:
        raise DomainError(_("A list holds at most %(n)s rows.") % {"n": MAX_ROWS})
    rows.insert(number, row)
    own_page = "/".join(str(part + 1) if isinstance(part, int) else part for part in (*path, number))
    if find_place(edit.raw, own_page) and not _is_inline(edit, path):
        edit.address = own_page
    else:
        edit.anchor = "row-" + "-".join(str(part) for part in (*path, number))


def _is_inline(edit: Edit, path: Path) -> bool:
    place = find_place(edit.raw, edit.address)
    groups = Page(edit.raw, place).groups if place else []
    return any(group.is_list and not group.links and group.path == path for group in groups)


def _remove(edit: Edit, place: Place, data: QueryDict, path: Path) -> None:
    edit.removed = True
    if isinstance(path[-1] if path else 0, str):
        holder = get_at(edit.raw, path[:-1], {})
        if path[-1] in holder:
            del holder[path[-1]]
        return
    rows, number = _row(edit, path)
    del rows[number]
    edit.anchor = "list-" + "-".join(str(part) for part in path[:-1])


def _move(by: int) -> Any:
    def move(edit: Edit, place: Place, data: QueryDict, path: Path) -> None:
        rows, number = _row(edit, path)
        other = number + by
        if 0 <= other < len(rows):
            rows[number], rows[other] = rows[other], rows[number]
            number = other
        edit.anchor = "row-" + "-".join(str(part) for part in (*path[:-1], number))

    return move


def _add_named(edit: Edit, place: Place, data: QueryDict, path: Path) -> None:
    named = edit.raw.setdefault(str(path[0]), {}) if path else {}
    if isinstance(named, dict):
        name = clean_text(data.get("new_name", "")) or "usual"
        name = free_name(name, set(named))
        named[name] = [{}]
        edit.address = f"{path[0]}/{name}" if "/" not in name else edit.address


_ACTIONS = {
    "add": _add,
    "copy": _copy,
    "remove": _remove,
    "up": _move(-1),
    "down": _move(1),
    "add_named": _add_named,
}


def free_name(name: str, taken: set[Any]) -> str:
    """``name``, or with a number behind it when it is taken."""
    number, free = 2, name
    while free in taken:
        free, number = f"{name[:26]}_{number}", number + 1
    return free


def _rename(edit: Edit, place: Place, data: QueryDict) -> None:
    """Names of ways, in their order; kinds of posts that name one follow."""
    named = get_at(edit.raw, place.path)
    if not isinstance(named, dict):
        return
    renamed: dict[str, Any] = {}
    for name, rows in named.items():
        new = clean_text(data.get(f"name.{name}", "")) or name
        new = new if new == name else free_name(new, {*named, *renamed})
        renamed[new] = rows
        for kind in get_at(edit.raw, ("kinds",), []) if new != name else []:
            if isinstance(kind, dict) and kind.get("stages") == name:
                kind["stages"] = new
    edit.raw[str(place.path[0])] = renamed


def _follow_codes(before: Raw, edit: Edit) -> None:
    """A row that was given another code is still meant wherever it was named."""
    for table in set(REFERENCES.values()):
        old_rows, new_rows = get_at(before, (table,), []), get_at(edit.raw, (table,), [])
        if not isinstance(old_rows, list) or not isinstance(new_rows, list):
            continue
        codes = [(get_at(old, ("code",)), get_at(new, ("code",))) for old, new in zip(old_rows, new_rows, strict=False)]
        changed = {old: new for old, new in codes if isinstance(old, str) and isinstance(new, str) and old != new}
        if changed:
            _replace(edit.raw, table, changed)


def _replace(value: Any, table: str, changed: dict[str, str]) -> None:
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        if REFERENCES.get(str(name)) == table and isinstance(part, str):
            value[name] = changed.get(part, part)
        elif REFERENCES.get(str(name)) == table and isinstance(part, list):
            value[name] = [changed.get(item, item) if isinstance(item, str) else item for item in part]
        _replace(value[name], table, changed)


def _drop_foreign_params(before: Raw, place: Place, edit: Edit) -> None:
    """A step of another kind has other particulars; what the new kind does not know goes, and that is told."""
    step, old = get_at(edit.raw, place.path), get_at(before, place.path)
    if not (isinstance(step, dict) and isinstance(old, dict) and {*step, *old} >= STEP_KEYS):
        return
    spec, params = stage_specs().get(str(step.get("kind"))), step.get("params")
    if spec is None or step.get("kind") == old.get("kind") or not isinstance(params, dict):
        return
    step["params"] = {name: value for name, value in params.items() if name in spec.param_names}
    if gone := sorted(set(params) - set(step["params"])):
        edit.removed = True
        edit.notes.append(_("The new kind of step does not know: %(names)s.") % {"names": "、".join(gone)})
    if not step["params"]:
        del step["params"]


def _keep_own_steps(before: Raw, place: Place, edit: Edit) -> None:
    """Steps that a kind had of its own become a way with a name when the kind takes another one."""
    old, new = get_at(before, (*place.path, "stages")), get_at(edit.raw, (*place.path, "stages"))
    named = edit.raw.get("pipelines", {})
    if isinstance(old, list) and old and isinstance(new, str) and isinstance(named, dict):
        name = free_name(f"{get_at(edit.raw, (*place.path, 'code')) or 'kind'}_way", set(named))
        edit.raw["pipelines"] = {**named, name: old}
        edit.notes.append(_("The steps this kind had of its own are kept as the way “%(name)s”.") % {"name": name})

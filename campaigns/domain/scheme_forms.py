"""A raw scheme as forms: a page for each table or list, its fields with their problems, and the way back.

Nothing here knows a key by name except those that mean something to the editor itself (``code``, ``kind``).
"""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import Field as Spec
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns.domain.scheme_words import row_title
from campaigns.domain.stage_specs import stage_specs
from campaigns.schemes import values
from campaigns.schemes.controls import ABSENT, Control, Literal, LongText, Select
from campaigns.schemes.labels import label_of
from campaigns.schemes.places import NAMED, REST, TABLE, Place, Raw, get_at, is_row, put_at, rest_tables, value_of
from campaigns.schemes.report import Path, Problem
from campaigns.schemes.values import keys_of
from campaigns.schemes.widgets import References, control_of, control_of_param, references_in


@dataclass
class Box:
    """One key on a page."""

    path: Path
    label: str | Promise
    control: Control
    old: Any = ABSENT
    help: str | Promise = ""
    required: bool = False
    steers: bool = False
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return ".".join(str(part) for part in self.path)

    @property
    def widget(self) -> str:
        return self.control.widget

    @property
    def shown(self) -> Any:
        return self.control.shown(self.old)


@dataclass
class Group:
    """Keys that belong together, or (``is_list``) the rows of a list; ``links`` says that its rows have own pages."""

    path: Path
    title: str | Promise = ""
    boxes: list[Box] = field(default_factory=list)
    rows: list["Group"] = field(default_factory=list)
    is_list: bool = False
    links: bool = False
    is_named: bool = False
    facts: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> str:
        return "/".join(str(part) for part in self.path)

    @property
    def name(self) -> str:
        """What the row is called where its buttons are read aloud."""
        return str(self.title or _("no. %(n)s") % {"n": int(self.path[-1]) + 1})

    @property
    def has_problems(self) -> bool:
        return bool(self.problems or any(box.problems for box in self.boxes))

    @property
    def row_id(self) -> str:
        return "-".join(str(part) for part in self.path)

    @property
    def address(self) -> str:
        """The page of this row, for lists whose rows have pages of their own."""
        return "/".join(str(part + 1) if isinstance(part, int) else part for part in self.path)

    def each_box(self) -> Iterator[Box]:
        yield from self.boxes
        for row in self.rows:
            yield from row.each_box()


class Page:
    """Everything that stands on one page of the editor."""

    def __init__(self, raw: Raw, place: Place) -> None:
        self.raw, self.place = raw, place
        self.references: References = references_in(raw)
        self.groups = self._groups()
        self.problems: list[Problem] = []

    def _groups(self) -> list[Group]:
        place = self.place
        if place.shape == REST:
            groups = [group for spec in rest_tables() for group in self._inner_table((spec.name,), place.cls, spec)]
            return groups + self._unknown((), place.cls)
        if place.shape == TABLE:
            return self._table(place.path, place.cls)
        if place.shape == NAMED:
            return [self._named(place.path)]
        return [self._list(place.path, place.cls, "")]

    def _table(self, path: Path, cls: type, title: str | Promise = "") -> list[Group]:
        """The keys of a table; tables inside it follow as groups of their own."""
        if not isinstance(get_at(self.raw, path, {}), dict):
            return [self._as_it_stands(path, title)]
        own, inner = Group(path, title), []
        for spec in fields(cls):
            groups = self._inner_table((*path, spec.name), cls, spec)
            inner += groups
            if not groups or isinstance(value_of(spec), values.NameOrTables):
                own.boxes.append(self._box((*path, spec.name), cls, spec))
        return [own, *inner, *self._unknown(path, cls)]

    def _inner_table(self, path: Path, cls: type, spec: Spec) -> list[Group]:
        """The groups of a key that holds tables; none for any other key."""
        value, title = value_of(spec), label_of(cls, spec.name).name
        if isinstance(value, values.Table):
            return self._table(path, value.cls, title)
        if isinstance(value, values.Anything):
            return self._params(path, title)
        own_steps = isinstance(value, values.NameOrTables) and isinstance(get_at(self.raw, path), list)
        if own_steps or isinstance(value, values.Tables):
            return [self._list(path, value.cls, title)]  # type: ignore[attr-defined]
        return []

    def _box(self, path: Path, cls: type, spec: Spec) -> Box:
        label, old = label_of(cls, spec.name), get_at(self.raw, path, ABSENT)
        value = value_of(spec)
        control = Way(self.raw) if isinstance(value, values.NameOrTables) else control_of(spec, self.references)
        control = _fitting(control, old)
        steers = spec.name == "kind" and any(isinstance(value_of(other), values.Anything) for other in fields(cls))
        return Box(path, label.name, control, old, label.help, spec.metadata["required"], steers=steers)

    def _list(self, path: Path, cls: type, title: str | Promise) -> Group:
        here = get_at(self.raw, path, [])
        if isinstance(here, list) and all(isinstance(row, dict) for row in here):
            return self._rows(path, cls, title)
        return self._as_it_stands(path, title)

    def _rows(self, path: Path, cls: type, title: str | Promise) -> Group:
        group = Group(path, title, is_list=True, links=not is_row(cls))
        for i, row in enumerate(get_at(self.raw, path, [])):
            at = (*path, i)
            if not isinstance(row, dict):
                group.rows.append(self._as_it_stands(at, str(i + 1)))
            elif group.links:
                group.rows.append(Group(at, row_title(row), facts=self._facts(row, cls)))
            else:
                boxes = [self._box((*at, part.name), cls, part) for part in fields(cls)]
                unknown = [box for extra in self._unknown(at, cls) for box in extra.boxes]
                group.rows.append(Group(at, boxes=boxes + unknown))
        return group

    def _named(self, path: Path) -> Group:
        here = get_at(self.raw, path, {})
        if not isinstance(here, dict):
            return self._as_it_stands(path, "")
        group = Group(path, is_list=True, links=True, is_named=True)
        for name, rows in here.items():
            if not isinstance(rows, list) or "/" in name or name != name.strip() or not name:
                group.rows.append(self._as_it_stands((*path, name), name))
                continue
            users = [row_title(kind) for kind in get_at(self.raw, ("kinds",), []) if _uses(kind, name)]
            facts = [_("%(n)s steps") % {"n": len(rows)}]
            facts.append(
                _("used by: %(kinds)s") % {"kinds": "、".join(users)} if users else _("used by no kind of post")
            )
            facts.append(" → ".join(row_title(row) for row in rows))
            group.rows.append(Group((*path, name), name, facts=facts))
        return group

    def _params(self, path: Path, title: str | Promise) -> list[Group]:
        """The particulars of a step, as the form of its kind asks for them."""
        kind, raw = get_at(self.raw, (*path[:-1], "kind")), get_at(self.raw, path, {})
        spec = stage_specs().get(kind) if isinstance(kind, str) else None
        group = Group(path, title)
        if not isinstance(raw, dict) or spec is None:
            return [self._as_it_stands(path, title) if raw else group]
        form_fields = spec.params_form.base_fields
        for name, form_field in form_fields.items():
            old = raw.get(name, ABSENT)
            control = _fitting(control_of_param(form_field, name, self.references), old)
            group.boxes.append(Box((*path, name), form_field.label or name, control, old, form_field.help_text))
        extra = [(name, value) for name, value in raw.items() if name not in form_fields]
        group.boxes += [Box((*path, name), name, Literal(), value) for name, value in extra]
        return [group]

    def _unknown(self, path: Path, cls: type) -> list[Group]:
        here = get_at(self.raw, path, {})
        boxes = [Box((*path, name), name, Literal(), here[name]) for name in here if name not in keys_of(cls)]
        return [Group(path, _("keys that nobody knows (empty them to remove them)"), boxes)] if boxes else []

    def _as_it_stands(self, path: Path, title: str | Promise) -> Group:
        return Group(path, title, boxes=[Box(path, title, Literal(), get_at(self.raw, path, ABSENT))])

    def _facts(self, row: Raw, cls: type) -> list[str]:
        """What the required choices of a row say, for lists of rows."""
        required = [spec for spec in fields(cls) if spec.metadata["required"] and spec.name in row]
        facts = []
        for box in [self._box((spec.name,), cls, spec) for spec in required]:
            if box.widget in {"select", "checks"} and box.control.fits(row[box.name]):
                facts += [str(label) for word, label, chosen in box.control.shown(row[box.name]) if chosen and word]
        return facts + ([row["clause"]] if isinstance(row.get("clause"), str) else [])

    def place_problems(self, problems: list[Problem]) -> None:
        """Put each problem beside its field, else at its row or group, else at the top of the page."""
        boxes = [box for group in self.groups for box in group.each_box()]
        groups = [row for group in self.groups for row in group.rows] + self.groups
        for problem in problems:
            box = next((box for box in boxes if problem.path[: len(box.path)] == box.path and box.path), None)
            group = next((g for g in groups if g.path and problem.path[: len(g.path)] == g.path), None)
            if box is not None and box.old is ABSENT and box.required:
                problem = replace(problem, message=_("Please fill this in."))  # noqa: PLW2901  the same, said for a form
            (box or group or self).problems.append(problem)

    def taken(self, data: QueryDict) -> Raw:
        """The raw scheme as the posted page says it; everything on other pages stays."""
        raw = deepcopy(self.raw)
        for group in self.groups:
            for box in group.each_box():
                put_at(raw, box.path, box.control.taken(data, box.name, box.old))
        return raw


def _fitting(control: Control, old: Any) -> Control:
    """The control itself, or one that can show what stands there."""
    if old is ABSENT or control.fits(old):
        return control
    return LongText() if type(control) is Control and isinstance(old, str) else Literal()


class Way(Select):
    """The way of a kind: the name of a pipeline, or its own steps."""

    OWN = "@own"

    def __init__(self, raw: Raw) -> None:
        named = get_at(raw, ("pipelines",), {})
        options = {name: name for name in named} if isinstance(named, dict) else {}
        super().__init__({**options, self.OWN: _("steps of its own, below")})

    def fits(self, raw: Any) -> bool:
        return isinstance(raw, str) or (isinstance(raw, list) and all(isinstance(row, dict) for row in raw))

    def shown(self, raw: Any) -> Any:
        return super().shown(self.OWN if isinstance(raw, list) else raw)

    def taken(self, data: QueryDict, name: str, old: Any) -> Any:
        value = super().taken(data, name, old)
        if value == self.OWN:
            return old if isinstance(old, list) else []
        return value


def _uses(kind: Any, name: str) -> bool:
    return isinstance(kind, dict) and kind.get("stages") == name

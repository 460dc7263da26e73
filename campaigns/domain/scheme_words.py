"""Where something stands in a raw scheme, in words."""

from dataclasses import fields
from typing import Any

from django.utils.translation import gettext as _

from campaigns.domain.stage_specs import stage_specs
from campaigns.schemes.labels import label_of
from campaigns.schemes.model import Scheme
from campaigns.schemes.places import Raw, get_at, value_of
from campaigns.schemes.report import Path

#: Keys that may serve as the name of a row in a list.
TITLES = ("label", "title", "text", "point", "name", "code")


def row_title(row: Any) -> str:
    """What a row is called in a list."""
    found = next((row[name] for name in TITLES if isinstance(row.get(name), str)), "") if isinstance(row, dict) else ""
    return found or _("(without a name)")


def spoken_path(raw: Raw, path: Path) -> str:
    """Where something stands, in words: table, row, key."""
    cls: Any = Scheme
    words: list[str] = []
    for number, part in enumerate(path):
        if isinstance(part, int):
            row = get_at(raw, path[: number + 1])
            words.append(row_title(row) if is_titled(row) else _("no. %(n)s") % {"n": part + 1})
            continue
        spec = next((spec for spec in fields(cls) if spec.name == part), None) if cls else None
        words.append(str(label_of(cls, part).name) if spec else _param_label(raw, path[:number], part))
        cls = getattr(value_of(spec), "cls", None) if spec else cls if number == 1 else None
    return " › ".join(words)


def _param_label(raw: Raw, path: Path, name: str) -> str:
    """The name of a parameter of a step; other keys are shown as they are written."""
    spec = stage_specs().get(str(get_at(raw, (*path[:-1], "kind"))))
    form_field = spec.params_form.base_fields.get(name) if spec else None
    return str(form_field.label) if form_field and form_field.label else name


def is_titled(row: Any) -> bool:
    """Whether a row has a name of its own."""
    return isinstance(row, dict) and any(isinstance(row.get(name), str) and row[name] for name in TITLES)

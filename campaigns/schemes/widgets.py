"""Which control a key gets: chosen by its value in the format, or by the field of a stage kind's form."""

from collections.abc import Callable
from dataclasses import MISSING, Field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.schemes import controls, values
from campaigns.schemes.controls import Control, Options

#: Keys that name rows of another table of the same file, and that table.
REFERENCES = {"kinds": "kinds", "follows": "kinds", "rubric": "rubrics", "rounds": "rounds"}
References = dict[str, Options]


def references_in(raw: dict[str, Any]) -> References:
    """Code and label of every row that others may name, by table."""
    found: References = {}
    for table in set(REFERENCES.values()):
        rows = raw.get(table)
        named = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        found[table] = {
            str(row["code"]): str(row.get("label") or row.get("title") or row["code"])
            for row in named
            if row.get("code")
        }
    return found


def control_of(spec: Field, references: References) -> Control:
    """The control of a key of the format."""
    value, name = spec.metadata["value"], spec.name
    default = None if spec.default is MISSING else spec.default
    single = value.item if isinstance(value, values.ListOf) else value
    if isinstance(single, values.Code) and name in REFERENCES:
        options = references[REFERENCES[name]]
        return controls.Checks(options) if single is not value else controls.Select(options, blank=_("none"))
    if isinstance(value, values.ListOf):
        return _list_control(single, default or ())
    return _single_control(value, default)


def _list_control(item: values.Value, default: Any) -> Control:
    if isinstance(item, values.Choice):
        return controls.Checks(item.options(), default)
    texts = isinstance(item, values.Text | values.Code | values.MonthDay)
    return controls.Lines(default) if texts else controls.Literal()


def _single_control(value: values.Value, default: Any) -> Control:
    makers: dict[type, Callable[[], Control]] = {
        values.Text: lambda: controls.LongText() if value.max_length > controls.LONG_TEXT else Control(),  # type: ignore[attr-defined]
        values.Code: Control,
        values.MonthDay: Control,
        values.Integer: lambda: controls.Number(default, value.low, value.high),  # type: ignore[attr-defined]
        values.Flag: lambda: controls.YesNo() if default is None else controls.Flag(default=default),
        values.Choice: lambda: controls.Select(value.options(), default),  # type: ignore[attr-defined]
        values.MapOf: lambda: controls.Entries(value.labels, _single_control(value.item, None)),  # type: ignore[attr-defined]
    }
    return makers.get(type(value), controls.Literal)()


def control_of_param(field: forms.Field, name: str, references: References) -> Control:
    """The control of a parameter of a stage kind."""
    if name in REFERENCES and not isinstance(field, forms.ChoiceField):
        options = references[REFERENCES[name]]
        many = isinstance(field, forms.JSONField)
        return controls.Checks(options) if many else controls.Select(options, blank=_("none"))
    makers: list[tuple[bool, Callable[[], Control]]] = [
        (
            isinstance(field, forms.MultipleChoiceField),
            lambda: controls.Checks(_options(field), [str(word) for word in field.initial or ()]),
        ),
        (
            isinstance(field, forms.ChoiceField),
            lambda: controls.Select(_options(field), str(field.initial or ""), _("as usual")),
        ),
        (isinstance(field, forms.BooleanField), lambda: controls.Flag(default=bool(field.initial))),
        (type(field) is forms.IntegerField, lambda: _number_param(field)),
        (isinstance(field, forms.JSONField), lambda: controls.Lines(field.initial or ())),
        (type(field) is forms.CharField, lambda: _text_param(field)),
    ]
    return next((make() for applies, make in makers if applies), controls.Literal())


def _number_param(field: Any) -> Control:
    return controls.Number(field.initial, field.min_value, field.max_value)


def _text_param(field: Any) -> Control:
    text = controls.LongText() if (field.max_length or 0) > controls.LONG_TEXT else Control()
    text.default = field.initial
    return text


def _options(field: Any) -> Options:
    return {str(word): label for word, label in field.choices if word != ""}

"""The score sheet as a form that is made from its rubric, and the forms of records and conclusions."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assessments.domain.rubric_faults import Fault
from assessments.domain.rubrics import Entry, mark_of
from assessments.forms.files import ManyFilesField
from campaigns.schemes.afterwards import Rubric, RubricItem, RubricSection

_PARTS = ("points", "not_applicable", "found", "reason", "evidence", "satisfied", "valid")


@dataclass(frozen=True)
class Row:
    """An item with its fields, as the sheet shows it."""

    item: RubricItem
    is_scored: bool
    points: forms.BoundField | None = None
    not_applicable: forms.BoundField | None = None
    found: forms.BoundField | None = None
    reason: forms.BoundField | None = None
    evidence: forms.BoundField | None = None
    satisfied: forms.BoundField | None = None
    valid: forms.BoundField | None = None

    @property
    def errors(self) -> list[str]:
        fields = [getattr(self, part) for part in _PARTS]
        return [str(error) for field in fields if field for error in field.errors]


class SheetForm(forms.Form):
    """One line for each item that carries points. Fields are counted, because a number may be any text."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, rubric: Rubric, entries: list[Entry], version: int, **kwargs):
        self.rubric = rubric
        super().__init__(*args, **{**kwargs, "initial": {"version": version}})
        known = {entry.number: entry for entry in entries}
        for n, item in enumerate(rubric.items):
            if item in rubric.veto_items:
                self._add_veto(n, item, known.get(item.number))
            elif item.points is not None:
                self._add_item(n, item, known.get(item.number))

    def _add_item(self, n: int, item: RubricItem, entry: Entry | None) -> None:
        name = _("Item %(number)s") % {"number": item.number}
        fields = {
            "points": forms.DecimalField(
                label=_("%(item)s, points") % {"item": name},
                max_digits=6,
                decimal_places=1,
                min_value=0,
                max_value=item.points,
                widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
                step_size=Decimal("0.5"),
            ),
            "not_applicable": forms.BooleanField(label=_("%(item)s does not apply") % {"item": name}),
            "reason": _line(_("%(item)s, reason") % {"item": name}, 300, pgettext("score", "reason")),
            "evidence": _line(_("%(item)s, evidence") % {"item": name}, 500, pgettext("score", "evidence")),
        }
        if item.satisfaction is not None:
            fields["satisfied"] = _count(_("%(item)s, satisfied answers") % {"item": name})
            fields["valid"] = _count(_("%(item)s, valid answers") % {"item": name})
        self._add_fields(n, fields, entry)
        if entry is not None and entry.points is not None:
            self.initial[f"points-{n}"] = mark_of(entry)

    def _add_veto(self, n: int, item: RubricItem, entry: Entry | None) -> None:
        name = _("Item %(number)s") % {"number": item.number}
        found = forms.BooleanField(label=_("%(item)s: found") % {"item": name})
        evidence = _line(_("%(item)s, evidence") % {"item": name}, 500, pgettext("score", "evidence"))
        self._add_fields(n, {"found": found, "evidence": evidence}, entry)

    def _add_fields(self, n: int, fields: dict[str, forms.Field], entry: Entry | None) -> None:
        for part, field in fields.items():
            field.required = False
            field.widget.attrs["aria-label"] = field.label
            self.fields[f"{part}-{n}"] = field
            if entry is not None:
                self.initial[f"{part}-{n}"] = getattr(entry, part)

    def entries(self) -> list[Entry]:
        """What was typed, as far as it could be read."""
        return [
            Entry(
                number=item.number,
                points=self._value("points", n),
                not_applicable=bool(self._value("not_applicable", n)),
                found=bool(self._value("found", n)),
                reason=self._value("reason", n) or "",
                evidence=self._value("evidence", n) or "",
                satisfied=self._value("satisfied", n),
                valid=self._value("valid", n),
            )
            for n, item in enumerate(self.rubric.items)
            if item.points is not None or item in self.rubric.veto_items
        ]

    def _value(self, part: str, n: int):
        return self.cleaned_data.get(f"{part}-{n}")

    def add_faults(self, faults: list[Fault]) -> None:
        """Put each fault to its item."""
        places = {item.number: n for n, item in enumerate(self.rubric.items)}
        for fault in faults:
            n = places.get(fault.number)
            name = f"points-{n}" if f"points-{n}" in self.fields else f"found-{n}"
            self.add_error(name if name in self.fields else None, fault.text)

    def sections(self) -> Iterator[tuple[RubricSection, list[Row]]]:
        """The sheet in the order of the rubric."""
        n = 0
        for section in self.rubric.sections:
            rows = []
            for item in section.items:
                found = {part: self[f"{part}-{n}"] for part in _PARTS if f"{part}-{n}" in self.fields}
                rows.append(Row(item, bool(found), **found))
                n += 1
            yield section, rows


def _line(label: str, most: int, hint: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.TextInput(attrs={"placeholder": hint}))


def _count(label: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))


class RecordForm(forms.Form):
    """What a visit, a report, a hearing or the masses brought."""

    method = forms.ChoiceField(label=gettext_lazy("method"), widget=forms.RadioSelect)
    held_on = forms.DateField(
        label=pgettext_lazy("assessment", "held on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    place = forms.CharField(label=gettext_lazy("place"), max_length=120, required=False)
    people = forms.CharField(
        label=gettext_lazy("people who took part"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Who inspected or listened, and whom they met."),
    )
    document_number = forms.CharField(
        label=gettext_lazy("document number"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Of a written report, if it has one."),
    )
    text = forms.CharField(
        label=gettext_lazy("what was found"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )
    upload = ManyFilesField(
        label=gettext_lazy("files"),
        required=False,
        help_text=gettext_lazy("The signed report, photographs: PDF, JPG, PNG, docx, xlsx; at most ten."),
    )

    def __init__(self, *args, methods: list[tuple[str, str]], wanted: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = methods
        codes = [code for code, _label in methods]
        self.fields["method"].initial = wanted if wanted in codes else codes[0]
        self.fields["held_on"].initial = timezone.localdate()


class ConcludeForm(forms.Form):
    """The conclusion; a reason where a pass mark may be contradicted."""

    passed = forms.TypedChoiceField(
        label=gettext_lazy("result"),
        choices=[("1", pgettext_lazy("conclusion", "passed")), ("0", pgettext_lazy("conclusion", "not passed"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    conclusion = forms.CharField(
        label=gettext_lazy("conclusion"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    reason = forms.CharField(
        label=gettext_lazy("reason, if it differs from what the pass mark says"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, proposed: bool | None, **kwargs):
        super().__init__(*args, **kwargs)
        if proposed is None:
            del self.fields["reason"]
        else:
            self.fields["passed"].initial = "1" if proposed else "0"

"""What is said in a review: each voice has its own form."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.domain.aspects import field_of
from assessments.domain.review_rules import VoiceRules
from assessments.forms.reviews import day_input, text_area
from assessments.models import Grade


def told_points(points: dict[str, int]) -> str:
    """What each grade brings, so that everybody can check the sum."""
    parts = "、".join(f"{label} {points[code]}" for code, label in Grade.choices)
    return gettext("Points: %(list)s.") % {"list": parts}


class AspectsForm(forms.Form):
    """A grade for each aspect that the scheme compares, before the grade for the whole."""

    def __init__(self, *args, rules: VoiceRules, **kwargs):
        super().__init__(*args, **kwargs)
        self.aspect_names = {field_of(number): aspect for number, aspect in enumerate(rules.aspects)}
        given = self.initial.get("aspects") or {}
        for name, aspect in self.aspect_names.items():
            self.fields[name] = forms.ChoiceField(label=aspect, choices=Grade.choices, widget=forms.RadioSelect)
            self.initial[name] = given.get(aspect)
        self.fields["grade"].help_text = told_points(rules.grades)
        if self.aspect_names:
            self.fields["grade"].label = _("On the whole")
            self.order_fields([*self.aspect_names, "grade"])

    @property
    def said(self) -> dict[str, object]:
        """What was said, as the domain takes it."""
        rest = {name: value for name, value in self.cleaned_data.items() if name not in self.aspect_names}
        return rest | {"aspects": {aspect: self.cleaned_data[name] for name, aspect in self.aspect_names.items()}}


class StatementForm(AspectsForm):
    """A grade and words, with a name."""

    speaker = forms.CharField(
        label=_("Who speaks"),
        max_length=60,
        required=False,
        help_text=_("The leader's name, where you write down what he said."),
    )
    text = forms.CharField(label=_("In words"), max_length=2000, widget=text_area(5))
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)

    def __init__(self, *args, asks_speaker: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not asks_speaker:
            del self.fields["speaker"]


class PeerForm(AspectsForm):
    """A grade without a name; words if one likes."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        widget=text_area(3),
        help_text=_("Kept without your name; the post does not read it."),
    )


class PeerCountForm(forms.Form):
    """The papers of a meeting, counted."""

    held_on = forms.DateField(label=_("Day of the meeting"), widget=day_input())
    place = forms.CharField(label=_("Place"), max_length=150, required=False)

    def __init__(self, *args, rules: VoiceRules, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = timezone.localdate()
        whole = gettext("On the whole") if rules.aspects else gettext("Number of papers")
        self.table = [(whole, {code: code for code in Grade.values})]
        for number, aspect in enumerate(rules.aspects):
            self.table.append((aspect, {code: field_of(number, code) for code in Grade.values}))
        for row, names in self.table:
            for code, name in names.items():
                box = forms.NumberInput(attrs={"inputmode": "numeric"})
                label = f"{row} {Grade(code).label}"
                self.fields[name] = forms.IntegerField(label=label, min_value=0, max_value=500, initial=0, widget=box)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of the papers by grade."""
        return {code: self.cleaned_data[code] for code in Grade.values}

    @property
    def aspects(self) -> dict[str, dict[str, int]]:
        """The same of each aspect."""
        return {
            aspect: {code: self.cleaned_data[name] for code, name in names.items()} for aspect, names in self.table[1:]
        }

    @property
    def headings(self) -> list[str]:
        """The grades, as columns."""
        return [str(label) for label in Grade.labels]

    @property
    def rows(self):
        """What is judged, with its boxes."""
        return [(row, [self[name] for name in names.values()]) for row, names in self.table]

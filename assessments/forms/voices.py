"""What is said in a review: each voice has its own form."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessments.forms.reviews import day_input, text_area
from assessments.models import Grade


def told_points(points: dict[str, int]) -> str:
    """What each grade brings, so that everybody can check the sum."""
    parts = "、".join(f"{label} {points[code]}" for code, label in Grade.choices)
    return gettext("Points: %(list)s.") % {"list": parts}


class StatementForm(forms.Form):
    """A grade and words, with a name."""

    speaker = forms.CharField(
        label=_("Who speaks"),
        max_length=60,
        required=False,
        help_text=_("The leader's name, where you write down what he said."),
    )
    text = forms.CharField(label=_("In words"), max_length=2000, widget=text_area(5))
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)

    def __init__(self, *args, asks_speaker: bool, points: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].help_text = told_points(points)
        if not asks_speaker:
            del self.fields["speaker"]


class PeerForm(forms.Form):
    """A grade without a name; words if one likes."""

    grade = forms.ChoiceField(label=_("Grade"), choices=Grade.choices, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("Remark"),
        max_length=300,
        required=False,
        widget=text_area(3),
        help_text=_("Kept without your name; the post does not read it."),
    )

    def __init__(self, *args, points: dict[str, int], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["grade"].help_text = told_points(points)


class PeerCountForm(forms.Form):
    """The papers of a meeting, counted."""

    held_on = forms.DateField(label=_("Day of the meeting"), widget=day_input())
    place = forms.CharField(label=_("Place"), max_length=150, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = timezone.localdate()
        for code, label in Grade.choices:
            number = forms.NumberInput(attrs={"inputmode": "numeric"})
            self.fields[code] = forms.IntegerField(label=label, min_value=0, max_value=500, initial=0, widget=number)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of the papers by grade."""
        return {code: self.cleaned_data[code] for code in Grade.values}

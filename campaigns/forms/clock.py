from django import forms
from django.utils.translation import gettext_lazy as _


class ClockFilter(forms.Form):
    """What the page of the clock can be narrowed to."""

    kind = forms.ChoiceField(label=_("What"), required=False)
    number = forms.IntegerField(label=_("Concerns number"), required=False, min_value=1)

    def __init__(self, *args, kinds=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all")), *kinds]

    def narrow(self, items):
        """The items that fit; what cannot be understood narrows nothing."""
        wanted = self.cleaned_data if self.is_valid() else {}
        if wanted.get("kind"):
            items = items.filter(kind=wanted["kind"])
        return items.filter(subject_id=wanted["number"]) if wanted.get("number") else items


class GiveUpForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is given up"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

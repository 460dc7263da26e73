from django import forms
from django.utils.translation import gettext_lazy as _


class LiftBanForm(forms.Form):
    """Ending a ban before its year is over."""

    reason = forms.CharField(label=_("why the ban is lifted"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

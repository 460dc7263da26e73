from django import forms
from django.utils.translation import gettext_lazy as _


class SignInCodeForm(forms.Form):
    """The code of a sign-in slip."""

    token = forms.CharField(
        label=_("sign-in code"),
        max_length=40,
        help_text=_("16 letters and digits; capital letters and dashes do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )

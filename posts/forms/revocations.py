from django import forms
from django.utils.translation import gettext_lazy as _


class SetAsideForm(forms.Form):
    """The new decision that puts a wrong revocation right."""

    reason = forms.CharField(
        label=_("why the revocation was wrong"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(label=_("document that sets it aside"), max_length=40)


class RenameForm(forms.Form):
    """Another name for a post."""

    name = forms.CharField(label=_("new name"), max_length=60)
    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(label=_("document"), max_length=40, required=False)

from django import forms
from django.utils.translation import gettext_lazy as _


class SetAsideForm(forms.Form):
    """The new decision that puts a wrong revocation right."""

    reason = forms.CharField(
        label=_("why the revocation was wrong"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    document = forms.CharField(label=_("document that sets it aside"), max_length=40)
    despite = forms.BooleanField(
        label=_("I know this and give the title back all the same"),
        required=False,
        help_text=_("What the scheme limits is exceeded by this decision; the record says so."),
    )

    def __init__(self, *args, conflicts, **kwargs):
        super().__init__(*args, **kwargs)
        if not conflicts:
            del self.fields["despite"]


class RenameForm(forms.Form):
    """Another name for a post."""

    name = forms.CharField(label=_("new name"), max_length=60)
    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(label=_("document"), max_length=40, required=False)

from django import forms
from django.utils.translation import gettext_lazy as _


class MilestoneRecordForm(forms.Form):
    """What the unit has done. Whether it may, and for which milestone, the domain says."""

    text = forms.CharField(
        label=_("what the unit has done"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 5})
    )
    document_number = forms.CharField(label=_("document number"), max_length=60, required=False)

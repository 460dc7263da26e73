from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.units import indented
from campaigns.models import OrgUnit
from campaigns.models.import_job import IMPORT_PERMISSIONS
from campaigns.permissions import units_for


def scopes(user, kind):
    """The units below which the user may import a list of this kind: Party organisations, from the top."""
    return units_for(user, IMPORT_PERMISSIONS[kind]).party().filter(is_active=True)


class ImportForm(forms.Form):
    """A workbook, and the unit below which its rows lie."""

    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("below"), empty_label=None,
        help_text=_("Rows about anything outside this organisation are refused."),
    )  # fmt: skip
    file = forms.FileField(label=_("Excel workbook (.xlsx)"), allow_empty_file=True, widget=forms.FileInput)

    def __init__(self, *args, user, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = scopes(user, kind)
        self.fields["org_unit"].label_from_instance = indented
        self.fields["file"].widget.attrs["accept"] = ".xlsx"

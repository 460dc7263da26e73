from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.units import indented
from campaigns.models import OrgUnit
from posts.domain.blank_kinds import each_blank_kind
from posts.domain.blanks import units_with_blanks

WORD = ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class BlankForm(forms.Form):
    """A Word file with merge fields, for a kind of case, for a unit and what lies below it."""

    org_unit = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("unit"), empty_label=None,
        help_text=_("The unit and everything below it may use the blank."),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("kind of case"))
    title = forms.CharField(
        label=_("name of the blank"), max_length=80, help_text=_("As it stands in the menu of the case.")
    )
    upload = forms.FileField(label=_("Word file (.docx)"), widget=forms.FileInput, allow_empty_file=True)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = units_with_blanks(user)
        self.fields["org_unit"].label_from_instance = indented
        self.fields["kind"].choices = [(kind.code, kind.label) for kind in each_blank_kind()]
        self.fields["upload"].widget.attrs["accept"] = WORD


class ReplaceBlankForm(forms.Form):
    """The next version of a blank."""

    upload = forms.FileField(label=_("Word file (.docx)"), widget=forms.FileInput, allow_empty_file=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = WORD

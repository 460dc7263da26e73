from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit, UnitKind
from campaigns.permissions import units_for


class UnitForm(forms.ModelForm):
    """Code, name, kind and contacts of a unit."""

    class Meta:
        model = OrgUnit
        fields = ["name", "code", "kind", "phone", "address", "postcode", "office_hours"]
        help_texts = {
            "name": _("Full name, as it is printed on documents."),
            "code": _("Your own code of the unit; never used twice."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "—"), *UnitKind.choices]

    def _get_validation_exclusions(self):
        """The code's uniqueness is a rule of the domain, which has the better sentence."""
        return super()._get_validation_exclusions() | {"code"}


class UnitMoveForm(forms.Form):
    """Below which unit a unit goes."""

    target = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("new superior"), empty_label="—")

    def __init__(self, *args, unit, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = units_for(user, "manage_organization").filter(is_active=True)
        self.fields["target"].queryset = units.exclude(path__startswith=unit.path)
        self.fields["target"].label_from_instance = indented


class ConfirmForm(forms.Form):
    """Nothing to fill in; the page says what will happen."""


def indented(unit: OrgUnit) -> str:
    """The unit as a line of a select that shows the tree."""
    return f"{'　' * (unit.depth - 1)}{unit.name}（{unit.code}）"

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.forms.people import date_field
from campaigns.models import Holiday


class HolidayForm(forms.ModelForm):
    """A day that differs from its weekday."""

    date = date_field(label=_("date"))
    is_workday = forms.TypedChoiceField(
        label=_("on this day people"),
        choices=[("", _("are off")), ("1", _("work (a weekend day made up)"))],
        coerce=bool, required=False, empty_value=False,
    )  # fmt: skip

    class Meta:
        model = Holiday
        fields = ["date", "is_workday", "name"]

    def _post_clean(self):
        """The rules are those of the domain, which puts its sentence at the right field."""

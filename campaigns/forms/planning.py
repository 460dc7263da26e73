from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.domain.moves import LONGEST
from campaigns.forms.people import date_field


class MoveForm(forms.Form):
    """The new day of something, or the new length of a step in working days."""

    def __init__(self, *args, target, **kwargs):
        super().__init__(*args, initial={"to": target.value}, **kwargs)
        if target.is_length:
            help_text = _("A notice takes at least the days of its own rule, whatever is planned.")
            self.fields["to"] = forms.IntegerField(
                label=_("planned working days"), min_value=0, max_value=LONGEST, help_text=help_text
            )
        else:
            self.fields["to"] = date_field(label=_("new day"))


class ConfirmMoveForm(forms.Form):
    """The reason, and the check sum of the plan that was looked at."""

    version = forms.CharField(widget=forms.HiddenInput)
    reason = forms.CharField(label=_("reason"), max_length=200, required=False)

    def __init__(self, *args, reason_required, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = reason_required

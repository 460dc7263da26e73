from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.rotation import candidates, why_not_hold
from assessments.forms.reviews import day_input, text_area
from assessments.models import RotationChoice
from posts.models import Nomination


class RotationItemForm(forms.Form):
    """What becomes of one plaque."""

    hold = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", RotationChoice.HOLD.label), ("0", RotationChoice.ROTATE_OUT.label)],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reasons"), max_length=300, widget=text_area(3))
    successor = forms.ModelChoiceField(
        label=_("Successor"),
        queryset=Nomination.objects.none(),
        required=False,
        empty_label=_("nobody now: the place stays free"),
        help_text=_("Nominations that stand at the naming decision of the same body."),
    )
    # Which state of the row this page shows; somebody else may have decided meanwhile.
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, item, **kwargs):
        chosen = {"version": item.version}
        if item.choice:
            held = "1" if item.choice == RotationChoice.HOLD else "0"
            chosen |= {"hold": held, "reason": item.reason, "successor": item.successor_id}
        super().__init__(*args, initial=chosen, **kwargs)
        self.fields["successor"].queryset = candidates(item.rotation)
        self.fields["successor"].label_from_instance = lambda n: f"{n}（{n.org_unit}）"
        if why_not_hold(item):
            self.fields["hold"].choices = [("0", RotationChoice.ROTATE_OUT.label)]


class HoldAllForm(forms.Form):
    """Several plaques are kept for one reason."""

    reason = forms.CharField(label=_("Reasons"), max_length=300)


class RotationReleaseForm(forms.Form):
    """The meeting that decided."""

    held_on = forms.DateField(label=_("decided on"), widget=day_input(), initial=timezone.localdate)
    meeting = forms.CharField(label=_("meeting"), max_length=120, required=False)
    document_number = forms.CharField(
        label=_("document number"),
        max_length=40,
        required=False,
        help_text=_("Needed when a successor is named, unless the scheme says otherwise."),
    )

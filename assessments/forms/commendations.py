from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.commendations import rounds_of
from assessments.forms.reviews import day_input, text_area
from assessments.models import RewardKind
from posts.models import Conferral


class CommendationForm(forms.Form):
    """The occasion of a new list."""

    label = forms.CharField(label=_("occasion"), max_length=60, help_text=_("For example: 七一表彰、年度表彰"))
    round_code = forms.ChoiceField(label=_("round"), required=False)

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        rounds = rounds_of(campaign)
        self.fields["round_code"].choices = [("", _("none")), *rounds]
        if not rounds:
            del self.fields["round_code"]


class ChooseForm(forms.Form):
    """Why the ticked posts are commended."""

    reason = forms.CharField(label=_("Reasons"), max_length=300)


class CommendationReleaseForm(forms.Form):
    """The meeting that decided."""

    held_on = forms.DateField(label=_("decided on"), widget=day_input(), initial=timezone.localdate)
    document_number = forms.CharField(label=_("document number"), max_length=40)
    meeting = forms.CharField(label=_("meeting"), max_length=120, required=False)


class RewardForm(forms.Form):
    """An entry of the register of rewards."""

    kind = forms.ChoiceField(label=_("kind"), choices=RewardKind.choices)
    text = forms.CharField(label=_("what it is"), max_length=300, widget=text_area(2))
    given_on = forms.DateField(label=_("date"), widget=day_input(), initial=timezone.localdate)
    document_number = forms.CharField(label=_("document number"), max_length=40, required=False)
    conferrals = forms.ModelMultipleChoiceField(
        label=_("Posts"), queryset=Conferral.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["conferrals"]
        field.queryset = Conferral.objects.filter(campaign=campaign).exclude(status="creating").for_list().with_people()
        field.label_from_instance = lambda title: f"{title.name}（{title.org_unit}）{_names(title)}"


def _names(title):
    return "、".join(person.name for person in title.people)

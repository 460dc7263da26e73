"""What a secretary fills in for a responsibility zone, standing in the village with a phone."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.schemes.vocabulary import TASK_CADENCES
from posts.forms.decisions import date_field


class ResultForm(forms.Form):
    done = forms.IntegerField(label=_("number done"), min_value=0, max_value=1000000, required=False)
    on = date_field(_("done on"), initial=timezone.localdate)
    note = forms.CharField(label=_("what was done in the zone"), max_length=200, required=False)


class TaskForm(forms.Form):
    text = forms.CharField(label=_("task"), max_length=120)
    target = forms.IntegerField(label=_("target"), min_value=0, max_value=100000, required=False)
    unit = forms.CharField(label=_("unit of the target"), max_length=20, required=False)
    cadence = forms.ChoiceField(label=_("for each"), choices=list(TASK_CADENCES.items()), initial="none")


class PublishForm(forms.Form):
    evaluation = forms.CharField(label=_("evaluation"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

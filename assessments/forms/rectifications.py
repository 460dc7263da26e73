"""Forms of a rectification: handed in, looked at again, more time, evidence; and the filter of the list."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.domain.extensions import latest_day
from assessments.domain.rectification_clock import proposable_ends
from assessments.forms.files import ManyFilesField
from assessments.forms.reviews import day_input, text_area
from assessments.models import ProposedEnd, Rectification
from campaigns.models import Campaign, OrgUnit


class ProofForm(forms.Form):
    """What was done about a finding."""

    proof = forms.CharField(label=_("What was done, and how one can see it"), max_length=2000, widget=text_area(5))
    uploads = ManyFilesField(label=_("Files that show it"), required=False)


class CheckForm(forms.Form):
    """The second check."""

    passed = forms.TypedChoiceField(
        label=_("Result of the second check"),
        choices=[("1", _("settled")), ("0", _("not settled"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    opinion = forms.CharField(label=_("What the second check found"), max_length=1000, widget=text_area(4))
    proposed_end = forms.ChoiceField(
        label=_("If it is not settled, propose"),
        required=False,
        help_text=_("The body that named the post decides on it."),
    )
    uploads = ManyFilesField(label=_("Files that show it"), required=False)

    def __init__(self, *args, rectification, **kwargs):
        super().__init__(*args, **kwargs)
        ends = proposable_ends(rectification)
        self.fields["proposed_end"].choices = [("", "—"), *((end, ProposedEnd(end).label) for end in ends)]


class EvidenceForm(forms.Form):
    """Files that show what was found."""

    uploads = ManyFilesField(label=_("Files that show what was found"))


class ExtensionForm(forms.Form):
    """More time, asked for by the post."""

    until = forms.DateField(label=_("New deadline"), widget=day_input())
    reason = forms.CharField(label=_("Why more time is needed"), max_length=200, widget=text_area(2))

    def __init__(self, *args, rectification, **kwargs):
        super().__init__(*args, **kwargs)
        last = latest_day(rectification)
        self.fields["until"].initial = last
        self.fields["until"].help_text = _("At the latest %(day)s.") % {"day": last}


class AnswerForm(forms.Form):
    """The answer to a request for more time."""

    granted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("granted")), ("0", _("refused"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Reason"), max_length=200, widget=text_area(2))


class RectificationFilter(django_filters.FilterSet):
    """What the list can be narrowed by."""

    q = django_filters.CharFilter(label=_("post / person / unit"), method="search")
    unit = django_filters.ModelChoiceFilter(
        label=_("unit"), field_name="conferral__org_unit", queryset=OrgUnit.objects.none(), empty_label=_("all units")
    )
    campaign = django_filters.ModelChoiceFilter(
        label=_("campaign"),
        field_name="conferral__campaign",
        queryset=Campaign.objects.none(),
        empty_label=_("all campaigns"),
    )

    class Meta:
        model = Rectification
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.queryset.order_by()
        self.form.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=rows.values("conferral__org_unit"))
        self.form.fields["campaign"].queryset = Campaign.objects.filter(pk__in=rows.values("conferral__campaign"))

    def search(self, queryset, _name, value):
        return queryset.filter(
            Q(conferral__name__icontains=value)
            | Q(conferral__org_unit__name__icontains=value)
            | Q(responsible__icontains=value)
        )

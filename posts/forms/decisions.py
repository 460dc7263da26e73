"""Forms of the decision pages."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, OrgUnit, PostKind
from posts.models import Decision, DecisionOutcome, StageRun

RETURN = "return"


def date_field(label, **options):
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class WaitingFilter(django_filters.FilterSet):
    """What the list of nominations that wait for a decision can be narrowed by."""

    q = django_filters.CharFilter(label=_("post / person / unit"), method="search")
    unit = django_filters.ModelChoiceFilter(
        label=_("unit"), field_name="nomination__org_unit", queryset=OrgUnit.objects.none(), empty_label=_("all units")
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("kind of post"),
        field_name="nomination__post_kind",
        queryset=PostKind.objects.none(),
        empty_label=_("all kinds"),
    )
    state = django_filters.ChoiceFilter(
        label=_("state"),
        method="by_state",
        empty_label=_("all states"),
        choices=[("open", _("to be decided")), ("proposed", _("decided, not released"))],
    )

    class Meta:
        model = StageRun
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        runs = self.queryset.order_by()
        self.form.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=runs.values("nomination__org_unit"))
        self.form.fields["kind"].queryset = PostKind.objects.filter(
            pk__in=runs.values("nomination__post_kind")
        ).select_related("campaign")
        self.form.fields["q"].widget.attrs["placeholder"] = _("Type a keyword")

    def search(self, queryset, _name, value):
        nomination = Q(nomination__name__icontains=value) | Q(nomination__number__icontains=value)
        return queryset.filter(
            nomination
            | Q(nomination__org_unit__name__icontains=value)
            | Q(
                pk__in=StageRun.objects.filter(
                    nomination__members__name__icontains=value, nomination__members__dropped_at__isnull=True
                ).values("pk")
            )
        )

    def by_state(self, queryset, _name, value):
        decided = Q(pk__in=StageRun.objects.filter(decision_items__is_live=True).values("pk"))
        return queryset.filter(decided if value == "proposed" else ~decided)


class DecisionFilter(django_filters.FilterSet):
    """The list of decisions."""

    q = django_filters.CharFilter(label=_("document number / meeting"), method="search")
    campaign = django_filters.ModelChoiceFilter(
        label=_("campaign"), queryset=Campaign.objects.none(), empty_label=_("all campaigns")
    )

    class Meta:
        model = Decision
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["campaign"].queryset = Campaign.objects.filter(
            pk__in=self.queryset.order_by().values("campaign")
        )

    def search(self, queryset, _name, value):
        return queryset.filter(Q(document_number__icontains=value) | Q(meeting__icontains=value))


class MeetingForm(forms.Form):
    """The data of the meeting that decided."""

    held_on = date_field(_("decided on"), initial=timezone.localdate)
    meeting = forms.CharField(
        label=_("meeting"), max_length=120, required=False, help_text=_("For example: 党委会议（2026年第9次）")
    )
    document_number = forms.CharField(
        label=_("document number"),
        max_length=40,
        required=False,
        help_text=_("May be added later; needed before the release."),
    )
    note = forms.CharField(label=_("note"), max_length=300, required=False)


class ProposeForm(MeetingForm):
    """Deciding on the chosen nominations, in a new decision or together with a pending one."""

    outcome = forms.ChoiceField(choices=DecisionOutcome.choices, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("opinion of the deciding body"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("May stay empty when approving; the branch reads it after the release."),
    )
    into = forms.ModelChoiceField(
        label=_("put into"),
        queryset=Decision.objects.none(),
        required=False,
        empty_label=_("a new decision"),
        help_text=_("What one meeting decided belongs into one decision."),
    )
    field_order = ("outcome", "into", "held_on", "meeting", "document_number", "reason", "note")

    def __init__(self, *args, pending, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = pending
        if self["outcome"].value() == DecisionOutcome.REFUSED:
            self.fields["reason"].required = True
            self.fields["reason"].help_text = _("The branch reads this sentence.")


class ReturnForm(forms.Form):
    """Sending the chosen nominations back."""

    outcome = forms.CharField(widget=forms.HiddenInput, initial=RETURN)
    reason = forms.CharField(
        label=_("what has to be corrected"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    redo = forms.BooleanField(label=_("walk all steps again after the correction"), required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300, required=False)

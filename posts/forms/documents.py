"""Forms of official documents and of the register of their numbers."""

from datetime import timedelta

import django_filters
from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, OrgUnit
from posts.domain.document_issue import MAX_BACKDATED
from posts.domain.document_numbers import MAX_SERIAL
from posts.domain.drafting import each_maker
from posts.domain.official_documents import EDITABLE, MAX_TEXT
from posts.forms.decisions import date_field
from posts.models import DocumentStatus, OfficialDocument


def kind_choices() -> list[tuple[str, str]]:
    """Every kind of document that some app drafts."""
    return [(maker.kind, str(maker.label)) for maker in each_maker()]


class DocumentForm(forms.ModelForm):
    """What the office may edit; the facts in braces come from the case."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = OfficialDocument
        fields = list(EDITABLE)
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "text": forms.Textarea(attrs={"rows": 16}),
            "copies_to": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "title": _("Where you break the line, the paper does; else it breaks by itself."),
            "addressee": _("With a colon at the end. Empty where there is none."),
            "text": _("A paragraph a line. Lines that begin with 一、 or （一） become headings."),
            "letterhead": _("In red at the head of the first page. Empty: a plain sheet without a head."),
            "code": _("What stands before the year in the number, such as 青样委发. Empty: without a number."),
            "copies_to": _("Goes into the imprint on the last page."),
            "printed_by": _("Goes into the imprint on the last page. Empty: without an imprint."),
            "sealed": _("Signature and date leave the place for the seal."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].max_length = MAX_TEXT
        self.fields["version"].initial = self.instance.version

    def _post_clean(self):
        """The rule checks and saves; the instance stays what it was."""

    def wishes(self) -> dict:
        return {name: self.cleaned_data[name] for name in EDITABLE}

    @property
    def main_fields(self):
        return [self[name] for name in ("title", "addressee", "text")]

    @property
    def frame_fields(self):
        return [self[name] for name in ("letterhead", "code", "copies_to", "printed_by", "sealed")]


class IssueForm(forms.Form):
    """The last questions before everything is frozen."""

    day = date_field(
        _("Date of the document"),
        initial=timezone.localdate,
        help_text=_("The day on which the meeting decided or the head signed."),
    )
    serial = forms.IntegerField(
        label=_("Running number"),
        min_value=1,
        max_value=MAX_SERIAL,
        required=False,
        help_text=_("Empty: the next one. A number that was given once is never given again."),
    )

    def __init__(self, *args, case, asks_number, **kwargs):
        super().__init__(*args, **kwargs)
        if case.decided_on and timezone.localdate() - case.decided_on <= timedelta(days=MAX_BACKDATED):
            self.fields["day"].initial = case.decided_on
        if case.day:
            del self.fields["day"]
        if not asks_number:
            del self.fields["serial"]

    def wishes(self) -> dict:
        return {name: self.cleaned_data.get(name) for name in ("day", "serial")}


class NoteNumberForm(forms.Form):
    """A number that a paper outside of the system has."""

    org_unit = forms.ModelChoiceField(label=_("Issuing body"), queryset=OrgUnit.objects.none(), empty_label=None)
    code = forms.CharField(label=_("Code of the numbers"), max_length=20)
    year = forms.IntegerField(label=_("Year"), min_value=1950, max_value=2200)
    serial = forms.IntegerField(label=_("Running number"), min_value=1, max_value=MAX_SERIAL)
    note = forms.CharField(label=_("Paper that has it"), max_length=120)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = units
        self.fields["year"].initial = timezone.localdate().year


class DocumentFilter(django_filters.FilterSet):
    """What the list of documents can be narrowed by."""

    q = django_filters.CharFilter(label=_("title / number"), method="search")
    kind = django_filters.ChoiceFilter(label=_("kind"), choices=kind_choices, empty_label=_("all kinds"))
    status = django_filters.ChoiceFilter(
        label=_("status"), choices=DocumentStatus.choices, empty_label=_("all but discarded"), method="in_state"
    )
    campaign = django_filters.ModelChoiceFilter(
        label=_("campaign"), queryset=Campaign.objects.none(), empty_label=_("all campaigns")
    )
    org_unit = django_filters.ModelChoiceFilter(
        label=_("issuing body"), queryset=OrgUnit.objects.none(), empty_label=_("all units")
    )

    class Meta:
        model = OfficialDocument
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.queryset.order_by()
        self.form.fields["campaign"].queryset = Campaign.objects.filter(pk__in=rows.values("campaign"))
        self.form.fields["org_unit"].queryset = OrgUnit.objects.filter(pk__in=rows.values("org_unit"))

    def search(self, queryset, _name, value):
        return queryset.filter(Q(title__icontains=value) | Q(number__icontains=value))

    def in_state(self, queryset, _name, value):
        return queryset.filter(status=value)

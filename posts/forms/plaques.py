"""Forms of the plaque register and of a post's page."""

import django_filters
from django import forms
from django.core.validators import validate_comma_separated_integer_list
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.domain.errors import DomainError
from campaigns.models import Campaign, OrgUnit, PostKind
from campaigns.schemes.vocabulary import SIZES
from posts.documents.designs import designs
from posts.documents.images import MAX_IMAGE_BYTES
from posts.documents.plaque import Look
from posts.documents.plaque_sizes import parse_size
from posts.domain.plaque_prints import Form
from posts.forms.decisions import date_field
from posts.models import Conferral, ConferralStatus, Plaque


class PlaqueFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("number / post / unit"), method="search")
    campaign = django_filters.ModelChoiceFilter(
        label=_("campaign"),
        field_name="conferral__campaign",
        queryset=Campaign.objects.none(),
        empty_label=_("all campaigns"),
    )

    class Meta:
        model = Plaque
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.form.fields["campaign"].queryset = Campaign.objects.filter(
            pk__in=self.queryset.order_by().values("conferral__campaign")
        )

    def search(self, queryset, _name, value):
        return queryset.filter(
            Q(number__icontains=value)
            | Q(conferral__name__icontains=value)
            | Q(conferral__org_unit__name__icontains=value)
            | Q(received_by__icontains=value)
        )


class ConferralFilter(django_filters.FilterSet):
    """The register of posts 示范岗花名册."""

    q = django_filters.CharFilter(label=_("post / person / unit"), method="search")
    unit = django_filters.ModelChoiceFilter(
        label=_("unit"), field_name="org_unit", queryset=OrgUnit.objects.none(), empty_label=_("all units")
    )
    kind = django_filters.ModelChoiceFilter(
        label=_("kind of post"), field_name="post_kind", queryset=PostKind.objects.none(), empty_label=_("all kinds")
    )
    category = django_filters.ChoiceFilter(label=_("category"), empty_label=_("all"))
    status = django_filters.ChoiceFilter(label=_("state"), choices=ConferralStatus.choices, empty_label=_("all states"))

    class Meta:
        model = Conferral
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rows = self.queryset.order_by()
        self.form.fields["unit"].queryset = OrgUnit.objects.filter(pk__in=rows.values("org_unit"))
        self.form.fields["kind"].queryset = PostKind.objects.filter(pk__in=rows.values("post_kind"))
        names = rows.exclude(category="").values_list("category", flat=True).distinct()
        self.form.fields["category"].choices = [("", _("all")), *((name, name) for name in sorted(set(names)))]
        if not names:
            del self.form.fields["category"]

    def search(self, queryset, _name, value):
        people = Conferral.objects.filter(holders__name__icontains=value, holders__until_on__isnull=True)
        return queryset.filter(
            Q(name__icontains=value) | Q(org_unit__name__icontains=value) | Q(pk__in=people.values("pk"))
        )


class HandOverForm(forms.Form):
    received_by = forms.CharField(label=_("signed for by"), max_length=60)
    on = date_field(_("handed over on"), initial=timezone.localdate)
    place = forms.CharField(label=_("placed at"), max_length=120, required=False)
    badge_given = forms.BooleanField(label=_("The members were reminded to wear the Party badge."), required=False)
    creating_returned = forms.BooleanField(label=_("The “creating” plaque was handed back at once."), required=False)

    def __init__(self, *args, badge, creating, **kwargs):
        super().__init__(*args, **kwargs)
        if not badge:
            del self.fields["badge_given"]
        if not creating:
            del self.fields["creating_returned"]


class RecallForm(forms.Form):
    reason = forms.CharField(label=_("reason for the recall"), max_length=200)
    due_on = date_field(
        _("to be returned by"), required=False, help_text=_("Empty: the term that the campaign's rules set.")
    )


class ReturnPlaqueForm(forms.Form):
    returned_by = forms.CharField(label=_("handed in by"), max_length=60)
    on = date_field(_("returned on"), initial=timezone.localdate)
    note = forms.CharField(label=_("condition of the plaque, note"), max_length=200, required=False)


class LostForm(forms.Form):
    lost_by = forms.CharField(label=_("loss signed by"), max_length=60)
    on = date_field(_("lost on"), initial=timezone.localdate)
    note = forms.CharField(label=_("how it was lost"), max_length=200)


class DamagedForm(forms.Form):
    damaged_by = forms.CharField(label=_("damage signed by"), max_length=60)
    on = date_field(_("damaged on"), initial=timezone.localdate)
    note = forms.CharField(label=_("what is damaged"), max_length=200)


class ReplaceForm(forms.Form):
    reason = forms.CharField(label=_("why it is replaced"), max_length=200)


class EndForm(forms.Form):
    """Ending a title without stigma."""

    status = forms.ChoiceField(
        label=_("how it ends"),
        choices=[
            (status.value, status.label)
            for status in ConferralStatus
            if status in ("adjusted", "rotated_out", "expired")
        ],
    )
    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(label=_("document"), max_length=40, required=False)


class PlaquePrintForm(forms.Form):
    """How plaques are printed."""

    plaques = forms.CharField(widget=forms.HiddenInput, validators=[validate_comma_separated_integer_list])
    form = forms.ChoiceField(label=_("what"), choices=Form.choices, initial=Form.PLAQUE)
    size = forms.ChoiceField(label=_("size of the plaque"), required=False)
    own_size = forms.CharField(
        label=_("own size"), required=False, max_length=12, help_text=_("In millimetres, such as 420x297mm.")
    )
    design = forms.ChoiceField(label=_("design"))
    marks = forms.BooleanField(label=_("for the print shop: 3 mm bleed and crop marks"), required=False)
    each = forms.BooleanField(label=_("one file for each plaque, in a ZIP"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["size"].choices = [("", _("as the scheme says")), *SIZES.items(), ("own", _("own size"))]
        self.fields["design"].choices = [(design.code, design.label) for design in designs().values()]

    def clean_own_size(self):
        return self.cleaned_data["own_size"].lower().replace(" ", "").replace("×", "x").replace("*", "x")

    def clean(self):
        data = super().clean()
        if data.get("size") == "own":
            size = data.get("own_size", "")
            data["size"] = size if size.endswith("mm") or not size else f"{size}mm"
            try:
                parse_size(data["size"])
            except DomainError as error:
                self.add_error("own_size", str(error))
        return data

    @property
    def look(self):
        """How it is to look."""
        return Look(self.cleaned_data["size"], self.cleaned_data["design"], self.cleaned_data["marks"])

    @property
    def params(self):
        """What the print job is given."""
        names = ("form", "size", "design", "marks", "each")
        return {"plaques": self.chosen, **{name: self.cleaned_data[name] for name in names}}

    @property
    def chosen(self):
        return [int(number) for number in self.cleaned_data["plaques"].split(",")]


class EmblemForm(forms.Form):
    """The official drawing that an organisation prints on its plaques."""

    org_unit = forms.ModelChoiceField(label=_("unit"), queryset=OrgUnit.objects.none())
    image = forms.FileField(
        label=_("image"),
        help_text=_("PNG of at least 300 × 300 dots or plain SVG, at most 500 kB; printed as it is."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/svg+xml"}),
    )
    source = forms.CharField(label=_("where the file comes from"), max_length=200)
    declared = forms.BooleanField(
        label=_("This is the official drawing, unaltered; its use on plaques follows the regulations.")
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = units
        self.fields["org_unit"].initial = units.first()

    def clean_image(self):
        upload = self.cleaned_data["image"]
        if upload.size > MAX_IMAGE_BYTES:
            raise forms.ValidationError(_("The image is larger than %(n)s kB.") % {"n": MAX_IMAGE_BYTES // 1000})
        return upload.read()

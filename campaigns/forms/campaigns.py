from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.domain.campaigns import EDITABLE
from campaigns.models import Campaign, OrgUnit

FIGURES = ("percent", "max")


class DateInput(forms.DateInput):
    def __init__(self):
        super().__init__(attrs={"type": "date"}, format="%Y-%m-%d")


class CampaignForm(forms.ModelForm):
    """The details of a campaign in preparation. Whether they fit together is said by the domain."""

    units = forms.ModelMultipleChoiceField(
        label=_("participating units"), queryset=OrgUnit.objects.none(), required=False
    )

    class Meta:
        model = Campaign
        fields = EDITABLE
        widgets = {"starts_on": DateInput(), "nominations_until": DateInput(), "ends_on": DateInput()}
        help_texts = {
            "basis_document": _("Title and number of the document on which the campaign rests."),
            "approving_body": _("Who has approved that the campaign is carried out."),
            "scope": _("Among which organisations and people it is carried out."),
            "internal_only": _(
                "Campaigns among one's own units are an internal matter; others need the approval of a county body."
            ),
        }

    def __init__(self, *args, owner, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].min_value, self.fields["year"].widget.attrs["min"] = 2000, 2000
        self.fields["units"].queryset = OrgUnit.objects.within([owner.path]).filter(is_active=True).order_by("path")
        for quota in self.instance.quotas.all() if self.instance.pk else ():
            for name in FIGURES:
                self.fields[f"quota_{quota.pk}_{name}"] = _figure(quota, name)

    def _post_clean(self):
        """The model's own checks are made by the domain, which also names the field."""

    def clean_year(self):
        year = self.cleaned_data["year"]
        if not 2000 <= year <= timezone.localdate().year + 5:
            raise forms.ValidationError(_("Enter a year with four digits, at most five years ahead."))
        return year

    @property
    def details(self):
        """What the domain function takes."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {"units": self.cleaned_data["units"]}

    def quota_fields(self):
        return [field for field in self if field.name.startswith("quota_")]

    def figures_of(self, quota):
        """The figures entered for a quota that differ from those it has."""
        entered = {name: self.cleaned_data.get(f"quota_{quota.pk}_{name}") for name in FIGURES}
        return entered if any(entered[name] != quota.params.get(name) for name in FIGURES) else {}

    def unit_rows(self):
        """The tree of units with the boxes that are ticked: (unit, depth below the owner, ticked)."""
        ticked = {str(value.pk if hasattr(value, "pk") else value) for value in self["units"].value() or ()}
        units = list(self.fields["units"].queryset)
        top = units[0].depth if units else 0
        return [(unit, unit.depth - top, str(unit.pk) in ticked) for unit in units]


def _figure(quota, name):
    labels = {"percent": _("percent"), "max": _("at most")}
    return forms.IntegerField(
        label=f"{quota.clause or quota.code} · {labels[name]}",
        initial=quota.params.get(name),
        required=False,
        min_value=1 if name == "percent" else 0,
        max_value=100 if name == "percent" else 10000,
    )


class CopyForm(forms.Form):
    year = forms.IntegerField(label=_("year of the new campaign"), min_value=2000, max_value=2100)


class SchemeUploadForm(forms.Form):
    """A file, or the text itself after it has been mended on the page."""

    file = forms.FileField(label=_("scheme file (TOML)"), required=False, allow_empty_file=True)
    text = forms.CharField(
        label=_("text of the scheme"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "code", "spellcheck": "false", "wrap": "off"}),
    )

    def clean(self):
        data = super().clean()
        if not data.get("file") and not (data.get("text") or "").strip():
            raise forms.ValidationError(_("Choose a file, or paste the text of the scheme."))
        return data

    def content(self):
        """What was given, and its name: the file wins."""
        file = self.cleaned_data.get("file")
        return (file.read(MAX_READ), file.name) if file else (self.cleaned_data["text"], "")


MAX_READ = 300 * 1024

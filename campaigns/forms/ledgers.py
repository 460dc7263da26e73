from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.domain.ledgers import Ledger, Wanted
from campaigns.models import Campaign, OrgUnit


class LedgerFilter(forms.Form):
    """Campaign, unit with those below it, state, days, and a word; only what the ledger knows is asked."""

    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    campaign = forms.ModelChoiceField(
        label=_("campaign"), queryset=Campaign.objects.none(), required=False, empty_label=_("all campaigns")
    )
    unit = forms.ModelChoiceField(
        label=_("unit"), queryset=OrgUnit.objects.none(), required=False, empty_label=_("all units")
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    first = forms.DateField(label=_("Not before"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("Not after"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, *, ledger: Ledger, user):
        super().__init__(data)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user)
        self.fields["unit"].queryset = OrgUnit.objects.visible_to(user)
        self.fields["state"].choices = [("", _("all")), *ledger.states]
        known = {"q": ledger.search, "campaign": ledger.campaign, "unit": ledger.unit, "state": ledger.states}
        known |= {"first": ledger.day, "last": ledger.day}
        for name, is_known in known.items():
            if not is_known:
                del self.fields[name]

    def wanted(self) -> Wanted:
        """What was asked for; a field that cannot be understood narrows nothing."""
        self.is_valid()
        found = self.cleaned_data
        return Wanted(
            campaign=found.get("campaign"),
            unit=found.get("unit"),
            state=found.get("state") or "",
            first=found.get("first"),
            last=found.get("last"),
            text=(found.get("q") or "").strip(),
        )

    def told(self) -> str:
        """What it is narrowed to, for the print and the Excel file."""
        labels = []
        for name, value in self.cleaned_data.items():
            if value not in (None, ""):
                shown = dict(self.fields[name].choices).get(value, value) if name == "state" else value
                labels.append(f"{self.fields[name].label}：{shown}")
        return "；".join(labels)

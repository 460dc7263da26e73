"""Forms of the public notice and of objections."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from posts.domain.notices import MAX_TEXT as MAX_NOTICE_TEXT
from posts.domain.objections import FINDINGS, MAX_TEXT
from posts.models import ObjectionChannel, ObjectionEffect

CONTACT_FIELDS = ("office", "phone", "address", "postcode", "hours")


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class NoticeForm(forms.Form):
    """Title, text, period and address of a notice; filled in from the draft."""

    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(label=_("Text"), max_length=MAX_NOTICE_TEXT, widget=forms.Textarea(attrs={"rows": 8}))
    starts_on = forms.DateField(label=_("First day (counts)"), widget=date_input())
    days = forms.IntegerField(label=_("Length in days"), min_value=1, max_value=60)
    office = forms.CharField(label=_("Office that takes objections"), max_length=120)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Post code"), max_length=10, required=False)
    hours = forms.CharField(label=_("Hours"), max_length=120, required=False)
    # The text as it was drafted: as long as nobody edits it, it follows the dates.
    drafted = forms.CharField(required=False, widget=forms.HiddenInput)

    @staticmethod
    def initial_of(draft) -> dict:
        return {
            "title": draft.title,
            "text": draft.text,
            "drafted": draft.text if draft.is_drafted else "",
            "starts_on": draft.starts_on,
            "days": draft.days,
            **draft.contact,
        }

    def wishes(self) -> dict:
        """What the domain functions take."""
        data = self.cleaned_data
        contact = {name: data[name] for name in CONTACT_FIELDS}
        text = None if _same_text(data["text"], data["drafted"]) else data["text"]
        return {name: data[name] for name in ("title", "starts_on", "days")} | {"contact": contact, "text": text}


def _same_text(one: str, other: str) -> bool:
    """Browsers change line ends."""
    return one.split() == other.split()


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class ObjectionForm(forms.Form):
    """Somebody raises something: with the real name or without."""

    REAL, ANONYMOUS = "real", "anonymous"

    item = forms.ModelChoiceField(label=_("Which post"), queryset=None, empty_label=None)
    text = forms.CharField(
        label=_("What you want to raise"),
        max_length=MAX_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Say who, what, when and where, as exactly as you can. At most 2000 characters."),
    )
    who = forms.ChoiceField(
        label=_("Your name"),
        choices=[
            (REAL, _("with my real name (I get an answer)")),
            (ANONYMOUS, _("anonymously (only clear clues can be followed)")),
        ],
        widget=forms.RadioSelect,
        initial=REAL,
    )
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    contact = forms.CharField(
        label=_("How to reach you"), max_length=100, required=False, help_text=_("Telephone, address or e-mail.")
    )
    # A field that people do not see; whoever fills it in is a program.
    website = forms.CharField(required=False, label=_("Leave this empty"))

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items
        if self.fields["item"].initial is None and len(items) == 1:
            self.fields["item"].initial = items[0].pk

    @property
    def is_trapped(self) -> bool:
        return bool(self.cleaned_data.get("website"))

    def wishes(self) -> dict:
        data = self.cleaned_data
        found = {name: data[name] for name in ("text", "name", "contact")}
        return found | {"is_anonymous": data["who"] == self.ANONYMOUS}


class RegisterObjectionForm(ObjectionForm):
    """The office enters what came by telephone, letter or visit."""

    channel = forms.ChoiceField(
        label=_("Received by"), choices=[choice for choice in ObjectionChannel.choices if choice[0] != "web"]
    )
    received_on = forms.DateField(
        label=_("Day of receipt"), widget=date_input(), help_text=_("For a letter the day of the postmark.")
    )

    field_order = ["item", "channel", "received_on", "text", "who", "name", "contact"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["website"]
        self.fields["received_on"].initial = timezone.localdate

    def wishes(self) -> dict:
        data = self.cleaned_data
        return super().wishes() | {"channel": data["channel"], "received_on": data["received_on"]}


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who raised it reads this sentence."),
    )


class PostponeForm(forms.Form):
    due_on = forms.DateField(label=_("New date"), widget=date_input())


class SettleForm(forms.Form):
    """The end of a verification."""

    outcome = forms.ChoiceField(
        label=_("Finding"),
        choices=[(status.value, status.label) for status in FINDINGS],
        widget=forms.RadioSelect,
    )
    finding = forms.CharField(
        label=_("What was found, and how"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    effect = forms.ChoiceField(
        label=_("Consequence"),
        choices=ObjectionEffect.choices,
        widget=forms.RadioSelect,
        initial=ObjectionEffect.CONTINUE,
    )
    reply = forms.CharField(
        label=_("Reply to the person who raised it"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names of third persons: whoever knows the number of the objection can read it."),
    )


class NumberForm(forms.Form):
    """Look up an objection by the number that its author was given."""

    number = forms.CharField(label=_("Number of the objection"), max_length=40)

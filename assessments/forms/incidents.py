from datetime import timedelta

from django import forms
from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.incidents import MAX_TEXT, PROVEN
from assessments.domain.statements import ANSWER_DAYS, answered_statements
from assessments.domain.vetoes import measures_for, why_no_veto
from assessments.forms.files import ManyFilesField
from assessments.forms.reviews import RectifyFields, day_input, text_area
from assessments.models import IncidentFinding, IncidentMeasure, IncidentSource
from campaigns.models import VetoGround
from posts.models import Conferral, Holder
from posts.models.notice import make_public_id

TOKEN_SALT = "assessments.report"  # noqa: S105  names the use of the key
TOKEN_AGE = 24 * 3600


class ReportForm(forms.Form):
    """The public report. Works without JavaScript; says who you are only if you want to."""

    text = forms.CharField(
        label=_("What happened"),
        max_length=MAX_TEXT,
        widget=text_area(7),
        help_text=_("When, where, who, and what you saw yourself. 8 to 2000 characters."),
    )
    name = forms.CharField(label=_("Your name (may stay empty)"), max_length=60, required=False)
    contact = forms.CharField(
        label=_("How to reach you (may stay empty)"),
        max_length=100,
        required=False,
        help_text=_("Only those who verify the report see your name; never the post or its branch."),
    )
    photos = ManyFilesField(
        label=_("Photographs (may stay empty)"),
        required=False,
        accept="image/jpeg,image/png,image/webp",
        help_text=_("At most 4. Place, time and device are removed; only those who verify the report see them."),
    )
    # A person does not see this field; a robot fills it in.
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))
    # Makes a second click the same report.
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, conferral, **kwargs):
        super().__init__(*args, **kwargs)
        self.conferral = conferral
        self.fields["token"].initial = self.new_token()

    def new_token(self):
        return signing.dumps([self.conferral.pk, make_public_id()], salt=TOKEN_SALT)

    def clean_website(self):
        if self.cleaned_data["website"]:
            raise forms.ValidationError(_("This could not be sent. Please telephone the supervision office."))
        return ""

    def clean_token(self):
        try:
            conferral_pk, public_id = signing.loads(self.cleaned_data["token"], salt=TOKEN_SALT, max_age=TOKEN_AGE)
        except signing.BadSignature:
            conferral_pk, public_id = 0, ""
        if conferral_pk != self.conferral.pk:
            self.data = {**self.data.dict(), "token": self.new_token()}
            raise forms.ValidationError(
                _("The page was open for very long. Please send it once more; your text is kept.")
            )
        return public_id


class ReceiptForm(forms.Form):
    """Ask how a report stands."""

    receipt = forms.CharField(label=_("Receipt number"), max_length=20)

    def clean_receipt(self):
        return "".join(self.cleaned_data["receipt"].split()).replace("-", "").upper()


class IncidentForm(forms.Form):
    """A report that comes in by telephone, letter, inspection or from a superior body, or of one's own."""

    conferral = forms.ModelChoiceField(label=_("Post"), queryset=Conferral.objects.none())
    source = forms.ChoiceField(
        label=_("Source"), choices=[c for c in IncidentSource.choices if c[0] != IncidentSource.PUBLIC]
    )
    text = forms.CharField(label=_("What happened"), max_length=MAX_TEXT, widget=text_area(7))
    reporter_name = forms.CharField(label=_("Name of the reporter"), max_length=60, required=False)
    reporter_contact = forms.CharField(label=_("How to reach the reporter"), max_length=100, required=False)
    photos = ManyFilesField(
        label=_("Photographs (may stay empty)"),
        required=False,
        accept="image/jpeg,image/png,image/webp",
        help_text=_("At most 4. Place, time and device are removed; only those who verify the report see them."),
    )
    own = forms.BooleanField(
        label=_("I report this myself"), required=False, help_text=_("Who reports cannot verify or decide.")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        posts = Conferral.objects.visible_to(user).live().for_list()
        self.fields["conferral"].queryset = posts
        self.fields["conferral"].label_from_instance = lambda c: f"{c.name}（{c.org_unit}）"


class FindingForm(forms.Form):
    """What the verification found."""

    finding = forms.ChoiceField(label=_("Finding"), choices=IncidentFinding.choices, widget=forms.RadioSelect)
    finding_text = forms.CharField(label=_("Facts found"), max_length=3000, widget=text_area(6))
    statement = forms.CharField(
        label=_("Statement of the person concerned"), max_length=2000, required=False, widget=text_area(4)
    )
    statement_note = forms.CharField(label=_("Why there is no statement"), max_length=200, required=False)
    ground = forms.ModelChoiceField(
        label=_("Veto ground of the scheme"),
        queryset=VetoGround.objects.none(),
        required=False,
        widget=forms.RadioSelect,
        empty_label=_("none: no case for the one-vote veto"),
        blank=True,
    )
    evidence_reference = forms.CharField(
        label=_("Evidence"), max_length=200, required=False, help_text=_("Which document shows it.")
    )
    uploads = ManyFilesField(
        label=_("Files of evidence"), required=False, help_text=_("Decision on the punishment, record, photographs.")
    )

    def __init__(self, *args, incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ground"].queryset = incident.conferral.campaign.veto_grounds.all()
        self.fields["ground"].label_from_instance = _ground_label
        if not self.fields["ground"].queryset.exists():
            del self.fields["ground"]
        self.fields["statement"].initial = answered_statements(incident)
        closes = _("%(finding)s (a second person confirms that it is closed)")
        self.fields["finding"].choices = [
            (code, label if code in PROVEN else closes % {"finding": label}) for code, label in IncidentFinding.choices
        ]


class DismissForm(forms.Form):
    reason = forms.CharField(label=_("Why it is not verified"), max_length=500, widget=text_area(2))


class SendBackForm(forms.Form):
    """The second look asks for more."""

    reason = forms.CharField(label=_("What has still to be verified"), max_length=500, widget=text_area(2))


class StatementRequestForm(forms.Form):
    """Whom to hear, and about what, in the verifier's own words."""

    holder = forms.ModelChoiceField(
        label=_("Person of the post"), queryset=Holder.objects.none(), required=False, empty_label=_("somebody else")
    )
    name = forms.CharField(
        label=_("or the name"), max_length=60, required=False, help_text=_("Of somebody who is not listed.")
    )
    matter = forms.CharField(
        label=_("What the person is heard about"),
        max_length=1000,
        widget=text_area(4),
        help_text=_("In your own words: the person reads this, and never the report."),
    )
    due_on = forms.DateField(label=_("To be answered by"), required=False, widget=day_input())

    def __init__(self, *args, incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["holder"].queryset = incident.conferral.holders.filter(until_on__isnull=True)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=ANSWER_DAYS)


class StatementForm(forms.Form):
    """What the person says."""

    text = forms.CharField(label=_("Statement"), max_length=2000, widget=text_area(7))


class VetoForm(forms.Form):
    decision_text = forms.CharField(label=_("Decision and its reason"), max_length=1000, widget=text_area(3))
    document_number = forms.CharField(label=_("Document number"), max_length=40, required=False)


class CloseForm(RectifyFields):
    """A proven report without a veto."""

    measure = forms.ChoiceField(label=_("What is done instead"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why there is no veto"), max_length=1000, widget=text_area(3))
    field_order = ["measure", "reason"]

    def __init__(self, *args, incident, **kwargs):
        super().__init__(*args, **kwargs)
        self.set_default_day(incident.conferral.campaign)
        labels = dict(IncidentMeasure.choices)
        self.fields["measure"].choices = [(code, labels[code]) for code in measures_for(incident)]
        self.has_grounds = incident.conferral.campaign.veto_grounds.exists()
        if self.has_grounds:
            self.fields["reason"].initial = why_no_veto(incident)
        else:
            self.fields["measure"].label = _("What is done")
            self.fields["reason"].label = _("Decision and its reason")


def _ground_label(ground):
    needs = []
    if ground.requires_verification:
        needs.append(str(_("only when verified true")))
    if ground.evidence_needed:
        needs.append(ground.evidence_needed)
    return f"{ground.text}（{'；'.join(needs)}）" if needs else ground.text

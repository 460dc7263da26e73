from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain.rectifications import default_due_on
from assessments.domain.review_photos import wants_photo
from assessments.domain.review_rules import allowed_outcomes
from assessments.forms.files import ManyFilesField
from assessments.models import MissedAction, ReviewOutcome


def day_input():
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def text_area(rows=4):
    return forms.Textarea(attrs={"rows": rows})


class RectifyFields(forms.Form):
    """What a rectification needs, wherever one is opened."""

    requirement = forms.CharField(label=_("What must change"), max_length=2000, required=False, widget=text_area(3))
    responsible = forms.CharField(label=_("Responsible person"), max_length=60, required=False)
    rectify_by = forms.DateField(label=_("Rectify by"), required=False, widget=day_input())

    def set_default_day(self, campaign):
        self.fields["rectify_by"].initial = default_due_on(campaign)


class ReviewForm(RectifyFields):
    """The result of a review."""

    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    performance = forms.CharField(
        label=_("How the duties were carried out"), max_length=2000, widget=text_area(5), help_text=_("In facts.")
    )
    problems = forms.CharField(label=_("Problems found"), max_length=2000, required=False, widget=text_area(3))
    opinions = forms.CharField(label=_("Opinions of the masses"), max_length=2000, required=False, widget=text_area(3))
    reasons = forms.CharField(
        label=_("Reasons for the outcome"),
        max_length=2000,
        required=False,
        widget=text_area(3),
        help_text=_("Needed unless the review is passed."),
    )
    photos = ManyFilesField(
        label=_("The plaque where it hangs"),
        required=False,
        help_text=_("Photographs, JPG or PNG."),
    )
    field_order = ["performance", "problems", "opinions", "photos", "outcome", "reasons"]

    def __init__(self, *args, review, proposed="", **kwargs):
        super().__init__(*args, **kwargs)
        if not wants_photo(review):
            del self.fields["photos"]
        if proposed:
            self.fields["outcome"].initial = proposed
            self.fields["reasons"].help_text = _("Needed unless the review is passed as the numbers propose.")
        labels = dict(ReviewOutcome.choices)
        self.fields["outcome"].choices = [(code, labels[code]) for code in allowed_outcomes(review.rule)]
        self.set_default_day(review.conferral.campaign)

    @property
    def offers_rectification(self):
        return ReviewOutcome.RECTIFY in dict(self.fields["outcome"].choices)


class MissedForm(forms.Form):
    """What becomes of a period that was missed."""

    action = forms.ChoiceField(label=_("Decision"), choices=MissedAction.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ProposalForm(forms.Form):
    """The decision on a proposal to end a title."""

    accept = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("1", _("agreed: the title ends today")), ("0", _("not agreed"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    decision_text = forms.CharField(label=_("Decision and its reason"), max_length=1000, widget=text_area(4))
    document_number = forms.CharField(label=_("Document number"), max_length=40, required=False)

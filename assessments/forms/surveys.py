from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.ballots import MAX_BATCH
from assessments.domain.surveys import default_closing

LOCAL = "%Y-%m-%dT%H:%M"


class OpenForm(forms.Form):
    """When the survey ends, and the word of the one who opens a survey among few people."""

    closes_at = forms.DateTimeField(
        label=_("Closes at"),
        input_formats=[LOCAL, "%Y-%m-%d %H:%M", f"{LOCAL}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
        help_text=_("At least one hour, at most 30 days from now. It then closes by itself."),
    )
    accept_small_group = forms.BooleanField(
        label=_("Few people vote; I know that the result may show who voted how."), required=False
    )

    def __init__(self, *args, survey, is_small, **kwargs):
        kwargs.setdefault("initial", {"closes_at": timezone.localtime(default_closing(survey)).strftime(LOCAL)})
        super().__init__(*args, **kwargs)
        if not is_small and not self.is_bound:
            self.fields["accept_small_group"].widget = forms.HiddenInput()


class CodeBatchForm(forms.Form):
    """How many slips, and who was there."""

    n = forms.IntegerField(
        label=_("Number of slips"), min_value=1, max_value=MAX_BATCH, help_text=_("Ten fit on an A4 page.")
    )
    witness = forms.CharField(
        label=_("Witness"), max_length=60, help_text=_("A second person who is present; not a member of the post.")
    )

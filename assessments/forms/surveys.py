from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.ballots import MAX_BATCH
from assessments.domain.surveys import default_closing
from campaigns.models import Member

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


class ExtendForm(forms.Form):
    """A later end, with the reason that the voters read."""

    closes_at = forms.DateTimeField(
        label=_("New end"),
        input_formats=[LOCAL, "%Y-%m-%d %H:%M", f"{LOCAL}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class MemberChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Member) -> str:
        return f"{obj.name}（{obj.branch}）"


class RollChangeForm(forms.Form):
    """Who is put on the roll of an open survey, or taken off it."""

    member = MemberChoiceField(label=_("Member"), queryset=Member.objects.none())
    adds = forms.TypedChoiceField(
        label=_("Change"),
        choices=[("1", _("put on the roll")), ("0", _("take off the roll"))],
        coerce=lambda value: value == "1",
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        members = Member.objects.within(survey.org_unit).select_related("branch").order_by("branch__path", "number")
        self.fields["member"].queryset = members


class RecountForm(forms.Form):
    """Why the ballots are counted again."""

    reason = forms.CharField(label=_("Reason"), max_length=200)


class CodeBatchForm(forms.Form):
    """How many slips, and who was there."""

    n = forms.IntegerField(
        label=_("Number of slips"), min_value=1, max_value=MAX_BATCH, help_text=_("Ten fit on an A4 page.")
    )
    witness = forms.CharField(
        label=_("Witness"), max_length=60, help_text=_("A second person who is present; not a member of the post.")
    )

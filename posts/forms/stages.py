"""What people fill in at the steps of a nomination."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Member
from posts.domain.meetings import NONE
from posts.models import EndorsementResult, Meeting
from posts.models.meeting import Forum, LeaveOutReason

#: Reasons one hears again and again; a click takes one over, and it may be changed.
COMMON_REASONS = (
    _("The commitment is too general. Name things that can be checked."),
    _("The reasons lack facts and figures of the past year."),
    _("The duties do not fit the post."),
    _("The list of members is not up to date."),
    _("Evidence is missing or cannot be read."),
)


class MeetingForm(forms.ModelForm):
    """Minutes: who should attend, who came, how they voted."""

    class Meta:
        model = Meeting
        fields = [
            "forum",
            "held_on",
            "place",
            "chair",
            "recorder",
            "should_attend",
            "excused",
            "present",
            "in_favour",
            "against",
            "abstained",
            "uses_annual_appraisal",
            "minutes",
            "agreed",
        ]
        widgets = {
            "held_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "minutes": forms.Textarea(attrs={"rows": 6}),
            "agreed": forms.RadioSelect(choices=[(True, _("agreed")), (False, _("not agreed"))]),
        }

    def __init__(self, *args, params, voters: list[Member], **kwargs):
        """``voters``: the full members of the roster; where the meeting votes, each may be left out with a reason."""
        super().__init__(*args, **kwargs)
        members = len(voters)
        self.fields["held_on"].initial = timezone.localdate()
        self.fields["forum"].initial = params.forum
        self.fields["excused"].initial = 0
        self.fields["should_attend"].initial = members or None
        self.fields["should_attend"].help_text = _("Full members of the branch on the roster: %(n)s.") % {"n": members}
        self.fields["excused"].help_text = _("Abroad, bedridden, unable to express their will; agreed by the meeting.")
        self.voter_names: list[str] = []
        if params.pass_rule == NONE:
            self.fields["agreed"].required = True
        else:
            del self.fields["agreed"]
            for name in ("in_favour", "against", "abstained"):
                self.fields[name].required = True
            del self.fields["excused"]
            self._add_voters(voters)
        if params.forum != Forum.INFORMAL:
            del self.fields["forum"]
        if not params.uses_annual_appraisal:
            del self.fields["uses_annual_appraisal"]

    def _add_voters(self, voters: list[Member]) -> None:
        for member in voters:
            name = f"left_out_{member.pk}"
            choices = [("", _("counted")), *LeaveOutReason.choices]
            self.fields[name] = forms.ChoiceField(label=member.name, choices=choices, required=False)
            self.voter_names.append(name)

    def voter_fields(self):
        """A choice for each member with a vote."""
        return [self[name] for name in self.voter_names]

    def any_left_out(self) -> bool:
        return any(self[name].value() for name in self.voter_names)

    def minutes(self) -> dict:
        """What the domain function takes."""
        data = {k: v for k, v in self.cleaned_data.items() if v is not None and k not in self.voter_names}
        if self.voter_names:
            chosen = {name: self.cleaned_data.get(name) for name in self.voter_names}
            data["left_out"] = {int(name.rsplit("_", 1)[1]): reason for name, reason in chosen.items() if reason}
        return data

    def _post_clean(self):
        """The domain function builds and checks the meeting; here only the fields are read."""


class EndorseForm(forms.Form):
    result = forms.ChoiceField(label=_("result"), choices=EndorsementResult.choices, widget=forms.RadioSelect)
    opinion = forms.CharField(label=_("opinion"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    reported_on = forms.DateField(
        label=_("reported on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    report_document = forms.CharField(label=_("document of the report"), max_length=60, required=False)

    def __init__(self, *args, report_to: str = "", **kwargs):
        """``report_to``: to whom the scheme has the opinion reported; empty: to nobody."""
        super().__init__(*args, **kwargs)
        if not report_to:
            del self.fields["reported_on"], self.fields["report_document"]
        else:
            text = _("Also reported to %(body)s; may stay empty.") % {"body": report_to}
            self.fields["reported_on"].help_text = text


class ReturnForm(forms.Form):
    reason = forms.CharField(
        label=_("What has to be corrected"), max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    redo = forms.TypedChoiceField(
        label=_("After the correction"),
        choices=[("", _("comes back to this step only")), ("1", _("walks all steps again"))],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Walk all steps again when people or duties change: survey and notice were about the old paper."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ConsentForm(forms.Form):
    answer = forms.CharField()
    reason = forms.CharField(label=_("reason"), max_length=200, required=False)

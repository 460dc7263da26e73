from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.ballots import MAX_BATCH
from assessments.domain.outside_numbers import strata_of
from assessments.domain.paper import MAX_HANDED_OUT
from assessments.domain.paper_counts import SPOILED
from assessments.domain.surveys import default_closing
from assessments.domain.tallies import BLANK, option_word
from assessments.domain.voting_links import link_entries
from assessments.models import RollEntry, Stratum
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
    paper_only = forms.BooleanField(
        label=_("On paper in a meeting; nobody votes by phone."),
        required=False,
        help_text=_("The way for few people: paper ballots alike, a box, two tellers; the minutes are kept."),
    )
    accept_small_group = forms.BooleanField(
        label=_("Few people vote; I know that the result may show who voted how."), required=False
    )

    def __init__(self, *args, survey, is_small, **kwargs):
        kwargs.setdefault("initial", {"closes_at": timezone.localtime(default_closing(survey)).strftime(LOCAL)})
        kwargs["initial"].setdefault("paper_only", is_small)
        super().__init__(*args, **kwargs)
        if not survey.rules["small_group"]["few_by_phone"]:
            del self.fields["accept_small_group"]
        elif not is_small and not self.is_bound:
            self.fields["accept_small_group"].widget = forms.HiddenInput()


class ExtendForm(forms.Form):
    """A later end, with the reason that the voters read."""

    closes_at = forms.DateTimeField(
        label=_("New end"),
        input_formats=[LOCAL, "%Y-%m-%d %H:%M", f"{LOCAL}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL),
    )
    reason = forms.CharField(label=_("Reason"), max_length=200)


class OutsideNumberForm(forms.Form):
    """How many there should be, by a source outside the branch."""

    stratum = forms.ChoiceField(label=_("Group"))
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=10_000_000)
    source = forms.CharField(
        label=_("Source"), max_length=100, help_text=_("For example: residents registered at the end of last month.")
    )

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["stratum"].choices = [(code, Stratum(code).label) for code in strata_of(survey)]


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


class PaperMembersForm(forms.Form):
    """Who of the roll is given a paper ballot."""

    members = forms.ModelMultipleChoiceField(
        label=_("Members"), queryset=Member.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        # Whether somebody voted by phone does not show here: the list is the whole roll less who has a paper.
        waiting = survey.roll.filter(on_paper=False).values("member")
        self.fields["members"].queryset = Member.objects.filter(pk__in=waiting).order_by("branch__path", "number")


class PaperPublicForm(forms.Form):
    """How many paper ballots were handed out to the public."""

    n = forms.IntegerField(label=_("Paper ballots handed out"), min_value=1, max_value=MAX_HANDED_OUT)
    witness = forms.CharField(label=_("Witness"), max_length=60)


class PaperCountForm(forms.Form):
    """One teller's sheet: ballots out of the box, then each option of each line."""

    n_returned = forms.IntegerField(label=_("Ballots out of the box"), min_value=0, max_value=100000)

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.rules, self.lines = survey.rules, list(survey.lines.order_by("position"))
        for line in self.lines:
            for name, label in self._columns():
                field = forms.IntegerField(label=f"{line.label} · {label}", min_value=0, max_value=100000, initial=0)
                self.fields[f"line{line.position}-{name or 'blank'}"] = field

    def _columns(self) -> list[tuple[str, str]]:
        options = [(option, option_word(option, rules=self.rules)) for option in self.rules["options"]]
        return [*options, (BLANK, str(_("left blank"))), (SPOILED, str(_("spoiled")))]

    def headings(self) -> list[str]:
        return [label for _name, label in self._columns()]

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """For the template: each line with its boxes."""
        return [
            (line.label, [self[f"line{line.position}-{name or 'blank'}"] for name, _label in self._columns()])
            for line in self.lines
        ]

    def counts(self) -> list[dict[str, int]]:
        data = self.cleaned_data
        return [
            {name: data[f"line{line.position}-{name or 'blank'}"] for name, _label in self._columns()}
            for line in self.lines
        ]


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


class LinkEntryField(forms.ModelMultipleChoiceField):
    """Members of the roll, with their branch, and whether they have a link already."""

    def label_from_instance(self, obj: RollEntry) -> str:
        label = f"{obj.member.name}（{obj.member.branch}）"
        if hasattr(obj, "voting_link"):
            return _("%(member)s: has a link; a new one takes its place") % {"member": label}
        return label


class VotingLinksForm(forms.Form):
    """Who gets a personal voting link, and who was there."""

    everybody = forms.BooleanField(label=_("Everybody below who has none yet"), required=False)
    entries = LinkEntryField(
        label=_("Members without a password"),
        queryset=RollEntry.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    witness = forms.CharField(
        label=_("Witness"), max_length=60, help_text=_("A second person who is present; not a member of the post.")
    )

    def __init__(self, *args, survey, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["entries"].queryset = link_entries(survey)
        if not self.fields["entries"].queryset.filter(voting_link=None).exists():
            del self.fields["everybody"]

    def for_call(self) -> dict:
        """The arguments of ``make_links``."""
        chosen = set(self.cleaned_data["entries"])
        if self.cleaned_data.get("everybody"):
            chosen |= set(self.fields["entries"].queryset.filter(voting_link=None))
        return {"members": [entry.member for entry in chosen], "witness": self.cleaned_data["witness"]}
